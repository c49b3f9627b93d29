package notme_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/message"
	"tilgang/internal/message/practice"
	"tilgang/internal/notme"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/session"
	"tilgang/templates"
)

func passwordChanged(a account.Account) notme.Fact {
	return notme.Fact{AccountID: a.ID, Kind: message.PasswordChanged}
}

// Every act that changes how somebody signs in, on every path that there is, and
// who hears what.
func TestEveryChangeIsToldAtEveryAddressThatItDidNotTouch(t *testing.T) {
	both := []string{atWork, atHome}
	for name, c := range map[string]struct {
		act  func(w *world, anna account.Account)
		kind string
		to   []string
	}{
		"a password by mail":              {func(w *world, _ account.Account) { w.chooses(newWord) }, "password_changed", both},
		"a reset asked for":               {func(w *world, _ account.Account) { w.asks() }, "reset", []string{atWork}},
		"a password on the security page": {(*world).changesPassword, "password_changed", both},
		"an app on the way in":            {(*world).setsAppUp, "factor_added", both},
		"an app on the security page":     {(*world).addsApp, "factor_added", both},
		"a phone":                         {func(w *world, a account.Account) { w.addsPhone(a, "20 12 34 56") }, "factor_added", both},
		"another phone": {func(w *world, a account.Account) {
			w.addsPhone(a, "20 12 34 56")
			w.addsPhone(a, "20 12 34 57")
		}, "factor_replaced", both},
		"new recovery codes":             {(*world).makesCodes, "recovery_made", both},
		"a recovery code on the way in":  {(*world).usesCode, "recovery_used", both},
		"too many wrong passwords":       {(*world).guesses, "locked", both},
		"too many wrong codes":           {(*world).guessesCodes, "locked", both},
		"a new browser":                  {(*world).comesAnew, "new_signin", both},
		"HR has another address":         {(*world).moves, "contact_changed", both},
		"a change of one address itself": {(*world).touches, "password_changed", []string{atWork}},
		"a report that it was somebody else": {func(w *world, a account.Account) {
			d, _ := w.strangers()
			w.report(d)
		}, "frozen", both},
	} {
		t.Run(name, func(t *testing.T) {
			w := setUp(t)
			c.act(w, w.anna())
			for _, to := range both {
				var heard []practice.Entry
				for _, m := range w.mails(to) {
					if m.Kind == c.kind {
						heard = append(heard, m)
					}
				}
				if want := map[bool]int{true: 1}[slices.Contains(c.to, to)]; len(heard) != want {
					t.Fatalf("%s heard %d times of %s, want %d: %v", to, len(heard), c.kind, want, w.kinds(to))
				}
				for _, m := range heard {
					w.holds(m, c.kind)
				}
			}
		})
	}
}

// holds checks what each notice says beside what happened.
func (w *world) holds(m practice.Entry, kind string) {
	w.T.Helper()
	want := []string{"UTC", "Chrome 156", "Linux", "Denmark", home}
	switch kind {
	case "contact_changed": // the browser of HR is nobody's business
		want = []string{"UTC"}
	case "new_signin":
		want = []string{"UTC", "Chrome 156", "Sweden", away}
	}
	for _, words := range want {
		if !strings.Contains(m.Text, words) {
			w.T.Errorf("%s does not say %q\n%s", kind, words, m.Text)
		}
	}
	if kind != "frozen" {
		w.denial(m)
	}
}

func (w *world) asks() {
	b := w.from(home)
	b.Get("/reset")
	b.Submit("email", atWork)
}

func (w *world) changesPassword(account.Account) {
	b := w.mustSignIn(w.from(home), oldWord)
	b.Get("/security/password")
	b.Submit("current_password", oldWord, "password", newWord, "password_confirm", newWord)
}

// types sets an app up on the page that shows its key.
func (w *world) types(b *apptest.Browser) {
	w.T.Helper()
	b.Get("/mfa/setup/totp")
	for _, n := range b.Page.All("code") {
		if key := strings.ReplaceAll(apptest.Text(n), " ", ""); len(key) == 32 {
			b.Submit("code", w.code(key))
			return
		}
	}
	w.T.Fatalf("no key on %s\n%s", b.Page.URL, b.Page.Text())
}

