package e2e_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

// strict is the clock's employer with an app as second factor.
func strict() string {
	return strings.Replace(fjell, "{totp: off,", "{totp: primary,", 1)
}

// enrol gives Ida an authenticator and gives its secret.
func (w *clockWorld) enrol() (secret string) {
	w.T.Helper()
	f := w.App.Services.Factors
	e, err := f.StartTOTP(w.ctx, w.account.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	if err := f.ConfirmTOTP(w.ctx, w.account.ID, e.ID, w.code(e.Secret)); err != nil {
		w.T.Fatal(err)
	}
	if _, err := f.MakeCodes(w.ctx, w.account.ID); err != nil {
		w.T.Fatal(err)
	}
	w.Pass(time.Minute)
	return e.Secret
}

func (w *clockWorld) code(secret string) string {
	w.T.Helper()
	code, err := totp.GenerateCode(secret, w.Clock.Now())
	if err != nil {
		w.T.Fatal(err)
	}
	return code
}

// inWith signs in with the password and the app's code, and gives the last page.
func (w *clockWorld) inWith(host, address, secret string) *apptest.Page {
	w.T.Helper()
	w.Pass(time.Minute) // a fresh code
	b, p := w.signIn(host, address)
	if p.URL.Path != "/mfa" {
		w.T.Fatalf("%s on %s is asked for no code but ends on %s\n%s", address, host, p.URL, p.Text())
	}
	return b.Submit("code", w.code(secret))
}

func factorWorld(t *testing.T) (w *clockWorld, secret string) {
	t.Helper()
	w = newClock(t, ida("7", "fjell-energi", "2020-01-01", "2027-01-15"))
	w.Custom("fjell", strict())
	w.ctx = w.Operator("fjell")
	return w, w.enrol()
}

func TestBeforeTheRightFactorNothingIsSaidOfTheEnd(t *testing.T) {
	w, secret := factorWorld(t)
	w.at("2027-03-01T12:00:00Z")
	b, p := w.signIn(w.alumni, idaAtHome)
	if p.URL.Path != "/mfa" || p.Has("ended") {
		t.Fatalf("after the password: %s\n%s", p.URL, p.Text())
	}
	if p := b.Get("/alumni/closed"); p.URL.Path != "/mfa" {
		t.Errorf("the closed page without the code: %s", p.URL)
	}
	if p := b.Post("/alumni/closed", nil); p.URL.Path != "/mfa" {
		t.Errorf("a wish without the code: %s", p.URL)
	}
	if p := w.inWith(w.alumni, idaAtHome, secret); p.URL.Path != "/alumni/closed" {
		t.Errorf("with the code: %s\n%s", p.URL, p.Text())
	}
}

func TestARehireBeforeTheEndKeepsEverything(t *testing.T) {
	w, secret := factorWorld(t)
	w.at("2027-01-10T12:00:00Z")
	w.file(ida("7", "fjell-energi", "2027-03-01", ""))
	w.at("2027-01-20T12:00:00Z")
	w.wrong(w.staff, idaAtWork) // the mailbox is the employer's until the new first day
	if p := w.inWith(w.staff, idaAtHome, secret); p.URL.Path != "/" || !p.Has("Turbinmontør") {
		t.Errorf("between the two: %s\n%s", p.URL, p.Text())
	}
	w.at("2027-03-01T08:00:00Z")
	if p := w.inWith(w.staff, idaAtWork, secret); p.URL.Path != "/" || p.Status != http.StatusOK {
		t.Errorf("on the new first day: %s", p.URL)
	}
}

func TestARehireInsideTheWindowKeepsTheFactors(t *testing.T) {
	w, secret := factorWorld(t)
	w.at("2027-01-20T12:00:00Z")
	w.file(ida("7", "fjell-energi", "2027-06-01", ""))
	w.at("2027-04-01T12:00:00Z") // long after the window of the first time
	if p := w.inWith(w.alumni, idaAtHome, secret); p.URL.Path != "/" {
		t.Errorf("%s\n%s", p.URL, p.Text())
	}
	w.at("2027-06-01T08:00:00Z")
	if p := w.inWith(w.staff, idaAtWork, secret); p.URL.Path != "/" {
		t.Errorf("on the new first day: %s", p.URL)
	}
}

func TestARehireAfterTheWindowAsksForANewInvitationAndNewFactors(t *testing.T) {
	w, secret := factorWorld(t)
	w.at("2027-03-01T12:00:00Z")
	w.file(ida("7", "fjell-energi", "2027-02-20", ""))
	for _, address := range []string{idaAtWork, idaAtHome} {
		w.wrong(w.staff, address)
	}
	w.Work()
	mail := w.invitation()
	b := w.Browser("fjell")
	b.Get(mail)
	b.Submit("password", e2e.Word, "password_confirm", e2e.Word)
	if p := e2e.Follow(b, "/signin/next"); p.URL.Path != "/mfa/setup" {
		t.Fatalf("no new factor is set up: %s\n%s", p.URL, p.Text())
	}
	if b.Get("/mfa/setup/totp"); strings.Contains(b.Page.Body, secret) {
		t.Error("the old app is offered again")
	}
	err := w.DB.Read(w.ctx, func(ctx context.Context) error {
		acc, err := account.ByPerson(ctx, w.person)
		if err != nil {
			return err
		}
		if acc.ID != w.account.ID || acc.Anew() {
			t.Errorf("the account is %+v", acc)
		}
		list, err := account.Identifiers(ctx, acc.ID)
		if len(list) != 2 {
			t.Errorf("addresses %+v", list)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// invitation is the link of the welcome mail to Ida's work address.
func (w *clockWorld) invitation() string {
	w.T.Helper()
	for _, mail := range w.App.Services.Mailbox.List(practice.Filter{To: idaAtWork, Limit: 5}) {
		for _, link := range mail.Links {
			if strings.Contains(link, "/invite/") {
				return link
			}
		}
	}
	w.T.Fatal("no invitation")
	return ""
}

// A waiting account is nobody's: a wish for a new password brings the invitation.
func TestAnAccountThatWaitsIsOpenedByTheInvitationAlone(t *testing.T) {
	w, _ := factorWorld(t)
	w.at("2027-03-01T12:00:00Z")
	w.file(ida("7", "fjell-energi", "2027-02-20", ""))
	w.Work()
	err := w.DB.Read(w.ctx, func(ctx context.Context) error {
		_, err := account.ByAddress(ctx, idaAtHome)
		return err
	})
	if !errors.Is(err, db.ErrNotFound) {
		t.Errorf("the private address leads to an account: %v", err)
	}
	b := w.Browser("fjell")
	b.Get("/reset")
	b.Submit("email", idaAtHome)
	w.Work()
	for _, mail := range w.App.Services.Mailbox.List(practice.Filter{To: idaAtHome, Limit: 5}) {
		for _, link := range mail.Links {
			if strings.Contains(link, "/reset/") {
				t.Errorf("a link to a new password went out: %s", mail.Subject)
			}
		}
	}
}
