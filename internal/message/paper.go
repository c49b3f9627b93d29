package message

import (
	"strings"
	"time"

	"tilgang/internal/i18n"
	"tilgang/internal/message/paper"
	"tilgang/internal/tenant"
)

// Handed is what a letter with a code says of its own.
type Handed struct {
	Kind    string   // first half of its texts' keys: mail.letter_invite or mail.letter_reset
	To      []string // lines; the first is the whole name
	Given   string   // name
	Account string   // what is typed beside the code
	Code    string
	Page    string // path of the page where both are typed
	Made    time.Time
	Until   time.Time
}

// Paper is the letter that HR hands over, in the reader's words and the
// employer's look. portal is the origin of the tenant's portal.
func Paper(words *i18n.Localizer, t *tenant.Tenant, portal string, h Handed) paper.Letter {
	address := portal + h.Page
	shown := strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
	say := func(key string) string {
		return words.T(key, "Employer", t.Name, "Name", h.Given, "When", h.Until, "Address", shown)
	}
	return paper.Letter{
		Lang: words.Lang(), Made: h.Made, Brand: paper.Brand{Name: t.Name, Primary: string(t.Branding.Primary), Logo: t.Branding.Logo},
		Date: words.Date(h.Made), To: h.To, Title: say(h.Kind + ".title"), Intro: []string{say(h.Kind + ".text")}, Address: address,
		Facts: []paper.Fact{
			{Label: say("mail.letter.number"), Value: h.Account},
			{Label: say("mail.letter.code"), Value: h.Code, Code: true},
			{Label: say("mail.letter.until"), Value: words.DateTime(h.Until)},
		},
		Steps: []string{say("mail.letter.step_open"), say("mail.letter.step_type"), say(h.Kind + ".step")},
		After: []string{say("mail.letter.once"), say("mail.letter.not_you")},
		Help:  append([]string{words.T("mail.support.heading")}, supportLines(words, t, portal)...),
	}
}

// PaperName is a letter's file name. It names nobody: downloads are seen by whoever
// uses the computer next.
func PaperName(words *i18n.Localizer, made time.Time) string {
	return strings.ToLower(strings.ReplaceAll(words.T("invite.letter.file"), " ", "-")) + "-" + made.Format("20060102-1504") + ".pdf"
}
