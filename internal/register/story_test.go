package register_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/identity"
)

func TestTheAddressThatHRHasIsEnoughWhereTheEmployerSaysSo(t *testing.T) {
	w := setUp(t, address)
	w.odd()
	b := w.alumni()
	w.at(b.Get("/"), "/", "Information about your employment, personal and payroll data is ready for you.", "Sign in", "Help")
	b.Follow("Register")
	w.at(b.Submit("email", "odd@post.example"), "/register/code", "on its way to your inbox", "odd@post.example", "Verify code", "Send new code", "Cancel")
	w.at(b.Submit("code", w.code("odd@post.example")), "/register/password", "Your e-mail address is confirmed. You can now continue.", "Change e-mail address", "Create")
	w.at(b.Submit("password", word, "password_confirm", word), "/register/phone", "Country", "Mobile number", "Send code", "Call me")
	w.at(b.Submit("country", "NO", "phone", "400 08 215", "@channel", "sms"), "/register/phone/code", "XXX-XXX-8215", "Verify code")
	b.Submit("code", w.code("+4740008215"))
	w.home(b)
	if b.Steps > 12 {
		t.Errorf("it took %d steps", b.Steps)
	}
	t.Run("and from then on address, password and phone are asked", func(t *testing.T) {
		w.Pass(minutes)
		b := w.alumni()
		b.Get("/signin")
		b.Submit("email", "odd@post.example")
		w.at(b.Submit("password", word), "/mfa")
		w.at(b.Submit("code", w.code("+4740008215")), "/")
	})
	t.Run("HR sees that he came by himself", func(t *testing.T) {
		a, err := w.accountOf(w.ctx, "odd@post.example")
		if err != nil || a.RegisteredAt == nil {
			t.Errorf("%v %v", a.RegisteredAt, err)
		}
	})
	t.Run("what was kept on the way is empty", func(t *testing.T) {
		if n := w.count(w.ctx, "registrations WHERE (password_hash <> '' OR phone_sealed IS NOT NULL OR code_sealed IS NOT NULL)"); n != 0 {
			t.Errorf("%d rows keep something", n)
		}
	})
}

func TestAStrangersAddressIsOpenedByTheElectronicIDAlone(t *testing.T) {
	for name, alumni := range map[string]string{"where it is always asked": always, "where it is asked at unknown addresses": address} {
		t.Run(name, func(t *testing.T) {
			w := setUp(t, alumni)
			w.odd()
			b := w.alumni()
			if p := w.comes(b, "new@post.example", "400 08 215"); p.URL.Path != "/proofing" {
				t.Fatalf("on %s", p.URL)
			}
			if _, err := w.accountOf(w.ctx, "new@post.example"); !errors.Is(err, db.ErrNotFound) {
				t.Fatalf("an account before the proof: %v", err)
			}
			for _, path := range []string{"/profile", "/employment", "/session"} {
				if p := b.Get(path); p.Status == 200 && p.URL.Path == path {
					t.Errorf("%s answers before the proof: %s", path, p.Text())
				}
			}
			w.identify(b, odds)
			w.home(b)
			if mails := w.sent("odd@post.example"); len(mails) == 0 {
				t.Error("the address that HR has heard nothing")
			}
		})
	}
}

