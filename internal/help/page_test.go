package help_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tilgang/internal/help"
	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/tenant"
	"tilgang/templates"
)

// full is an employer who has everything that the help tells of.
func full(x *tenant.Tenant) {
	x.Mfa.Phone, x.Mfa.Totp, x.Mfa.TrustedDays, x.Mfa.AccessPass.Life = tenant.Primary, tenant.Primary, 30, time.Hour
	x.Reset.Mode, x.Reset.Magiclink, x.Captcha.Mode = tenant.ByCode, true, tenant.CaptchaAlways
	x.Connectors = []tenant.Connector{{Key: "bankid", Name: "BankID"}}
	x.Invitation.Switch = time.Date(2027, 2, 1, 0, 0, 0, 0, x.Zone)
	x.Languages = []string{"en", "da", "nb", "nn", "sv", "fi", "de", "pl"}
}

// topics are the ids that pages and mails may link to: none of them may go.
func topics() []string {
	return strings.Fields("moving begin no-mail old-link password devices change forgot link nothing mail-code address eid " +
		"somebody not-me robot wait ended what must set-up code phone-code call trusted codes lost-phone lost-all pass")
}

func TestEveryTopicInEveryLanguage(t *testing.T) {
	for _, lang := range sitetest.Texts(t).Languages() {
		t.Run(lang, func(t *testing.T) {
			h := open(t, "havn")
			full(h.Tenant)
			text := read(t, h, lang)
			if strings.Contains(text, "{{") || strings.Contains(text, "help.") {
				t.Errorf("not in words: %s", text)
			}
			body := h.Get("/help", "Accept-Language", lang).Body
			for _, id := range topics() {
				if id == "call" && lang == "fi" {
					continue // no voice speaks Finnish
				}
				if strings.Count(body, `class="topic" id="`+id+`"`) != 1 || !strings.Contains(body, `href="#`+id+`"`) {
					t.Errorf("no topic %q, or no line of the contents leads to it", id)
				}
			}
			if !strings.Contains(body, `<html lang="`+lang+`"`) {
				t.Errorf("the page is not in %s", lang)
			}
		})
	}
}

func TestTheContentsLeadToAllThereIs(t *testing.T) {
	for _, side := range []httpkit.Side{httpkit.Staff, httpkit.Alumni} {
		h := open(t, "nordlys")
		h.Side = side
		body := h.Get("/help").Body
		for _, id := range regexp.MustCompile(`<(?:section|article)[^>]* id="([a-z-]+)"`).FindAllStringSubmatch(body, -1) {
			if !strings.Contains(body, `href="#`+id[1]+`"`) {
				t.Errorf("%s: no line of the contents leads to %q", side, id[1])
			}
		}
		for _, to := range regexp.MustCompile(`href="#([a-z-]+)"`).FindAllStringSubmatch(body, -1) {
			if strings.Count(body, ` id="`+to[1]+`"`) != 1 {
				t.Errorf("%s: the contents lead to %q, which is not there once", side, to[1])
			}
		}
		if strings.Contains(body, "<details class=\"more") || !strings.Contains(body, `id="contact"`) {
			t.Errorf("%s: an answer is folded away, or there is no contact", side)
		}
	}
}

func TestTheDateIsTheLaterOfTextAndPolicy(t *testing.T) {
	h := open(t, "havn")
	expect(t, read(t, h, "en"), []string{"Last changed 30 November 2026."}, nil)
	h.Tenant.Changed = time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	expect(t, read(t, h, "en"), []string{"Last changed 1 January 2027."}, nil) // Copenhagen's day
	h.Tenant.Changed = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	expect(t, read(t, h, "en"), []string{"Last changed 30 November 2026."}, nil)
}

func TestWhoChangesATextChangesItsDate(t *testing.T) {
	sum := sha256.New()
	for _, lang := range slices.Sorted(slices.Values(sitetest.Texts(t).Languages())) {
		data, err := templates.FS.ReadFile("i18n/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]json.RawMessage
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			if strings.HasPrefix(key, "help.") {
				fmt.Fprintln(sum, lang, key, string(texts[key]))
			}
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil))[:16]; got != help.TextSum {
		t.Errorf("a text of the help has changed: write textSum = %q and today's date into written.go", got)
	}
}

// drawn is a page that stands for a feature's.
func drawn(c *httpkit.Ctx) httpkit.View {
	if !c.Tenant().Reset.Magiclink {
		return nil
	}
	p := &help.Page{Base: c.Base()}
	p.Title, p.Lead = "A & B", "Of "+c.Tenant().Name
	p.Contents = []help.Contents{{Section: httpkit.Link{Label: "There", URL: "/there"}}}
	return p
}

func TestAStepStandsBesideThePictureOfItsPage(t *testing.T) {
	h := open(t, "havn")
	h.Tenant.Reset.Magiclink = true
	h.Routes = (&help.Pages{Catalog: h.Kit.Catalog, Pictures: []httpkit.Picture{{Name: "forgot", Path: "/signin", Mark: "/there", Draw: drawn}, {Name: "gone", Mark: "/elsewhere", Draw: drawn}}}).Routes()
	body := h.Get("/help", "Accept-Language", "en").Body
	expect(t, body, []string{`<img src="/help/picture/forgot?lang=en" alt="Picture of the page “A &amp; B”" width="320" loading="lazy">`, `class="steps is-pictured"`}, []string{"picture/gone"})
	a := h.Get("/help/picture/forgot?lang=en", "Accept-Language", "en")
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "sandbox;") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	expect(t, a.Body, []string{"A &amp; B", "Of Havn", `class="r"`, string(h.Tenant.Branding.Palette().Brand)}, []string{"<script", "href", "foreignObject"})
	for path, status := range map[string]int{"/help/picture/other": http.StatusNotFound, "/help/picture/gone": http.StatusInternalServerError} {
		if got := h.Get(path).Status; got != status {
			t.Errorf("%s: %d", path, got)
		}
	}
	h.Tenant.Reset.Magiclink = false
	if got := h.Get("/help/picture/forgot").Status; got != http.StatusNotFound {
		t.Errorf("a page that the employer does not have is drawn: %d", got)
	}
	expect(t, h.Get("/help").Body, nil, []string{"<img src=\"/help/picture"})
}
