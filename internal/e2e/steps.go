package e2e

import (
	"net/http"
	"strings"

	"golang.org/x/net/html"

	"tilgang/internal/app/apptest"
)

// Follow clicks the page's link that leads to a path; it counts as one step.
func Follow(b *apptest.Browser, path string) *apptest.Page {
	b.T.Helper()
	for _, a := range b.Page.All("a") {
		if apptest.Attr(a, "href") == path {
			b.Steps++
			return b.Get(path)
		}
	}
	b.T.Fatalf("no link to %s on %s\n%s", path, b.Page.URL, b.Page.Text())
	return nil
}

// OpenMail follows the link of the newest welcome mail, as one step.
func (s *Stage) OpenMail(b *apptest.Browser, to string) *apptest.Page {
	s.T.Helper()
	b.Steps++
	return b.Get(s.Link(to, "/invite/"))
}

// Accept goes from the welcome mail by Word to whatever comes after Continue.
func (s *Stage) Accept(b *apptest.Browser, to string) *apptest.Page {
	s.T.Helper()
	if p := s.OpenMail(b, to); p.Status != http.StatusOK {
		s.T.Fatalf("the link of %s answers %d\n%s", to, p.Status, p.Text())
	}
	if p := b.Submit("password", Word, "password_confirm", Word); p.URL.Path != "/invite/done" {
		s.T.Fatalf("the password led to %s (%d)\n%s", p.URL, p.Status, p.Text())
	}
	return Follow(b, "/signin/next")
}

// Newcomer hires somebody who accepts, puts the second factor off and is home.
func (s *Stage) Newcomer(slug, row, address string) *apptest.Browser {
	s.T.Helper()
	s.Hire(slug, row)
	b := s.Browser(slug)
	if p := s.Accept(b, address); p.URL.Path == "/mfa/setup" {
		s.putOff(b)
	}
	if b.Page.URL.Path != "/" || b.Page.Status != http.StatusOK {
		s.T.Fatalf("ended on %s (%d)\n%s", b.Page.URL, b.Page.Status, b.Page.Text())
	}
	return b
}

// Key is the authenticator key that a set-up page shows for typing.
func Key(p *apptest.Page) string {
	for _, n := range p.All("code") {
		if key := strings.ReplaceAll(apptest.Text(n), " ", ""); len(key) == 32 {
			return key
		}
	}
	return ""
}

// Codes are the recovery codes that a page shows.
func Codes(p *apptest.Page) (codes []string) {
	for _, n := range p.All("li") {
		if class(n) == "codes" {
			continue
		}
		if text := apptest.Text(n); len(text) == 19 && strings.Count(text, "-") == 3 {
			codes = append(codes, text)
		}
	}
	return codes
}

func class(n *html.Node) string { return apptest.Attr(n, "class") }
