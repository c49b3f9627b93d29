package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
)

// session is the session's cookie of a browser.
func session(s *e2e.Stage, b *apptest.Browser) *http.Cookie {
	s.T.Helper()
	_, port, _ := strings.Cut(s.Base, ":")
	for _, c := range b.Cookies() {
		if c.Name == "tilgang-"+port {
			return c
		}
	}
	return &http.Cookie{Name: "tilgang-" + port}
}

// works tells whether a session's cookie opens anything in a fresh browser.
func works(s *e2e.Stage, c *http.Cookie) bool {
	s.T.Helper()
	b := s.Browser("havn")
	b.SetCookie(c.Name, c.Value)
	return b.Get("/session").Status == http.StatusOK
}

func TestASessionsNameIsNewAtEachRise(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	planted := s.Browser("havn")
	name := session(s, planted).Name
	planted.SetCookie(name, strings.Repeat("A", 43))
	s.SignIn(planted, who, "/")
	first := session(s, planted)
	if first.Value == strings.Repeat("A", 43) || !works(s, first) {
		t.Fatal("the planted name was adopted")
	}
	t.Run("step-up changes it and ends the former", func(t *testing.T) {
		planted.Get("/security/factor")
		if p := planted.Submit("current_password", who.Password); p.URL.Path != "/mfa/setup" {
			t.Fatalf("%s\n%s", p.URL, p.Text())
		}
		second := session(s, planted)
		if second.Value == first.Value || works(s, first) || !works(s, second) {
			t.Error("the name stayed")
		}
	})
	t.Run("a second factor changes it again", func(t *testing.T) {
		second := session(s, planted)
		e2e.Follow(planted, "/mfa/setup/app")
		p := e2e.Follow(planted, "/mfa/setup/totp")
		planted.Submit("code", now(t, s, e2e.Key(p)))
		if p := planted.Submit("saved", "1"); p.URL.Path != "/security" || session(s, planted).Value == second.Value || works(s, second) {
			t.Errorf("%s\n%s", p.URL, p.Text())
		}
	})
	t.Run("another sign-in ends the former of this browser", func(t *testing.T) {
		former := session(s, planted)
		planted.Post("/signout", url.Values{})
		if works(s, former) {
			t.Error("the former opens")
		}
	})
}

func TestASessionEndsOnTheServer(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	quiet := s.As("havn", "employee")
	t.Run("after thirty quiet minutes, pages and JSON alike", func(t *testing.T) {
		s.Pass(29 * time.Minute)
		if quiet.Get("/session").Status != http.StatusOK {
			t.Error("ended too early")
		}
		s.Pass(30*time.Minute + time.Second)
		if p := quiet.Raw(quiet.Request(http.MethodGet, "/session", nil)); p.Status != http.StatusUnauthorized || !strings.HasPrefix(p.Header.Get("Content-Type"), "application/json") {
			t.Errorf("/session answers %d", p.Status)
		}
		if p := quiet.Raw(quiet.Request(http.MethodGet, "/profile", nil)); p.Status != http.StatusSeeOther || !strings.HasPrefix(p.Header.Get("Location"), "/signin") {
			t.Errorf("/profile answers %d %s", p.Status, p.Header.Get("Location"))
		}
	})
	t.Run("after twelve hours, however busy", func(t *testing.T) {
		b := s.Browser("havn")
		s.SignIn(b, who, "/")
		for range 24 {
			s.Pass(29 * time.Minute)
			b.Get("/session")
		}
		if b.Get("/session").Status != http.StatusOK {
			t.Fatal("ended too early")
		}
		s.Pass(25 * time.Minute)
		if p := b.Get("/session"); p.Status != http.StatusUnauthorized {
			t.Errorf("%d", p.Status)
		}
	})
	t.Run("at sign-out, and the page behind Back is not kept", func(t *testing.T) {
		b := s.Browser("havn")
		s.SignIn(b, who, "/")
		c := session(s, b)
		page := b.Get("/profile")
		p := raw(b, "/signout")
		if p.Status != http.StatusSeeOther || !strings.Contains(p.Header.Get("Clear-Site-Data"), `"storage"`) || page.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v", p.Status, p.Header)
		}
		if works(s, c) {
			t.Error("the old cookie opens")
		}
		if p := b.Get("/profile"); p.URL.Path != "/signin" {
			t.Errorf("led to %s", p.URL)
		}
	})
}
