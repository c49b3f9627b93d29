package reset_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/throttle"
)

func TestTheWayBackIn(t *testing.T) {
	w := setUp(t)
	w.anna()
	elsewhere := w.mustSignIn("anna@home.example", oldWord)
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", "anna@havn.example")
	b.Steps = 0
	if p := b.Follow("Forgot"); apptest.Attr(p.Field("email"), "value") != "anna@havn.example" {
		t.Fatal("the address is asked for again")
	}
	if p := b.Submit("@action", "password"); !p.Has("anna@havn.example") || !p.Has("Check your e-mail") || !p.Has("no-reply@localhost") || !p.Has("for 24 hours") || !p.Has("asked today at 13:00") {
		t.Fatal(p.Text())
	}
	token := w.token(w.last("anna@havn.example"))
	b.Steps++
	if p := b.Get("/reset/" + token); p.URL.Path != "/reset/password" || !p.Has("You sign in with anna@havn.example") || strings.Contains(p.Body, token) {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	if p := b.Submit("password", newWord, "password_confirm", newWord); p.URL.Path != "/reset/done" || !p.Has("Your new password is set") {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	if p := b.Get("/session"); p.Status != http.StatusUnauthorized {
		t.Error("the new password signed somebody in")
	}
	b.Get("/reset/done")
	if p := b.Follow("Go to sign-in"); p.URL.Path != "/signin/password" || !p.Has("anna@havn.example") || b.Steps > 5 {
		t.Errorf("%d steps, on %s", b.Steps, p.URL)
	}
	if p := b.Submit("password", newWord); p.URL.Path != "/" {
		t.Errorf("on %s: %s", p.URL, p.Text())
	}
	if p := elsewhere.Get("/session"); p.Status != http.StatusUnauthorized {
		t.Error("an older session lives on")
	}
	if p := w.signIn("anna@havn.example", oldWord); p.Get("/session").Status != http.StatusUnauthorized {
		t.Error("the old password works")
	}
	for _, to := range []string{"anna@havn.example", "anna@home.example"} {
		if m := w.last(to); m.Kind != "password_changed" || !strings.Contains(m.Text, "Chrome 156") {
			t.Errorf("%s was told %s", to, m.Text)
		}
	}
	for _, action := range []string{"reset.requested", "reset.mailed", "reset.completed"} {
		if n := w.count(w.ctx, "audit_events WHERE action = '"+action+"'"); n != 1 {
			t.Errorf("%d audit rows %s", n, action)
		}
	}
}

func TestFetchingALinkUsesNothing(t *testing.T) {
	w := setUp(t)
	w.anna()
	token := w.ask("anna@havn.example")
	b := w.Browser("havn")
	for range 20 {
		for _, method := range []string{http.MethodHead, http.MethodGet} {
			p := b.Raw(b.Request(method, "/reset/"+token, nil))
			if p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/reset/password" || strings.Contains(p.Header.Get("Set-Cookie"), token) {
				t.Fatalf("%s: %d %s", method, p.Status, p.Header)
			}
			b.Get("/reset/password")
		}
	}
	if p := b.Post("/reset/password", url.Values{}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a robot's press of the button: %d", p.Status)
	}
	if err := w.choose(w.ctx, token, newWord); err != nil {
		t.Errorf("then the person: %v", err)
	}
}

func TestWhatAPasswordIsRefusedFor(t *testing.T) {
	w := setUp(t)
	w.anna()
	b := w.Browser("havn")
	b.Get("/reset/" + w.ask("anna@havn.example"))
	for _, c := range []struct{ one, two, words string }{
		{"", "", "Choose a password"},
		{"short", "short", "At least 15 characters"},
		{newWord, newWord + "x", "not the same"},
		{"anna berg anna berg", "anna berg anna berg", "your name"},
		{"passwordpassword", "passwordpassword", "common"},
	} {
		if p := b.Submit("password", c.one, "password_confirm", c.two); p.Status != http.StatusUnprocessableEntity || !p.Has(c.words) || strings.Contains(p.Body, `value="`+newWord) {
			t.Errorf("%q: %d %s", c.one, p.Status, p.Text())
		}
	}
	if p := b.Submit("password", newWord, "password_confirm", newWord); p.URL.Path != "/reset/done" {
		t.Errorf("%s", p.Text())
	}
}

// three asks for three links and gives their tokens.
func (w *world) three() (tokens []string) {
	w.T.Helper()
	for range 3 {
		tokens = append(tokens, w.ask("anna@havn.example"))
		w.Pass(time.Minute)
	}
	return tokens
}

func TestAllLinksDieWithTheFirstUse(t *testing.T) {
	w := setUp(t)
	w.anna()
	links := w.three()
	if err := w.choose(w.ctx, links[1], newWord); err != nil {
		t.Fatal(err)
	}
	refused(t, w.choose(w.ctx, links[0], oldWord), "reset.replaced")
	refused(t, w.choose(w.ctx, links[1], oldWord), "reset.used")
	refused(t, w.choose(w.ctx, links[2], oldWord), "reset.replaced")
	w.mustSignIn("anna@havn.example", newWord)
}

func TestAllLinksDieWhenTheAccountChanges(t *testing.T) {
	changes := map[string]func(ctx context.Context, a account.Account) error{
		"a new password": func(ctx context.Context, a account.Account) error { return account.SetPassword(ctx, a.ID, "x") },
		"a suspension": func(ctx context.Context, a account.Account) error {
			return account.SetStatus(ctx, a.ID, account.Suspended)
		},
		"a sign-out everywhere": func(ctx context.Context, a account.Account) error { return account.EndSessions(ctx, a.ID) },
		"the address is not hers": func(ctx context.Context, a account.Account) error {
			_, err := db.Exec(ctx, "DELETE FROM identifiers WHERE tenant_id = @tenant AND kind = 'work'")
			return err
		},
		"a suspension and its end": func(ctx context.Context, a account.Account) error {
			if err := account.SetStatus(ctx, a.ID, account.Suspended); err != nil {
				return err
			}
			return account.SetStatus(ctx, a.ID, account.Active)
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			w := setUp(t)
			a := w.anna()
			token := w.ask("anna@havn.example")
			w.do(w.ctx, func(ctx context.Context) error { return change(ctx, a) })
			refused(t, w.choose(w.ctx, token, newWord), "reset.replaced")
		})
	}
	t.Run("a restored backup", func(t *testing.T) {
		w := setUp(t)
		w.anna()
		token := w.ask("anna@havn.example")
		err := w.DB.Shared(context.Background(), func(ctx context.Context) error {
			_, err := db.SharedExec(ctx, "UPDATE instance SET security_epoch = security_epoch + 1")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		refused(t, w.choose(w.ctx, token, newWord), "reset.replaced")
	})
	t.Run("the employment's end", func(t *testing.T) {
		w := setUp(t)
		w.anna()
		token := w.ask("anna@havn.example")
		w.do(w.ctx, func(ctx context.Context) error {
			_, err := db.Exec(ctx, "UPDATE employments SET end_date = '2020-12-31' WHERE tenant_id = @tenant")
			return err
		})
		refused(t, w.choose(w.ctx, token, newWord), "reset.unknown")
	})
}

func TestALinkLivesToTheSecond(t *testing.T) {
	w := setUp(t, "reset: {mode: link, life: 30m}\n")
	w.anna()
	w.wish("anna@havn.example")
	w.Pass(3 * time.Hour) // the life counts from the sending
	token := w.token(w.last("anna@havn.example"))
	w.Pass(30*time.Minute - time.Second)
	if _, err := w.svc.Look(w.ctx, token); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	w.Pass(time.Second)
	refused(t, w.choose(w.ctx, token, newWord), "reset.expired")
}

func TestADeadLinkSaysSoBeforeAnythingIsTyped(t *testing.T) {
	w := setUp(t)
	w.anna()
	used := w.ask("anna@havn.example")
	w.Pass(time.Minute)
	replaced := w.ask("anna@havn.example")
	if err := w.choose(w.ctx, used, newWord); err != nil {
		t.Fatal(err)
	}
	fresh := w.Browser("havn")
	for token, words := range map[string]string{
		used: "works once only", replaced: "before your password", strings.Repeat("A", 43): "expired, has been used", "x": "expired, has been used",
	} {
		p := fresh.Get("/reset/" + token)
		if p.Status != http.StatusGone || !p.Has(words) || p.Field("password") != nil || p.Has("anna@") || p.Has("Anna") {
			t.Errorf("%d %s", p.Status, p.Text())
		}
		if !strings.Contains(p.Body, `href="/reset"`) {
			t.Error("no new one can be asked for")
		}
	}
	w.Pass(time.Minute)
	token := w.ask("anna@havn.example")
	w.Pass(day)
	if p := w.Browser("havn").Get("/reset/" + token); p.Status != http.StatusGone || !p.Has("The link worked until") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
}

func TestNoStepCanBeSkipped(t *testing.T) {
	w := setUp(t)
	w.anna()
	stolen := w.Browser("havn")
	stolen.Get("/reset/" + w.ask("anna@havn.example"))
	form := url.Values{"password": {newWord}, "password_confirm": {newWord}}
	for name, b := range map[string]func() *apptest.Browser{
		"no link": func() *apptest.Browser { return w.Browser("havn") },
		"the cookie of another tenant's host": func() *apptest.Browser {
			b := w.Browser("skog")
			for _, c := range stolen.Cookies() {
				b.SetCookie(c.Name, c.Value)
			}
			return b
		},
		"the cookie of another host of the same tenant": func() *apptest.Browser {
			b := w.Browser("alumni.havn")
			for _, c := range stolen.Cookies() {
				b.SetCookie(c.Name, c.Value)
			}
			return b
		},
		"a cookie of one's own making": func() *apptest.Browser {
			b := w.Browser("havn")
			for _, c := range stolen.Cookies() {
				b.SetCookie(c.Name, strings.Repeat("A", len(c.Value)))
			}
			return b
		},
		"only a wish": func() *apptest.Browser {
			b := w.Browser("havn")
			b.Get("/reset")
			b.Submit("email", "anna@havn.example")
			return b
		},
	} {
		browser := b()
		for _, path := range []string{"/reset/password", "/reset/" + strings.Repeat("A", 43)} {
			if p := browser.Post(path, form); p.Status != http.StatusGone {
				t.Errorf("%s: %s answers %d %s", name, path, p.Status, p.Text())
			}
		}
		if p := browser.Get("/reset/done"); p.URL.Path == "/reset/done" {
			t.Errorf("%s: sees that all is done", name)
		}
	}
	if p := stolen.Get("/reset/done"); p.URL.Path == "/reset/done" {
		t.Error("an unused link says that all is done")
	}
	w.mustSignIn("anna@havn.example", oldWord)
}

func TestOfManyUsesAtOnceOneWins(t *testing.T) {
	w := setUp(t)
	w.anna()
	links := w.three()
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			// Each from a network of its own: where Redis answers late, one network has few tries.
			err := w.chooseFrom(w.ctx, fmt.Sprintf("192.0.2.%d", i), links[i%3], newWord)
			f, known := fault.As(err)
			switch {
			case err == nil:
				won.Add(1)
			case !known || (f.Code != "reset.used" && f.Code != "reset.replaced"):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := w.count(w.ctx, "resets WHERE used_at IS NOT NULL"); won.Load() != 1 || n != 1 {
		t.Errorf("%d won, %d are used", won.Load(), n)
	}
	if n := w.count(w.ctx, "audit_events WHERE action = 'reset.completed'"); n != 1 {
		t.Errorf("%d audit rows", n)
	}
}

func TestAnotherTenantsLinkIsUnknown(t *testing.T) {
	w := setUp(t)
	w.anna()
	token := w.ask("anna@havn.example")
	_, err := w.svc.Look(w.other, token)
	refused(t, err, "reset.unknown")
	refused(t, w.choose(w.other, token, newWord), "reset.unknown")
	if done, err := w.svc.Done(w.other, token); done || err != nil {
		t.Errorf("%t %v", done, err)
	}
	w.Pass(40 * day)
	if n, err := w.svc.Sweep(w.other); n != 0 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	if n, err := w.svc.Sweep(w.ctx); n != 1 || err != nil {
		t.Errorf("its own: %d %v", n, err)
	}
}

func TestANewPasswordLiftsTheLocksOfTheOldOne(t *testing.T) {
	w := setUp(t, unchecked)
	a := w.anna()
	known := w.mustSignIn("anna@home.example", oldWord)
	known.Get("/signin")
	known.Post("/signout", url.Values{})
	for _, b := range []*apptest.Browser{known, w.Browser("havn")} {
		for _, address := range []string{"anna@havn.example", "anna@home.example"} {
			b.Get("/signin")
			b.Submit("email", address)
			for range 6 {
				b.Post("/signin/password", url.Values{"password": {"wrong"}})
			}
		}
	}
	fail := func(purpose string, subject []byte) {
		if _, err := w.App.Services.Throttle.Fail(w.ctx, purpose, subject); err != nil {
			t.Fatal(err)
		}
	}
	for range throttle.Most {
		fail("signin", attempt.AddressHash(w.App.Box, a.TenantID, "anna@havn.example", "anna@havn.example"))
		fail("stepup", a.ID[:])
		fail("totp", a.ID[:])
	}
	fail("signin", attempt.AddressHash(w.App.Box, a.TenantID, "bo@havn.example", "bo@havn.example"))
	if b := w.signIn("anna@havn.example", oldWord); b.Get("/session").Status != http.StatusUnauthorized {
		t.Fatal("a hundred failures stop nobody")
	}
	if err := w.choose(w.ctx, w.ask("anna@havn.example"), newWord); err != nil {
		t.Fatal(err)
	}
	w.mustSignIn("anna@havn.example", newWord)
	if n := w.count(w.ctx, "throttles WHERE purpose IN ('signin', 'stepup')"); n != 1 {
		t.Errorf("%d counts of passwords are left, want the other address's", n)
	}
	if n := w.count(w.ctx, "throttles WHERE purpose = 'totp' AND failures = 100"); n != 1 {
		t.Error("the second factor's count was lifted too")
	}
}
