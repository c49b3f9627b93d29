package e2e_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

// odd has left Nordlys and never had an account; HR has his private address and
// his national number.
const (
	odd      = "odd.kleppe@post.example"
	oddPhone = "+4740000126"
)

// atAlumni is a fresh browser on the portal of Nordlys for those who have left.
func atAlumni(s *e2e.Stage) *apptest.Browser { return s.BrowserOn("alumni.nordlys." + s.Base) }

var mailCode = regexp.MustCompile(`\b\d{6}\b`)

// mailedCode is the newest code that went to an address.
func mailedCode(s *e2e.Stage, to string) string {
	s.T.Helper()
	s.Work()
	for _, m := range s.App.Services.Mailbox.List(practice.Filter{To: to}) {
		if code := mailCode.FindString(m.Text); code != "" {
			return code
		}
	}
	s.T.Fatalf("no code went to %s", to)
	return ""
}

// chosenAs is a test person chosen on the page of the practice identity, which is
// on a host of its own.
func chosenAs(b *apptest.Browser, name string) *apptest.Page {
	b.T.Helper()
	for _, a := range b.Page.All("a") {
		if !strings.Contains(apptest.Text(a), name) {
			continue
		}
		to, err := b.Page.URL.Parse(apptest.Attr(a, "href"))
		if err != nil {
			b.T.Fatal(err)
		}
		b.Steps++
		return b.Get(to.String())
	}
	b.T.Fatalf("no %s on %s\n%s", name, b.Page.URL, b.Page.Text())
	return nil
}

// registered goes through the guide from the landing page to home; the language
// of the pages is English.
func registered(t *testing.T, s *e2e.Stage, b *apptest.Browser, address string) {
	t.Helper()
	shows(t, b.Get("/"), "/", "Information about your employment, personal and payroll data is ready for you.")
	b.Follow("Sign in")
	b.Follow("Register now")
	shows(t, b.Submit("email", address), "/register/code", address, "on its way to your inbox")
	shows(t, b.Submit("code", mailedCode(s, address)), "/register/password", "Your e-mail address is confirmed. You can now continue.", "Change e-mail address")
	shows(t, b.Submit("password", e2e.Word, "password_confirm", e2e.Word), "/register/phone", "Send code", "Call me")
	shows(t, b.Submit("country", "NO", "phone", "400 00 126", "@channel", "sms"), "/register/phone/code", "XXX-XXX-0126")
	shows(t, b.Submit("code", s.Texted(oddPhone)), "/proofing", "Help")
	b.Follow("Confirm")
	shows(t, chosenAs(b, "Odd Kleppe"), "/mfa/setup/recovery", "Your account is ready.")
	shows(t, b.Submit("saved", "1"), "/")
	if p := b.Get("/session"); p.Status != http.StatusOK || !strings.Contains(p.Body, `"alumnus"`) {
		t.Fatalf("%d %s", p.Status, p.Body)
	}
}

func TestTheGuideForThoseWhoHaveLeft(t *testing.T) {
	for name, address := range map[string]string{"with the address that HR has": odd, "with one that HR has not": "odd.the.walker@free.example"} {
		t.Run(name, func(t *testing.T) {
			s := e2e.New(t)
			b := atAlumni(s)
			registered(t, s, b, address)
			if b.Steps > 12 {
				t.Errorf("it takes %d steps", b.Steps)
			}
			signOut(b)
			s.Pass(time.Minute)
			b.Get("/signin")
			shows(t, b.Submit("email", address, "password", e2e.Word), "/mfa", "XXX-XXX-0126")
			shows(t, b.Submit("code", s.Texted(oddPhone)), "/")
			hr := s.As("nordlys", "hr")
			hr.Get("/admin/people?q=Kleppe")
			if p := hr.Follow("Kleppe"); !p.Has("Med en privat e-postadresse") {
				t.Errorf("HR is not told\n%s", p.Text())
			}
		})
	}
}

func TestAnElectronicIDThatNobodyHereHasOpensNothing(t *testing.T) {
	s := e2e.New(t)
	b := atAlumni(s)
	b.Get("/register")
	b.Submit("email", odd)
	b.Submit("code", mailedCode(s, odd))
	b.Submit("password", e2e.Word, "password_confirm", e2e.Word)
	b.Submit("country", "NO", "phone", "400 00 126", "@channel", "sms")
	shows(t, b.Submit("code", s.Texted(oddPhone)), "/proofing")
	b.Follow("Confirm")
	shows(t, chosenAs(b, "Nobody Knowsme"), "/register/proven", "We found no employment for you here", "Ask HR where you work or worked.", "+47 22 00 01 00")
	if p := b.Get("/session"); p.Status != http.StatusUnauthorized {
		t.Errorf("%d", p.Status)
	}
}

func TestTheGuidesResetTakesNineSteps(t *testing.T) {
	s := e2e.New(t)
	registered(t, s, atAlumni(s), odd)
	s.Pass(time.Minute)
	b := atAlumni(s)
	b.Get("/")
	b.Follow("Sign in")
	b.Follow("Forgot your password?")
	shows(t, b.Submit("email", odd), "/reset/code", odd)
	shows(t, b.Submit("code", mailedCode(s, odd)), "/reset/password")
	b.Submit("password", chosen, "password_confirm", chosen)
	e2e.Follow(b, "/signin/password")
	shows(t, b.Submit("password", chosen), "/mfa", "XXX-XXX-0126", "Call me")
	shows(t, b.Submit("code", s.Texted(oddPhone)), "/")
	if b.Steps > 9 {
		t.Errorf("it takes %d steps", b.Steps)
	}
}

func TestTheGuidesTroublesHaveAnAnswerOnThePage(t *testing.T) {
	s := e2e.New(t)
	b := atAlumni(s)
	b.Get("/register")
	for _, words := range []string{
		"Nothing in your inbox?", "spam folder", "Check that the address above is spelled right", "Press “Send new code”",
		"Does the code not work?", "Type the digits as they stand in the mail. Spaces do not matter.", "Only the code of the newest one works", "Ask HR where you work or worked.",
	} {
		if b.Page.URL.Path == "/register" {
			b.Submit("email", "somebody@free.example")
		}
		if !b.Page.Has(words) {
			t.Errorf("no %q in\n%s", words, b.Page.Text())
		}
	}
	t.Run("a code with spaces is right, an expired one is replaced by a button", func(t *testing.T) {
		code := mailedCode(s, "somebody@free.example")
		s.Pass(15 * time.Minute)
		if p := b.Submit("code", code); p.Status != 422 || !p.Has("it has expired") {
			t.Fatalf("%d %s", p.Status, p.Text())
		}
		shows(t, b.Submit("email", "somebody@free.example"), "/register/code", "A new mail is on its way")
		shows(t, b.Submit("code", loose(mailedCode(s, "somebody@free.example"))), "/register/password")
	})
}
