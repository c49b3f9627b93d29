package plain

import (
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"tilgang/internal/app/apptest"
)

// What can be meant by words.
const (
	buttons = "button, summary, [role=button], input[type=submit]"
	links   = "a[href]"
	parts   = "tr, li, fieldset, form, article, section, details, dialog, div"
)

// Texts are the words of all elements that a CSS selector matches.
func (p *Page) Texts(selector string) (list []string) {
	p.tb.Helper()
	for _, n := range p.all(p.b.Page.Root, selector) {
		list = append(list, apptest.Text(n))
	}
	return list
}

func (p *Page) all(in *html.Node, selector string) []*html.Node {
	p.tb.Helper()
	list, err := cascadia.ParseGroup(selector)
	if err != nil {
		p.tb.Fatalf("%s: %v", selector, err)
	}
	return cascadia.QueryAll(in, list)
}

// pick is the first element that is meant: by a selector, else by its words, which
// win where they stand exactly.
func (p *Page) pick(within, kind, what string) *html.Node {
	p.tb.Helper()
	in := p.scope(within, kind)
	if isSelector(what) {
		if found := p.all(in, what); len(found) > 0 {
			return found[0]
		}
		p.tb.Fatalf("nothing matches %s on %s (%d)\n%s", what, p.URL(), p.Status(), p.Text())
	}
	found := slices.DeleteFunc(p.all(in, kind), func(n *html.Node) bool { return hidden(n) || !strings.Contains(name(n), what) })
	if len(found) == 0 {
		p.tb.Fatalf("nothing is called %q on %s (%d)\n%s", what, p.URL(), p.Status(), p.Text())
	}
	if i := slices.IndexFunc(found, func(n *html.Node) bool { return name(n) == what }); i >= 0 {
		return found[i]
	}
	return found[0]
}

// scope is the smallest part of the page that speaks of the words and holds
// something of the kind.
func (p *Page) scope(within, kind string) *html.Node {
	p.tb.Helper()
	if within == "" {
		return p.b.Page.Root
	}
	if isSelector(within) {
		return p.pick("", kind, within)
	}
	var best *html.Node
	for _, n := range p.all(p.b.Page.Root, parts) {
		text := apptest.Text(n)
		if !strings.Contains(text, within) || len(p.all(n, kind)) == 0 {
			continue
		}
		if best == nil || len(text) < len(apptest.Text(best)) {
			best = n
		}
	}
	if best == nil {
		p.tb.Fatalf("nothing on %s speaks of %q", p.URL(), within)
	}
	return best
}

func isSelector(what string) bool { return strings.ContainsAny(what[:1], "#.[") }

// name is what an element is called to who hears it.
func name(n *html.Node) string {
	if label := apptest.Attr(n, "aria-label"); label != "" {
		return label
	}
	if text := apptest.Text(n); text != "" {
		return text
	}
	return apptest.Attr(n, "value")
}

// hidden tells whether a page shows an element to nobody.
func hidden(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if has(n, "hidden") {
			return true
		}
	}
	return false
}

func has(n *html.Node, attribute string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == attribute })
}

// above is an element, or what holds it, of one of the tags.
func above(n *html.Node, tags ...string) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && slices.Contains(tags, n.Data) {
			return n
		}
	}
	return nil
}
