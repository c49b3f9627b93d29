package console_test

import (
	"net/http"
	"strings"
	"testing"

	"tilgang/internal/authz"
	"tilgang/internal/console"
	"tilgang/internal/httpkit/sitetest"
)

func TestTheEmployersColoursAndLogo(t *testing.T) {
	h := open(t, "havn", anna())
	h.Actor = authz.Actor{}
	for path, kind := range map[string]string{"/brand/7/brand.css": "text/css; charset=utf-8", "/brand/7/logo.svg": "image/svg+xml"} {
		a := h.Get(path)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != kind || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", path, a.Status, a.Header)
		}
		old := h.Get(strings.Replace(path, "7", "6", 1))
		if old.Status != http.StatusOK || old.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("an older version: %d %q", old.Status, old.Header.Get("Cache-Control"))
		}
		if a := h.Get(strings.Replace(path, "7", "x", 1)); a.Status != http.StatusNotFound {
			t.Errorf("no version: %d", a.Status)
		}
	}
	if a := h.Get("/brand/7/brand.css"); a.Body != h.Tenant.Branding.CSS() {
		t.Error(a.Body)
	}
	if csp := h.Get("/brand/7/logo.svg").Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox;") {
		t.Errorf("the logo may run: %q", csp)
	}
	h.Tenant.Branding.Logo = nil
	if a := h.Get("/brand/7/logo.svg"); a.Status != http.StatusNotFound {
		t.Errorf("no logo: %d", a.Status)
	}
}

func TestWhatBrowsersAndRobotsAskFor(t *testing.T) {
	h := open(t, "havn", anna())
	h.Actor = authz.Actor{}
	if a := h.Get("/robots.txt"); a.Body != "User-agent: *\nDisallow: /\n" {
		t.Error(a.Body)
	}
	if a := h.Get("/.well-known/change-password"); a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/security" {
		t.Errorf("%d to %q", a.Status, a.Header.Get("Location"))
	}
	icon := h.Get("/favicon.ico")
	if icon.Status != http.StatusSeeOther || h.Get(icon.Header.Get("Location")).Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("icon: %d to %q", icon.Status, icon.Header.Get("Location"))
	}
	text := h.Get("/.well-known/security.txt")
	want := "Contact: tel:+4570000027\nContact: https://support.havn.example/chat\nContact: mailto:support@havn.example\n" +
		"Expires: 2027-02-20T12:00:00Z\nPreferred-Languages: da, en, pl\nCanonical: " + sitetest.Origin + "/.well-known/security.txt\n"
	if text.Body != want {
		t.Errorf("got %q", text.Body)
	}
	h.Tenant.Support.Channels = nil
	if a := h.Get("/.well-known/security.txt"); a.Status != http.StatusNotFound {
		t.Errorf("without a contact: %d", a.Status)
	}
}

func TestTheInstallationsOwnHostHasTheSwitchAndNoBrand(t *testing.T) {
	h := sitetest.New(t, nil)
	h.Routes = console.NewPages(console.Deps{Catalog: h.Kit.Catalog}).BaseRoutes()
	if a := h.Post("/language", map[string][]string{"language": {"da"}, "path": {"/practice/mailbox"}}); a.Header.Get("Location") != "/practice/mailbox" || !strings.Contains(a.Header.Get("Set-Cookie"), "lang=da") {
		t.Errorf("%v", a.Header)
	}
	if a := h.Get("/brand/0/brand.css"); a.Status != http.StatusNotFound {
		t.Errorf("status %d", a.Status)
	}
}
