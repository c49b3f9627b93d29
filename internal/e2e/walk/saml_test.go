package walk_test

import (
	"strings"
	"testing"

	"tilgang/internal/e2e"
)

// asksBySAML goes to the provider that answers by a form.
func (w *walker) asksBySAML(p page) {
	w.t.Helper()
	p.Goto(w.at("havn", "/security/identities/link"))
	p.Fill("current_password", e2e.Word)
	p.Press(act)
	p.Click("[href='/federation/adfs/start']")
}

// bySAML goes there, and comes back without a proof.
func (w *walker) bySAML(p page) {
	w.t.Helper()
	w.asksBySAML(p)
	w.look(p, "eid-people-saml")
	p.Click(".actions .button-secondary, .actions a")
	w.look(p, "eid-post")
	p.Press(".actions .button")
	w.look(p, "federation-cancelled-saml")
}

// A browser posts the answer from the provider's host, which our policy for pages
// and its rules for cookies must let through.
func TestAnEIDIsTiedBySAMLInChromium(t *testing.T) {
	t.Parallel()
	w := newWalker(t, "da", 360)
	w.changes("havn", func(yaml string) string { return strings.Replace(yaml, "senders", provider, 1) })
	p := w.newcomer("1331", "Frida", "Kasseassistent", "frida", false)
	p.Press("[value=skip]")
	w.bySAML(p)
	w.asksBySAML(p)
	p.Click("[href*='as=3&']")
	p.Press(".actions .button")
	if !strings.HasSuffix(p.URL(), "/security/identities") || !p.Has("Havn ADFS") {
		t.Errorf("on %s", p.URL())
	}
	w.look(p, "identities-saml")
}
