package alumni_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/message"
	"tilgang/internal/message/practice"
	"tilgang/internal/message/render"
)

// asks types an address on the page of somebody who has forgotten the password; by
// is the button, "password" or "link".
func (w *world) asks(address, by string) *apptest.Page {
	w.T.Helper()
	b := w.BrowserOn("alumni.havn." + w.Base)
	b.Get("/reset")
	return b.Submit("email", address, "@action", by)
}

// said are the mails of the access being over to an address.
func (w *world) said(to string) []practice.Entry {
	w.T.Helper()
	w.Work()
	return w.App.Services.Mailbox.List(practice.Filter{To: to, Kind: "alumni_closed", Limit: 50})
}

const bothWays = "reset: {mode: link, life: 24h, magiclink: true}\n"

func TestWhoComesTooLateAndForgotThePasswordIsTold(t *testing.T) {
	for _, by := range []string{"password", "link"} {
		t.Run(by, func(t *testing.T) {
			w := setUp(t, bothWays)
			anna := w.alumna(w.ctx, "anna", "2026-12-31") // until 30 June 2027, and reads Danish
			w.job(w.ctx, anna.PersonID, "havn-cafe", "2019-01-01", "2026-06-30")
			w.on("2027-08-01")
			w.asks("anna@home.example", by)
			list := w.said("anna@home.example")
			if len(list) != 1 {
				t.Fatalf("%d mails: %v", len(list), w.mails("anna@home.example"))
			}
			m := list[0]
			text := strings.Join(strings.Fields(m.Text), " ")
			for _, words := range []string{
				"Din adgang sluttede 30. juni 2027", "Bed HR hos Havn om at forlænge den", "Havn Café ApS: 30. december 2026", "Havn Retail A/S: 30. juni 2027",
				"Spørg kontoret i Aarhus.", "help@havn.example", "Var det ikke dig?", "http://alumni.havn." + w.Base + "/help",
			} {
				if !strings.Contains(m.Subject+" "+text, words) {
					t.Errorf("no %q in\n%s\n%s", words, m.Subject, m.Text)
				}
			}
			for _, part := range []string{"/reset/", "/magiclink/", "/invite/"} {
				if strings.Contains(m.Text+m.HTML, part) {
					t.Errorf("a link to %s in %s", part, m.Text)
				}
			}
			if err := render.Check(m.HTML, m.Text); err != nil {
				t.Error(err)
			}
			if n := len(w.App.Services.Mailbox.List(practice.Filter{To: "anna@home.example", Limit: 50})); n != 1 {
				t.Errorf("%d mails", n)
			}
		})
	}
}

// Only the owner of a proven address of their own hears of it.
func TestNobodyElseIsToldThatAnAccessIsOver(t *testing.T) {
	w := setUp(t, bothWays)
	w.alumna(w.ctx, "anna", "2026-01-31")
	w.alumna(w.other, "odd", "2026-01-31")
	shut := w.alumna(w.ctx, "shut", "2026-01-31")
	w.do(w.ctx, func(ctx context.Context) error { return account.SetStatus(ctx, shut.ID, account.Suspended) })
	w.alumna(w.ctx, "emma", "2027-12-31") // still has access
	w.on("2027-08-01")
	for _, address := range []string{"anna@havn.example", "anna@hr.example", "odd@home.example", "shut@home.example", "emma@home.example", "nobody@home.example"} {
		for _, by := range []string{"password", "link"} {
			w.asks(address, by)
			w.Clock.Move(2 * time.Minute)
		}
		if n := len(w.said(address)); n != 0 {
			t.Errorf("%s got %d", address, n)
		}
	}
}

func TestTellingThatAnAccessIsOverIsBounded(t *testing.T) {
	w := setUp(t, bothWays, "captcha: off\n")
	w.alumna(w.ctx, "anna", "2026-01-31")
	w.on("2027-08-01")
	w.asks("anna@home.example", "password")
	w.asks("anna@home.example", "link")
	if n := len(w.said("anna@home.example")); n != 1 {
		t.Errorf("%d mails in a minute", n)
	}
	for range 10 {
		w.Clock.Move(90 * time.Second)
		w.asks("anna@home.example", "link")
		w.Work()
	}
	if n := len(w.said("anna@home.example")); n != 5 {
		t.Errorf("%d mails in a quarter of an hour", n)
	}
}

// HR gives more time between the asking and the mail: then the mail of that goes
// out, and the next wish brings a link.
func TestAnAccessThatHRHasOpenedMeanwhileIsNotSaidToBeOver(t *testing.T) {
	w := setUp(t, bothWays)
	anna := w.alumna(w.ctx, "anna", "2026-01-31")
	w.on("2027-08-01")
	o, err := w.svc.Look(w.ctx, anna.PersonID)
	if err != nil {
		t.Fatal(err)
	}
	w.do(w.ctx, func(ctx context.Context) error {
		return w.svc.TellClosed(ctx, o.Overview, message.New{PersonID: anna.PersonID, To: "anna@home.example", Language: "da"}, false)
	})
	if _, err := w.svc.Prolong(w.as(w.hr), anna.PersonID, o.Jobs[0].ID, "2027-12-31"); err != nil {
		t.Fatal(err)
	}
	if n := len(w.said("anna@home.example")); n != 0 {
		t.Errorf("%d mails", n)
	}
	w.asks("anna@home.example", "password")
	if got := w.mails("anna@home.example"); len(got) != 2 {
		t.Errorf("%v", got)
	}
}
