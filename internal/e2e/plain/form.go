package plain

import (
	"bytes"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"tilgang/internal/app/apptest"
)

// pair is one field as it is sent.
type pair struct{ name, value string }

// fields are what a person can fill in under a name.
func (p *Page) fields(name string) (list []*html.Node) {
	p.tb.Helper()
	for _, n := range p.all(p.b.Page.Root, "input, textarea, select") {
		if apptest.Attr(n, "name") == name && apptest.Attr(n, "type") != "hidden" {
			list = append(list, n)
		}
	}
	if len(list) == 0 {
		p.tb.Fatalf("no field %q on %s (%d)\n%s", name, p.URL(), p.Status(), p.Text())
	}
	return list
}

// Fill puts value into the field of that name; of a list it chooses by value or
// words.
func (p *Page) Fill(name, value string) {
	p.tb.Helper()
	field := p.fields(name)[0]
	switch field.Data {
	case "select":
		p.choose(field, value)
	case "textarea":
		for field.FirstChild != nil {
			field.RemoveChild(field.FirstChild)
		}
		field.AppendChild(&html.Node{Type: html.TextNode, Data: value})
	default:
		set(field, "value", value)
	}
}

func (p *Page) choose(list *html.Node, value string) {
	p.tb.Helper()
	found := false
	for _, o := range p.all(list, "option") {
		unset(o, "selected")
		if !found && (apptest.Attr(o, "value") == value || apptest.Text(o) == value) {
			set(o, "selected", "")
			found = true
		}
	}
	if !found {
		p.tb.Fatalf("no option %q on %s", value, p.URL())
	}
}

// Value is what the field of that name holds.
func (p *Page) Value(name string) string {
	p.tb.Helper()
	return p.held(p.fields(name)[0])
}

// Check ticks the box, or the radio button with that value, of that name.
func (p *Page) Check(name string, value ...string) {
	p.tb.Helper()
	for _, n := range p.fields(name) {
		if apptest.Attr(n, "type") == "radio" {
			unset(n, "checked")
		}
	}
	set(p.box(name, value), "checked", "")
}

// Uncheck clears the box of that name.
func (p *Page) Uncheck(name string, value ...string) {
	p.tb.Helper()
	unset(p.box(name, value), "checked")
}

func (p *Page) box(name string, value []string) *html.Node {
	p.tb.Helper()
	all := p.fields(name)
	i := slices.IndexFunc(all, func(n *html.Node) bool { return len(value) == 0 || apptest.Attr(n, "value") == value[0] })
	if i < 0 {
		p.tb.Fatalf("no box %s=%q on %s", name, value, p.URL())
	}
	return all[i]
}

// Upload chooses the file at path for the file field of that name.
func (p *Page) Upload(name, path string) {
	p.tb.Helper()
	p.fields(name)
	p.files = map[string]string{name: path}
}

// controls are what a form sends by itself.
func (p *Page) controls(form *html.Node) (list []pair) {
	p.tb.Helper()
	for _, n := range p.all(p.b.Page.Root, "input, textarea, select") {
		kind := apptest.Attr(n, "type")
		ticks := kind == "checkbox" || kind == "radio"
		out := apptest.Attr(n, "name") == "" || has(n, "disabled") || slices.Contains([]string{"submit", "button", "file"}, kind)
		if out || ticks && !has(n, "checked") || p.formOf(n) != form {
			continue
		}
		value := p.held(n)
		if ticks && !has(n, "value") {
			value = "on"
		}
		list = append(list, pair{apptest.Attr(n, "name"), value})
	}
	return list
}

// held is what a field holds.
func (p *Page) held(n *html.Node) string {
	switch n.Data {
	case "textarea":
		if n.FirstChild == nil {
			return ""
		}
		return n.FirstChild.Data
	case "select":
		options := p.all(n, "option")
		i := slices.IndexFunc(options, func(o *html.Node) bool { return has(o, "selected") })
		if len(options) == 0 {
			return ""
		}
		return apptest.Attr(options[max(i, 0)], "value")
	}
	return apptest.Attr(n, "value")
}

func encode(pairs []pair) url.Values {
	values := url.Values{}
	for _, f := range pairs {
		if f.name != "" {
			values.Add(f.name, f.value)
		}
	}
	return values
}

// multipart is a form with its files.
func (p *Page) multipart(pairs []pair) (body []byte, kind string) {
	p.tb.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, f := range pairs {
		if f.name != "" {
			_ = w.WriteField(f.name, f.value)
		}
	}
	for name, path := range p.files {
		content, err := os.ReadFile(filepath.Clean(path))
		if err != nil {
			p.tb.Fatal(err)
		}
		part, _ := w.CreateFormFile(name, filepath.Base(path)) // into memory: it cannot fail
		_, _ = part.Write(content)
	}
	_ = w.Close()
	return buf.Bytes(), w.FormDataContentType()
}

func set(n *html.Node, attribute, value string) {
	unset(n, attribute)
	n.Attr = append(n.Attr, html.Attribute{Key: attribute, Val: value})
}

func unset(n *html.Node, attribute string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return strings.EqualFold(a.Key, attribute) })
}
