package notme_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/message/render"
	"tilgang/internal/throttle"
)

func TestAStrangerIsOutAndTheOwnerComesBack(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	d, stranger := w.strangers()
	if !in(stranger) {
		t.Fatal("the stranger is not in to begin with")
	}
	b := w.from(home)
	p := b.Get(d.link)
	if p.URL.Path != "/notme" || strings.Contains(p.Body, d.token) || strings.Contains(p.Body, d.code) {
		t.Fatalf("%s tells too much\n%s", p.URL, p.Body)
	}
	says(t, p, "Sign-in from a new browser or country", "Sweden", away, "Chrome 156", "Everyone is signed out everywhere")
	if w.frozen(anna) || !in(stranger) {
		t.Fatal("opening the link changed something")
	}
	p = b.Submit("code", d.code[:3]+" "+d.code[3:])
	says(t, p, "Everyone is signed out", "Choose a new password by mail")
	if in(stranger) || !w.frozen(anna) {
		t.Fatal("the stranger is still in")
	}
	t.Run("the owner is told at each address", func(t *testing.T) {
		for _, to := range []string{atWork, atHome} {
			if m := w.mail(to, "frozen"); !strings.Contains(m.Text, "somebody reads your mail") && !strings.Contains(strings.Join(strings.Fields(m.Text), " "), "somebody reads your mail") {
				t.Error(m.Text)
			}
		}
	})
	t.Run("home and security say what is stopped and what next", func(t *testing.T) {
		b := w.mustSignIn(w.from(home), oldWord)
		for _, path := range []string{"/", "/security"} {
			says(t, b.Get(path), "Changes are stopped", "Choose a new password by mail and sign in with it")
		}
	})
	t.Run("a new password by mail and a sign-in with it end it", func(t *testing.T) {
		w.chooses(newWord)
		if !w.frozen(anna) {
			t.Error("the mailbox alone was enough")
		}
		b := w.mustSignIn(w.from(home), newWord)
		if w.frozen(anna) || b.Get("/security").Has("Changes are stopped") {
			t.Error("still stopped")
		}
		w.mail(atHome, "unfrozen")
		says(t, w.from(home).Get(d.link), "This is settled", "A new password was chosen")
	})
}

