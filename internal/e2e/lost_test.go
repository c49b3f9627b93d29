package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

// The phone with the app and the card is gone; ten codes lie in a drawer.
func TestALostPhoneIsReplacedByTwoRecoveryCodesAtSkog(t *testing.T) {
	s := e2e.New(t)
	b, old, codes := atSkog(t, s)
	signOut(b)
	password(b, maja, e2e.Word)
	e2e.Follow(b, "/mfa/recovery")
	shows(t, b.Submit("code", strings.ToLower(codes[0])), "/")
	t.Run("one code makes no new ones and changes no phone", func(t *testing.T) {
		for _, page := range []string{"/security/codes", "/security/phone"} {
			if b.Get(page); b.Page.URL.Path != "/security/lost" {
				t.Errorf("%s leads to %s", page, b.Page.URL)
			}
		}
	})
	b.Get("/security/lost")
	shows(t, b.Page, "/security/lost", "Replace what you have lost", "Authenticator app", "XXX-XXX-0605")
	t.Run("not by the code that opened the session, nor without the password", func(t *testing.T) {
		for _, form := range []url.Values{
			{"lost": {"totp"}, "current_password": {e2e.Word}, "code": {codes[0]}},
			{"lost": {"totp"}, "current_password": {"wrong"}, "code": {codes[1]}},
			{"lost": {"totp"}, "current_password": {e2e.Word}, "code": {now(t, s, old)}},
		} {
			if p := b.Post("/security/lost", form); p.Status != http.StatusUnprocessableEntity {
				t.Errorf("%v: %d on %s", form, p.Status, p.URL)
			}
		}
		if p := b.Post("/security/lost", url.Values{"lost": {"passkey"}, "current_password": {e2e.Word}, "code": {codes[1]}}); p.Status != http.StatusConflict {
			t.Errorf("%d", p.Status)
		}
	})
	b.Get("/security/lost")
	shows(t, b.Submit("lost", "totp", "current_password", e2e.Word, "code", codes[1]), "/mfa/setup/totp")
	t.Run("going away replaces nothing and ends nothing", func(t *testing.T) {
		shows(t, b.Get("/stepup/done"), "/security")
	})
	b.Get("/mfa/setup/totp")
	key := e2e.Key(b.Page)
	shows(t, b.Submit("code", now(t, s, key)), "/security/factors", "Authenticator app")
	t.Run("then the new app lets the phone be replaced too, and the old one is told", func(t *testing.T) {
		b.Get("/security/phone")
		shows(t, b.Submit("current_password", e2e.Word), "/mfa/setup/phone")
		b.Submit("country", "SE", "phone", "070-174 06 06", "channel", "sms")
		shows(t, b.Submit("code", s.Texted("+46701740606")), "/security/factors", "XXX-XXX-0606")
		s.Work()
		if last := s.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, To: "+46701740605", Limit: 1})[0]; last.Kind != "phone_replaced" {
			t.Errorf("the old phone was not told: %+v", last)
		}
	})
	kinds := map[string]int{}
	for _, m := range s.App.Services.Mailbox.List(practice.Filter{To: maja}) {
		kinds[m.Kind]++
	}
	if kinds["recovery_used"] != 2 || kinds["factor_added"] < 2 || kinds["factor_replaced"] < 2 {
		t.Errorf("the owner was told %v", kinds)
	}
	s.Pass(time.Minute)
	again := s.Browser("skog")
	password(again, maja, e2e.Word)
	if p := again.Submit("code", now(t, s, old)); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the lost app answers %d", p.Status)
	}
	again.Get("/mfa")
	shows(t, again.Submit("code", now(t, s, key)), "/")
	t.Run("nobody else reaches the page", func(t *testing.T) {
		again.Get("/security/lost")
		shows(t, again.Page, "/security")
		if p := again.Post("/security/lost", url.Values{"lost": {"totp"}, "current_password": {e2e.Word}, "code": {codes[2]}}); p.URL.Path != "/security" {
			t.Errorf("%d on %s", p.Status, p.URL)
		}
	})
}
