package e2e_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/app/apptest"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/identity"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
)

// odd has left Nordlys and never had an account; HR has his private address and
// his national number.
const (
	odd       = "odd.kleppe@post.example"
	oddNumber = "121"
	oddPhone  = "+4740000126"
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

// identified is what an electronic ID says in the registration that began last:
// that it is the person of an employee number.
func identified(s *e2e.Stage, number string) {
	s.T.Helper()
	err := s.DB.Tx(s.Operator("nordlys"), func(ctx context.Context) error {
		p, err := people.ByNumber(ctx, number)
		if err != nil {
			return err
		}
		var ids []uuid.UUID
		if err := db.Rows(ctx, &ids, `SELECT id FROM attempts WHERE tenant_id = @tenant AND purpose = 'register' ORDER BY created_at DESC, id DESC LIMIT 1`); err != nil {
			return err
		}
		state := uuid.New()
		v, err := identity.Begin(ctx, identity.Visit{AttemptID: ids[0], State: state[:], Connector: "bankid", Purpose: attempt.Register})
		if err != nil {
			return err
		}
		return identity.Complete(ctx, v.ID, identity.Result{Subject: []byte("subject " + number), National: p.NationalKey, Level: identity.High})
	})
	if err != nil {
		s.T.Fatal(err)
	}
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
	shows(t, b.Submit("code", s.Texted(oddPhone)), "/proofing")
	identified(s, oddNumber)
	b.Steps += 2 // Confirm, and the electronic ID itself
	shows(t, b.Get("/register/proven"), "/mfa/setup/recovery")
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