// No path that changes how an account is signed in to is open while it is frozen.
func TestWhileFrozenNothingChanges(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	s := w.App.Services
	pending, err := s.Factors.StartTOTP(w.ctx, anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := w.strangers()
	w.report(d)
	t.Run("what was being set up is gone", func(t *testing.T) {
		if _, err := s.Factors.Pending(w.ctx, anna.ID); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%v", err)
		}
	})
	fresh, err := s.Factors.StartTOTP(w.ctx, anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	set, err := s.Factors.NewCodes(w.ctx, anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	tx := func(fn func(context.Context) error) error { return w.DB.Tx(w.ctx, fn) }
	for name, act := range map[string]func() error{
		"a second factor": func() error { return s.Factors.ConfirmTOTP(w.ctx, anna.ID, fresh.ID, w.code(fresh.Secret)) },
		"the stranger's":  func() error { return s.Factors.ConfirmTOTP(w.ctx, anna.ID, pending.ID, w.code(pending.Secret)) },
		"a phone":         func() error { return s.Phones.ConfirmPhone(w.ctx, anna.ID, factor.Flow{}, "123456") },
		"recovery codes":  func() error { return s.Factors.SaveCodes(w.ctx, anna.ID, set) },
		"an address": func() error {
			return tx(func(ctx context.Context) error {
				return account.AddIdentifier(ctx, anna.ID, account.Private, "x@x.example", "x@x.example")
			})
		},
		"anything that asks the gate": func() error { return tx(func(ctx context.Context) error { return account.MayChange(ctx, anna.ID) }) },
	} {
		t.Run(name, func(t *testing.T) { refused(t, act(), account.CodeFrozen) })
	}
	t.Run("the pages say so", func(t *testing.T) {
		b := w.mustSignIn(w.from(away), oldWord)
		b.Get("/security/password")
		p := b.Submit("current_password", oldWord, "password", newWord, "password_confirm", newWord)
		says(t, p, "Nothing about how you sign in can be changed since")
		b.Get("/security/factor")
		p = b.Submit("current_password", oldWord)
		says(t, p, "Nothing about how you sign in can be changed since")
	})
	t.Run("another account is free", func(t *testing.T) {
		bo := w.hire(w.ctx, "Bo", "bo@havn.example")
		w.app(bo)
	})
}

// Who has a factor on file comes back with it and with nothing less.
func TestTheMailboxAloneIsNotEnoughWhereAFactorIsOnFile(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	key := w.app(anna)
	enter := func(place, word string) *apptest.Browser {
		b := w.from(place)
		b.Get("/signin")
		b.Submit("email", atWork)
		if p := b.Submit("password", word); p.URL.Path != "/mfa" {
			t.Fatalf("%s\n%s", p.URL, p.Text())
		}
		return b
	}
	pass := func(b *apptest.Browser) {
		w.Pass(time.Minute)
		b.Get("/mfa")
		b.Submit("code", w.code(key))
		if !in(b) {
			t.Fatalf("%s\n%s", b.Page.URL, b.Page.Text())
		}
	}
	pass(enter(home, oldWord))
	pass(enter(away, oldWord))
	d := w.denial(w.mail(atWork, "new_signin"))
	w.report(d)
	pass(enter(home, oldWord))
	if !w.frozen(anna) {
		t.Fatal("password and factor of before were enough")
	}
	w.chooses(newWord)
	b := enter(home, newWord)
	if !w.frozen(anna) {
		t.Fatal("a new password was enough without the factor")
	}
	pass(b)
	if w.frozen(anna) {
		t.Fatal("still stopped after all was proven")
	}
}

// A mandatory factor that nobody has set up yet must not shut the owner out.
func TestTheFirstFactorCanBeSetUpAfterTheWayBack(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	d, _ := w.strangers()
	w.report(d)
	w.Custom("havn", strings.Replace(yaml, "offer: skip", "offer: mandatory", 1))
	w.Pass(10 * time.Second) // the directory's copy of the tenant
	enter := func(word string) *apptest.Page {
		b := w.from(home)
		b.Get("/signin")
		b.Submit("email", atWork)
		return b.Submit("password", word)
	}
	if p := enter(oldWord); p.Status != http.StatusConflict || !p.Has("Choose a new password by mail") {
		t.Fatalf("%d %s\n%s", p.Status, p.URL, p.Text())
	}
	w.chooses(newWord)
	if p := enter(newWord); p.URL.Path != "/mfa/setup" || p.Status != http.StatusOK || w.frozen(anna) {
		t.Fatalf("%d %s\n%s", p.Status, p.URL, p.Text())
	}
}

// Robots fetch, run scripts and press buttons; none of them types a code.
func TestARobotReportsNothing(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	d, stranger := w.strangers()
	b := w.from(away)
	for range 20 {
		b.Get(d.link)
		b.Raw(b.Request(http.MethodHead, d.link, nil))
		for _, path := range []string{"/notme", "/notme/undo"} {
			p := b.Post(path, url.Values{"code": {""}})
			if p.Status != http.StatusUnprocessableEntity {
				t.Fatalf("%d %s", p.Status, p.Text())
			}
		}
	}
	if w.frozen(anna) || !in(stranger) {
		t.Fatal("a robot reported")
	}
	w.report(d) // and nothing was counted against the owner
}

func TestAWrongCodeIsCountedAndThenWaitsFor(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	d, _ := w.strangers()
	wrong := "111111"
	if d.code == wrong {
		wrong = "222222"
	}
	for range 5 {
		if p := w.answer(d, "/notme", wrong); p.Status != http.StatusUnprocessableEntity || !p.Has("The code is not right") {
			t.Fatalf("%d %s", p.Status, p.Text())
		}
	}
	if p := w.answer(d, "/notme", d.code); p.Status != http.StatusTooManyRequests || !p.Has("You can try again in") || w.frozen(anna) {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	w.Pass(time.Minute)
	w.report(d)
}

func TestADoublePressReportsOnce(t *testing.T) {
	w := setUp(t)
	w.anna()
	d, _ := w.strangers()
	var wg sync.WaitGroup
	errs := make([]error, throttle.FreeTries) // a press more would have to wait, as any further try
	for i := range errs {
		wg.Go(func() { errs[i] = w.svc.Report(w.ctx, d.token, d.code, home) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if n := w.count("freezes WHERE lifted_at IS NULL"); n != 1 {
		t.Errorf("%d freezes", n)
	}
	for _, to := range []string{atWork, atHome} {
		frozen := 0
		for _, kind := range w.kinds(to) {
			if kind == "frozen" {
				frozen++
			}
		}
		if frozen != 1 {
			t.Errorf("%s was told %d times", to, frozen)
		}
	}
	if n := w.count("audit_events WHERE action = 'notme.reported'"); n != 1 {
		t.Errorf("%d audit rows", n)
	}
}

func TestALinkThatDoesNothingSaysSoCalmly(t *testing.T) {
	w := setUp(t)
	w.anna()
	d, _ := w.strangers()
	unknown := denial{link: "http://havn." + w.Base + "/notme/" + strings.Repeat("A", 43)}
	for name, c := range map[string]struct {
		d    denial
		wait time.Duration
		says string
	}{
		"unknown": {unknown, 0, "It is old or not whole"},
		"foreign": {denial{link: strings.Replace(d.link, "havn.", "skog.", 1)}, 0, "It is old or not whole"},
		"expired": {d, 31 * day, "its time is over"},
	} {
		w.Pass(c.wait)
		b := w.from(home)
		for _, p := range []*apptest.Page{b.Get(c.d.link), b.Post("/notme", url.Values{"code": {"123456"}})} {
			if p.Status != http.StatusGone || p.Title() != "This link no longer does anything" || p.Field("code") != nil {
				t.Errorf("%s: %d %s", name, p.Status, p.Text())
			}
			says(t, p, c.says, "Choose a new password")
		}
	}
	if p := w.from(home).Get("/notme"); p.Status != http.StatusGone {
		t.Errorf("no link: %d", p.Status)
	}
}

func TestALinkLivesToTheSecond(t *testing.T) {
	w := setUp(t)
	w.anna()
	d, _ := w.strangers()
	w.Pass(30*day - time.Second)
	if _, err := w.svc.Look(w.ctx, d.token); err != nil {
		t.Error(err)
	}
	w.Pass(time.Second)
	_, err := w.svc.Look(w.ctx, d.token)
	refused(t, err, "notme.expired")
	refused(t, w.svc.Report(w.ctx, d.token, d.code, home), "notme.expired")
}

func TestAnotherTenantKnowsNothing(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	w.hire(w.other, "Sven", atWork, atHome) // the same addresses, another human
	d, _ := w.strangers()
	_, err := w.svc.Look(w.other, d.token)
	refused(t, err, "notme.unknown")
	refused(t, w.svc.Report(w.other, d.token, d.code, home), "notme.unknown")
	w.report(d)
	refused(t, w.svc.Undo(w.other, d.token, d.code, home), "notme.unknown")
	skog := authz.With(w.other, authz.Actor{Kind: authz.Command})
	if err := w.svc.Lift(skog, anna.PersonID, "met"); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("lift: %v", err)
	}
	if _, _, err := w.svc.Status(w.other, anna.PersonID); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("status: %v", err)
	}
	err = w.DB.Tx(w.other, func(ctx context.Context) error {
		f, err := account.OpenFreeze(ctx, anna.ID)
		if f.Open() {
			t.Error("the freeze is seen")
		}
		if lifted, _ := account.LiftAll(ctx, anna.ID, anna.PersonID); lifted {
			t.Error("the freeze was lifted")
		}
		if lifted, _ := account.Return(ctx, anna.ID); lifted {
			t.Error("the freeze was lifted")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := w.svc.Sweep(w.other); err != nil {
		t.Error(err)
	}
	if !w.frozen(anna) || w.count("notices WHERE 1 = 1") == 0 {
		t.Error("another tenant changed something")
	}
	if err := render.Check(w.mail(atWork, "frozen").HTML, w.mail(atWork, "frozen").Text); err != nil {
		t.Error(err)
	}
}
