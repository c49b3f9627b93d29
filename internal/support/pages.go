package support

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// Whom is who helps those who cannot read their mail.
type Whom struct {
	Text string // the employer's own words, or ours
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

// Of is the employer's wording for accounts, else for the rest, else ours,
// with the ways to support and whether it is open now.
func Of(c *httpkit.Ctx, b *httpkit.Base) Whom {
	t := c.Tenant()
	w := Whom{Text: ownWords(t, b.Lang)}
	if w.Text == "" {
		w.Text = b.T("support.nobody")
	}
	if len(t.Support.Channels) > 0 {
		w.Open = openNow(b, t, c.Now())
	}
	for _, ch := range t.Support.Channels {
		w.Ways = append(w.Ways, way(b, ch, t))
	}
	return w
}

func ownWords(t *tenant.Tenant, lang string) string {
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
		return httpkit.Notice{Kind: "ok", Text: b.T("support.always")}
	case open:
		return httpkit.Notice{Kind: "ok", Text: b.T("support.open", "Until", b.Moment(change))}
	case change.IsZero():
		return httpkit.Notice{}
	}
	return httpkit.Notice{Kind: "info", Text: b.T("support.closed", "From", b.Moment(change))}
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
		w.Label, w.URL = b.T("support.phone"), template.URL("tel:"+digits) //nolint:gosec // digits and plus only
	case "email":
		w.Label = b.T("support.email")
		w.URL = template.URL("mailto:" + url.PathEscape(ch.Value)) //nolint:gosec // escaped
	case "chat", "web":
		w.Label = b.T("support.web")
		if ch.Kind == "chat" {
			w.Label = b.T("support.chat")
		}
		if strings.HasPrefix(ch.Value, "https://") {
			w.URL = template.URL(ch.Value) //nolint:gosec // checked when the tenant's file was read
		}
	}
	return w
}
