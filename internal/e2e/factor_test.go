package e2e_test

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"
	"rsc.io/qr"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/factor"
	"tilgang/internal/message/practice"
)

const (
	storeManager = "1202;Kirsten;Holm;kirsten.holm@post.example;en;Butikschef;Region Nord > Butik Aarhus;havn-retail;2026-11-01"
	kirsten      = "kirsten.holm@post.example"
)

func TestAStoreManagerHasNoSkip(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", storeManager)
	b := s.Browser("havn")
	p := s.Accept(b, kirsten)
	if p.URL.Path != "/mfa/setup" || maySkip(p) || !p.Has("Havn has decided that you set this up before you go on.") {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	p = e2e.Follow(b, "/mfa/setup/app")
	for _, store := range []string{"https://apps.apple.com/search?term=authenticator", "https://play.google.com/store/search?q=authenticator&c=apps"} {
		if !strings.Contains(p.Body, strings.ReplaceAll(store, "&", "&amp;")) || !drawn(t, p, store) {
			t.Errorf("no link and QR code to %s", store)
		}
	}
	if !p.Has("I already use another authenticator app") {
		t.Error(p.Text())
	}
	p = e2e.Follow(b, "/mfa/setup/totp")
	key := e2e.Key(p)
	if !p.Has("Account: Havn, "+kirsten) || !drawn(t, p, factor.Enrolment{Secret: key}.URI("Havn", kirsten)) {
		t.Errorf("the QR code does not hold the key %q\n%s", key, p.Text())
	}
	t.Run("a wrong code is refused and the key stays", func(t *testing.T) {
		p := b.Submit("code", "000000")
		b.Steps--
		if p.Status != http.StatusUnprocessableEntity || e2e.Key(p) != key {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	p = b.Submit("code", spaced(now(t, s, key)))
	if p.URL.Path != "/mfa/setup/recovery" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	codes := e2e.Codes(p)
	if len(codes) != 10 {
		t.Fatalf("%d codes\n%s", len(codes), p.Body)
	}
	t.Run("not without the tick", func(t *testing.T) {
		p := b.Submit("set", apptest.Attr(p.Field("set"), "value"))
		b.Steps--
		if p.Status != http.StatusUnprocessableEntity || e2e.Codes(p)[0] != codes[0] {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	if p = b.Submit("saved", "1"); p.Title() != "Hello, Kirsten" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	if b.Steps > appSteps {
		t.Errorf("it took %d steps", b.Steps)
	}
	s.Work()
	if mail := s.Mail(kirsten); mail.Kind != "recovery_made" && mail.Kind != "factor_added" {
		t.Errorf("the newest mail is %s", mail.Kind)
	}
	t.Run("signs in with a code", func(t *testing.T) { signInWithCode(t, s, b, key) })
	t.Run("signs in with a recovery code, once", func(t *testing.T) { signInWithRecovery(t, s, codes[0]) })
}

func signInWithCode(t *testing.T, s *e2e.Stage, b *apptest.Browser, key string) {
	b.Post("/signout", url.Values{})
	s.Pass(time.Minute)
	b.Get("/signin")
	b.Submit("email", kirsten)
	p := b.Submit("password", e2e.Word)
	if p.URL.Path != "/mfa" || b.Get("/session").Status != http.StatusUnauthorized {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	b.Get("/mfa")
	if p = b.Submit("code", now(t, s, key)); p.URL.Path != "/" || p.Title() != "Hello, Kirsten" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
}

func signInWithRecovery(t *testing.T, s *e2e.Stage, code string) {
	for _, first := range []bool{true, false} {
		b := s.Browser("havn")
		b.Get("/signin")
		b.Submit("email", kirsten)
		b.Submit("password", e2e.Word)
		e2e.Follow(b, "/mfa/recovery")
		p := b.Submit("code", strings.ToLower(code))
		if first && p.Title() != "Hello, Kirsten" {
			t.Errorf("%s\n%s", p.URL, p.Text())
		}
		if !first && p.Status != http.StatusUnprocessableEntity {
			t.Errorf("a used code answers %d", p.Status)
		}
	}
	s.Work()
	if len(s.App.Services.Mailbox.List(practice.Filter{To: kirsten, Kind: "recovery_used"})) != 1 {
		t.Errorf("she was not told; the newest mail is %s", s.Mail(kirsten).Kind)
	}
}

func now(t *testing.T, s *e2e.Stage, key string) string {
	t.Helper()
	code, err := totp.GenerateCode(key, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func spaced(code string) string { return code[:3] + " " + code[3:] }

// drawn tells whether one of the page's pictures is the QR code of a text.
func drawn(t *testing.T, p *apptest.Page, text string) bool {
	t.Helper()
	for _, n := range p.All("img") {
		data, is := strings.CutPrefix(apptest.Attr(n, "src"), "data:image/svg+xml;base64,")
		if !is {
			continue
		}
		body, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range []qr.Level{qr.L, qr.M, qr.Q, qr.H} {
			if code, err := qr.Encode(text, level); err == nil && same(t, body, code) {
				return true
			}
		}
	}
	return false
}

// same compares the dark cells of a picture with a code's, four cells of quiet
// zone around it (ISO 18004).
func same(t *testing.T, svg []byte, code *qr.Code) bool {
	t.Helper()
	var picture struct {
		ViewBox string `xml:"viewBox,attr"`
		Path    []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(svg, &picture); err != nil || len(picture.Path) != 2 {
		t.Fatalf("%v in %s", err, svg)
	}
	if picture.ViewBox != fmt.Sprintf("0 0 %d %[1]d", code.Size+8) {
		return false
	}
	dark := map[[2]int]bool{}
	for _, run := range strings.Split(strings.Trim(picture.Path[1].D, "Mz"), "zM") {
		var x, y, width, back int
		if _, err := fmt.Sscanf(run, "%d %dh%dv1h-%d", &x, &y, &width, &back); err != nil {
			t.Fatalf("%v in %q", err, run)
		}
		for i := range width {
			dark[[2]int{x + i - 4, y - 4}] = true
		}
	}
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) != dark[[2]int{x, y}] {
				return false
			}
		}
	}
	return true
}

// maySkip tells whether a page of a second factor can be put off.
func maySkip(p *apptest.Page) bool {
	return slices.ContainsFunc(p.All("button"), func(n *html.Node) bool { return apptest.Attr(n, "name") == "action" })
}
