package e2e_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

var denialCode = regexp.MustCompile(`(?m)^    (\d{6})$`)

// stolen is a colleague's browser on which the owner's password was typed.
func stolen(s *e2e.Stage, slug string) (owner, stranger *apptest.Browser) {
	s.T.Helper()
	owner = s.As(slug, "employee")
	return owner, s.As(slug, "employee")
}

// deny opens the link of the newest mail and types its code.
func deny(s *e2e.Stage, to string) *apptest.Browser {
	s.T.Helper()
	s.Work()
	b := s.Browser("havn")
	b.Steps++
	b.Get(s.Link(to, "/notme/"))
	b.Submit("code", denialCode.FindStringSubmatch(s.Mail(to).Text)[1])
	return b
}

// A stranger signs in with the right password; the owner answers the mail, and
// the stranger is out with the next request. Then the owner comes back in, and
// the stranger does not.
func TestAStrangerIsOutWithTheNextRequest(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	owner, stranger := stolen(s, "havn")
	if p := stranger.Get("/profile"); p.Status != http.StatusOK || p.URL.Path != "/profile" {
		t.Fatalf("the stranger is not in: %s", p.URL)
	}
	b := deny(s, who.Email)
	if b.Page.Title() != "Everyone is signed out" || b.Steps > 3 {
		t.Fatalf("%d steps: %s", b.Steps, b.Page.Text())
	}
	for name, in := range map[string]*apptest.Browser{"stranger": stranger, "owner": owner} {
		if p := in.Get("/profile"); p.URL.Path != "/signin" {
			t.Errorf("the %s is still in: %s", name, p.URL)
		}
	}
	e2e.Follow(b, "/reset")
	b.Submit("email", who.Email)
	s.Work()
	b.Get(s.Link(who.Email, "/reset/"))
	b.Submit("password", chosen, "password_confirm", chosen)
	e2e.Follow(b, "/signin/password")
	if p := b.Submit("password", chosen); p.URL.Path == "/mfa/setup" {
		b.Submit("@action", "skip")
	}
	if p := b.Get("/"); p.URL.Path != "/" || p.Has("Changes are stopped") {
		t.Errorf("the owner is not back: %s\n%s", p.URL, p.Text())
	}
	if p := b.Get("/session"); p.Status != http.StatusOK {
		t.Errorf("the owner is not in: %d", p.Status)
	}
	stranger.Get("/signin")
	stranger.Submit("email", who.Email)
	if p := stranger.Submit("password", who.Password); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the stranger comes back: %d %s", p.Status, p.URL)
	}
}

func TestSayingThatItWasNotMePressedFourTimes(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	stolen(s, "havn")
	s.Work()
	mail := s.Mail(who.Email)
	code := denialCode.FindStringSubmatch(mail.Text)[1]
	b := s.Browser("havn")
	b.Get(s.Link(who.Email, "/notme/"))
	for _, path := range []string{"/notme", "/notme/undo"} {
		for _, p := range atOnce(t, b, path, "code", code) {
			if p.Header.Get("Location") != "/notme" {
				t.Errorf("%s: %d %s", path, p.Status, p.Text())
			}
		}
		s.Pass(time.Second)
	}
	s.Work()
	heard := map[string]int{}
	for _, m := range s.App.Services.Mailbox.List(filterTo(who.Email)) {
		heard[m.Kind]++
	}
	if heard["frozen"] != 1 || heard["unfrozen"] != 1 {
		t.Errorf("%v", heard)
	}
	if p := b.Get("/notme"); p.Title() != "This is settled" {
		t.Error(p.Text())
	}
}

func filterTo(address string) practice.Filter { return practice.Filter{To: address} }
