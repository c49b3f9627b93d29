package signin

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// ResetPage tells whom to ask when the password is forgotten.
type ResetPage struct {
	httpkit.Base

	Ask  string // the employer's own words
	Open httpkit.Notice
	Ways []Way
}

// Way is one way to reach support.
type Way struct {
	Label string
	Value string
	URL   template.URL // of our own making: tel, mailto or https
	Note  string
}

// Template implements httpkit.View.
func (*ResetPage) Template() string { return "signin/reset" }

func (p *Pages) showReset(c *httpkit.Ctx) error {
	t := c.Tenant()
	page := &ResetPage{Base: c.Base()}
	page.Title, page.Lead = page.T("signin.reset.title"), page.T("signin.reset.lead")
	page.Back = &httpkit.Link{Label: page.T("signin.back"), URL: toStart}
	page.Ask = whomToAsk(t, page.Lang)
	if len(t.Support.Channels) > 0 {
		page.Open = openNow(&page.Base, t, c.Now())
	}
	for _, ch := range t.Support.Channels {
		page.Ways = append(page.Ways, way(&page.Base, ch, t))
	}
	return c.Render(page)
}

// whomToAsk is the employer's wording for accounts, else for the rest.
func whomToAsk(t *tenant.Tenant, lang string) string {
	for _, topic := range []string{"account", "*"} {
		if s := t.Support.WhomToAsk[topic].In(lang, t.Languages[0]); s != "" {
			return s
		}
	}
	return ""
}

func openNow(b *httpkit.Base, t *tenant.Tenant, now time.Time) httpkit.Notice {
	open, change := t.SupportAt(now)
	switch {
	case open && change.IsZero():
		return httpkit.Notice{Kind: "ok", Text: b.T("signin.reset.always")}
	case open:
		return httpkit.Notice{Kind: "ok", Text: b.T("signin.reset.open", "Until", b.Moment(change))}
	case change.IsZero():
		return httpkit.Notice{}
	}
	return httpkit.Notice{Kind: "info", Text: b.T("signin.reset.closed", "From", b.Moment(change))}
}

func way(b *httpkit.Base, ch tenant.Channel, t *tenant.Tenant) Way {
	w := Way{Value: ch.Value, Note: ch.Note.In(b.Lang, t.Languages[0])}
	switch ch.Kind {
	case "phone":
		digits := strings.Map(func(r rune) rune {
			if r == '+' || (r >= '0' && r <= '9') {
				return r
			}
			return -1
		}, ch.Value)
		w.Label, w.URL = b.T("signin.reset.phone"), template.URL("tel:"+digits) //nolint:gosec // digits and plus only
	case "email":
		w.Label = b.T("signin.reset.email")
		w.URL = template.URL("mailto:" + url.PathEscape(ch.Value)) //nolint:gosec // escaped
	case "chat", "web":
		w.Label = b.T("signin.reset.web")
		if ch.Kind == "chat" {
			w.Label = b.T("signin.reset.chat")
		}
		if strings.HasPrefix(ch.Value, "https://") {
			w.URL = template.URL(ch.Value) //nolint:gosec // checked when the tenant's file was read
		}
	}
	return w
}
