package signin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/captcha"
	"tilgang/internal/signin"
)

// flood empties the bucket of the browser's network with wrong passwords for
// addresses of nobody, and stays on the password page of the last.
func (w *world) flood(b *apptest.Browser) *apptest.Page {
	w.T.Helper()
	b.Get("/signin")
	for i := range signin.DefaultLimits().Network.Burst {
		b.Post("/signin", url.Values{"email": {fmt.Sprintf("nobody%d@havn.example", i)}})
		b.Submit("password", "wrong")
	}
	b.Post("/signin", url.Values{"email": {"anna@havn.example"}})
	return b.Page
}

func TestWhereLimitsWouldSayWaitTheCheckLetsPeopleIn(t *testing.T) {
	w := setUp(t, "")
	w.CountHere()
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	b := w.Browser("havn")
	if p := w.flood(b); !strings.Contains(p.Body, "data-robot=") {
		t.Fatalf("the check is not asked: %s", p.Text())
	}
	p := b.Submit("password", secretWord)
	if p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" || !p.Has("Enter your password again") || !strings.Contains(p.Body, "data-robot=") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	token := b.Prove(captcha.Signin)
	b.Get("/signin/password")
	if p := b.Submit("password", "wrong", "altcha", token); p.Status != http.StatusUnprocessableEntity || !p.Has("The address or the password is not right") {
		t.Fatalf("a proven wrong one: %d %s", p.Status, p.Text())
	}
	if p := b.Submit("password", secretWord, "altcha", token); p.Status != http.StatusTooManyRequests {
		t.Fatalf("with a proof that was used: %d", p.Status)
	}
	if p := b.Submit("password", secretWord, "altcha", b.Prove(captcha.Reset)); p.Status != http.StatusTooManyRequests {
		t.Fatalf("with the proof of another form: %d", p.Status)
	}
	if b.Submit("password", secretWord, "altcha", b.Prove(captcha.Signin)); b.Get("/session").Status != http.StatusOK {
		t.Fatalf("with a fresh one: %s", b.Page.Text())
	}
}

func TestWithoutScriptAnAgedFormHasAQuarter(t *testing.T) {
	w := setUp(t, "")
	w.CountHere()
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	svc := w.App.Services.Signin
	svc.Limits.Network.Per = time.Hour // so that nothing refills while the form ages
	b := w.Browser("havn")
	w.flood(b)
	w.Pass(captcha.Age)
	quarter := svc.Limits.Network.Burst / 4
	for n := range quarter + 1 {
		b.Post("/signin", url.Values{"email": {fmt.Sprintf("other%d@havn.example", n)}})
		stamp := apptest.Attr(b.Page.Field("stamp"), "value")
		w.Pass(captcha.Age)
		p := b.Post("/signin/password", url.Values{"password": {"wrong"}, "stamp": {stamp}})
		if refused := p.Status == http.StatusTooManyRequests; refused != (n == quarter) {
			t.Fatalf("try %d: %d %s", n+1, p.Status, p.Text())
		}
	}
}

// A botnet that spends the whole employer's rate shuts nobody out who has signed
// in on the browser before, nor whoever proves not to be a robot.
func TestAFloodedEmployerShutsNobodyOut(t *testing.T) {
	w := setUp(t, "")
	w.CountHere()
	known := w.anna()
	known.Post("/signout", nil)
	device := known.Cookie("-device")
	svc := w.App.Services.Signin
	svc.Limits.Tenant.Burst = 20
	for i := range 20 {
		_ = w.try(svc, fmt.Sprintf("nobody%d@havn.example", i), "wrong", "")
	}
	if got := code(w.try(svc, "anna@havn.example", secretWord, "")); got != "limit.reached" {
		t.Fatalf("a new browser: %s", got)
	}
	if err := w.try(svc, "anna@havn.example", secretWord, device); err != nil {
		t.Errorf("the known browser: %v", err)
	}
	if got := code(w.try(svc, "bo@havn.example", secretWord, device)); got != "limit.reached" {
		t.Errorf("the known browser for another address: %s", got)
	}
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", "anna@havn.example")
	if b.Submit("password", secretWord, "altcha", b.Prove(captcha.Signin)); b.Get("/session").Status != http.StatusOK {
		t.Errorf("a proven new one: %s", b.Page.Text())
	}
	t.Run("and what was not taken is not given back", func(t *testing.T) {
		for range 5 {
			if err := w.try(svc, "anna@havn.example", secretWord, device); err != nil {
				t.Fatal(err)
			}
		}
		if got := code(w.try(svc, "anna@havn.example", "wrong", "")); got != "limit.reached" {
			t.Errorf("a guess got room by other people's sign-ins: %s", got)
		}
	})
}

func TestWhereTheCheckIsOffTheLimitsSayWait(t *testing.T) {
	w := setUp(t, "captcha: off\n")
	w.CountHere()
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	b := w.Browser("havn")
	if p := w.flood(b); strings.Contains(p.Body, "data-robot=") || p.Field("stamp") != nil {
		t.Error("it is asked")
	}
	if p := b.Submit("password", secretWord); p.Status != http.StatusTooManyRequests || !p.Has("You can try again in") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
}
