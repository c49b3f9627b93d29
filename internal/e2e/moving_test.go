package e2e_test

import (
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/tenant"
)

// typed is the code that stands in the newest mail to somebody.
func typed(s *e2e.Stage, to string) string {
	s.T.Helper()
	for _, line := range strings.Split(s.Mail(to).Text, "\n") {
		if code := strings.TrimSpace(line); len(code) == 11 && strings.Count(code, "-") == 1 && !strings.Contains(code, " ") {
			return code
		}
	}
	s.T.Fatalf("no code in %s", s.Mail(to).Text)
	return ""
}

// The guide of a known population that moves here: confirm the address, and
// from the day of the switch address, forgotten password, new password, factor.
func TestAKnownPopulationMovesHere(t *testing.T) {
	s := e2e.New(t)
	const to = "anna.svensson@post.example"
	s.Hire("skog", "911;Anna;Svensson;"+to+";en;Operatör;Produktion;skog-industri;2026-11-01")
	if m := s.Mail(to); m.Kind != "invite_prepare" || !strings.Contains(m.Text, "11 January 2027") || !strings.Contains(m.HTML, "Confirm your address") {
		t.Fatalf("the mail says %s %s", m.Kind, m.Text)
	}
	hr := s.As("skog", "hr")
	before := hr.Get("/admin/invite").Text()
	b := s.Browser("skog")
	link := s.Link(to, "/invite/")

	t.Run("the link asks for a password or for the code of the mail", func(t *testing.T) {
		shows(t, b.Get(link), "/invite", "Choose your password", "It is enough to confirm your address")
		if p := b.Submit("code", "00000-00000"); p.Status != 422 || !strings.Contains(p.Text(), "That is not the code of this mail") {
			t.Fatalf("%d %s", p.Status, p.Text())
		}
		shows(t, b.Submit("code", typed(s, to)), "/invite/confirmed", "Your address is confirmed", "From 11 January 2027 you sign in at")
		if b.Cookie("session") != "" || b.Get("/session").Status != 401 {
			t.Error("confirming an address signed in")
		}
	})
	t.Run("the link is used up and says so calmly", func(t *testing.T) {
		shows(t, s.Browser("skog").Get(link), "/invite", "You have not chosen a password yet")
	})
	t.Run("HR sees who is ready", func(t *testing.T) {
		after := hr.Get("/admin/invite").Text()
		if before == after || !strings.Contains(after, "Adress bekräftad, inget lösenord ännu 1") {
			t.Errorf("the board says %s", after)
		}
		shows(t, hr.Get("/admin/people?state=confirmed"), "/admin/people", "Anna Svensson", "Adress bekräftad, inget lösenord ännu")
		if strings.Contains(hr.Get("/admin/people?state=waiting").Text(), "Anna Svensson") {
			t.Error("she is still said to be waiting")
		}
	})
	t.Run("no password opens the account", func(t *testing.T) {
		for _, word := range []string{"", e2e.Word} {
			b := s.Browser("skog")
			shows(t, b.Get("/signin"), "/signin", "From 11 January 2027 everybody at Skog signs in here")
			b.Submit("email", to)
			if p := b.Submit("password", word); p.URL.Path == "/" || b.Get("/session").Status != 401 {
				t.Errorf("%q let in", word)
			}
		}
	})
	s.Clock.Set(tenant.MustFrom(s.Operator("skog")).Invitation.Switch.Add(8 * time.Hour))
	t.Run("after the switch the first sign-in is one way through", func(t *testing.T) {
		firstSignIn(t, s, to)
	})
	t.Run("then HR sees a password", func(t *testing.T) {
		hr := s.As("skog", "hr")
		if text := hr.Get("/admin/invite").Text(); strings.Contains(text, "Adress bekräftad, inget lösenord ännu 1") {
			t.Error(text)
		}
	})
}

func firstSignIn(t *testing.T, s *e2e.Stage, to string) {
	t.Helper()
	b := s.Browser("skog")
	b.Get("/signin")
	b.Submit("email", to, "remember", "1")
	shows(t, b.Page, "/signin/password", "No password here yet?")
	e2e.Follow(b, "/reset")
	choose(s, b, to)
	b.Submit("password", chosen)
	shows(t, b.Page, "/mfa/setup")
	e2e.Follow(b, "/mfa/setup/app")
	e2e.Follow(b, "/mfa/setup/totp")
	b.Submit("code", now(t, s, e2e.Key(b.Page)))
	if b.Page.URL.Path == "/mfa/setup/phone" {
		b.Submit("@action", "skip")
	}
	shows(t, b.Page, "/mfa/setup/recovery")
	shows(t, b.Submit("saved", "1"), "/", "Hello, Anna")
	if b.Steps > 14 { // address, forgotten, wish, link, password, go to sign-in, password; and the app's seven
		t.Errorf("%d steps", b.Steps)
	}
}

// choose asks for the mail and chooses a new password by its link.
func choose(s *e2e.Stage, b *apptest.Browser, to string) {
	s.T.Helper()
	b.Submit("email", to, "@action", "password")
	s.Work()
	b.Steps++
	b.Get(s.Link(to, "/reset/"))
	b.Submit("password", chosen, "password_confirm", chosen)
	e2e.Follow(b, "/signin/password")
}

func TestWhoNeverConfirmedComesInByTheInvitation(t *testing.T) {
	s := e2e.New(t)
	const to = "bo.lund@post.example"
	s.Hire("skog", "912;Bo;Lund;"+to+";en;Operatör;Produktion;skog-industri;2026-11-01")
	old := s.Link(to, "/invite/")
	s.Clock.Set(tenant.MustFrom(s.Operator("skog")).Invitation.Switch.Add(8 * time.Hour))
	b := s.Browser("skog")
	if p := b.Get(old); p.Status != 410 || !strings.Contains(p.Text(), "no longer works") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	b.Get("/signin")
	b.Submit("email", to)
	e2e.Follow(b, "/reset")
	b.Submit("email", to, "@action", "password")
	s.Work()
	if m := s.Mail(to); m.Kind != "invite_again" {
		t.Fatalf("the mail is %s", m.Kind)
	}
	if p := s.Accept(b, to); strings.Contains(p.Body, "confirm your address") || p.URL.Path != "/mfa/setup" {
		t.Errorf("on %s", p.URL)
	}
}
