package apptest

import (
	"context"
	"net"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func dialTo(d *net.Dialer, address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return d.DialContext(ctx, network, address)
	}
}

// Text is the page's words, blanks folded, without scripts and styles.
func (p *Page) Text() string { return Text(p.Root) }

// Title is the page's first heading.
func (p *Page) Title() string {
	if h := p.All("h1"); len(h) > 0 {
		return Text(h[0])
	}
	return ""
}

// Has tells whether the page says something.
func (p *Page) Has(words string) bool { return strings.Contains(p.Text(), words) }

// All are the page's elements of a tag, in order.
func (p *Page) All(tag string) []*html.Node { return all(p.Root, tag) }

// Field is a form field by name, nil when the page has none.
func (p *Page) Field(name string) *html.Node {
	for _, tag := range []string{"input", "select", "textarea", "button"} {
		for _, n := range p.All(tag) {
			if attr(n, "name") == name {
				return n
			}
		}
	}
	return nil
}

// Attr is an attribute of an element; empty when it has none.
func Attr(n *html.Node, name string) string {
	if n == nil {
		return ""
	}
	return attr(n, name)
}

// Text is an element's words, blanks folded.
func Text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "noscript" || n.Data == "template") {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

func all(n *html.Node, tag string) (list []*html.Node) {
	if n.Type == html.ElementNode && n.Data == tag {
		list = append(list, n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		list = append(list, all(c, tag)...)
	}
	return list
}

// form finds the form that holds the first named field, or the only form.
func (p *Page) form(tb testing.TB, fields []string) *html.Node {
	tb.Helper()
	forms := p.All("form")
	for _, form := range forms {
		if len(fields) == 0 {
			break
		}
		name := strings.TrimPrefix(fields[0], "@")
		for _, tag := range []string{"input", "select", "textarea", "button"} {
			for _, n := range all(form, tag) {
				pressed := !strings.HasPrefix(fields[0], "@") || (tag == "button" && attr(n, "value") == fields[1])
				if attr(n, "name") == name && pressed {
					return form
				}
			}
		}
	}
	if len(fields) == 0 {
		for _, form := range forms {
			if strings.EqualFold(attr(form, "method"), "post") && !strings.HasPrefix(attr(form, "action"), "/language") && attr(form, "action") != "/signout" {
				return form
			}
		}
	}
	tb.Fatalf("no form with %v on %s (%d)\n%s", fields, p.URL, p.Status, p.Text())
	return nil
}

// defaults are what a browser sends of a form that nobody touched.
func (p *Page) defaults(form *html.Node) url.Values {
	values := url.Values{}
	for _, n := range all(form, "input") {
		name, kind := attr(n, "name"), attr(n, "type")
		_, checked := has(n, "checked")
		switch {
		case name == "" || kind == "submit" || kind == "file":
		case (kind == "checkbox" || kind == "radio") && !checked:
		default:
			values.Add(name, attr(n, "value"))
		}
	}
	for _, n := range all(form, "textarea") {
		values.Add(attr(n, "name"), Text(n))
	}
	for _, n := range all(form, "select") {
		values.Add(attr(n, "name"), chosen(n))
	}
	values.Del("")
	return values
}

func chosen(sel *html.Node) string {
	options := all(sel, "option")
	for _, o := range options {
		if _, ok := has(o, "selected"); ok {
			return attr(o, "value")
		}
	}
	if len(options) > 0 {
		return attr(options[0], "value")
	}
	return ""
}

func has(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}
