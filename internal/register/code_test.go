package register_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db/dbtest"
)

// everySort are addresses that a stranger must not tell apart, by their kind.
func (w *world) everySort() map[string]string {
	w.T.Helper()
	w.odd()
	w.hire(w.ctx, person{name: "Eva", work: "eva@nordlys.example", private: "eva@post.example", account: true, own: true})
	w.hire(w.ctx, person{name: "Shut", work: "shut@nordlys.example", private: "shut@post.example", account: true, own: true, status: account.Suspended})
	w.hire(w.ctx, person{name: "Lise", private: "lise@post.example", end: "2020-06-30"})
	w.hire(w.ctx, person{name: "Stig", private: "stig@post.example", end: "-"})
	w.hire(w.other, person{name: "Sven", work: "sven@skog.example", private: "sven@post.example", account: true, own: true})
	return map[string]string{
		"a leaver's": "odd@post.example", "an account's": "eva@post.example", "a suspended account's": "shut@post.example", "a leaver's at work": "eva@nordlys.example",
		"somebody's whose window closed": "lise@post.example", "somebody's who works here": "stig@post.example", "another tenant's": "sven@post.example", "nobody's": "new@post.example",
	}
}

// seen is an answer as a stranger can compare it, but for what differs by nature.
func seen(p *apptest.Page, typed string) string {
	var b strings.Builder
	fmt.Fprintln(&b, p.Status)
	for _, name := range []string{"Location", "Content-Type", "Cache-Control", "Content-Security-Policy", "Retry-After"} {
		fmt.Fprintln(&b, name, p.Header.Values(name))
	}
	for _, line := range p.Header.Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err == nil {
			fmt.Fprintln(&b, c.Name, len(c.Value), c.MaxAge, c.Path, c.HttpOnly, c.SameSite)
		}
	}
	return b.String() + strings.ReplaceAll(p.Body, typed, "TYPED")
}