func TestWhoHasLeftComesInByTheAddressThatHRHasAndTheElectronicID(t *testing.T) {
	w := setUp(t, always)
	w.odd()
	b := w.alumni()
	if p := w.comes(b, "odd@post.example", "400 08 215"); p.URL.Path != "/proofing" {
		t.Fatalf("on %s", p.URL)
	}
	w.identify(b, odds)
	w.home(b)
	t.Run("the proof worked once", func(t *testing.T) {
		if p := b.Get("/register/proven"); p.URL.Path == "/register/proven" {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
}

func TestWhoMayNotComeInIsToldWhyAndSeesNothing(t *testing.T) {
	w := setUp(t, always)
	who := map[string][]byte{}
	for _, c := range []person{
		{name: "Stig", end: "-"}, {name: "Lise", end: "2023-01-31"}, {name: "Shut", account: true, work: "shut@nordlys.example", status: account.Suspended},
	} {
		key := []byte("the key of the number of " + c.name)
		c.national, c.private = key, strings.ToLower(c.name)+"@post.example"
		w.hire(w.ctx, c)
		who[c.name] = key
	}
	for name, c := range map[string]struct {
		national []byte
		says     string
	}{
		"somebody who never worked here":    {others, "We found no employment for you here"},
		"somebody who works here":           {who["Stig"], "Your account is on the page for employees"},
		"somebody whose window has closed":  {who["Lise"], "2025"},
		"somebody whose account is stopped": {who["Shut"], "closed for now"},
	} {
		t.Run(name, func(t *testing.T) {
			b := w.alumni()
			mail := strings.ReplaceAll(name, " ", ".") + "@free.example"
			w.comes(b, mail, "400 08 215")
			p := w.identify(b, c.national)
			w.at(p, "/register/proven", c.says, "+47 22 00 01 00", "Ask HR where you worked.")
			w.at(b.Get("/register/proven"), "/register/proven", c.says)
			if b.Get("/session").Status != 401 {
				t.Error("signed in")
			}
			if _, err := w.accountOf(w.ctx, mail); !errors.Is(err, db.ErrNotFound) {
				t.Errorf("the address signs in: %v", err)
			}
			w.Pass(2 * time.Hour)
		})
	}
}

func TestAnotherPersonsElectronicIDOpensNothingOfTheAddress(t *testing.T) {
	w := setUp(t, always)
	w.odd()
	b := w.alumni()
	w.comes(b, "odd@post.example", "400 08 215")
	w.at(w.identify(b, others), "/register/proven", "We found no employment for you here")
	if _, err := w.accountOf(w.ctx, "odd@post.example"); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestARecordWithoutANumberIsAQuestionToHR(t *testing.T) {
	w := setUp(t, always)
	who := w.hire(w.ctx, person{name: "Hanne", private: "hanne@post.example"})
	b := w.alumni()
	w.comes(b, "hanne@post.example", "400 08 215")
	w.identify(b, others)
	a, err := w.accountOf(w.ctx, "hanne@post.example")
	if err != nil || a.PersonID != who.PersonID {
		t.Fatalf("%v", err)
	}
	if n := w.count(w.ctx, "identity_reviews WHERE decided_at IS NULL"); n != 1 {
		t.Errorf("%d questions wait", n)
	}
	if n := w.count(w.ctx, "linked_identities WHERE proven"); n != 0 {
		t.Errorf("%d identities are tied", n)
	}
}

// A lost factor comes back by level substantial and no less, so neither does a
// password.
func TestAWeakElectronicIDGivesNoAccountANewPassword(t *testing.T) {
	w := setUp(t, always)
	w.hire(w.ctx, person{name: "Odd", work: "odd@nordlys.example", private: "odd@post.example", national: odds, account: true})
	b := w.alumni()
	w.comes(b, "new@post.example", "400 08 215")
	w.saidAt(identity.Low, w.newest(), odds)
	p := w.at(b.Get("/register/proven"), "/register/proven", "This takes a stronger eID", "Try again")
	if p.Status != 409 {
		t.Errorf("%d", p.Status)
	}
	if _, err := w.accountOf(w.ctx, "new@post.example"); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("the address signs in: %v", err)
	}
	w.Pass(time.Second)
	w.at(w.identify(b, odds), "/mfa/setup/recovery")
}

// Somebody was hired again, left again and never came in: no invitation is to
// open the account a second time.
func TestWhoseAccountWaitedForAnInvitationWaitsNoMore(t *testing.T) {
	w := setUp(t, always)
	had := w.hire(w.ctx, person{name: "Odd", work: "odd@nordlys.example", private: "odd@post.example", national: odds, account: true})
	w.do(w.ctx, func(ctx context.Context) error { return account.StartAnew(ctx, []uuid.UUID{had.PersonID}) })
	b := w.alumni()
	w.comes(b, "new@post.example", "400 08 215")
	w.at(w.identify(b, odds), "/mfa/setup/recovery")
	w.home(b)
	a, err := w.accountOf(w.ctx, "new@post.example")
	if err != nil || a.ID != had.ID || a.Anew() {
		t.Errorf("%+v %v", a, err)
	}
}

func TestWhoHadAnAccountKeepsItsFactor(t *testing.T) {
	w := setUp(t, always)
	had := w.hire(w.ctx, person{name: "Odd", work: "odd@nordlys.example", private: "odd@post.example", national: odds, account: true, phone: "+4741111111"})
	b := w.alumni()
	w.comes(b, "new@post.example", "400 08 215")
	p := w.identify(b, odds)
	w.at(p, "/mfa", "XXX-XXX-1111")
	t.Run("a code to the new phone is worth nothing", func(t *testing.T) {
		if p := b.Submit("code", "000000"); p.URL.Path != "/mfa" || p.Status != 422 {
			t.Errorf("%d %s", p.Status, p.URL)
		}
	})
	w.at(b.Submit("code", w.code("+4741111111")), "/mfa/setup/recovery")
	w.home(b)
	a, err := w.accountOf(w.ctx, "new@post.example")
	if err != nil || a.ID != had.ID {
		t.Fatalf("%v", err)
	}
	if n := w.count(w.ctx, "authenticators WHERE confirmed_at IS NOT NULL"); n != 1 {
		t.Errorf("%d factors are on file", n)
	}
	t.Run("every way to the owner heard of it", func(t *testing.T) {
		for _, to := range []string{"odd@post.example", "new@post.example"} {
			if len(w.sent(to)) == 0 {
				t.Errorf("nothing went to %s", to)
			}
		}
		told := false
		for _, m := range w.sent("+4741111111") {
			told = told || strings.Contains(m.Text, "confirmed by electronic ID")
		}
		if !told {
			t.Error("the phone on file heard nothing")
		}
	})
	t.Run("the old password is gone", func(t *testing.T) {
		w.Pass(minutes)
		b := w.alumni()
		b.Get("/signin")
		b.Submit("email", "new@post.example")
		if p := b.Submit("password", oldWord); p.URL.Path != "/signin/password" {
			t.Errorf("on %s", p.URL)
		}
	})
}

func TestAnAccountWithoutAFactorTakesTheProvenPhone(t *testing.T) {
	w := setUp(t, always)
	w.hire(w.ctx, person{name: "Odd", work: "odd@nordlys.example", national: odds, account: true})
	b := w.alumni()
	w.comes(b, "new@post.example", "400 08 215")
	w.identify(b, odds)
	w.home(b)
	if n := w.count(w.ctx, "authenticators WHERE confirmed_at IS NOT NULL"); n != 1 {
		t.Errorf("%d factors are on file", n)
	}
}

func TestAnAddressThatSignsInAlreadyGetsAMailThatSaysSo(t *testing.T) {
	w := setUp(t, address)
	w.hire(w.ctx, person{name: "Odd", work: "odd@nordlys.example", private: "odd@post.example", account: true, own: true})
	b := w.alumni()
	w.ask(b, "odd@post.example")
	m := w.sent("odd@post.example")[0]
	if sixDigits.MatchString(m.Text) || !strings.Contains(m.Text, "You have an account already") || !strings.Contains(m.Text, "/reset") || !strings.Contains(m.Text, "alumni.nordlys") {
		t.Errorf("%s", m.Text)
	}
	if p := b.Submit("code", "123456"); p.Status != 422 || p.URL.Path != "/register/code" {
		t.Errorf("%d %s", p.Status, p.Text())
	}
}

func TestWithoutAProviderTheAddressThatHRHasIsAllThereIs(t *testing.T) {
	w := setUp(t, address)
	w.ctx = w.Custom("nordlys", yaml+address)
	w.odd()
	b := w.alumni()
	w.at(w.comes(b, "new@post.example", "400 08 215"), "/register/proven", "We found no employment for you here")
	w.Pass(minutes)
	b = w.alumni()
	w.comes(b, "odd@post.example", "411 11 111")
	w.home(b)
}

func TestAnAddressThatHRHasOfAnAccountHolderNeverWidensTheAccountAlone(t *testing.T) {
	w := setUp(t, address)
	had := w.hire(w.ctx, person{name: "Odd", work: "odd@nordlys.example", private: "odd@post.example", account: true})
	b := w.alumni()
	if p := w.comes(b, "odd@post.example", "400 08 215"); p.URL.Path != "/proofing" {
		t.Fatalf("on %s", p.URL)
	}
	w.at(w.identify(b, others), "/register/proven", "We found no employment for you here")
	if a, err := w.accountOf(w.ctx, "odd@nordlys.example"); err != nil || a.PasswordHash == "" || a.ID != had.ID || a.RegisteredAt != nil {
		t.Errorf("%+v %v", a.RegisteredAt, err)
	}
}

func TestTheStepsCannotBeTakenOutOfOrder(t *testing.T) {
	w := setUp(t, address)
	w.odd()
	b := w.alumni()
	w.ask(b, "odd@post.example")
	for path, form := range map[string]url.Values{
		"/register/password":   {"password": {word}, "password_confirm": {word}},
		"/register/phone":      {"country": {"NO"}, "phone": {"400 08 215"}},
		"/register/phone/code": {"code": {"123456"}},
	} {
		w.at(b.Post(path, form), "/register/code")
	}
	w.at(b.Get("/register/proven"), "/register/code")
	if n := w.count(w.ctx, "registrations WHERE (password_hash <> '' OR phone_id IS NOT NULL)"); n != 0 {
		t.Errorf("%d rows took a step", n)
	}
	b.Get("/register/code")
	b.Submit("code", w.code("odd@post.example"))
	w.at(b.Get("/register/proven"), "/register/password")
	w.at(b.Get("/register/phone"), "/register/password")
	w.at(b.Get("/register/code"), "/register/password")
	t.Run("and not at all without a flow; the staff portal leads to the other", func(t *testing.T) {
		w.at(w.alumni().Get("/register/password"), "/signin")
		if p := w.Browser("nordlys").Get("/register"); !strings.HasPrefix(p.URL.Host, "alumni.nordlys.") || p.URL.Path != "/register" {
			t.Errorf("on %s", p.URL)
		}
	})
}

// One count runs through all of a registration's pages, and the codes that a
// sign-in shows after it begin no second one.
func TestEachPageOfARegistrationIsCountedOnce(t *testing.T) {
	w := setUp(t, always)
	w.odd()
	b := w.alumni()
	w.at(w.ask(b, "odd@post.example"), "/register/code", "Step 1 of 5")
	w.at(b.Submit("code", w.code("odd@post.example")), "/register/password", "Step 2 of 5")
	w.at(b.Submit("password", word, "password_confirm", word), "/register/phone", "Step 3 of 5")
	w.at(b.Submit("country", "NO", "phone", "400 08 215", "@channel", "sms"), "/register/phone/code", "Step 4 of 5")
	w.at(b.Submit("code", w.code("+4740008215")), "/proofing", "Step 5 of 5")
	if p := w.identify(b, odds); p.URL.Path != "/mfa/setup/recovery" || strings.Contains(p.Text(), "Step ") {
		t.Errorf("on %s\n%s", p.URL, p.Text())
	}
}
