package magiclink_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
)

func TestTheLinkSignsInWhereItWasAskedFor(t *testing.T) {
	w := setUp(t)
	w.anna()
	b, token := w.asked()
	before := b.Cookie("attempt")
	if p := b.Get("/magiclink/" + token); p.URL.Path != "/magiclink/open" || !p.Has("You sign in as "+anna) || strings.Contains(p.Body, token) {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	if signedIn(b) {
		t.Fatal("opening the link signed somebody in")
	}
	p := post(b, "/magiclink/open")
	if p.Header.Get("Location") != "/signin/next" {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	if b.Cookie("attempt") == before {
		t.Error("the attempt kept its cookie, which somebody may have planted")
	}
	if p := b.Get("/signin/next"); p.URL.Path != "/" || !signedIn(b) {
		t.Errorf("%s %s", p.URL, p.Text())
	}
	if p := b.Get("/session"); !strings.Contains(p.Body, `"amr":["link"]`) || !strings.Contains(p.Body, `"aal":1`) {
		t.Error(p.Body)
	}
	t.Run("once", func(t *testing.T) {
		other := w.Browser("skog")
		if p := other.Get("/magiclink/" + token); p.Status != http.StatusGone || !p.Has("The link has been used") {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	for _, action := range []string{"magiclink.requested", "magiclink.mailed", "magiclink.used"} {
		if n := w.count(w.ctx, "audit_events WHERE action = '"+action+"'"); n != 1 {
			t.Errorf("%d audit rows %s", n, action)
		}
	}
}

func TestElsewhereTheLinkShowsACodeAndSignsNobodyIn(t *testing.T) {
	w := setUp(t)
	w.anna()
	b, token := w.asked()
	phone := w.Browser("skog")
	w.wish(phone, "somebody@post.example") // has an attempt of its own
	for range 3 {
		for _, method := range []string{http.MethodHead, http.MethodGet} {
			if p := phone.Raw(phone.Request(method, "/magiclink/"+token, nil)); p.Status != http.StatusSeeOther || strings.Contains(p.Header.Get("Set-Cookie"), token) {
				t.Fatalf("%s %d", method, p.Status)
			}
		}
		if p := post(phone, "/magiclink/open"); p.Status != http.StatusOK || !p.Has("Type this code where you asked") || !p.Has("Chrome 156") {
			t.Fatalf("%d %s", p.Status, p.Text())
		}
		if phone.Get("/signin/next"); signedIn(phone) || signedIn(b) {
			t.Fatal("somebody is signed in")
		}
	}
	code := w.shown(token)
	b.Get("/magiclink")
	if p := b.Submit("code", " "+strings.ToLower(strings.ReplaceAll(code, "-", " "))+" "); p.URL.Path != "/" || !signedIn(b) {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	if signedIn(phone) {
		t.Error("the phone is signed in too")
	}
	if p := phone.Get("/magiclink/open"); p.Status != http.StatusGone {
		t.Errorf("%d %s", p.Status, p.Text())
	}
}

func TestACodeIsForItsOwnAttempt(t *testing.T) {
	w := setUp(t)
	w.anna()
	_, token := w.asked()
	code := w.shown(token)
	w.Pass(2 * minute)
	attacker := w.Browser("skog")
	w.wish(attacker, anna)
	if p := attacker.Submit("code", code); p.Status != http.StatusUnprocessableEntity || !p.Has("Tries left: 4") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	t.Run("and five wrong ones end it, the right one after them too", func(t *testing.T) {
		b, token := w.Browser("skog"), ""
		w.Pass(2 * minute)
		w.wish(b, anna)
		token = w.token(anna)
		right := w.shown(token)
		for n := range 5 {
			want := http.StatusUnprocessableEntity
			if n == 4 {
				want = http.StatusTooManyRequests
			}
			if p := post(b, "/magiclink", "code", "AAAA-AAAA"); p.Status != want {
				t.Errorf("try %d: %d %s", n, p.Status, p.Text())
			}
		}
		if p := post(b, "/magiclink", "code", right); p.Header.Get("Location") != "/signin" {
			t.Errorf("%d %s", p.Status, p.Text())
		}
		if b.Get("/signin/next"); signedIn(b) {
			t.Error("signed in after all")
		}
	})
	t.Run("what has not its shape costs no try", func(t *testing.T) {
		b := w.Browser("skog")
		w.Pass(2 * minute)
		w.wish(b, anna)
		right := w.shown(w.token(anna))
		for _, typed := range []string{"", "123", "AAAA-AAAA-AAAA", "????????", strings.Repeat("A", 500), "AAAAUAAA", "AAA"} {
			if p := post(b, "/magiclink", "code", typed); p.Status != http.StatusUnprocessableEntity || !p.Has("8 letters and digits") {
				t.Errorf("%.10q: %d %s", typed, p.Status, p.Text())
			}
		}
		if p := post(b, "/magiclink", "code", right); p.Header.Get("Location") != "/signin/next" {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
}

func TestALinkEndsToTheSecond(t *testing.T) {
	w := setUp(t)
	w.anna()
	b, token := w.asked()
	w.Pass(10*minute - time.Second)
	if p := b.Get("/magiclink/" + token); p.Status != http.StatusOK {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	w.Pass(time.Second)
	if p := b.Get("/magiclink/" + token); p.Status != http.StatusGone || !p.Has("The link worked until") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if _, err := w.svc.Open(w.ctx, token, w.own(b), "192.0.2.1"); err == nil {
		t.Error("it was used")
	}
}

func TestAllLinksDieWhenTheAccountChanges(t *testing.T) {
	changes := map[string]func(ctx context.Context, a account.Account) error{
		"a new password": func(ctx context.Context, a account.Account) error { return account.SetPassword(ctx, a.ID, "x") },
		"a suspension": func(ctx context.Context, a account.Account) error {
			return account.SetStatus(ctx, a.ID, account.Suspended)
		},
		"a sign-out everywhere":    func(ctx context.Context, a account.Account) error { return account.EndSessions(ctx, a.ID) },
		"an address taken away":    exec("DELETE FROM identifiers WHERE tenant_id = @tenant AND address_key = '" + anna + "'"),
		"a restored backup":        exec("UPDATE instance SET security_epoch = security_epoch + 1 WHERE EXISTS (SELECT 1 FROM accounts WHERE tenant_id = @tenant)"),
		"the last day of a window": exec("UPDATE employments SET end_date = '2021-01-31' WHERE tenant_id = @tenant"),
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			w := setUp(t)
			a := w.anna()
			b, token := w.asked()
			code := w.shown(token)
			w.do(w.ctx, func(ctx context.Context) error { return change(ctx, a) })
			for how, use := range map[string]func() error{
				"link": func() error { _, err := w.svc.Open(w.ctx, token, w.own(b), "192.0.2.1"); return err },
				"code": func() error { _, err := w.svc.Typed(w.ctx, w.own(b), code, "192.0.2.1"); return err },
			} {
				if err := use(); err == nil {
					t.Errorf("the %s works", how)
				}
			}
			if b.Get("/signin/next"); signedIn(b) {
				t.Error("signed in")
			}
		})
	}
}

func exec(text string) func(context.Context, account.Account) error {
	return func(ctx context.Context, _ account.Account) error {
		_, err := db.Exec(ctx, text)
		return err
	}
}

func TestSiblingsDieWithTheFirstUse(t *testing.T) {
	w := setUp(t)
	w.anna()
	var tokens []string
	b := w.Browser("skog")
	for range 3 {
		w.wish(b, anna)
		tokens = append(tokens, w.token(anna))
		w.Pass(minute)
	}
	other, _ := w.asked()
	if p := b.Get("/magiclink/" + tokens[1]); !p.Has("You sign in as") {
		t.Fatalf("an older link of this browser: %s", p.Text())
	}
	b.Submit()
	if !signedIn(b) {
		t.Fatal(b.Page.Text())
	}
	last := w.token(anna)
	for n, token := range append(tokens, last) {
		if p := other.Get("/magiclink/" + token); p.Status != http.StatusGone {
			t.Errorf("link %d: %d %s", n, p.Status, p.Text())
		}
	}
}

// Fifty at a time, the link and the code of three links: one wins.
func TestOfFiftyUsesAtOnceOneWins(t *testing.T) {
	w := setUp(t)
	w.anna()
	b := w.Browser("skog")
	var tokens, codes []string
	for range 3 {
		w.wish(b, anna)
		tokens = append(tokens, w.token(anna))
		codes = append(codes, w.shown(tokens[len(tokens)-1]))
		w.Pass(minute)
	}
	own := w.own(b)
	var won atomic.Int32
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			var err error
			if n%10 == 0 {
				_, err = w.svc.Typed(w.ctx, own, codes[n/10%3], "192.0.2.1")
			} else {
				_, err = w.svc.Open(w.ctx, tokens[n%3], own, "192.0.2.1")
			}
			if err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won", won.Load())
	}
	a, err := w.App.Services.Attempts.ByID(w.ctx, own.ID)
	if err != nil || len(a.AMR) != 1 || a.AMR[0] != attempt.Link {
		t.Errorf("%v %v", a.AMR, err)
	}
}

func TestAnotherTenantsLinkIsNoLink(t *testing.T) {
	w := setUp(t)
	w.anna()
	b, token := w.asked()
	code := w.shown(token)
	own := w.own(b)
	_, err := w.svc.Look(w.other, token)
	refused(t, err, "magiclink.unknown")
	_, err = w.svc.Open(w.other, token, own, "192.0.2.1")
	refused(t, err, "magiclink.unknown")
	if _, err := w.svc.Typed(w.other, own, code, "192.0.2.1"); err == nil {
		t.Error("the code was taken")
	}
	there := w.Browser("havn")
	if p := there.Get("/magiclink/" + token); p.Status != http.StatusGone || !p.Has("is not complete") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if p := b.Get("/magiclink/" + token); !p.Has("You sign in as") {
		t.Error("the link suffered")
	}
}

func TestTwoClicksAreOneSignIn(t *testing.T) {
	w := setUp(t)
	w.anna()
	b, token := w.asked()
	b.Get("/magiclink/" + token)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if p := post(b, "/magiclink/open"); p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/signin/next" {
				t.Errorf("%d %s", p.Status, p.Text())
			}
		})
	}
	all.Wait()
	if b.Get("/signin/next"); !signedIn(b) {
		t.Error(b.Page.Text())
	}
	if n := w.count(w.ctx, "audit_events WHERE action = 'magiclink.used'"); n != 1 {
		t.Errorf("%d uses", n)
	}
}

func TestWhereTheEmployerOffersNone(t *testing.T) {
	w := setUp(t)
	w.anna()
	b, token := w.asked()
	w.Custom("skog", strings.Replace(yaml, "magiclink: true", "magiclink: false", 1))
	w.Pass(6 * time.Second) // what is known of an employer is at most so old
	if p := b.Get("/magiclink/" + token); p.Status != http.StatusGone {
		t.Errorf("a link from before: %d %s", p.Status, p.Text())
	}
	if p := b.Get("/reset"); p.Has("One-time sign-in link") {
		t.Error("it is still offered")
	}
	if p := b.Post("/reset", url.Values{"email": {anna}, "action": {"link"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("it can still be asked for: %d", p.Status)
	}
}