// walked is what the pages up to a wrong code answer and send to the database.
func (w *world) walked(st *dbtest.Statements, address string) (answers, statements []string) {
	w.T.Helper()
	b := w.alumni()
	b.Get("/register")
	send := func(path string, form url.Values) {
		st.Take()
		req := b.Request(http.MethodPost, path, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answers = append(answers, seen(b.Raw(req), address))
		answers = append(answers, seen(b.Raw(b.Request(http.MethodGet, "/register/code", nil)), address))
		statements = append(statements, st.Take()...)
	}
	send("/register", url.Values{"email": {address}})
	w.Work()
	send("/register/code", url.Values{"code": {"000000"}})
	send("/register", url.Values{"email": {address}})
	return answers, statements
}

func TestEveryAddressGetsOneAnswerAndTheSameWork(t *testing.T) {
	w := setUp(t, always)
	sorts := w.everySort()
	st := dbtest.Watch(t, w.ctx, w.DB)
	wantAnswers, wantStatements := w.walked(st, sorts["nobody's"])
	if len(wantStatements) < 8 {
		t.Fatalf("only %d statements are seen", len(wantStatements))
	}
	for who, address := range sorts {
		if who == "nobody's" {
			continue
		}
		answers, statements := w.walked(st, address)
		if diff := cmp.Diff(wantAnswers, answers); diff != "" {
			t.Errorf("%s address is answered otherwise: %s", who, diff)
		}
		if diff := cmp.Diff(wantStatements, statements); diff != "" {
			t.Errorf("%s address makes other work: %s", who, diff)
		}
		if len(w.sent(address)) != 1 {
			t.Errorf("%s address got %d mails", who, len(w.sent(address)))
		}
	}
	for _, column := range []string{"outbox WHERE args", "audit_events WHERE detail"} {
		if n := w.count(w.ctx, column+" LIKE '%@%'"); n != 0 {
			t.Errorf("%d rows of %s name an address", n, column)
		}
	}
}

func TestACodeWorksOnceInItsOwnBrowser(t *testing.T) {
	w := setUp(t, always)
	one, two := w.alumni(), w.alumni()
	w.ask(one, "new@post.example")
	code := w.code("new@post.example")
	w.Pass(minutes)
	w.ask(two, "new@post.example")
	newest := w.code("new@post.example")
	if p := two.Submit("code", code); code != newest && p.Status != 422 {
		t.Errorf("another browser's: %d %s", p.Status, p.Text())
	}
	two.Get("/register/code")
	w.at(two.Submit("code", newest[:3]+" "+newest[3:]), "/register/password")
	one.Get("/register/code")
	w.at(one.Submit("code", code), "/register/password")
}

func TestADoubleClickProvesTheAddressOnce(t *testing.T) {
	w := setUp(t, always)
	b := w.alumni()
	w.ask(b, "new@post.example")
	code := w.code("new@post.example")
	pages := make([]*apptest.Page, 4)
	var all sync.WaitGroup
	for i := range pages {
		req := b.Request(http.MethodPost, "/register/code", strings.NewReader(url.Values{"code": {code}}.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		all.Go(func() { pages[i] = b.Raw(req) })
	}
	all.Wait()
	for _, p := range pages {
		if to := p.Header.Get("Location"); to != "/register/password" {
			t.Errorf("leads to %q: %s", to, p.Text())
		}
	}
	if n := w.count(w.ctx, "audit_events WHERE action = 'register.code_typed'"); n != 1 {
		t.Errorf("%d codes were used", n)
	}
}

func TestFiveWrongCodesEndTheFlowAndTenTheDay(t *testing.T) {
	w := setUp(t, always)
	wrong := func(b *apptest.Browser, n int) (p *apptest.Page) {
		for range n {
			p = b.Post("/register/code", url.Values{"code": {"000000"}})
		}
		return p
	}
	b := w.alumni()
	w.ask(b, "new@post.example")
	if p := wrong(b, 4); p.Status != 422 || !p.Has("Tries left: 1.") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	if p := wrong(b, 1); p.Status != 429 || !p.Has("Too many wrong codes") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	if p := b.Post("/register/code", url.Values{"code": {w.code("new@post.example")}}); p.URL.Path == "/register/password" {
		t.Error("the right one after five was taken")
	}
	w.Pass(minutes)
	b = w.alumni()
	w.ask(b, "new@post.example")
	if p := wrong(b, 5); p.Status != 429 || !p.Has("Try again tomorrow") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	t.Run("and then no code is sent to it", func(t *testing.T) {
		w.Pass(minutes)
		had := len(w.sent("new@post.example"))
		w.ask(w.alumni(), "new@post.example")
		if n := len(w.sent("new@post.example")); n != had {
			t.Errorf("%d mails more", n-had)
		}
	})
	t.Run("until a day has passed", func(t *testing.T) {
		w.Pass(24 * time.Hour)
		w.prove(w.alumni(), "new@post.example")
	})
}

func TestACodeEndsWithItsLife(t *testing.T) {
	w := setUp(t, always)
	b := w.alumni()
	w.ask(b, "new@post.example")
	code := w.code("new@post.example")
	w.Pass(15 * time.Minute)
	if p := b.Submit("code", code); p.Status != 422 {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	w.at(b.Submit("email", "new@post.example"), "/register/code")
	w.at(b.Submit("code", w.code("new@post.example")), "/register/password")
}

func TestAnAddressGetsSoManyMailsAndNoMore(t *testing.T) {
	w := setUp(t, always)
	for n := range 7 {
		w.ask(w.alumni(), "new@post.example")
		if n == 0 {
			w.Work()
			w.ask(w.alumni(), "new@post.example") // within the minute
		}
		w.Work()
		w.Pass(minutes)
	}
	if n := len(w.sent("new@post.example")); n != 5 {
		t.Errorf("%d mails in an hour", n)
	}
}

func TestAnotherAddressIsAnotherRegistration(t *testing.T) {
	w := setUp(t, always)
	b := w.alumni()
	w.prove(b, "new@post.example")
	b.Follow("Change e-mail address")
	w.at(b.Submit("email", "newer@post.example"), "/register/code", "newer@post.example")
	w.at(b.Get("/register/password"), "/register/code")
}

func TestThePasswordIsHeldToTheEmployersRules(t *testing.T) {
	w := setUp(t, always)
	b := w.alumni()
	w.prove(b, "new.person@post.example")
	for typed, says := range map[string]string{"": "Choose a password.", "short": "at least", "nordlys 2026": "", "password": ""} {
		p := b.Submit("password", typed, "password_confirm", typed)
		if p.Status != 422 || !p.Has(says) {
			t.Errorf("%q: %d %s", typed, p.Status, p.Text())
		}
	}
	if p := b.Submit("password", word, "password_confirm", word+"x"); p.Status != 422 || !p.Has("not the same") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	w.at(b.Submit("password", word, "password_confirm", word), "/register/phone")
}
