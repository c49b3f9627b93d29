package notme_test

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/authz"
)

func TestAMistakeIsTakenBackAndNothingIsGivenByThat(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	d, stranger := w.strangers()
	before := w.account(anna)
	w.report(d)
	b := w.from(home)
	says(t, b.Get(d.link), "Was it you after all?", "until 25 November 2026 at 13:00")
	if p := b.Post("/notme/undo", url.Values{"code": {"000000"}}); p.Status != http.StatusUnprocessableEntity && d.code != "000000" || !w.frozen(anna) {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	if p := b.Post("/notme/undo", url.Values{"code": {d.code}}); p.Title() != "This is settled" || !p.Has("It was taken back") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	if w.frozen(anna) {
		t.Fatal("still stopped")
	}
	t.Run("whoever was signed out stays so, and what was trusted is not", func(t *testing.T) {
		if in(stranger) {
			t.Error("a session came back")
		}
		after := w.account(anna)
		if after.SessionEpoch <= before.SessionEpoch || after.FactorGeneration <= before.FactorGeneration || after.PasswordHash != before.PasswordHash {
			t.Errorf("%+v after %+v", after, before)
		}
	})
	t.Run("the owner is told at each address, with a way to deny that too", func(t *testing.T) {
		for _, to := range []string{atWork, atHome} {
			w.denial(w.mail(to, "unfrozen"))
		}
	})
	t.Run("said again, by either button, nothing happens", func(t *testing.T) {
		for _, path := range []string{"/notme", "/notme/undo"} {
			if p := w.answer(d, path, d.code); p.Title() != "This is settled" || w.frozen(anna) {
				t.Errorf("%s: %s", path, p.Text())
			}
		}
	})
	t.Run("a report after that stands", func(t *testing.T) {
		again := w.denial(w.mail(atHome, "unfrozen"))
		w.report(again)
		says(t, w.answer(again, "/notme/undo", again.code), "This can no longer be taken back with a mail")
		if !w.frozen(anna) {
			t.Error("two who read the mail undo each other without end")
		}
	})
}

// account reads an account.
func (w *world) account(a account.Account) (now account.Account) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) (err error) { now, err = account.ByID(ctx, a.ID); return err })
	return now
}

func TestAReportCanBeTakenBackForThreeDays(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	d, _ := w.strangers()
	w.report(d)
	w.Pass(account.UndoWithin)
	says(t, w.answer(d, "/notme/undo", d.code), "This can no longer be taken back with a mail")
	if !w.frozen(anna) {
		t.Error("it was taken back late")
	}
}

// Two mails reported; taking one back leaves the other.
func TestEachReportIsTakenBackByItsOwnMail(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	d, _ := w.strangers()
	other := w.denial(w.mail(atHome, "new_signin"))
	w.report(d)
	w.report(other)
	if err := w.svc.Undo(w.ctx, d.token, d.code, home); err != nil {
		t.Fatal(err)
	}
	if !w.frozen(anna) {
		t.Error("one mail took both back")
	}
	for _, kind := range w.kinds(atWork) {
		if kind == "unfrozen" {
			t.Error("the owner was told that changes are possible")
		}
	}
}

// Of reports, takings back and changes at once each has one outcome, and what is
// stored agrees with what was told.
func TestReportUndoAndUseAtOnceHaveOneOutcome(t *testing.T) {
	w := setUp(t)
	for range 6 {
		anna := w.hire(w.ctx, "Kim", "kim"+w.Clock.Now().Format("150405")+"@havn.example")
		w.race(anna)
		w.Pass(time.Minute)
	}
}