func (w *world) setsAppUp(account.Account) {
	b := w.from(home)
	b.Get("/signin")
	b.Submit("email", atWork)
	b.Submit("password", oldWord)
	w.types(b)
}

func (w *world) addsApp(account.Account) {
	b := w.mustSignIn(w.from(home), oldWord)
	b.Get("/security/factor")
	b.Submit("current_password", oldWord)
	w.types(b)
}

// addsPhone puts a number on file as the pages do, in place of the one before.
func (w *world) addsPhone(a account.Account, number string) {
	w.T.Helper()
	b := w.from(home)
	b.Get("/signin")
	b.Submit("email", atWork)
	if p := b.Submit("password", oldWord); p.URL.Path == "/mfa" {
		w.Pass(time.Minute)
		b.Submit("code", w.textTo("+4520123456"))
		if b.Page.URL.Path == "/mfa/setup/recovery" {
			b.Submit("saved", "yes")
		}
		b.Get("/security/phone")
		b.Submit("current_password", oldWord)
	}
	b.Get("/mfa/setup/phone")
	b.Submit("phone", number)
	w.Pass(time.Minute)
	p := b.Submit("code", w.textTo("+45"+strings.ReplaceAll(number, " ", "")))
	if list, err := w.App.Services.Factors.Confirmed(w.ctx, a.ID); err != nil || len(list) != 1 {
		w.T.Fatalf("%s\n%s", p.URL, p.Text())
	}
	if b.Page.URL.Path == "/mfa/setup/recovery" {
		b.Submit("saved", "yes")
	}
}

// textTo is the code in the newest text to a number.
func (w *world) textTo(number string) string {
	w.T.Helper()
	for _, m := range slices.Backward(w.mails(number)) {
		if m.Kind == "phone_code" {
			return strings.TrimSpace(m.Text[strings.LastIndex(m.Text, "#")+1:])
		}
	}
	w.T.Fatalf("no text to %s", number)
	return ""
}

// entersWith signs in with an app.
func (w *world) entersWith(key string) *apptest.Browser {
	w.T.Helper()
	b := w.from(home)
	b.Get("/signin")
	b.Submit("email", atWork)
	b.Submit("password", oldWord)
	b.Submit("code", w.code(key))
	if !in(b) {
		w.T.Fatalf("%s\n%s", b.Page.URL, b.Page.Text())
	}
	return b
}

func (w *world) makesCodes(a account.Account) {
	key := w.app(a)
	b := w.entersWith(key)
	b.Get("/security/codes")
	b.Submit("saved", "yes")
}

