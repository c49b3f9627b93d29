package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
)

const maja = "maja.ek@post.example"

// atSkog is somebody at Skog with an app, a phone as its backup and ten codes,
// signed in.
func atSkog(t *testing.T, s *e2e.Stage) (b *apptest.Browser, key string, codes []string) {
	t.Helper()
	s.Hire("skog", "901;Maja;Ek;"+maja+";en;Operatör;Produktion;skog-industri;2026-11-01")
	b = s.Browser("skog")
	s.Accept(b, maja)
	b.Get("/mfa/setup/totp")
	key = e2e.Key(b.Page)
	b.Submit("code", spaced(now(t, s, key)))
	shows(t, b.Page, "/mfa/setup/phone", "Add a phone as a backup", "Skip")
	b.Submit("country", "SE", "phone", "070-174 06 05", "channel", "sms")
	b.Submit("code", s.Texted("+46701740605"))
	codes = e2e.Codes(b.Page)
	shows(t, b.Submit("saved", "1"), "/")
	s.Pass(time.Minute)
	return b, key, codes
}

func signOut(b *apptest.Browser) { b.Post("/signout", url.Values{}) }

// password goes to whatever comes after it.
func password(b *apptest.Browser, address, word string) *apptest.Page {
	b.Get("/signin")
	b.Submit("email", address)
	return b.Submit("password", word)
}

// standing is what /session tells.
func standing(t *testing.T, b *apptest.Browser) (aal int, amr []string) {
	t.Helper()
	var s struct {
		AAL int      `json:"aal"`
		AMR []string `json:"amr"`
	}
	if err := json.Unmarshal([]byte(b.Get("/session").Body), &s); err != nil {
		t.Fatal(err)
	}
	return s.AAL, s.AMR
}

// trusted signs in by the app with the tick.
func trusted(t *testing.T, s *e2e.Stage, b *apptest.Browser, key string) {
	t.Helper()
	signOut(b)
	s.Pass(time.Minute)
	shows(t, password(b, maja, e2e.Word), "/mfa", "Don’t ask on this device for 30 days", "Not on a shared computer")
	shows(t, b.Submit("code", now(t, s, key), "trust", "1"), "/")
	signOut(b)
}

func TestATrustedDeviceAtSkog(t *testing.T) {
	s := e2e.New(t)
	b, key, codes := atSkog(t, s)
	trusted(t, s, b, key)
	t.Run("is asked for the password alone, and its session says so", func(t *testing.T) {
		s.Pass(20 * 24 * time.Hour)
		shows(t, password(b, maja, e2e.Word), "/")
		if aal, amr := standing(t, b); aal != 1 || !slices.Equal(amr, []string{"pwd", "device"}) {
			t.Fatalf("aal %d, amr %v", aal, amr)
		}
	})
	t.Run("never steps up", func(t *testing.T) {
		b.Get("/security/codes")
		if p := b.Submit("code", "000000"); p.Status != http.StatusUnprocessableEntity {
			t.Fatalf("%d on %s\n%s", p.Status, p.URL, p.Text())
		}
	})
	t.Run("another browser is asked", func(t *testing.T) {
		shows(t, password(s.Browser("skog"), maja, e2e.Word), "/mfa")
	})
	t.Run("a wrong password stays wrong", func(t *testing.T) {
		signOut(b)
		if p := password(b, maja, "not the password"); p.Status != http.StatusUnprocessableEntity {
			t.Fatalf("%d", p.Status)
		}
	})
	t.Run("somebody else on it is asked", func(t *testing.T) {
		s.Hire("skog", "902;Per;Alm;per.alm@post.example;en;Operatör;Produktion;skog-industri;2026-11-01")
		other := s.Browser("skog")
		s.Accept(other, "per.alm@post.example")
		other.Get("/mfa/setup/totp")
		other.Submit("code", now(t, s, e2e.Key(other.Page)))
		other.Get("/mfa/setup/recovery")
		other.Submit("saved", "1")
		shows(t, password(b, "per.alm@post.example", e2e.Word), "/mfa")
	})
	t.Run("a used recovery code ends it", func(t *testing.T) {
		shows(t, password(b, maja, e2e.Word), "/")
		signOut(b)
		lost := s.Browser("skog")
		password(lost, maja, e2e.Word)
		lost.Get("/mfa/recovery")
		shows(t, lost.Submit("code", codes[0]), "/")
		shows(t, password(b, maja, e2e.Word), "/mfa")
	})
	t.Run("its owner takes the trust back on the page, and is asked again", func(t *testing.T) {
		s.Pass(time.Minute)
		b.Get("/mfa")
		shows(t, b.Submit("code", now(t, s, key), "trust", "1"), "/")
		p := b.Get("/security/sessions")
		shows(t, p, "/security/sessions", "Devices you trust", "Until")
		b.Get(linkTo(t, p, regexp.MustCompile(`^/security/devices/`)))
		shows(t, b.Submit(), "/security/sessions", "not trusted any more")
		signOut(b)
		shows(t, password(b, maja, e2e.Word), "/mfa")
	})
	t.Run("30 days end it", func(t *testing.T) {
		s.Pass(time.Minute)
		b.Get("/mfa")
		shows(t, b.Submit("code", now(t, s, key), "trust", "1"), "/")
		signOut(b)
		s.Pass(30 * 24 * time.Hour)
		shows(t, password(b, maja, e2e.Word), "/mfa")
	})
}

func TestWhereNoDeviceIsTrustedTheTickDoesNothing(t *testing.T) {
	s := e2e.New(t)
	b := newAtNordlys(s)
	b.Get("/mfa/setup/phone")
	b.Submit("country", "NO", "phone", "400 08 215")
	b.Submit("code", s.Texted("+4740008215"))
	b.Submit("saved", "1")
	for range 2 {
		signOut(b)
		s.Pass(time.Hour)
		b.Get("/signin")
		p := b.Submit("email", "ola.vik@post.example", "password", e2e.Word)
		if shows(t, p, "/mfa"); p.Has("on this device") {
			t.Fatal("the tick is offered")
		}
		shows(t, b.Post("/mfa", url.Values{"code": {s.Texted("+4740008215")}, "trust": {"1"}}), "/")
	}
}
