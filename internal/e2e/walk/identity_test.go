package walk_test

import (
	"context"
	"net/url"
	"strings"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/identity"
	"tilgang/internal/people"
)

const provider = "connectors:\n  - {key: mitid, kind: practice, name: MitID}\n  - {key: adfs, kind: practice_saml, name: Havn ADFS}\n\nsenders"

// identities follows Nanna's colleague Signe, who ties an electronic identity to
// her account, loses her phone and leaves.
func (w *walker) identities() {
	w.t.Helper()
	w.changes("havn", func(yaml string) string { return strings.Replace(yaml, "senders", provider, 1) })
	signe := w.newcomer("1321", "Signe", "Kasseassistent", "signe", false)
	signe.Press("[value=skip]")
	tove := w.newcomer("1322", "Tove", "Kasseassistent", "tove", false)
	tove.Press("[value=skip]")
	w.ties(signe)
	w.bySAML(signe)
	w.moves(tove)
	w.unties(tove)
	w.byEID()
	w.leaves()
}

// ties goes to the provider and comes back without, then with a proof.
func (w *walker) ties(p page) {
	w.t.Helper()
	p.Goto(w.at("havn", "/security/identities"))
	w.look(p, "identities-none")
	p.Click("[href='/security/identities/link']")
	w.look(p, "identities-link")
	w.refuse(p)
	p.Fill("current_password", e2e.Word)
	p.Press(act)
	w.look(p, "proofing-link")
	p.Click("[href^='/federation/']")
	w.look(p, "eid-people")
	p.Click(".actions .button-secondary, .actions a")
	w.look(p, "federation-cancelled")
	p.Click(".actions a")
	w.unknown(p)
	w.look(p, "identities")
}

// unknown proves to be somebody whom nobody knows.
func (w *walker) unknown(p page) {
	w.t.Helper()
	p.Click("[href^='/federation/']")
	p.Click("[href*='as=3&']")
}

func (w *walker) moves(p page) {
	w.t.Helper()
	p.Goto(w.at("havn", "/security/identities/link"))
	p.Fill("current_password", e2e.Word)
	p.Press(act)
	w.unknown(p)
	w.look(p, "proofing-move")
	p.Press(act)
	w.look(p, "identities-moved")
	p.Click("[href^='/security/identities/moves/']")
	w.look(p, "identities-back")
	w.refuse(p)
}

func (w *walker) unties(p page) {
	w.t.Helper()
	p.Goto(w.at("havn", "/security/identities"))
	p.Click(".summary-act a")
	w.look(p, "identities-unlink")
	w.refuse(p)
}

// byEID shows what a lost phone leads to, for Tove, whose identity is proven.
func (w *walker) byEID() {
	w.t.Helper()
	ctx, to := w.Operator("havn"), "tove."+w.lang+"@post.example"
	var acc account.Account
	err := w.DB.Tx(ctx, func(ctx context.Context) (err error) {
		if acc, err = account.ByAddress(ctx, to); err != nil {
			return err
		}
		list, err := identity.LinkedTo(ctx, acc.ID)
		if err != nil {
			return err
		}
		_, err = identity.Link(ctx, acc.ID, identity.Proof{Connector: list[0].Connector, SubjectHash: list[0].SubjectHash, Level: identity.Substantial}, true)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	f := w.App.Services.Factors
	e, err := f.StartTOTP(ctx, acc.ID)
	if err == nil {
		err = f.ConfirmTOTP(ctx, acc.ID, e.ID, w.code(e.Secret))
	}
	if err != nil {
		w.t.Fatal(err)
	}
	p := w.tab()
	w.types(p, w.at("havn", "/signin"), to)
	p.Click("[href='/recovery/eid']")
	w.look(p, "recovery-eid")
	p.Click("[href^='/federation/']")
	p.Click("[href*='as=2&']")
	w.look(p, "recovery-eid-other")
}

// types gives address and password.
func (w *walker) types(p page, at, to string) {
	w.t.Helper()
	p.Goto(at)
	p.Fill("email", to)
	p.Press(".card .button")
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
}

// leaves lets Signe's last day pass; everybody who has left must prove who they
// are, and HR has no number of hers.
func (w *walker) leaves() {
	w.t.Helper()
	w.changes("havn", func(yaml string) string {
		return strings.Replace(strings.Replace(yaml, "senders", provider, 1), "alumni:", "alumni:\n  proofing: always", 1)
	})
	to := "signe." + w.lang + "@post.example"
	err := w.DB.Tx(w.Operator("havn"), func(ctx context.Context) error {
		acc, err := account.ByAddress(ctx, to)
		if err != nil {
			return err
		}
		end := w.Clock.Now().AddDate(0, 0, -2).Format(time.DateOnly)
		return db.From(ctx).Model(&people.Employment{}).Where("person_id = ?", acc.PersonID).Update("end_date", end).Error
	})
	if err != nil {
		w.t.Fatal(err)
	}
	p := w.tab()
	p.Goto(w.at("alumni.havn", "/signin"))
	w.post(p, "/language", "language", w.lang, "path", "/signin")
	w.types(p, w.at("alumni.havn", "/signin"), to)
	w.look(p, "proofing")
	p.Click("[href^='/federation/']")
	p.Click("[href*='as=0&']")
	w.look(p, "proofing-foreign")
	p.Click(".actions a")
	p.Click("[href^='/federation/']")
	p.Click("[href*='as=1&']")
	w.look(p, "proofing-unsure")
	w.decidesWho()
}

// decidesWho is HR's part.
func (w *walker) decidesWho() {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/admin/proofing")
	w.look(p, "proofing-board")
	p.Click(".table a")
	w.look(p, "proofing-question")
	question := p.URL()
	p.Click("[href^='/admin/people/per_']")
	w.look(p, "person-asked")
	p.Goto(question)
	address, err := url.Parse(p.URL())
	if err != nil {
		w.t.Fatal(err)
	}
	w.post(p, address.Path, "action", "neither")
	w.wrong(p)
}
