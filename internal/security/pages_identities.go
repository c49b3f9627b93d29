package security

import (
	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/identity"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// IdentitiesPage lists the electronic identities of the account.
type IdentitiesPage struct {
	httpkit.Base

	Text  string
	Rows  []httpkit.SummaryRow
	Moves []httpkit.SummaryRow
	Links []httpkit.Link
}

// Template implements httpkit.View.
func (*IdentitiesPage) Template() string { return "security/identities" }

// UnlinkPage unties one, and says how to tie it again.
type UnlinkPage struct {
	httpkit.Base

	To      string
	Text    *TextOffer
	Preview httpkit.Preview
	Guides  []httpkit.Link // the employer's own
	Asked   Asked
	Go      httpkit.Button
}

// Template implements httpkit.View.
func (*UnlinkPage) Template() string { return "security/unlink" }

// connectorName is what the employer calls a connector; one that it has no more
// keeps its key.
func connectorName(c *httpkit.Ctx, key string) string {
	if con, ok := c.Tenant().Connector(key); ok {
		return con.Name
	}
	return key
}

func identityRows(c *httpkit.Ctx, b *httpkit.Base, o Overview) (rows []httpkit.SummaryRow) {
	for _, l := range o.Identities {
		row := httpkit.SummaryRow{
			Label: connectorName(c, l.Connector), Text: b.T("security.identities.since", "Date", b.Date(l.LinkedAt)),
			Action: &httpkit.Link{Label: b.T("security.identities.unlink"), URL: toIdentities + "/" + l.ID.String()},
		}
		if !l.Proven {
			row.Sub = b.T("security.identities.unproven", "Employer", c.Tenant().Name)
		}
		rows = append(rows, row)
	}
	return rows
}

// identityPart is the matter on the overview.
func identityPart(c *httpkit.Ctx, b *httpkit.Base, o Overview) Part {
	part := Part{Title: b.T("security.identities"), Rows: identityRows(c, b, o), Links: next(b, "security.identities.go", toIdentities)}
	if len(o.Identities) == 0 {
		part.Text = b.T("security.identities.none")
	}
	return part
}

func (p *Pages) listIdentities(c *httpkit.Ctx) error {
	o, _, err := p.enter(c)
	if err != nil {
		return err
	}
	v := &IdentitiesPage{Base: frame(c)}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("security.identities"), v.T("security.identities.lead")
	v.Rows = identityRows(c, &v.Base, o)
	if len(v.Rows) == 0 {
		v.Text = v.T("security.identities.none")
	}
	for _, m := range o.Moves {
		text := v.T("security.identities.left", "Other", m.Other)
		if m.Here {
			text = v.T("security.identities.came", "Other", m.Other)
		}
		v.Moves = append(v.Moves, httpkit.SummaryRow{
			Label: connectorName(c, m.Connector), Text: text, Sub: v.T("security.identities.back_until", "When", m.Until()),
			Action: &httpkit.Link{Label: v.T("security.identities.back"), URL: toIdentities + "/moves/" + m.ID.String()},
		})
	}
	if len(c.Tenant().Proofs()) > 0 {
		label := "security.identities.link"
		if len(o.Identities) > 0 {
			label = "security.identities.relink"
		}
		v.Links = next(&v.Base, label, toIdentities+"/link")
	}
	return c.Render(v)
}

func toIdentityList(b *httpkit.Base) *httpkit.Link {
	return &httpkit.Link{Label: b.T("security.identities"), URL: toIdentities}
}

func (p *Pages) linkPage(c *httpkit.Ctx, o Overview, ses session.Session) *ConfirmPage {
	v := p.confirm(c, o, ses, ActIdentity, toIdentities+"/link")
	v.Title, v.Lead, v.Back = v.T("security.identities.link"), v.T("security.identities.link.lead"), toIdentityList(&v.Base)
	v.Preview = &httpkit.Preview{Kind: "info", Title: v.T("security.identities.link.after"), Text: v.T("security.identities.link.text")}
	return v
}

// enterLink is enter for tying one; without a provider there is none to tie.
func (p *Pages) enterLink(c *httpkit.Ctx) (o Overview, ses session.Session, done bool, err error) {
	o, ses, err = p.enter(c)
	if err == nil && len(c.Tenant().Proofs()) == 0 {
		return o, ses, true, c.Redirect(toIdentities)
	}
	return o, ses, err != nil, err
}

func (p *Pages) showLink(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterLink(c)
	if done || err != nil {
		return err
	}
	return c.Render(p.linkPage(c, o, ses))
}

func (p *Pages) submitLink(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterLink(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, err := p.sure(c, o, ses, ActIdentity, form)
	if err != nil {
		return c.Invalid(p.linkPage(c, o, ses), err)
	}
	started, err := p.svc.StartLink(c.Context(), passed, o)
	if err != nil {
		return c.Invalid(p.linkPage(c, o, passed.Session), err)
	}
	c.SetCookie(attempt.Cookie, started, attempt.Life)
	return c.Redirect("/proofing")
}

func (p *Pages) unlinkPage(c *httpkit.Ctx, o Overview, ses session.Session, l identity.Linked) *UnlinkPage {
	at, name := toIdentities+"/"+l.ID.String(), connectorName(c, l.Connector)
	v := &UnlinkPage{Base: frame(c), To: at}
	v.Title, v.Back = v.T("security.identities.unlink.title", "Name", name), toIdentityList(&v.Base)
	v.Preview = httpkit.Preview{Kind: "warn", Title: v.T("security.identities.unlink.after"), Items: []string{
		v.T("security.identities.unlink.stays"), v.T("security.identities.unlink.again", "Name", name),
	}}
	if c.Tenant().Alumni.Proofing == tenant.ProofAlways {
		v.Preview.Items = append(v.Preview.Items, v.T("security.identities.unlink.leavers"))
	}
	for _, g := range c.Tenant().Support.Links {
		v.Guides = append(v.Guides, httpkit.Link{Label: g.Name.In(v.Lang, c.Tenant().Languages[0]), URL: g.URL})
	}
	v.Asked, v.Text = p.asked(&v.Base, o, ses, ActIdentity, at)
	v.Go = httpkit.Button{Label: v.T("security.identities.unlink.go"), Kind: "danger"}
	return v
}

// enterUnlink is enter for the pages of one identity.
func (p *Pages) enterUnlink(c *httpkit.Ctx) (o Overview, ses session.Session, l identity.Linked, err error) {
	if o, ses, err = p.enter(c); err != nil {
		return o, ses, l, err
	}
	l, err = o.IdentityOf(idOf(c))
	return o, ses, l, err
}

func (p *Pages) showUnlink(c *httpkit.Ctx) error {
	o, ses, l, err := p.enterUnlink(c)
	if err != nil {
		return err
	}
	return c.Render(p.unlinkPage(c, o, ses, l))
}

func (p *Pages) submitUnlink(c *httpkit.Ctx) error {
	o, ses, l, err := p.enterUnlink(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, err := p.sure(c, o, ses, ActIdentity, form)
	if err == nil {
		err = p.svc.UnlinkIdentity(c.Context(), passed, o, l.ID)
	}
	if err != nil {
		return c.Invalid(p.unlinkPage(c, o, ses, l), err)
	}
	c.Flash("ok", "security.identities.unlinked")
	return c.Redirect(toIdentities)
}

func (p *Pages) backPage(c *httpkit.Ctx, o Overview, ses session.Session, m Moved) *ConfirmPage {
	v := p.confirm(c, o, ses, ActIdentity, toIdentities+"/moves/"+m.ID.String())
	v.Title, v.Back = v.T("security.identities.back.title", "Name", connectorName(c, m.Connector)), toIdentityList(&v.Base)
	text := v.T("security.identities.back.here", "Other", m.Other)
	if m.Here {
		text = v.T("security.identities.back.there", "Other", m.Other)
	}
	v.Preview = &httpkit.Preview{Kind: "warn", Title: v.T("security.identities.unlink.after"), Text: text}
	v.Go = httpkit.Button{Label: v.T("security.identities.back")}
	return v
}

// enterBack is enter for taking a move back.
func (p *Pages) enterBack(c *httpkit.Ctx) (o Overview, ses session.Session, m Moved, err error) {
	if o, ses, err = p.enter(c); err != nil {
		return o, ses, m, err
	}
	m, err = o.MoveOf(idOf(c))
	return o, ses, m, err
}

func (p *Pages) showBack(c *httpkit.Ctx) error {
	o, ses, m, err := p.enterBack(c)
	if err != nil {
		return err
	}
	return c.Render(p.backPage(c, o, ses, m))
}

func (p *Pages) submitBack(c *httpkit.Ctx) error {
	o, ses, m, err := p.enterBack(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, err := p.sure(c, o, ses, ActIdentity, form)
	if err == nil {
		err = p.svc.UndoMove(c.Context(), passed, o, m.ID)
	}
	if fault.KindOf(err) == fault.Expired {
		c.Flash("info", identity.CodeLate)
		return c.Redirect(toIdentities)
	}
	if err != nil {
		return c.Invalid(p.backPage(c, o, ses, m), err)
	}
	c.Flash("ok", "security.identities.back.done")
	return c.Redirect(toIdentities)
}
