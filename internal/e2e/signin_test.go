package e2e_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/i18n"
	"tilgang/internal/i18n/i18ntest"
)

func TestAForgottenOrWrongPasswordIsMetKindly(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	b := s.Browser("havn")
	b.Get("/")
	e2e.Follow(b, "/signin")
	p := b.Submit("email", who.Email, "remember", "1")
	if !p.Has(who.Email) || !p.Has("Change") {
		t.Fatal(p.Text())
	}
	t.Run("a wrong one is refused on the same page, the address kept", func(t *testing.T) {
		p := b.Submit("password", "not this one")
		if p.Status != http.StatusUnprocessableEntity || !p.Has(who.Email) || !p.Has("The address or the password is not right.") || apptest.Attr(p.Field("password"), "value") != "" {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	t.Run("both pages lead to who can help, the employer's own words first", func(t *testing.T) {
		for _, page := range []string{"/signin/password", "/signin"} {
			b.Get(page)
			if p := e2e.Follow(b, "/reset"); p.Status != http.StatusOK || !p.Has("Your nearest manager can send you a new invitation.") || !p.Has("+45 70 00 00 27") || !p.Has("Support is closed now") {
				t.Errorf("%d %s", p.Status, p.Text())
			}
		}
	})
	t.Run("Change leads back and the address is there to be changed", func(t *testing.T) {
		b.Get("/signin/password")
		if p := e2e.Follow(b, "/signin"); apptest.Attr(p.Field("email"), "value") != who.Email {
			t.Error(p.Text())
		}
	})
	t.Run("the address is remembered on this browser only", func(t *testing.T) {
		s.Pass(time.Hour)
		if p := b.Get("/signin"); apptest.Attr(p.Field("email"), "value") != who.Email {
			t.Error("forgotten here")
		}
		if p := s.Browser("havn").Get("/signin"); apptest.Attr(p.Field("email"), "value") != "" {
			t.Error("known elsewhere")
		}
	})
}

func TestAPageSpeaksOneLanguageAndTheSwitchStays(t *testing.T) {
	s := e2e.New(t)
	for slug, languages := range map[string][]string{"askvik": {"en", "nb"}, "nordlys": {"en", "nb"}, "skog": {"en", "sv"}, "havn": {"da", "en"}} {
		b := s.Browser(slug)
		for _, lang := range languages {
			for _, path := range []string{"/", "/signin", "/reset", "/help", "/invite/code", "/invite"} {
				b.Get("/signin")
				b.Post("/language", url.Values{"language": {lang}, "path": {path}})
				if p := b.Page; p.URL.Path != path || apptest.Attr(p.All("html")[0], "lang") != lang {
					t.Errorf("%s of %s in %s led to %s in %s", path, slug, lang, p.URL, apptest.Attr(p.All("html")[0], "lang"))
				}
				i18ntest.Mixed(t, s.App.Catalog, b.Page.Body, lang)
			}
		}
	}
	b := s.Browser("havn")
	b.Get("/signin")
	b.Post("/language", url.Values{"language": {"en"}, "path": {"/"}})
	t.Run("it goes along through the sign-in, whatever the person's own setting", func(t *testing.T) {
		if p := s.SignIn(b, s.Who("havn", "employee"), "/"); apptest.Attr(p.All("html")[0], "lang") != "en" {
			t.Error(p.Text())
		}
	})
	t.Run("one that the employer does not offer is refused", func(t *testing.T) {
		p := b.Post("/language", url.Values{"language": {"fi"}, "path": {"/"}})
		if b.Get("/"); apptest.Attr(b.Page.All("html")[0], "lang") != "en" {
			t.Errorf("%d", p.Status)
		}
	})
}

// An employer's own language is its first, for a browser that asks for one it lacks.
func TestAnEmployersPageSpeaksItsOwnLanguage(t *testing.T) {
	s := e2e.New(t)
	for slug, lang := range map[string]string{"askvik": "nb", "nordlys": "nb", "skog": "sv", "havn": "da", "fjord": "en"} {
		b := s.Browser(slug)
		b.Lang = "ja"
		if got := apptest.Attr(b.Get("/").All("html")[0], "lang"); got != lang {
			t.Errorf("%s speaks %s", slug, got)
		}
	}
}

func TestATenantNeverTakesAnothersCookies(t *testing.T) {
	s := e2e.New(t)
	at := s.As("havn", "hr")
	for _, other := range []string{"fjord", "alumni.havn"} {
		b := s.Browser(other)
		for _, c := range at.Cookies() {
			b.SetCookie(c.Name, c.Value)
		}
		if p := b.Get("/session"); p.Status != http.StatusUnauthorized {
			t.Errorf("%s: /session answers %d", other, p.Status)
		}
		if p := b.Get("/profile"); p.URL.Path != "/signin" {
			t.Errorf("%s: /profile leads to %s", other, p.URL)
		}
	}
	if p := at.Get("/session"); p.Status != http.StatusOK {
		t.Errorf("the own session was ended: %d", p.Status)
	}
}

func TestWhatIsTypedComesBackAfterTheSessionEnded(t *testing.T) {
	s := e2e.New(t)
	b := s.As("havn", "hr")
	s.Pass(31 * time.Minute)
	p := b.Get("/admin/people/new")
	if p.URL.Path != "/signin" || !p.Has("because nothing happened for 30 minutes") {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	who := s.Who("havn", "hr")
	b.Submit("email", who.Email)
	b.Submit("password", who.Password)
	if p := b.Submit("code", who.Code(s.Clock.Now())); p.URL.Path != "/admin/people/new" {
		t.Errorf("led to %s", p.URL)
	}
}

func words(s *e2e.Stage, lang string) *i18n.Localizer {
	return s.App.Catalog.Localizer(lang, time.UTC, s.Clock.Now)
}

func TestNobodyIsLedToAnotherHost(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	for _, evil := range []string{"//evil.test", `/\evil.test`, `\/evil.test`, "https:evil.test", "https://evil.test/", "/%2f%2fevil.test", "/%5cevil.test", "javascript:alert(1)", "/x\r\nSet-Cookie:a=b", "/\tevil", "data:text/html,x"} {
		b := s.Browser("havn")
		b.Get("/signin?return_to=" + url.QueryEscape(evil))
		b.Submit("email", who.Email, "return_to", evil)
		if p := b.Submit("password", who.Password); p.URL.Host != b.Host {
			t.Errorf("return_to=%q led to %s", evil, p.URL)
		}
		if p := b.Get("/mfa/setup"); p.URL.Path == "/mfa/setup" {
			b.Submit("@action", "skip")
		}
		if p := b.Page; p.URL.Host != b.Host || p.URL.Path != "/" {
			t.Errorf("return_to=%q ended on %s", evil, p.URL)
		}
		b.Get("/")
		form := url.Values{"language": {"da"}, "path": {evil}}
		req := b.Request(http.MethodPost, "/language", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if to := b.Raw(req).Header.Get("Location"); to != "/" {
			t.Errorf("the language switch with path %q led to %q", evil, to)
		}
	}
}

func raw(b *apptest.Browser, path string, pairs ...string) *apptest.Page {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req := b.Request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Raw(req)
}

// shape is an answer as a stranger can compare it: status, headers but for those
// that differ by nature, names and attributes of cookies, body without the
// typed address and the reference.
func shape(p *apptest.Page, typed string) string {
	var b strings.Builder
	fmt.Fprintln(&b, p.Status)
	for _, name := range []string{"Location", "Content-Type", "Cache-Control", "Content-Security-Policy", "Retry-After", "Clear-Site-Data", "Vary"} {
		fmt.Fprintln(&b, name, p.Header.Values(name))
	}
	for _, line := range p.Header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			fmt.Fprintln(&b, err)
			continue
		}
		fmt.Fprintln(&b, c.Name, len(c.Value), c.MaxAge, c.Path, c.HttpOnly, c.SameSite)
	}
	b.WriteString(strings.ReplaceAll(p.Body, typed, "TYPED"))
	return b.String()
}
