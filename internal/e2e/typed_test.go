package e2e_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"tilgang/internal/e2e"
)

// loose writes a code as people do: lower case, in groups, with spaces of more
// than one kind around and between.
func loose(code string) string {
	code = strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	half := len(code) / 2
	return " " + code[:half] + "\u00a0" + code[half:] + "  "
}

func TestEveryTypedCodeForgivesSpacesAndCase(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", storeManager)
	s.Work()
	b := s.Browser("havn")
	b.Get("/invite/code")
	shows(t, b.Submit("email", kirsten, "code", loose(code(t, s.Mail(kirsten).Text))), "/invite")

	s.Hire("skog", "901;Maja;Ek;"+maja+";en;Operatör;Produktion;skog-industri;2026-11-01")
	b = s.Browser("skog")
	s.Accept(b, maja)
	b.Get("/mfa/setup/totp")
	key := e2e.Key(b.Page)
	shows(t, b.Submit("code", loose(now(t, s, key))), "/mfa/setup/phone")
	b.Submit("country", "SE", "phone", "070-174 06 05", "channel", "sms")
	shows(t, b.Submit("code", loose(s.Texted("+46701740605"))), "/mfa/setup/recovery")
	codes := e2e.Codes(b.Page)
	b.Submit("saved", "1")

	signIn := func(page, code string) {
		t.Helper()
		signOut(b)
		s.Pass(time.Minute)
		password(b, maja, e2e.Word)
		b.Get(page)
		if code == "" {
			code = s.Texted("+46701740605")
		}
		shows(t, b.Submit("code", loose(code)), "/")
	}
	signIn("/mfa?way=phone", "")
	signIn("/mfa/recovery", codes[0])
	b.Get("/security/lost")
	shows(t, b.Submit("lost", "totp", "current_password", e2e.Word, "code", loose(codes[1])), "/mfa/setup/totp")
	signOut(b)
	s.Pass(time.Minute)
	password(b, maja, e2e.Word)
	shows(t, b.Submit("code", loose(now(t, s, key))), "/")
	t.Run("at a step-up too", func(t *testing.T) {
		for i, typed := range []func() string{func() string { return now(t, s, key) }, func() string { return codes[2] }} {
			s.Pass(11 * time.Minute)
			word := []string{"Another good word 1", "Another good word 2"}[i]
			was := []string{e2e.Word, "Another good word 1"}[i]
			p := b.Post("/security/password", url.Values{"current_password": {was}, "code": {loose(typed())}, "password": {word}, "password_confirm": {word}})
			if p.URL.Path != "/security" {
				t.Fatalf("%d on %s\n%s", p.Status, p.URL, p.Text())
			}
		}
	})
}
