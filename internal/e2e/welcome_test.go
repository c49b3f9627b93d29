package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
)

// The budgets of steps: a step is one form sent or one link followed.
const (
	welcomeSteps = 4
	appSteps     = 11
)

const (
	cashier = "1201;Freja;Lund;freja.lund@post.example;en;Kasseassistent;Region Nord > Butik Aarhus;havn-retail;2026-11-01"
	freja   = "freja.lund@post.example"
)

func TestACashierIsHomeInFourStepsAndSkipsTheSecondFactor(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", cashier)
	b := s.Browser("havn")
	p := s.OpenMail(b, freja)
	if p.URL.Path != "/invite" || !p.Has("Hi Freja.") || !p.Has(freja) || !p.Has("The link works until tomorrow at 13:00") {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	t.Run("the employer's own rules stand beside the field", func(t *testing.T) {
		if !p.Has("At least 8 characters") {
			t.Error(p.Text())
		}
	})
	t.Run("a weak password is refused rule by rule", func(t *testing.T) {
		p := b.Submit("password", "HAVN", "password_confirm", "HAVN")
		b.Steps--
		if p.Status != http.StatusUnprocessableEntity || !p.Has("not met") || apptest.Attr(p.Field("password"), "value") != "" {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	p = b.Submit("password", e2e.Word, "password_confirm", e2e.Word)
	if p.Title() != "Your password is set" || !p.Has("The app and the website both take this address and password") {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	if p = e2e.Follow(b, "/signin/next"); p.URL.Path != "/mfa/setup" || !p.Has("Skip") || p.Has("Later") {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	p = b.Submit("@action", "skip")
	if p.Title() != "Hello, Freja" || !p.Has("Kasseassistent") || !p.Has("Havn Retail A/S") {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	if b.Steps > welcomeSteps {
		t.Errorf("it took %d steps", b.Steps)
	}
	if p := b.Get("/profile"); !p.Has("Freja Lund") || !p.Has(freja) {
		t.Error(p.Text())
	}
	t.Run("is not asked again at the next sign-in", func(t *testing.T) {
		b := s.Browser("havn")
		b.Get("/signin")
		b.Submit("email", freja)
		if p := b.Submit("password", e2e.Word); p.URL.Path != "/" {
			t.Errorf("led to %s\n%s", p.URL, p.Text())
		}
	})
}

func TestEnMedarbejderKommerHjemPaaDansk(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", strings.Replace(cashier, ";en;", ";da;", 1))
	b := s.Browser("havn")
	b.Lang = "da-DK,da;q=0.9"
	if mail := s.Mail(freja); !strings.Contains(mail.Subject, "Havn") || !strings.Contains(mail.Text, "adgangskode") {
		t.Errorf("%s\n%s", mail.Subject, mail.Text)
	}
	if p := s.Accept(b, freja); p.URL.Path != "/mfa/setup" || !p.Has("Spring over") {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	if p := b.Submit("@action", "skip"); p.Title() != "Hej, Freja" {
		t.Fatal(p.Text())
	}
}

func TestALinkThatEndedSaysSoBeforeAnythingIsTyped(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", cashier)
	old := s.Link(freja, "/invite/")
	t.Run("an expired one offers a new one, which works", func(t *testing.T) {
		s.Pass(24*time.Hour + time.Second)
		b := s.Browser("havn")
		p := b.Get(old)
		if p.Status != http.StatusGone || p.Field("password") != nil || !p.Has("The link worked until") || p.Has("Freja") {
			t.Fatalf("%d %s", p.Status, p.Text())
		}
		if p = b.Submit(); p.URL.Path != "/invite/renewed" || p.Has(freja) {
			t.Fatalf("%s %s", p.URL, p.Text())
		}
		s.Work()
		if s.Link(freja, "/invite/") == old {
			t.Fatal("no new link came")
		}
	})
	t.Run("a resend kills the former", func(t *testing.T) {
		if p := s.Browser("havn").Get(old); p.Status != http.StatusGone || p.Field("password") != nil || !p.Has("link in the newest") {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	link := s.Link(freja, "/invite/")
	t.Run("robots that fetch it twenty times change nothing", func(t *testing.T) {
		robot := s.Browser("havn")
		for range 20 {
			if p := robot.Get(link); p.Status != http.StatusOK {
				t.Fatalf("%d", p.Status)
			}
			robot.Raw(robot.Request(http.MethodHead, link, nil))
		}
		if p := robot.Get("/session"); p.Status != http.StatusUnauthorized {
			t.Errorf("the robot is signed in: %d", p.Status)
		}
	})
	b := s.Browser("havn")
	s.Accept(b, freja)
	t.Run("a used one leads to sign-in and names nobody", func(t *testing.T) {
		p := s.Browser("havn").Get(link)
		if p.Status != http.StatusGone || p.Field("password") != nil || p.Title() != "You already have a password" || p.Has("Freja") || p.Has(freja) {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	t.Run("an invented one is answered like a replaced one", func(t *testing.T) {
		invented := link[:len(link)-43] + strings.Repeat("A", 43)
		is, was := s.Browser("havn").Get(invented), s.Browser("havn").Get(old)
		if is.Status != was.Status || is.Text() != was.Text() {
			t.Errorf("%d %s\n%d %s", is.Status, is.Text(), was.Status, was.Text())
		}
	})
}

func TestTheTypedCodeIsTheWayWhereTheLinkDoesNotOpen(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", cashier)
	code := code(t, s.Mail(freja).Text)
	b := s.Browser("havn")
	b.Get("/")
	e2e.Follow(b, "/invite/code")
	t.Run("a wrong one is refused and the address kept", func(t *testing.T) {
		p := b.Submit("email", freja, "code", "AAAAA-AAAAA")
		if p.Status != http.StatusUnprocessableEntity || apptest.Attr(p.Field("email"), "value") != freja {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	p := b.Submit("email", freja, "code", strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	if p.URL.Path != "/invite" || p.Field("password") == nil {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	b.Submit("password", e2e.Word, "password_confirm", e2e.Word)
	e2e.Follow(b, "/signin/next")
	if p := b.Submit("@action", "skip"); p.Title() != "Hello, Freja" {
		t.Error(p.Text())
	}
}

// code is the typed code of a mail.
func code(t *testing.T, text string) string {
	t.Helper()
	for line := range strings.Lines(text) {
		if word := strings.TrimSpace(line); len(word) == 11 && word[5] == '-' && word == strings.ToUpper(word) {
			return word
		}
	}
	t.Fatalf("no code in\n%s", text)
	return ""
}
