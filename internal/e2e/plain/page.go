package plain

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tilgang/internal/app/apptest"
)

// Page is one tab of a person of its own. It belongs to the test's goroutine.
type Page struct {
	tb    testing.TB
	b     *apptest.Browser
	files map[string]string // chosen for a field: name, path
}

// New opens an empty tab, whose person reads lang, to a product.
func New(w *apptest.World, lang string) *Page {
	b := w.BrowserOn(w.Base)
	b.Lang = lang
	return &Page{tb: w.T, b: b}
}

// Goto opens an address, whatever its status is.
func (p *Page) Goto(address string) {
	p.tb.Helper()
	p.send(http.MethodGet, address, nil, "")
}

// Post sends a form that the page does not offer.
func (p *Page) Post(address string, values url.Values) {
	p.tb.Helper()
	p.send(http.MethodPost, p.b.Page.Address(address), []byte(values.Encode()), "application/x-www-form-urlencoded")
}

// send asks the host that the address names, as a page of that host would.
func (p *Page) send(method, address string, body []byte, kind string) {
	p.tb.Helper()
	to, err := url.Parse(address)
	if err != nil {
		p.tb.Fatal(err)
	}
	from := p.b.Page
	p.b.Host = to.Host
	req := p.b.Request(method, to.String(), strings.NewReader(string(body)))
	if kind != "" {
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Origin", "http://"+from.URL.Host)
	}
	p.b.Do(req)
	p.files = nil
}

// URL is the page's address.
func (p *Page) URL() string { return p.b.Page.URL.String() }

// Status is the HTTP status of the page.
func (p *Page) Status() int { return p.b.Page.Status }

// HTML is the page as the server sent it.
func (p *Page) HTML() string { return p.b.Page.Body }

// Text is the page's words, blanks folded; hidden ones too.
func (p *Page) Text() string { return p.b.Page.Text() }

// Has tells whether the page says these words.
func (p *Page) Has(words string) bool {
	return strings.Contains(p.Text(), strings.Join(strings.Fields(words), " "))
}
