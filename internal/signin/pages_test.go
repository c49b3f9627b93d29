package signin_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/signin"
	"tilgang/templates"
)

func TestEveryPageFitsItsTemplate(t *testing.T) {
	if err := pagetest.Check(templates.FS, nil, signin.Views()...); err != nil {
		t.Fatal(err)
	}
}

func TestSigningInAddressFirst(t *testing.T) {
	w := setUp(t, "")
	a := w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	b := w.Browser("havn")
	p := b.Get("/signin?return_to=%2Fprofile%3Ftab%3D1")
	if p.Status != 200 || apptest.Attr(p.Field("email"), "autocomplete") != "username" || p.Field("password") != nil || !p.Has("Forgot your password?") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	p = b.Submit("email", " Anna@Havn.Example ")
	if p.URL.Path != "/signin/password" || !p.Has("Anna@Havn.Example") && !p.Has("Anna@havn.example") || !p.Has("Change") || !p.Has("Forgot your password?") {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	if apptest.Attr(p.Field("password"), "autocomplete") != "current-password" || apptest.Attr(p.Field("email"), "autocomplete") != "username" {
		t.Error("a password manager finds no pair of fields")
	}
	p = b.Submit("password", secretWord)
	if p.URL.Path != "/profile" || p.URL.RawQuery != "tab=1" {
		t.Fatalf("ended on %s", p.URL)
	}
	t.Run("the session tells who it is", func(t *testing.T) {
		p := b.Get("/session")
		var s struct {
			Account, Person, Standing string
			Roles, AMR                []string
			AAL                       int
			ExpiresAt                 time.Time `json:"expires_at"`
			AuthTime                  time.Time `json:"auth_time"`
		}
		if err := json.Unmarshal([]byte(p.Body), &s); err != nil {
			t.Fatal(err)
		}
		if s.Account != "acc_"+a.ID.String() || s.Person != "per_"+a.PersonID.String() || s.Standing != "staff" || s.AAL != 1 || len(s.AMR) != 1 ||
			!s.ExpiresAt.Equal(w.Clock.Now().Add(30*time.Minute)) || !s.AuthTime.Equal(w.Clock.Now()) {
			t.Error(p.Body)
		}
	})
	t.Run("the sign-in page leads on", func(t *testing.T) {
		if p := b.Get("/signin?return_to=/employment"); p.URL.Path != "/employment" {
			t.Errorf("led to %s", p.URL)
		}
	})
	t.Run("it is written down without the address", func(t *testing.T) {
		if n := w.count(w.ctx, "audit_events WHERE action = 'signin.succeeded' AND actor_kind = 'person'"); n != 1 {
			t.Errorf("%d rows", n)
		}
		if n := w.count(w.ctx, "audit_events WHERE detail LIKE '%anna%'"); n != 0 {
			t.Error("the address is in the audit")
		}
	})
}

func TestTheOnePageForm(t *testing.T) {
	w := setUp(t, "signin: {form: combined}\n")
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	t.Run("signs in at once", func(t *testing.T) {
		b := w.Browser("havn")
		b.Get("/signin")
		b.Submit("email", "anna@havn.example", "password", secretWord)
		if b.Get("/session").Status != 200 {
			t.Error("not signed in")
		}
	})
	t.Run("goes on to the second page without a password", func(t *testing.T) {
		b := w.Browser("havn")
		b.Get("/signin")
		if p := b.Submit("email", "anna@havn.example"); p.URL.Path != "/signin/password" || p.Status != 200 {
			t.Errorf("%d %s", p.Status, p.URL)
		}
	})
	t.Run("keeps the address when the password is wrong", func(t *testing.T) {
		b := w.Browser("havn")
		b.Get("/signin")
		p := b.Submit("email", "anna@havn.example", "password", "wrong")
		if p.Status != 422 || apptest.Attr(p.Field("email"), "value") != "anna@havn.example" || apptest.Attr(p.Field("password"), "value") != "" || !p.Has("The address or the password is not right") {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
}

func TestWhatIsNoAddressIsSaidAtTheField(t *testing.T) {
	w := setUp(t, "")
	for typed, words := range map[string]string{"": "Enter your e-mail address.", "anna": "Enter a whole e-mail address", strings.Repeat("a", 300) + "@x.example": "Enter a whole e-mail address"} {
		b := w.Browser("havn")
		b.Get("/signin")
		if p := b.Submit("email", typed); p.Status != 422 || !p.Has(words) {
			t.Errorf("%q: %d %s", typed, p.Status, p.Text())
		}
	}
	if n := w.count(w.ctx, "attempts WHERE 1 = 1"); n != 0 {
		t.Errorf("%d attempts began", n)
	}
}

func TestRememberMyEmail(t *testing.T) {
	w := setUp(t, "")
	b := w.Browser("havn")
	if p := b.Get("/signin"); !p.Has("Not recommended on a shared computer") {
		t.Error("no warning")
	}
	b.Submit("email", "anna@havn.example", "remember", "1")
	w.Pass(16 * time.Minute) // the attempt is over
	p := b.Get("/signin")
	if apptest.Attr(p.Field("email"), "value") != "anna@havn.example" {
		t.Fatal("not remembered")
	}
	for _, c := range b.Cookies() {
		if strings.Contains(c.Value, "anna") {
			t.Errorf("%s shows the address", c.Name)
		}
	}
	b.Post("/signin", url.Values{"email": {"bo@havn.example"}})
	w.Pass(16 * time.Minute)
	if p := b.Get("/signin"); apptest.Attr(p.Field("email"), "value") != "" {
		t.Error("an address stays after the box was cleared")
	}
}

func TestNobodyIsLedToAnotherHost(t *testing.T) {
	w := setUp(t, "")
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	for _, evil := range []string{"//evil.test", `/\evil.test`, "https:evil.test", "https://evil.test/", "/%2f%2fevil.test", "javascript:alert(1)", "/x\r\nSet-Cookie:a=b", "/signin/next", "/signout"} {
		b := w.Browser("havn")
		b.Get("/signin?return_to=" + url.QueryEscape(evil))
		b.Submit("email", "anna@havn.example", "return_to", evil)
		p := b.Submit("password", secretWord)
		if p.URL.Host != b.Host || p.URL.Path != "/" {
			t.Errorf("%q led to %s", evil, p.URL)
		}
	}
}

func TestAWayInHasNoShortCut(t *testing.T) {
	w := setUp(t, "")
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	t.Run("no step without an attempt", func(t *testing.T) {
		for _, path := range []string{"/signin/next", "/signin/password"} {
			if p := w.Browser("havn").Get(path); p.URL.Path != "/signin" {
				t.Errorf("%s led to %s", path, p.URL)
			}
		}
	})
	t.Run("no session before the password", func(t *testing.T) {
		b := w.Browser("havn")
		b.Get("/signin")
		b.Submit("email", "anna@havn.example")
		if p := b.Get("/signin/next"); p.URL.Path != "/signin/password" {
			t.Errorf("led to %s", p.URL)
		}
	})
	t.Run("an attempt planted by somebody else opens nothing for them", func(t *testing.T) {
		attacker, victim := w.Browser("havn"), w.Browser("havn")
		attacker.Get("/signin")
		attacker.Submit("email", "anna@havn.example")
		for _, c := range attacker.Cookies() {
			victim.SetCookie(c.Name, c.Value)
		}
		victim.Get("/signin/password")
		victim.Submit("password", secretWord)
		attacker.Get("/signin/next")
		if p := attacker.Get("/session"); p.Status != 401 {
			t.Error("the attacker is signed in")
		}
	})
	t.Run("a session cookie planted before is not taken over", func(t *testing.T) {
		b := w.Browser("havn")
		name := "tilgang-" + strings.Split(w.Base, ":")[1]
		planted := strings.Repeat("A", 43)
		b.SetCookie(name, planted)
		signIn(b, "anna@havn.example", secretWord)
		for _, c := range b.Cookies() {
			if c.Name == name && c.Value == planted {
				t.Error("adopted")
			}
		}
	})
	t.Run("an attempt of another tenant is nobody's here", func(t *testing.T) {
		w.hire(w.other, person{address: "anna@havn.example", password: secretWord})
		there, here := w.Browser("skog"), w.Browser("havn")
		there.Get("/signin")
		there.Submit("email", "anna@havn.example")
		for _, c := range there.Cookies() {
			here.SetCookie(c.Name, c.Value)
		}
		if p := here.Get("/signin/password"); p.URL.Path != "/signin" {
			t.Errorf("led to %s", p.URL)
		}
	})
	t.Run("a password changed on the way asks again", func(t *testing.T) {
		b := w.Browser("havn")
		a := w.hire(w.ctx, person{address: "bo@havn.example", password: secretWord})
		b.Get("/signin")
		b.Submit("email", "bo@havn.example")
		w.Pass(time.Minute)
		res := b.Raw(post(b, "/signin/password", "password="+url.QueryEscape(secretWord)))
		if res.Header.Get("Location") != "/signin/next" {
			t.Fatal(res.Header)
		}
		w.do(w.ctx, func(ctx context.Context) error { return account.SetPassword(ctx, a.ID, a.PasswordHash) })
		b.Get("/signin/next")
		if p := b.Get("/session"); p.Status != 401 {
			t.Error("signed in by the former password")
		}
	})
}

func post(b *apptest.Browser, path, body string) *http.Request {
	req := b.Request(http.MethodPost, path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

func TestTheDispatcherFinishesOnce(t *testing.T) {
	w := setUp(t, "")
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", "anna@havn.example")
	b.Raw(post(b, "/signin/password", "password="+url.QueryEscape(secretWord)))
	t.Run("not for a browser that looks ahead", func(t *testing.T) {
		for name, value := range map[string]string{"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"} {
			req := b.Request(http.MethodGet, "/signin/next", nil)
			req.Header.Set(name, value)
			if p := b.Raw(req); p.Status != 409 {
				t.Errorf("%s: %d", name, p.Status)
			}
		}
		b.Raw(b.Request(http.MethodHead, "/signin/next", nil))
		if n := w.count(w.ctx, "sessions WHERE 1 = 1"); n != 0 {
			t.Fatalf("%d sessions", n)
		}
	})
	t.Run("of many clicks one opens a session and none fails", func(t *testing.T) {
		var all sync.WaitGroup
		var opened atomic.Int32
		for range 8 {
			all.Go(func() {
				p := b.Raw(b.Request(http.MethodGet, "/signin/next", nil))
				if p.Status != 303 {
					t.Errorf("%d %s", p.Status, p.Text())
				}
				if p.Header.Get("Location") == "/" && strings.Contains(strings.Join(p.Header.Values("Set-Cookie"), " "), "-device=") {
					opened.Add(1)
				}
			})
		}
		all.Wait()
		if n := w.count(w.ctx, "sessions WHERE 1 = 1"); n != 1 || opened.Load() != 1 {
			t.Errorf("%d sessions, %d answers with one", n, opened.Load())
		}
	})
}