func (w *world) race(a account.Account) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error {
		return w.svc.Tell(ctx, passwordChanged(a))
	})
	var to string
	w.do(w.ctx, func(ctx context.Context) error {
		list, err := account.Identifiers(ctx, a.ID)
		to = list[0].Address
		return err
	})
	d := w.denial(w.mail(to, "password_changed"))
	e, err := w.App.Services.Factors.StartTOTP(w.ctx, a.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	code := w.code(e.Secret)
	var wg sync.WaitGroup
	var confirmed error
	for _, act := range []func() error{
		func() error { return w.svc.Report(w.ctx, d.token, d.code, home) },
		func() error { return w.svc.Report(w.ctx, d.token, d.code, home) },
		func() error { return w.svc.Undo(w.ctx, d.token, d.code, home) },
		func() error { confirmed = w.App.Services.Factors.ConfirmTOTP(w.ctx, a.ID, e.ID, code); return nil },
	} {
		wg.Go(func() {
			if err := act(); err != nil {
				w.T.Error(err)
			}
		})
	}
	wg.Wait()
	reports := w.count("freezes WHERE account_id = '" + a.ID.String() + "'")
	undone := w.count("freezes WHERE lifted_why = 'undone' AND account_id = '" + a.ID.String() + "'")
	if reports != 1 || (undone == 0) != w.frozen(a) {
		w.T.Errorf("%d reports, %d taken back, frozen %t", reports, undone, w.frozen(a))
	}
	list, err := w.App.Services.Factors.Confirmed(w.ctx, a.ID)
	if err != nil || (len(list) == 1) != (confirmed == nil) {
		w.T.Errorf("%d factors after %v, %v", len(list), confirmed, err)
	}
}

func TestHRLiftsForThoseItMayHelp(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	d, _ := w.strangers()
	w.report(d)
	hr, boss := w.hire(w.ctx, "Hanne", "hanne@havn.example"), w.hire(w.ctx, "Bo", "bo@havn.example")
	w.grant(hr, authz.RoleHR)
	w.grant(boss, authz.RoleAdmin)
	b := w.from(home)
	b.Get("/signin")
	b.Submit("email", "hanne@havn.example")
	if p := b.Submit("password", oldWord); p.URL.Path == "/mfa/setup" {
		b.Submit("@action", "skip")
	}
	person := "/admin/people/per_" + anna.PersonID.String()
	t.Run("sees it on the person's page", func(t *testing.T) {
		p := b.Get(person)
		says(t, p, "Changes stopped", "See why")
		says(t, b.Get(person+"/freeze"), "Sign-in from a new browser or country", "No new password chosen yet", "A mail or a text message is not enough")
	})
	t.Run("says how", func(t *testing.T) {
		if p := b.Post(person+"/freeze", url.Values{}); p.Status != http.StatusUnprocessableEntity || !p.Has("Choose how you made sure.") || !w.frozen(anna) {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	t.Run("and it is written down", func(t *testing.T) {
		b.Get(person + "/freeze")
		if p := b.Submit("how", "met"); p.URL.Path != person || !p.Has("Changes are allowed again.") || w.frozen(anna) {
			t.Fatalf("%d %s", p.Status, p.Text())
		}
		if n := w.count("audit_events WHERE action = 'notme.lifted' AND detail LIKE '%met%' AND actor_id = '" + hr.PersonID.String() + "'"); n != 1 {
			t.Errorf("%d rows", n)
		}
		w.mail(atHome, "unfrozen")
		if p := b.Post(person+"/freeze", url.Values{"how": {"met"}}); !p.Has("Nothing was stopped any more.") {
			t.Error(p.Text())
		}
	})
	t.Run("not for an administrator, and nobody for themselves", func(t *testing.T) {
		asHR, asBoss := w.as(hr, authz.RoleHR), w.as(boss, authz.RoleAdmin)
		refused(t, w.svc.Lift(asHR, boss.PersonID, "met"), "notme.lift.above")
		refused(t, w.svc.Lift(asHR, hr.PersonID, "met"), "notme.lift.self")
		refused(t, w.svc.Lift(asBoss, boss.PersonID, "met"), "notme.lift.self")
		refused(t, w.svc.Lift(asBoss, hr.PersonID, "met"), "notme.lift.none")
	})
	t.Run("an unknown person is like any unknown page", func(t *testing.T) {
		for _, path := range []string{"/admin/people/per_" + anna.ID.String() + "/freeze", "/admin/people/x/freeze"} {
			if p := b.Get(path); p.Status != http.StatusNotFound {
				t.Errorf("%s: %d", path, p.Status)
			}
		}
	})
	t.Run("an employee sees none of it", func(t *testing.T) {
		own := w.mustSignIn(w.from(home), oldWord)
		if p := own.Get(person + "/freeze"); p.Status != http.StatusForbidden {
			t.Errorf("%d", p.Status)
		}
	})
}
