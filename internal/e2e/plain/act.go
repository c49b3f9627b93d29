package plain

import (
	"cmp"
	"net/http"
	"strings"

	"golang.org/x/net/html"

	"tilgang/internal/app/apptest"
)

// Press presses a button, named by its words or by a CSS selector that begins
// with # . or [.
func (p *Page) Press(button string) {
	p.tb.Helper()
	p.press(p.pick("", buttons, button))
}

// PressIn is Press within the smallest part of the page that speaks of within.
func (p *Page) PressIn(within, button string) {
	p.tb.Helper()
	p.press(p.pick(within, buttons, button))
}

// Click follows a link, named like a button of Press.
func (p *Page) Click(link string) {
	p.tb.Helper()
	p.press(p.pick("", links, link))
}

// ClickIn is Click within the smallest part of the page that speaks of within.
func (p *Page) ClickIn(within, link string) {
	p.tb.Helper()
	p.press(p.pick(within, links, link))
}

// press follows what is a link and sends the form of what is a button.
func (p *Page) press(n *html.Node) {
	p.tb.Helper()
	at := above(n, "a", "button", "input")
	switch {
	case at == nil:
		p.tb.Fatalf("%q on %s is nothing to press", name(n), p.URL())
	case at.Data == "a":
		p.Goto(p.b.Page.Address(apptest.Attr(at, "href")))
	case apptest.Attr(at, "type") == "button":
		p.tb.Fatalf("%q on %s does nothing without a script", name(at), p.URL())
	default:
		p.submit(at)
	}
}

// submit sends the form of a button, as the button wants it sent.
func (p *Page) submit(button *html.Node) {
	p.tb.Helper()
	form := p.formOf(button)
	if form == nil {
		p.tb.Fatalf("%q on %s sends no form", name(button), p.URL())
	}
	pairs := append(p.controls(form), pair{apptest.Attr(button, "name"), apptest.Attr(button, "value")})
	action := p.b.Page.Address(cmp.Or(apptest.Attr(button, "formaction"), apptest.Attr(form, "action")))
	if !strings.EqualFold(apptest.Attr(form, "method"), http.MethodPost) {
		action, _, _ = strings.Cut(action, "?")
		p.Goto(action + "?" + encode(pairs).Encode())
		return
	}
	body, kind := []byte(encode(pairs).Encode()), "application/x-www-form-urlencoded"
	if apptest.Attr(form, "enctype") == "multipart/form-data" {
		body, kind = p.multipart(pairs)
	}
	p.send(http.MethodPost, action, body, kind)
}

// formOf is the form that a control belongs to: the one it names, or the one
// around it.
func (p *Page) formOf(n *html.Node) *html.Node {
	p.tb.Helper()
	if id := apptest.Attr(n, "form"); id != "" {
		return p.pick("", "form", "#"+id)
	}
	return above(n, "form")
}
