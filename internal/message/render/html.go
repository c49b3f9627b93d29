package render

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Layout is the template's path below the templates folder.
const Layout = "message/layout.html"

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// The neutral brand: 8.6:1 on white with white text on it, and 11:1 on the dark card.
const (
	neutralPrimary = "#1f4b8f"
	neutralOn      = "#ffffff"
	neutralInk     = "#d5dbe5"
)

// Renderer makes the HTML form; it is safe for concurrent use.
type Renderer struct{ layout *template.Template }

// New reads the layout from the templates folder.
func New(templates fs.FS) (*Renderer, error) {
	layout, err := template.New("layout.html").Funcs(template.FuncMap{"outlook": outlook, "dressed": func(v *view, blocks []part) dressed { return dressed{v, blocks} }}).ParseFS(templates, Layout)
	if err != nil {
		return nil, fmt.Errorf("parse mail layout: %w", err)
	}
	return &Renderer{layout: layout}, nil
}

// outlook wraps markup in the comment that only Outlook's Word engine reads.
// The template gives it constants alone.
func outlook(markup template.HTML) template.HTML {
	return "<!--[if mso]>" + markup + "<![endif]-->"
}

// HTML is the HTML form of d; it refuses an address that is not absolute with
// https or http, and a colour that is not #rrggbb.
func (r *Renderer) HTML(d Doc) (string, error) {
	v, err := newView(d.cleaned())
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.Grow(10 << 10) // a welcome mail has 7 KiB
	if err := r.layout.Execute(&b, v); err != nil {
		return "", fmt.Errorf("render mail: %w", err)
	}
	return b.String(), nil
}

// view is the Doc as the layout reads it, checked.
type view struct {
	Doc
	Blocks, After                 []part
	Expires, NotYou, Why, NoReply []span
	SupportLines                  [][]span
	SignatureLines                []string
	Logo                          template.URL
	Primary, OnPrimary, Ink       template.CSS
}

// dressed are blocks with the colours that they are drawn in.
type dressed struct {
	Brand  *view
	Blocks []part
}

// part is a block: exactly one field is set.
type part struct {
	Paragraph []span
	Button    *link
	Address   *link
	Code      *coded
	Facts     []factRow
	List      [][]span
}

type link struct {
	Label string
	URL   template.URL
	Shown string
}

type coded struct {
	Label []span
	Value string
}

type factRow struct {
	Label string
	Value []span
	Last  bool
}

func newView(d Doc) (*view, error) {
	v := &view{
		Doc: d, Expires: spans(d.Expires), NotYou: spans(d.NotYou), Why: spans(d.Why), NoReply: spans(d.NoReply),
		SupportLines: spansOf(d.Support.Lines),
	}
	if d.Signature != "" {
		v.SignatureLines = strings.Split(d.Signature, "\n")
	}
	if err := v.dress(d.Brand); err != nil {
		return nil, err
	}
	var err error
	if v.Blocks, err = parts(d.Blocks); err != nil {
		return nil, err
	}
	v.After, err = parts(d.After)
	return v, err
}

func parts(blocks []Block) (list []part, err error) {
	for _, b := range blocks {
		p, err := newPart(b)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func (v *view) dress(b Brand) error {
	for _, c := range []struct {
		to               *template.CSS
		given, otherwise string
	}{{&v.Primary, b.Primary, neutralPrimary}, {&v.OnPrimary, b.OnPrimary, neutralOn}, {&v.Ink, b.PrimaryInk, neutralInk}} {
		if c.given == "" {
			c.given = c.otherwise
		}
		if !hexColour.MatchString(c.given) {
			return fmt.Errorf("mail colour %q is not #rrggbb", c.given)
		}
		*c.to = template.CSS(c.given) //nolint:gosec // made of constants and checked colours
	}
	if b.LogoURL == "" {
		return nil
	}
	var err error
	v.Logo, err = safe(b.LogoURL, "https", "http", "cid")
	return err
}

func newPart(b Block) (part, error) {
	switch b := b.(type) {
	case Paragraph:
		return part{Paragraph: spans(b.Text)}, nil
	case Button:
		to, err := safe(b.URL, "https", "http")
		return part{Button: &link{Label: b.Label, URL: to}}, err
	case Address:
		to, err := safe(b.URL, "https", "http")
		return part{Address: &link{Label: b.Intro, URL: to, Shown: b.URL}}, err
	case Code:
		return part{Code: &coded{spans(b.Label), b.Value}}, nil
	case Facts:
		return part{Facts: factRows(b)}, nil
	case List:
		return part{List: spansOf(b)}, nil
	}
	return part{}, fmt.Errorf("unknown block %T", b)
}

func factRows(facts Facts) []factRow {
	rows := make([]factRow, len(facts))
	for i, f := range facts {
		rows[i] = factRow{f.Label, spans(f.Value), i == len(facts)-1}
	}
	return rows
}

func spansOf(lines []string) [][]span {
	all := make([][]span, len(lines))
	for i, line := range lines {
		all[i] = spans(line)
	}
	return all
}

// safe lets an address of one of the schemes through as it is.
func safe(address string, schemes ...string) (template.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || !slices.Contains(schemes, u.Scheme) || (u.Host == "" && u.Opaque == ""):
		return "", errors.New("an address in a mail is not absolute " + strings.Join(schemes, " or "))
	case strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return "", errors.New("an address in a mail holds white space")
	}
	return template.URL(address), nil //nolint:gosec // made of constants and checked colours
}
