package app_test

import (
	"bytes"
	"reflect"
	"testing"

	"tilgang/internal/app"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
	"tilgang/internal/i18n/i18ntest"
	"tilgang/internal/message"
	"tilgang/templates"
)

// where texts are used: the program and the templates.
func texted() []string { return []string{root + "/internal", root + "/cmd", root + "/templates"} }

// composed are the beginnings of keys that the program puts together, and why.
func composed() map[string]string {
	keys := map[string]string{
		"mail.no_reply.bare":  "the letters' reference sheet (message/render)",
		"mail.support.whom":   "the letters' reference sheet (message/render)",
		"mail.why.alumnus":    "the letters' reference sheet (message/render)",
		"invite.state.":       "how an invitation stands, by its state (invite/admin.go)",
		"invite.since.":       "since when it stands so (invite/admin.go)",
		"invite.board.help.":  "what helps those who wait, by their state (invite/admin_board.go)",
		"mail.letter_invite.": "what a letter with an invitation says (message/paper.go)",
		"mail.letter_reset.":  "what a letter for a new password says (message/paper.go)",
		"message.state.":      "how a message stands, by its state (message/service.go)",
		"message.kind.":       "what a message is, by its kind (message/service.go)",
		"message.why.":        "why a message did not arrive, by its code (message/service.go)",
		"roster.column.":      "what a column of the staff file is for, by its name (roster/pages.go)",
		"sheet.column.":       "what a column of the staff file is called, by its name (roster/pages.go)",
		"mail.alumni_":        "mails before and after an end, by their kind (alumni/mail.go)",
		"document.kind.":      "what sort of document it is, by its kind (document/routes.go)",
		"document.state.":     "how far a delivery is, by its state (document/admin_start.go)",
		"document.delivery.":  "the heading of a delivery, by its state (document/admin_delivery.go)",
		"document.file.":      "what is wrong with a delivered file (document/parcel/source.go)",
		"federation.":         "why a visit to a provider came to nothing, by its code (federation/pages.go)",
		"identity.used":       "the same",
		"proofing.foreign.":   "what a proof came to (proofing/pages.go)",
		"proofing.unsure.":    "the same",
	}
	// The heading of an error page is the refusal's own, else its kind's.
	for _, code := range []string{"attempt.expired", "document.store", "document.ticket.over", "http.not_found", "http.too_large", "practice.gone"} {
		keys[code+".title"] = "the heading of one refusal (httpkit/fail.go)"
	}
	for _, kind := range []string{
		message.NewSignin, message.PasswordChanged, message.FactorAdded, message.FactorReplaced,
		message.RecoveryUsed, message.RecoveryMade, message.Locked, message.AddressChanged, message.ContactChanged, message.FactorRemoved, message.AddressAdded, message.AddressRemoved, message.IdentityLinked, message.IdentityUnlinked, message.IdentityMoved, message.IdentityDecided, message.RecoveredByEID, message.Frozen, message.Unfrozen,
	} {
		keys["mail."+kind+"."] = "what a security mail says, by its kind (message/notice.go)"
	}
	for _, kind := range []fault.Kind{fault.Invalid, fault.Unauthenticated, fault.Forbidden, fault.Conflict, fault.Expired, fault.TooMany, fault.Unavailable} {
		keys["http."+string(kind)+".title"] = "the heading of a kind of refusal (httpkit/fail.go)"
	}
	return keys
}

func catalog(t *testing.T) *i18n.Catalog {
	t.Helper()
	c, err := i18n.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Languages()) < 2 {
		t.Fatalf("the languages are %v", c.Languages())
	}
	return c
}

func TestEveryLanguageHasEveryText(t *testing.T) { i18ntest.Parity(t, catalog(t)) }

func TestEveryTextAskedForIsThere(t *testing.T) { i18ntest.Missing(t, catalog(t), texted()...) }

func TestNoTextIsUnused(t *testing.T) { i18ntest.Unused(t, catalog(t), composed(), texted()...) }

// Nothing that a template writes by itself may be in one language only.
func TestNoPageMixesLanguages(t *testing.T) {
	c := catalog(t)
	engine, err := httpkit.NewEngine(templates.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range c.Languages() {
		for _, v := range app.Views() {
			page := reflect.New(reflect.TypeOf(v).Elem()).Interface().(httpkit.View)
			base := page.Shell()
			base.Words, base.Lang = c.Localizer(lang, nil, nil), lang
			var out bytes.Buffer
			if err := engine.Render(&out, page); err != nil {
				t.Errorf("%T in %s: %v", v, lang, err)
				continue
			}
			i18ntest.Mixed(named{t, v.Template()}, c, out.String(), lang)
		}
	}
}

// named says which page an error is of.
type named struct {
	*testing.T
	page string
}

// Errorf implements i18ntest.T.
func (n named) Errorf(format string, args ...any) {
	n.Helper()
	n.T.Errorf(n.page+": "+format, args...)
}
