package walk_test

import (
	"tilgang/internal/e2e"
	"tilgang/internal/e2e/browser"
)

// bySAML goes to the provider that answers by a form, and comes back without a
// proof.
func (w *walker) bySAML(p *browser.Page) {
	w.t.Helper()
	p.Goto(w.at("havn", "/security/identities/link"))
	p.Fill("current_password", e2e.Word)
	p.Press(act)
	p.Click("[href='/federation/adfs/start']")
	w.look(p, "eid-people-saml")
	p.Click(".actions .button-secondary, .actions a")
	w.look(p, "eid-post")
	p.Press(".actions .button")
	w.look(p, "federation-cancelled-saml")
}
