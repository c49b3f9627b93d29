package e2e_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tilgang/internal/captcha"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

var mailedDigits = regexp.MustCompile(`\b\d{6}\b`)

// mailed is the code in the newest mail to somebody.
func mailed(s *e2e.Stage, to string) string {
	s.T.Helper()
	s.Work()
	code := mailedDigits.FindString(s.Mail(to).Text)
	if code == "" {
		s.T.Fatalf("no code in %s", s.Mail(to).Text)
	}
	return code
}

// Nordlys, as its guide tells it: the site, Forgot, the address, the code of the
// mail, the password twice, and in again with the second step where there is one.
func TestAResetByCodeTakesNineSteps(t *testing.T) {
	s := e2e.New(t)
	for _, role := range []string{"employee", "hr"} {
		who := s.Who("nordlys", role)
		b := s.Browser("nordlys")
		b.Get("/")
		e2e.Follow(b, "/signin")
		e2e.Follow(b, "/reset")
		if p := b.Submit("email", who.Email); p.URL.Path != "/reset/code" || !p.Has(who.Email) {
			t.Fatalf("%s %s", p.URL, p.Text())
		}
		b.Steps++ // the mail
		code := mailed(s, who.Email)
		b.Submit("code", code[:3]+" "+code[3:])
		if p := b.Submit("password", chosen, "password_confirm", chosen); p.URL.Path != "/reset/done" {
			t.Fatalf("%s %s", p.URL, p.Text())
		}
		if p := e2e.Follow(b, "/signin/password"); !p.Has(who.Email) {
			t.Errorf("the address is asked for again: %s", p.Text())
		}
		b.Submit("password", chosen)
		if role == "hr" {
			if b.Page.URL.Path != "/mfa" || b.Raw(b.Request(http.MethodGet, "/session", nil)).Status != http.StatusUnauthorized {
				t.Fatalf("%s %s", b.Page.URL, b.Page.Text())
			}
			s.Pass(30 * time.Second)
			b.Submit("code", who.Code(s.Clock.Now()))
			if p := b.Get("/session"); p.Status != http.StatusOK {
				t.Errorf("%d %s", p.Status, p.Text())
			}
		}
		if b.Steps > 9 {
			t.Errorf("%s: %d steps", role, b.Steps)
		}
	}
}

// linked asks for a one-time link from the password page, where the address has
// been typed, and gives the link.
func linked(s *e2e.Stage, b *apptest.Browser, address string) string {
	s.T.Helper()
	b.Get("/signin")
	b.Submit("email", address)
	b.Steps = 0
	e2e.Follow(b, "/reset")
	if got := apptest.Attr(b.Page.Field("email"), "value"); got != address {
		s.T.Fatalf("the page has %q", got)
	}
	s.Pass(captcha.Age) // nobody types faster, and this browser runs no script
	if p := b.Submit("email", address, "@action", "link"); p.URL.Path != "/magiclink" || !p.Has(address) {
		s.T.Fatalf("%s %s", p.URL, p.Text())
	}
	s.Work()
	return s.Link(address, "/magiclink/")
}

func TestAOneTimeLinkTakesFourSteps(t *testing.T) {
	s := e2e.New(t)
	for _, slug := range []string{"askvik", "skog"} {
		who := s.Who(slug, "employee")
		b := s.Browser(slug)
		link := linked(s, b, who.Email)
		b.Steps++
		b.Get(link)
		b.Submit()
		if p := b.Get("/session"); p.Status != http.StatusOK || !strings.Contains(p.Body, `"amr":["link"]`) {
			t.Errorf("%s: %d %s", slug, p.Status, p.Text())
		}
		if b.Steps > 4 {
			t.Errorf("%s: %d steps", slug, b.Steps)
		}
	}
}

func TestAOneTimeLinkOpenedOnThePhone(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("askvik", "hr")
	b, phone := s.Browser("askvik"), s.Browser("askvik")
	link := linked(s, b, who.Email)
	p := phone.Get(link)
	code := regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`).FindString(p.Text())
	if p.Status != http.StatusOK || code == "" {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	b.Steps++
	b.Submit("code", strings.ToLower(code))
	if b.Page.URL.Path != "/mfa" || b.Steps > 4 {
		t.Fatalf("%d steps, %s %s", b.Steps, b.Page.URL, b.Page.Text())
	}
	for _, one := range []*apptest.Browser{b, phone} {
		if one.Raw(one.Request(http.MethodGet, "/session", nil)).Status != http.StatusUnauthorized {
			t.Error("signed in without the factor")
		}
	}
	s.Pass(30 * time.Second)
	b.Submit("code", who.Code(s.Clock.Now()))
	if p := b.Get("/session"); p.Status != http.StatusOK {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if p := phone.Get("/session"); p.Status != http.StatusUnauthorized {
		t.Error("the phone is signed in")
	}
}

// A mail filter fetches links, runs what it finds and presses every button, from
// a browser of its own.
func TestAMailFilterSignsNobodyIn(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("skog", "employee")
	b, filter := s.Browser("skog"), s.Browser("skog")
	link := linked(s, b, who.Email)
	for range 3 {
		for _, method := range []string{http.MethodHead, http.MethodGet} {
			filter.Do(filter.Request(method, link, nil))
		}
		for _, path := range []string{link, "/magiclink/open", "/magiclink", "/reset", "/signin/next"} {
			raw(filter, path, "email", who.Email)
		}
		filter.Get("/magiclink/open")
	}
	if p := filter.Get("/session"); p.Status != http.StatusUnauthorized {
		t.Fatal("the filter is signed in")
	}
	b.Get(link)
	if b.Submit(); b.Get("/session").Status != http.StatusOK {
		t.Error("the link was used up")
	}
}

func TestWishesPressedTwiceSendOne(t *testing.T) {
	s := e2e.New(t)
	for slug, c := range map[string]struct{ action, kind, to string }{
		"skog": {"link", "magiclink", "/magiclink"}, "nordlys": {"password", "reset_code", "/reset/code"},
	} {
		address := s.Who(slug, "employee").Email
		sent := func() int {
			s.Work()
			return len(s.App.Services.Mailbox.List(practice.Filter{To: address, Kind: c.kind}))
		}
		b := s.Browser(slug)
		b.Get("/reset")
		for _, p := range atOnce(t, b, "/reset", "email", address, "action", c.action) {
			if p.Header.Get("Location") != c.to {
				t.Errorf("%s: %d %s", slug, p.Status, p.Text())
			}
		}
		if n := sent(); n != 1 {
			t.Fatalf("%s: %d mails", slug, n)
		}
		s.Pass(time.Minute)
		for _, p := range atOnce(t, b, "/reset", "email", address, "action", c.action) {
			if p.Header.Get("Location") != c.to {
				t.Errorf("%s: %d %s", slug, p.Status, p.Text())
			}
		}
		if n := sent(); n != 2 {
			t.Errorf("%s: %d mails after asking again", slug, n)
		}
	}
}