func (w *world) usesCode(a account.Account) {
	w.app(a)
	codes, err := w.App.Services.Factors.MakeCodes(w.ctx, a.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	b := w.from(home)
	b.Get("/signin")
	b.Submit("email", atWork)
	b.Submit("password", oldWord)
	b.Get("/mfa/recovery")
	b.Submit("code", codes[0])
}

func (w *world) guesses(account.Account) {
	b := w.from(home)
	for range 5 {
		b.Get("/signin")
		b.Submit("email", atWork)
		b.Submit("password", "a wrong guess")
	}
}

func (w *world) guessesCodes(a account.Account) {
	w.app(a)
	b := w.from(home)
	b.Get("/signin")
	b.Submit("email", atWork)
	b.Submit("password", oldWord)
	for range 5 {
		b.Get("/mfa")
		b.Submit("code", "000000")
	}
}

func (w *world) comesAnew(account.Account) {
	w.mustSignIn(w.from(home), oldWord)
	w.mustSignIn(w.from(away), oldWord)
}

func (w *world) moves(a account.Account) {
	w.do(w.ctx, func(ctx context.Context) error {
		return db.One(db.From(ctx).Model(&people.Person{}).Where("id = ?", a.PersonID).Updates(map[string]any{"work_email": "new@havn.example", "work_email_key": "new@havn.example"}))
	})
	if err := w.App.Services.Invite.Rotate(w.ctx, a.PersonID); err != nil {
		w.T.Fatal(err)
	}
}

// touches tells of a change that one address is about; another that went hears
// of it too.
func (w *world) touches(a account.Account) {
	w.do(w.ctx, func(ctx context.Context) error {
		ctx = authz.With(ctx, authz.Actor{Network: home, UserAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0"})
		return w.svc.Tell(ctx, notme.Fact{AccountID: a.ID, Kind: message.PasswordChanged, Touched: []string{atHome}, Besides: []string{"gone@home.example"}})
	})
	w.mail("gone@home.example", "password_changed")
}

func TestAnOldPhoneHearsThatItWasReplaced(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	w.addsPhone(anna, "20 12 34 56")
	w.addsPhone(anna, "20 12 34 57")
	if list := w.mails("+4520123456"); list[len(list)-1].Kind != "phone_replaced" {
		t.Errorf("%v", w.kinds("+4520123456"))
	}
}

func TestWhichSignInsAreNews(t *testing.T) {
	w := setUp(t)
	w.anna()
	news := func() (n int) {
		for _, kind := range w.kinds(atHome) {
			if kind == "new_signin" {
				n++
			}
		}
		return n
	}
	first := w.mustSignIn(w.from(home), oldWord)
	if n := news(); n != 0 {
		t.Fatalf("the first sign-in after the welcome told %d times", n)
	}
	again := func(b *apptest.Browser, place string) {
		b.Post("/signout", nil)
		b.From = place
		w.mustSignIn(b, oldWord)
	}
	again(first, home)
	w.Pass(100 * day) // its sessions have been swept by then
	if _, err := w.App.Services.Sessions.Sweep(w.ctx); err != nil {
		t.Fatal(err)
	}
	again(first, home)
	if n := news(); n != 0 {
		t.Fatalf("a known browser told %d times", n)
	}
	second := w.mustSignIn(w.from(home), oldWord)
	again(second, home)
	again(second, home)
	if n := news(); n != 1 {
		t.Fatalf("three sign-ins on a new browser told %d times", n)
	}
	again(first, away)
	again(first, away)
	if n := news(); n != 2 {
		t.Fatalf("a known browser in a new country told %d times", n-1)
	}
	again(second, away)
	again(second, home)
	if n := news(); n != 2 {
		t.Errorf("known browsers in known countries told %d times", n-2)
	}
}

func TestSignInsAtOnceOnANewBrowserTellOnce(t *testing.T) {
	w := setUp(t)
	w.anna()
	b := w.mustSignIn(w.from(home), oldWord)
	bo := w.hire(w.ctx, "Bo", "bo@havn.example")
	w.do(w.ctx, func(ctx context.Context) error { // Bo has signed in elsewhere
		_, _, err := w.App.Services.Sessions.Open(ctx, session.New{AccountID: bo.ID, AMR: []string{"pwd"}, Host: "havn." + w.Base})
		return err
	})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			n := session.New{AccountID: bo.ID, AMR: []string{"pwd"}, Device: b.Cookie("device"), Host: "havn." + w.Base}
			if _, _, err := w.App.Services.Sessions.Open(w.ctx, n); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff([]string{"new_signin"}, w.kinds("bo@havn.example")); diff != "" {
		t.Error(diff)
	}
}

func TestALeaverIsNotToldAtWork(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	w.do(w.ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, "UPDATE employments SET end_date = '2026-10-31' WHERE tenant_id = @tenant AND person_id = '"+anna.PersonID.String()+"'")
		return err
	})
	w.do(w.ctx, func(ctx context.Context) error { return w.svc.Tell(ctx, passwordChanged(anna)) })
	if n := len(w.mails(atWork)); n != 0 {
		t.Errorf("the employer's address got %d mails", n)
	}
	if n := len(w.mails(atHome)); n != 1 {
		t.Errorf("the own address got %d mails", n)
	}
}

// A mail that is sent again, since nobody knew whether it had gone, holds the
// same link and code; both live from the sending.
func TestAFurtherTryHoldsTheSameLinkAndCode(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	w.do(w.ctx, func(ctx context.Context) error { return w.svc.Tell(ctx, passwordChanged(anna)) })
	first := w.denial(w.mail(atWork, "password_changed"))
	w.Pass(31 * day)
	w.do(w.ctx, func(ctx context.Context) error {
		var ids []uuid.UUID
		err := db.Rows(ctx, &ids, "UPDATE messages SET state = 'queued' WHERE tenant_id = @tenant AND kind = 'password_changed' RETURNING id")
		for _, id := range ids {
			if err == nil {
				err = requeue(ctx, id)
			}
		}
		return err
	})
	if list := w.mails(atWork); len(list) != 2 || w.denial(list[1]) != first {
		t.Errorf("%v", w.kinds(atWork))
	}
	w.report(first)
}

// In every language the mails and pages have all their words.
func TestEveryNoticeHasItsWordsInEveryLanguage(t *testing.T) {
	catalog := sitetest.Texts(t)
	for _, lang := range catalog.Languages() {
		words := catalog.Localizer(lang, nil, nil)
		if err := pagetest.Check(templates.FS, words, notme.Views()...); err != nil {
			t.Error(err)
		}
		for _, kind := range []string{
			message.NewSignin, message.PasswordChanged, message.FactorAdded, message.FactorReplaced,
			message.RecoveryUsed, message.RecoveryMade, message.Locked, message.ContactChanged, message.Frozen, message.Unfrozen,
		} {
			for _, key := range []string{"message.kind." + kind, "mail." + kind + ".subject", "mail." + kind + ".preheader", "mail." + kind + ".heading"} {
				if !words.Has(key) {
					t.Errorf("%s lacks %s", lang, key)
				}
			}
		}
	}
}

func TestNoSecretIsStoredInClear(t *testing.T) {
	w := setUp(t)
	w.anna()
	d, _ := w.strangers()
	for _, table := range []string{"notices", "messages", "outbox", "audit_events"} {
		for _, secret := range []string{d.token, " " + d.code} {
			if n := w.count(table + " WHERE " + whole(table) + " LIKE '%" + secret + "%'"); n != 0 {
				t.Errorf("%s holds %q", table, secret)
			}
		}
	}
}

func whole(table string) string {
	if table == "audit_events" {
		return "detail"
	}
	return "args"
}

// requeue has a message sent once more.
func requeue(ctx context.Context, id uuid.UUID) error {
	return outbox.Put(ctx, outbox.Event{Kind: message.Deliver, Lane: outbox.Security, Args: map[string]any{"message": id}})
}

func TestTheBrowserThatWasReportedIsNewAgain(t *testing.T) {
	w := setUp(t)
	w.anna()
	d, stranger := w.strangers()
	w.report(d)
	w.mustSignIn(stranger, oldWord)
	if second := w.denial(w.mail(atWork, "new_signin")); second == d {
		t.Error("the stranger came back and nobody was told")
	}
}

// A browser whose cookie has ended can never be seen again; the newest stays, so
// that the next one is news and no first sign-in.
func TestBrowsersThatCanBeSeenNoMoreAreForgotten(t *testing.T) {
	w := setUp(t)
	w.anna()
	sweep := func() int64 {
		n, err := w.svc.SweepSightings(w.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	w.mustSignIn(w.from(home), oldWord)
	w.mustSignIn(w.from(home), oldWord)
	w.Pass(399 * day)
	w.mustSignIn(w.from(home), oldWord)
	if n := sweep(); n != 0 {
		t.Fatalf("%d were forgotten too early", n)
	}
	w.Pass(2 * day)
	if n, err := w.svc.SweepSightings(w.other); err != nil || n != 0 {
		t.Fatalf("another tenant forgot %d, %v", n, err)
	}
	if n := sweep(); n != 2 || sweep() != 0 {
		t.Fatalf("%d were forgotten", n)
	}
	w.Pass(500 * day)
	if n := sweep(); n != 0 || w.count("sightings WHERE sort = 'device'") != 1 || w.count("sightings WHERE sort = 'country'") != 1 {
		t.Fatalf("%d more were forgotten", n)
	}
	before := len(w.kinds(atHome))
	w.mustSignIn(w.from(home), oldWord)
	if told := w.kinds(atHome); len(told) != before+1 {
		t.Errorf("a new browser after long told %v", told[before:])
	}
}
