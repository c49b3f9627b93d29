package picture

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// kind is what a piece of a page is.
type kind string

// The pieces that are drawn.
const (
	back    kind = "back"
	title   kind = "title"
	heading kind = "heading"
	lead    kind = "lead"
	text    kind = "text"
	label   kind = "label"
	hint    kind = "hint"
	input   kind = "input"
	code    kind = "code"
	tick    kind = "tick"
	rule    kind = "rule"
	way     kind = "way"
	primary kind = "primary"
	other   kind = "other"
	link    kind = "link"
	more    kind = "more"
)

// piece is one thing to draw; the marked one is what a step speaks of.
type piece struct {
	kind   kind
	words  string
	below  string // the second line of a way
	marked bool
}

// outline lists the pieces of a page's own part, in its order.
func outline(page []byte, mark string) ([]piece, error) {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	main := find(root, func(n *html.Node) bool { return n.DataAtom == atom.Main })
	if main == nil {
		return nil, errors.New("the page has no part of its own")
	}
	r := reader{mark: mark}
	r.inside(main)
	if mark != "" && !slices.ContainsFunc(r.list, func(p piece) bool { return p.marked }) {
		return nil, fmt.Errorf("the page has nothing at %q", mark)
	}
	return r.list, nil
}

type reader struct {
	mark string
	list []piece
}

func (r *reader) inside(n *html.Node) {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode && !unseen(c) {
			r.read(c)
		}
	}
}

// read takes a piece, or looks inside of what is none.
func (r *reader) read(n *html.Node) {
	if p, is := r.whole(n); is {
		r.list = append(r.list, p)
		return
	}
	switch {
	case has(n, "under"):
		r.links(n)
	case n.DataAtom == atom.P || n.DataAtom == atom.Dt || n.DataAtom == atom.Dd || n.DataAtom == atom.Li && has(n.Parent, "steps"):
		r.add(textKind(n), n)
	case n.DataAtom == atom.A:
		r.add(link, n)
	case n.DataAtom == atom.Details:
		r.add(more, find(n, func(c *html.Node) bool { return c.DataAtom == atom.Summary }))
	case n.DataAtom == atom.Input:
		r.field(n)
	default:
		r.inside(n)
	}
}

// whole is a piece that nothing inside of is drawn by itself.
func (r *reader) whole(n *html.Node) (piece, bool) { //nolint:gocyclo // one sort of piece after the other, none hidden
	p := piece{words: words(n), marked: r.marks(n)}
	switch {
	case has(n, "way-back"):
		p.kind = back
	case n.DataAtom == atom.H1:
		p.kind = title
	case n.DataAtom == atom.H2:
		p.kind = heading
	case has(n, "check") || has(n, "choice"):
		p.kind, p.words = tick, words(find(n, func(c *html.Node) bool { return c.DataAtom == atom.Label }))
	case n.DataAtom == atom.Label || n.DataAtom == atom.Legend:
		p.kind = label
	case n.DataAtom == atom.Li && within(n, "rules"):
		p.kind = rule
	case has(n, "way"):
		p.kind, p.words, p.below = way, words(classed(n, "way-title")), words(classed(n, "way-text"))
	case n.DataAtom == atom.Button || has(n, "button"):
		p.kind = primary
		if has(n, "button-secondary") || has(n, "button-quiet") || has(n, "button-danger") {
			p.kind = other
		}
	}
	return p, p.kind != "" && p.words != ""
}

func (r *reader) add(k kind, n *html.Node) {
	if said := words(n); said != "" {
		r.list = append(r.list, piece{kind: k, words: said, marked: find(n, r.marks) != nil})
	}
}

// links of one line are drawn one below the other.
func (r *reader) links(n *html.Node) {
	for c := range n.Descendants() {
		if c.DataAtom == atom.A {
			r.add(link, c)
		}
	}
}

func (r *reader) field(n *html.Node) {
	if slices.Contains([]string{"checkbox", "radio", "file", "submit"}, attr(n, "type")) {
		return
	}
	p := piece{kind: input, words: attr(n, "value"), marked: r.marks(n)}
	if within(n, "is-code") {
		p.kind = code
	}
	r.list = append(r.list, p)
}

// marks tells whether the mark names a node: a path is a link's, anything else
// is the name, or name=value, of a button or field.
func (r *reader) marks(n *html.Node) bool {
	switch {
	case r.mark == "" || n.Type != html.ElementNode:
		return false
	case strings.HasPrefix(r.mark, "/"):
		return n.DataAtom == atom.A && attr(n, "href") == r.mark
	}
	name, value, valued := strings.Cut(r.mark, "=")
	named := n.DataAtom == atom.Button || n.DataAtom == atom.Input
	return named && attr(n, "name") == name && (!valued || attr(n, "value") == value)
}

func textKind(n *html.Node) kind {
	switch {
	case has(n, "lead"):
		return lead
	case has(n, "hint") || has(n, "sub") || has(n, "eyebrow") || has(n, "stepper"):
		return hint
	case has(n, "rules-title"):
		return label
	}
	return text
}

// unseen tells what a page holds and does not show.
func unseen(n *html.Node) bool {
	switch n.DataAtom { //nolint:exhaustive // the others are shown
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg, atom.Dialog, atom.Img:
		return true
	}
	hidden := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" })
	return hidden || attr(n, "type") == "hidden" || has(n, "sr") || has(n, "robot") || has(n, "print-only")
}

// words are what is read of a node, white space squeezed.
func words(n *html.Node) string {
	var b strings.Builder
	var gather func(*html.Node)
	gather = func(n *html.Node) {
		if n == nil || n.Type == html.ElementNode && unseen(n) {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := range n.ChildNodes() {
			gather(c)
		}
	}
	gather(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	if n == nil || is(n) {
		return n
	}
	for c := range n.Descendants() {
		if is(c) {
			return c
		}
	}
	return nil
}

func classed(n *html.Node, class string) *html.Node {
	return find(n, func(c *html.Node) bool { return has(c, class) })
}

func within(n *html.Node, class string) bool {
	for p := range n.Ancestors() {
		if has(p, class) {
			return true
		}
	}
	return false
}

func has(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), class)
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
