package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

// newAtNordlys is somebody hired at Nordlys, at the choice of the second step.
func newAtNordlys(s *e2e.Stage) *apptest.Browser {
	s.T.Helper()
	s.Hire("nordlys", "901;Ola;Vik;ola.vik@post.example;en;Montør;Stab;nordlys-energi;2026-11-01")
	b := s.Browser("nordlys")
	if p := s.Accept(b, "ola.vik@post.example"); p.URL.Path != "/mfa/setup" {
		s.T.Fatalf("led to %s\n%s", p.URL, p.Text())
	}
	return b
}

func shows(t *testing.T, p *apptest.Page, path string, words ...string) {
	t.Helper()
	if p.URL.Path != path {
		t.Fatalf("on %s (%d), want %s\n%s", p.URL, p.Status, path, p.Text())
	}
	for _, w := range words {
		if !strings.Contains(p.Text(), w) {
			t.Fatalf("no %q on\n%s", w, p.Text())
		}
	}
}

func TestFirstSignInAtNordlysWithThePhone(t *testing.T) {
	s := e2e.New(t)
	b := newAtNordlys(s)
	start := b.Steps
	e2e.Follow(b, "/mfa/setup/phone")
	shows(t, b.Page, "/mfa/setup/phone", "Norway (+47)")
	shows(t, b.Submit("country", "NO", "phone", "400 08 215"), "/mfa/setup/phone/code", "XXX-XXX-8215")
	shows(t, b.Submit("code", s.Texted("+4740008215")), "/mfa/setup/recovery")
	codes := e2e.Codes(b.Page)
	shows(t, b.Submit("saved", "1"), "/")
	if n := b.Steps - start; n > 5 || len(codes) != 10 {
		t.Fatalf("%d steps, %d codes", n, len(codes))
	}
	s.Work()
	mail := s.Mail("ola.vik@post.example")
	if !strings.Contains(mail.Text, "A phone number was added") {
		t.Fatalf("the owner was not told: %s", mail.Text)
	}
	text := s.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, To: "+4740008215", Limit: 1})[0]
	lines := strings.Split(text.Text, "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "@nordlys.localhost #") || len(text.Links) != 0 || text.From != "Nordlys" {
		t.Fatalf("%+v", text)
	}
	t.Run("later the code comes by itself", func(t *testing.T) {
		s.Pass(time.Minute)
		b := s.Browser("nordlys")
		b.Get("/signin")
		shows(t, b.Submit("email", "ola.vik@post.example", "password", e2e.Word), "/mfa", "We sent a text message", "XXX-XXX-8215")
		shows(t, b.Submit("code", s.Texted("+4740008215")), "/")
	})
	t.Run("and a new phone is put on file under Security alone", func(t *testing.T) {
		s.Pass(11 * time.Minute)
		b.Get("/security")
		e2e.Follow(b, "/security/factors")
		e2e.Follow(b, "/security/phone")
		shows(t, b.Page, "/security/phone", "A code can come by text message to XXX-XXX-8215")
		shows(t, b.Submit("back", "/security/phone"), "/security/phone", "A code is on its way to XXX-XXX-8215")
		shows(t, b.Submit("current_password", e2e.Word, "code", s.Texted("+4740008215")), "/mfa/setup/phone")
		shows(t, b.Submit("country", "NO", "phone", "400 00 555"), "/mfa/setup/phone/code", "XXX-XXX-0555")
		shows(t, b.Submit("code", s.Texted("+4740000555")), "/security", "Text message to XXX-XXX-0555")
		s.Work()
		if old := s.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, To: "+4740008215", Limit: 1})[0]; old.Kind != "phone_replaced" {
			t.Fatalf("the old phone was not told: %+v", old)
		}
	})
}

func TestATextMessageIsTheOtherWayAtSkog(t *testing.T) {
	s := e2e.New(t)
	s.Hire("skog", "901;Maja;Ek;maja.ek@post.example;en;Operatör;Produktion;skog-industri;2026-11-01")
	b := s.Browser("skog")
	shows(t, s.Accept(b, "maja.ek@post.example"), "/mfa/setup")
	if strings.Contains(b.Page.Body, "/mfa/setup/phone") {
		t.Fatal("a backup is offered as the first factor")
	}
	b.Get("/mfa/setup/totp")
	key := e2e.Key(b.Page)
	shows(t, b.Submit("code", now(t, s, key)), "/mfa/setup/phone", "Add a phone as a backup")
	shows(t, b.Submit("country", "SE", "phone", "070-174 06 05"), "/mfa/setup/phone/code", "XXX-XXX-0605")
	shows(t, b.Submit("code", s.Texted("+46701740605")), "/mfa/setup/recovery")
	shows(t, b.Submit("saved", "1"), "/")
	s.Pass(time.Minute)

	b = s.Browser("skog")
	b.Get("/signin")
	b.Submit("email", "maja.ek@post.example")
	shows(t, b.Submit("password", e2e.Word), "/mfa", "Open your authenticator app", "Get a code by text message")
	e2e.Follow(b, "/mfa?way=phone")
	shows(t, b.Page, "/mfa", "We sent a text message", "XXX-XXX-0605")
	shows(t, b.Submit("code", s.Texted("+46701740605")), "/")
}

func TestWhereThePhoneIsOffNothingSpeaksOfIt(t *testing.T) {
	s := e2e.New(t)
	b := s.As("havn", "hr")
	b.Get("/security/factors")
	if strings.Contains(b.Page.Body, "/security/phone") {
		t.Fatal("the phone is offered")
	}
	if p := b.Get("/security/phone"); p.URL.Path != "/security" {
		t.Fatalf("led to %s", p.URL)
	}
	if p := b.Get("/mfa/setup/phone"); p.URL.Path == "/mfa/setup/phone" {
		t.Fatalf("%d", p.Status)
	}
	if n := len(s.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS})); n != 0 {
		t.Fatalf("%d texts", n)
	}
}

func TestTheCarrierIsAway(t *testing.T) {
	s := e2e.New(t)
	b := newAtNordlys(s)
	b.Get("/mfa/setup/phone")
	s.App.Services.Phones.Text = nil
	if p := b.Submit("country", "NO", "phone", "400 08 215"); p.Status != http.StatusServiceUnavailable || !strings.Contains(p.Text(), "Text messages cannot be sent right now") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
}
