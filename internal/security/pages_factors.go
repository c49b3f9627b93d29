package security

import (
	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// FactorsPage lists the ways to prove who is there.
type FactorsPage struct {
	httpkit.Base

	Text  string
	Rows  []httpkit.SummaryRow
	Links []httpkit.Link
}

// Template implements httpkit.View.
func (*FactorsPage) Template() string { return "security/factors" }

// FactorPage is one of them: its name, and the way to take it off file.
type FactorPage struct {
	httpkit.Base

	To     string
	Rows   []httpkit.SummaryRow
	Name   httpkit.Field
	Save   httpkit.Button
	Stays  string // why it cannot be removed
	Remove httpkit.Link
}

// Template implements httpkit.View.
func (*FactorPage) Template() string { return "security/one" }

// factorName is the owner's name for a factor, else its kind's own.
func factorName(b *httpkit.Base, f factor.Authenticator, masked string) string {
	if f.Name != "" {
		return f.Name
	}
	return factorKind(b, f.Kind, masked)
}

func factorKind(b *httpkit.Base, kind, masked string) string {
	switch {
	case kind == factor.Phone && masked != "":
		return b.T("security.factor.phone", "Phone", masked)
	case kind == factor.Phone:
		return b.T("security.factor.phone_kind")
	}
	return b.T("security.factor.totp")
}

func used(b *httpkit.Base, f factor.Authenticator) string {
	if f.LastUsedAt.IsZero() {
		return b.T("security.factor.unused")
	}
	return b.T("security.factor.used", "When", b.Moment(f.LastUsedAt))
}

// toFactors leads back to the list.
func toFactors(b *httpkit.Base) *httpkit.Link {
	return &httpkit.Link{Label: b.T("security.factors.title"), URL: "/security/factors"}
}

// listFactors is for whoever has a factor; the overview tells the others how to
// get one.
func (p *Pages) listFactors(c *httpkit.Ctx) error {
	o, _, err := p.enter(c)
	if err != nil {
		return err
	}
	if !o.Enrolled() {
		return c.Redirect("/security")
	}
	v := &FactorsPage{Base: frame(c)}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("security.factors.title"), v.T("security.factors.lead")
	if o.Duty.Mandatory {
		v.Text = v.T("security.factors.must", "Employer", c.Tenant().Name)
	}
	for _, f := range o.Factors {
		v.Rows = append(v.Rows, httpkit.SummaryRow{
			Label: factorName(&v.Base, f, o.Phone), Text: v.T("security.factor.added_on", "Date", v.Date(f.ConfirmedAt)), Sub: used(&v.Base, f),
			Action: &httpkit.Link{Label: v.T("security.factors.change"), URL: "/security/factors/" + f.ID.String()},
		})
	}
	v.Links = p.moreFactors(c, &v.Base, o)
	return c.Render(v)
}

// moreFactors are the ways to one more.
func (p *Pages) moreFactors(c *httpkit.Ctx, b *httpkit.Base, o Overview) (links []httpkit.Link) {
	if o.MayAddApp(c.Tenant()) && p.svc.Factors.RoomForApp(o.Factors) == nil {
		links = append(links, next(b, "security.factors.app", "/security/factors/app")...)
	}
	if o.MayChangePhone(c.Tenant()) {
		label := "security.phone.add"
		if o.Phone != "" {
			label = "security.phone.change"
		}
		links = append(links, next(b, label, "/security/phone")...)
	}
	return links
}

// enterOne is enter for the pages of one factor.
func (p *Pages) enterOne(c *httpkit.Ctx) (o Overview, ses session.Session, f factor.Authenticator, err error) {
	if o, ses, err = p.enter(c); err != nil {
		return o, ses, f, err
	}
	f, err = o.FactorOf(c.Param("id"))
	return o, ses, f, err
}

func (p *Pages) factorPage(c *httpkit.Ctx, o Overview, f factor.Authenticator, typed string) *FactorPage {
	v := &FactorPage{Base: frame(c), To: "/security/factors/" + f.ID.String()}
	v.Title, v.Back = factorName(&v.Base, f, o.Phone), toFactors(&v.Base)
	v.Rows = factorRows(&v.Base, f, o.Phone)
	v.Name = httpkit.Field{Name: "name", Label: v.T("security.factors.name"), Hint: v.T("security.factors.name.hint"), Value: typed, Autocomplete: "off", Optional: true, Max: longestName}
	v.Save = httpkit.Button{Label: v.T("security.factors.name.save"), Kind: "secondary"}
	if !o.MayRemove(f, c.Tenant()) {
		v.Stays = v.T(codeLast, "Employer", c.Tenant().Name)
		return v
	}
	v.Remove = httpkit.Link{Label: v.T("security.factors.remove"), URL: v.To + "/remove", Kind: "secondary"}
	return v
}

func factorRows(b *httpkit.Base, f factor.Authenticator, masked string) []httpkit.SummaryRow {
	added := b.When(f.ConfirmedAt)
	return []httpkit.SummaryRow{
		{Label: b.T("security.factors.kind"), Text: factorKind(b, f.Kind, masked)},
		{Label: b.T("security.factors.added"), When: &added},
		{Label: b.T("security.factors.last_used"), Text: usedWhen(b, f)},
	}
}

func usedWhen(b *httpkit.Base, f factor.Authenticator) string {
	if f.LastUsedAt.IsZero() {
		return b.T("security.factor.unused")
	}
	return b.Moment(f.LastUsedAt)
}

func (p *Pages) showOne(c *httpkit.Ctx) error {
	o, _, f, err := p.enterOne(c)
	if err != nil {
		return err
	}
	return c.Render(p.factorPage(c, o, f, f.Name))
}

func (p *Pages) rename(c *httpkit.Ctx) error {
	o, _, f, err := p.enterOne(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	name, err := parseName(form.Get("name"))
	if err == nil {
		err = p.svc.Rename(c.Context(), o, f.ID, name)
	}
	if err != nil {
		return c.Invalid(p.factorPage(c, o, f, form.Get("name")), err)
	}
	c.Flash("ok", "security.factors.named")
	return c.Redirect("/security/factors")
}

func (p *Pages) removePage(c *httpkit.Ctx, o Overview, ses session.Session, f factor.Authenticator) *ConfirmPage {
	v := p.confirm(c, o, ses, ActRemove, "/security/factors/"+f.ID.String()+"/remove")
	name := factorName(&v.Base, f, o.Phone)
	v.Title, v.Back = v.T("security.factors.remove.title", "Name", name), toFactors(&v.Base)
	v.Preview = &httpkit.Preview{Title: v.T("security.factors.remove.after"), Text: v.T("security.factors.remove.text")}
	if len(o.Factors) == 1 {
		v.Preview.Text = v.T("security.factors.remove.last_text")
	}
	v.Go = httpkit.Button{Label: v.T("security.factors.remove"), Kind: "danger"}
	return v
}

func (p *Pages) showRemove(c *httpkit.Ctx) error {
	o, ses, f, err := p.enterOne(c)
	if err != nil {
		return err
	}
	if !o.MayRemove(f, c.Tenant()) {
		return c.Redirect("/security/factors/" + f.ID.String())
	}
	return c.Render(p.removePage(c, o, ses, f))
}

func (p *Pages) submitRemove(c *httpkit.Ctx) error {
	o, ses, f, err := p.enterOne(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, err := p.sure(c, o, ses, ActRemove, form)
	if err == nil {
		err = p.svc.RemoveFactor(c.Context(), passed, o, f.ID)
	}
	if err != nil {
		return c.Invalid(p.removePage(c, o, ses, f), err)
	}
	c.Flash("ok", "security.factors.removed")
	if len(o.Factors) == 1 {
		return c.Redirect("/security")
	}
	return c.Redirect("/security/factors")
}

func (p *Pages) appConfirm(c *httpkit.Ctx, o Overview, ses session.Session) *ConfirmPage {
	v := p.confirm(c, o, ses, ActFactor, "/security/factors/app")
	v.Title, v.Lead, v.Back = v.T("security.factors.app"), v.T("security.factors.app.lead"), toFactors(&v.Base)
	return v
}

// enterApp is enter for one more app; where none can be added, the list tells.
func (p *Pages) enterApp(c *httpkit.Ctx) (o Overview, ses session.Session, done bool, err error) {
	o, ses, err = p.enter(c)
	if err == nil && !o.MayAddApp(c.Tenant()) {
		return o, ses, true, c.Redirect("/security/factors")
	}
	return o, ses, err != nil, err
}

func (p *Pages) showApp(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterApp(c)
	if done || err != nil {
		return err
	}
	return c.Render(p.appConfirm(c, o, ses))
}

func (p *Pages) submitApp(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterApp(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, err := p.sure(c, o, ses, ActFactor, form)
	if err != nil {
		return c.Invalid(p.appConfirm(c, o, ses), err)
	}
	started, err := p.svc.StartApp(c.Context(), passed, o)
	if err != nil {
		return c.Invalid(p.appConfirm(c, o, passed.Session), err)
	}
	c.SetCookie(attempt.Cookie, started, attempt.Life)
	return c.Redirect("/mfa/setup/app")
}

// idOf reads an id of the address; what is none is nobody's.
func idOf(c *httpkit.Ctx) uuid.UUID {
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return uuid.Nil
	}
	return id
}
