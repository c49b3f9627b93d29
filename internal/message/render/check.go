package render

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Check tells where the two forms of a mail differ: in their words, which must
// be the same in the same order (the preheader and addresses set aside), or in
// the set of addresses that they lead to.
func Check(htmlForm, textForm string) error {
	root, err := html.Parse(strings.NewReader(htmlForm))
	if err != nil {
		return fmt.Errorf("read html: %w", err)
	}
	var seen reading
	seen.node(root)
	inHTML, inText := spoken(seen.words.String()), spoken(textForm)
	for i := range max(len(inHTML), len(inText)) {
		if a, b := at(inHTML, i), at(inText, i); a != b {
			return fmt.Errorf("word %d is %q in html and %q in text, after %q", i+1, a, b, inText[max(0, i-5):min(i, len(inText))])
		}
	}
	if a, b := unique(seen.links), unique(Links(textForm)); !slices.Equal(a, b) {
		return fmt.Errorf("addresses are %q in html and %q in text", a, b)
	}
	return nil
}

// reading gathers what a person reads or hears of an HTML mail.
type reading struct {
	words strings.Builder
	links []string
}

func (r *reading) node(n *html.Node) {
	if unread(n) {
		return
	}
	switch {
	case n.Type == html.TextNode:
		r.words.WriteString(n.Data)
	case n.DataAtom == atom.Img:
		r.words.WriteString(" " + attribute(n, "alt") + " ")
	case n.DataAtom == atom.A:
		r.links = append(r.links, attribute(n, "href"))
	}
	for child := range n.ChildNodes() {
		r.node(child)
	}
	if n.Type == html.ElementNode && n.DataAtom != atom.A && n.DataAtom != atom.Span {
		r.words.WriteByte(' ')
	}
}

func unread(n *html.Node) bool {
	return n.Type == html.CommentNode || n.DataAtom == atom.Head || n.DataAtom == atom.Style ||
		slices.Contains(strings.Fields(attribute(n, "class")), "preheader")
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// spoken are the words of a text without its addresses and without signs that
// only draw, such as the line under a heading.
func spoken(text string) []string {
	text = address.ReplaceAllString(text, " ")
	var all []string
	for _, word := range strings.Fields(text) {
		word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		if word != "" {
			all = append(all, word)
		}
	}
	return all
}

func at(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return ""
}

// unique is the sorted set of addresses, without percent signs: a template
// writes letters outside ASCII with them, a text does not.
func unique(links []string) []string {
	sorted := make([]string, len(links))
	for i, link := range links {
		sorted[i] = link
		if plain, err := url.PathUnescape(link); err == nil {
			sorted[i] = plain
		}
	}
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
