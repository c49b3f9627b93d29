package e2e_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/app"
	"tilgang/internal/e2e"
	"tilgang/internal/people"
)

const hours24 = 24*time.Hour + time.Second

// strangers are addresses of every state that a stranger must not tell apart.
func strangers(t *testing.T, s *e2e.Stage) map[string]string {
	t.Helper()
	s.Hire("havn",
		"1401;Asta;Krog;invited.person@post.example;en;Barista;Region Nord > Butik Aarhus;havn-retail;2026-11-01",
		"1402;Bent;Krog;suspend.person@post.example;en;Barista;Region Nord > Butik Aarhus;havn-retail;2026-11-01",
		"1403;Carl;Krog;keyless.person@post.example;en;Barista;Region Nord > Butik Aarhus;havn-retail;2026-11-01")
	s.Accept(s.Browser("havn"), "suspend.person@post.example")
	err := s.DB.Tx(s.Operator("havn"), func(ctx context.Context) error {
		a, err := account.ByAddress(ctx, "suspend.person@post.example")
		if err != nil {
			return err
		}
		if err := account.SetStatus(ctx, a.ID, account.Suspended); err != nil {
			return err
		}
		p, err := people.ByNumber(ctx, "1403")
		if err != nil {
			return err
		}
		_, err = account.Create(ctx, account.New{PersonID: p.ID, Kind: account.Private, Address: "keyless.person@post.example", AddressKey: "keyless.person@post.example"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"of nobody": "nobody.aperson@post.example", "of an account": s.Who("havn", "employee").Email, "of somebody invited": "invited.person@post.example",
		"of a suspended account": "suspend.person@post.example", "of an account without a password": "keyless.person@post.example",
	}
}

func TestNoAnswerTellsWhetherAnAddressIsKnown(t *testing.T) {
	s := e2e.New(t)
	first := map[string]string{}
	for who, address := range strangers(t, s) {
		b := s.Browser("havn")
		b.Get("/signin")
		answers := map[string]string{"the first step": shape(raw(b, "/signin", "email", address), address)}
		answers["the second page"] = shape(b.Raw(b.Request(http.MethodGet, "/signin/password", nil)), address)
		for _, try := range []string{"a first wrong password", "a second one"} {
			answers[try] = shape(raw(b, "/signin/password", "password", "not the password"), address)
		}
		answers["the dispatcher"] = shape(b.Raw(b.Request(http.MethodGet, "/signin/next", nil)), address)
		answers["a typed code"] = shape(raw(b, "/invite/code", "email", address, "code", "AAAAAAAAAA"), address)
		answers["the wish for a new password"] = shape(raw(b, "/reset", "email", address, "action", "password"), address)
		answers["the page after it"] = shape(b.Raw(b.Request(http.MethodGet, "/reset/sent", nil)), address)
		answers["a second wish"] = shape(raw(b, "/reset", "email", address, "action", "password"), address)
		s.Work() // what the worker finds out must show nowhere
		answers["the page after the mail"] = shape(b.Raw(b.Request(http.MethodGet, "/reset/sent", nil)), address)
		for step, answer := range answers {
			if first[step] == "" {
				first[step] = answer
			}
			if answer != first[step] {
				t.Errorf("%s differs for an address %s:\n%s\n\n%s", step, who, answer, first[step])
			}
		}
	}
}

func TestTheRightPasswordOfASuspendedAccountIsAWrongOne(t *testing.T) {
	s := e2e.New(t)
	address := strangers(t, s)["of a suspended account"]
	answers := map[string]bool{}
	for _, password := range []string{e2e.Word, "not the password"} {
		b := s.Browser("havn")
		raw(b, "/signin", "email", address)
		answers[shape(raw(b, "/signin/password", "password", password), address)] = true
	}
	if len(answers) != 1 {
		t.Error("the answers differ")
	}
}

func TestWithAMandatoryFactorNothingElseAnswers(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", storeManager)
	b := s.Browser("havn")
	s.Accept(b, kirsten)
	t.Run("neither Skip nor Later is taken", func(t *testing.T) {
		for _, answer := range []string{"skip", "later", "", "done"} {
			if p := raw(b, "/mfa/setup", "action", answer); p.Status != http.StatusUnprocessableEntity || !p.Has("cannot be skipped or put off") {
				t.Errorf("%q: %d %s", answer, p.Status, p.Text())
			}
		}
	})
	t.Run("no page of a signed-in person opens", func(t *testing.T) {
		closed(t, s, b.Cookie("attempt") != "", func(method, path string) (int, string) {
			p := ask(b, method, path)
			return p.Status, p.Header.Get("Location")
		})
	})
	t.Run("the dispatcher leads back", func(t *testing.T) {
		if p := b.Raw(b.Request(http.MethodGet, "/signin/next", nil)); p.Header.Get("Location") != "/mfa/setup" {
			t.Errorf("%d %s", p.Status, p.Header.Get("Location"))
		}
	})
	t.Run("the codes' page does not come before the app's", func(t *testing.T) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if p := ask(b, method, "/mfa/setup/recovery"); p.Header.Get("Location") != "/signin/next" {
				t.Errorf("%s: %d %s", method, p.Status, p.Header.Get("Location"))
			}
		}
	})
	t.Run("there is no session", func(t *testing.T) {
		if p := b.Get("/session"); p.Status != http.StatusUnauthorized {
			t.Errorf("%d", p.Status)
		}
	})
}

// closed asks every route that wants somebody signed in.
func closed(t *testing.T, s *e2e.Stage, ready bool, ask func(method, path string) (int, string)) {
	t.Helper()
	if !ready {
		t.Fatal("no attempt is under way")
	}
	for _, r := range app.AllRoutes() {
		if r.Gate.Kind != "signed_in" && r.Gate.Kind != "may" {
			continue
		}
		status, to := ask(r.Method, filled(r.Path))
		if status < 300 || status >= 500 || status < 400 && !strings.HasPrefix(to, "/signin") {
			t.Errorf("%s %s answers %d %s", r.Method, r.Path, status, to)
		}
	}
}

func TestASessionFromBeforeTheDutyOpensOnlyTheSetUp(t *testing.T) {
	s := e2e.New(t)
	b := s.Newcomer("havn", cashier, freja)
	s.Hire("havn", strings.Replace(cashier, "Kasseassistent", "Butikschef", 1))
	if p := b.Get("/profile"); p.URL.Path != "/signin/password" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	closed(t, s, true, func(method, path string) (int, string) {
		p := ask(b, method, path)
		return p.Status, p.Header.Get("Location")
	})
	if p := b.Get("/session"); p.Status != http.StatusUnauthorized {
		t.Errorf("/session answers %d", p.Status)
	}
	t.Run("the password first, then the set-up without Skip", func(t *testing.T) {
		if p := b.Get("/"); p.URL.Path != "/signin/password" {
			t.Fatalf("/ leads to %s", p.URL)
		}
		if p := b.Submit("password", e2e.Word); p.URL.Path != "/mfa/setup" || maySkip(p) {
			t.Errorf("%s\n%s", p.URL, p.Text())
		}
	})
}
