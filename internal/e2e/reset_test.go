package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/captcha"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

// chosen is a password that satisfies every demonstration tenant's rules.
const chosen = "En helt ny sætning 8 Gange!"

// forgotten goes from the sign-in page to a new password in a browser.
func forgotten(s *e2e.Stage, b *apptest.Browser, address string) *apptest.Page {
	s.T.Helper()
	b.Get("/signin")
	e2e.Follow(b, "/reset")
	s.Pass(captcha.Age) // nobody types faster, and this browser runs no script
	b.Submit("email", address, "@action", "password")
	s.Work()
	b.Steps++
	b.Get(s.Link(address, "/reset/"))
	if p := b.Submit("password", chosen, "password_confirm", chosen); p.URL.Path != "/reset/done" {
		s.T.Fatalf("%d %s %s", p.Status, p.URL, p.Text())
	}
	return e2e.Follow(b, "/signin/password")
}

func TestAForgottenPasswordTakesFiveSteps(t *testing.T) {
	s := e2e.New(t)
	for _, slug := range []string{"havn", "askvik", "skog", "fjord"} {
		b := s.Browser(slug)
		forgotten(s, b, s.Who(slug, "employee").Email)
		if b.Steps > 5 {
			t.Errorf("%s: %d steps", slug, b.Steps)
		}
		if p := b.Submit("password", chosen); p.Status != http.StatusOK || p.URL.Path == "/signin/password" {
			t.Errorf("%s: on %s\n%s", slug, p.URL, p.Text())
		}
	}
}

func TestANewPasswordIsNoSecondFactor(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "hr")
	b := s.Browser("havn")
	forgotten(s, b, who.Email)
	if p := b.Submit("password", chosen); p.URL.Path != "/mfa" {
		t.Fatalf("on %s\n%s", p.URL, p.Text())
	}
	if p := b.Get("/session"); p.Status != http.StatusUnauthorized {
		t.Error("signed in without the factor")
	}
	b.Get("/mfa")
	s.Pass(30 * time.Second)
	if p := b.Submit("code", who.Code(s.Clock.Now())); p.URL.Path != "/" {
		t.Errorf("on %s\n%s", p.URL, p.Text())
	}
}

func TestAForgottenPasswordPressedTwice(t *testing.T) {
	s := e2e.New(t)
	address := s.Who("havn", "employee").Email
	sent := func(kind string) int {
		s.Work()
		return len(s.App.Services.Mailbox.List(practice.Filter{To: address, Kind: kind}))
	}
	b := s.Browser("havn")
	b.Get("/reset")
	for _, p := range atOnce(t, b, "/reset", "email", address, "action", "password") {
		if p.Header.Get("Location") != "/reset/sent" {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	}
	if n := sent("reset"); n != 1 {
		t.Fatalf("%d mails", n)
	}
	b.Get(s.Link(address, "/reset/"))
	done := 0
	for _, p := range atOnce(t, b, "/reset/password", "password", chosen, "password_confirm", chosen) {
		if p.Status == http.StatusSeeOther {
			done++
		} else if p.Status != http.StatusConflict || !p.Has("Your password has been changed") {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	}
	if n := sent("password_changed"); done != 1 || n != 1 {
		t.Errorf("%d succeeded, %d mails", done, n)
	}
	if strings.Contains(s.Mail(address).Text, chosen) {
		t.Error("the mail holds the password")
	}
}
