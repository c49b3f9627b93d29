package signin_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/signin"
)

func TestCookies(t *testing.T) {
	w := setUp(t, "")
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", "anna@havn.example")
	b.Raw(post(b, "/signin/password", "password="+url.QueryEscape(secretWord)))
	p := b.Raw(b.Request(http.MethodGet, "/signin/next", nil))
	lives := map[string]bool{}
	for _, line := range p.Header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s", line)
		}
		lives[c.Name[strings.Index(c.Name, "-"):]] = c.MaxAge > 0
	}
	if kept := lives["-"+port(w)+"-device"]; !kept {
		t.Error("the device is forgotten")
	}
	if kept := lives["-"+port(w)]; kept {
		t.Error("the session outlives the browser")
	}
}

func port(w *world) string { return strings.Split(w.Base, ":")[1] }

func TestSigningOut(t *testing.T) {
	w := setUp(t, "")
	b := w.anna()
	old := b.Cookies()
	res := b.Raw(post(b, "/signout", ""))
	if res.Status != 303 || res.Header.Get("Location") != "/signin?left=1" || !strings.Contains(res.Header.Get("Clear-Site-Data"), `"storage"`) {
		t.Fatalf("%d %v", res.Status, res.Header)
	}
	if p := b.Get("/signin?left=1"); !p.Has("You are signed out.") {
		t.Error(p.Text())
	}
	t.Run("the old cookie opens nothing", func(t *testing.T) {
		thief := w.Browser("havn")
		for _, c := range old {
			thief.SetCookie(c.Name, c.Value)
		}
		if p := thief.Get("/session"); p.Status != 401 || !strings.HasPrefix(p.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%d", p.Status)
		}
	})
	t.Run("another site cannot sign people out", func(t *testing.T) {
		b := w.Browser("havn")
		signIn(b, "anna@havn.example", secretWord)
		req := post(b, "/signout", "")
		req.Header.Set("Origin", "https://evil.test")
		if p := b.Raw(req); p.Status != 403 {
			t.Errorf("%d", p.Status)
		}
		if b.Get("/session").Status != 200 {
			t.Error("signed out")
		}
	})
	t.Run("a visitor is answered alike", func(t *testing.T) {
		b := w.Browser("havn")
		if p := b.Raw(post(b, "/signout", "")); p.Status != 303 {
			t.Errorf("%d", p.Status)
		}
	})
}

func TestAQuietSessionEndsAndSaysSo(t *testing.T) {
	w := setUp(t, "session: {idle: 5m, absolute: 1h}\n")
	b := w.anna()
	for range 3 {
		w.Pass(4*time.Minute + 59*time.Second)
		if b.Get("/session").Status != 200 {
			t.Fatal("asking did not renew it")
		}
	}
	w.Pass(5 * time.Minute)
	if p := b.Get("/session"); p.Status != 401 {
		t.Fatalf("%d", p.Status)
	}
	if p := b.Get(signin.AgainURL("idle", "/profile")); !p.Has("because nothing happened for 5 minutes") || apptest.Attr(p.Field("return_to"), "value") != "/profile" {
		t.Error(p.Text())
	}
}

func TestASignInTakesTheFormerSessionsPlace(t *testing.T) {
	w := setUp(t, "")
	b := w.anna()
	former := b.Cookie(port(w))
	w.hire(w.ctx, person{address: "bo@havn.example", password: secretWord})
	b.Post("/signin", url.Values{"email": {"bo@havn.example"}})
	b.Submit("password", secretWord)
	if n := w.count(w.ctx, "sessions WHERE ended_at IS NULL"); n != 1 || b.Cookie(port(w)) == former {
		t.Errorf("%d sessions are open", n)
	}
	if n := w.count(w.ctx, "devices WHERE 1 = 1"); n != 1 {
		t.Errorf("%d devices of one browser", n)
	}
}

func TestALeaverIsLedToTheAlumniHost(t *testing.T) {
	w := setUp(t, "")
	w.hire(w.ctx, person{address: "anna@home.example", kind: account.Private, password: secretWord, end: "2026-11-21"})
	w.do(w.ctx, func(ctx context.Context) error { // HR has the address, so nobody asks her who she is
		_, err := db.Exec(ctx, "UPDATE persons SET private_email = 'anna@home.example', private_email_key = 'anna@home.example' WHERE tenant_id = @tenant")
		return err
	})
	b := w.Browser("havn")
	p := signIn(b, "anna@home.example", secretWord)
	if p.URL.Host != "alumni.havn."+w.Base || !p.Has("You no longer work here.") {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	there := w.BrowserOn("alumni.havn." + w.Base)
	signIn(there, "anna@home.example", secretWord)
	if p := there.Get("/session"); p.Status != 200 || !strings.Contains(p.Body, `"alumnus"`) {
		t.Errorf("%d %s", p.Status, p.Body)
	}
}
