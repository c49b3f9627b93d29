package security

import (
	"strings"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/session"
)

// AddressesPage lists the addresses that sign the account in.
type AddressesPage struct {
	httpkit.Base

	Rows []httpkit.SummaryRow
	Add  httpkit.Link
	Open *httpkit.Notice // an address on its way to being proven
}

// Template implements httpkit.View.
func (*AddressesPage) Template() string { return "security/addresses" }

// AddressPage asks for an address, and who is there.
type AddressPage struct {
	httpkit.Base

	Text  *TextOffer
	Email httpkit.Field
	Asked Asked
	Go    httpkit.Button
}

// Template implements httpkit.View.
func (*AddressPage) Template() string { return "security/address" }

// ProvePage asks for the code that was sent to an address, or to a phone.
type ProvePage struct {
	httpkit.Base

	To    string // where the form goes
	Code  httpkit.Field
	Go    httpkit.Button
	Again httpkit.Button
	Other httpkit.Link
	Stuck string   // that nothing comes
	Help  []string // what to do then
}

// Template implements httpkit.View.
func (*ProvePage) Template() string { return "security/prove" }

func addressKind(b *httpkit.Base, i account.Identifier) string {
	if i.Kind == account.Work {
		return b.T("security.addresses.work")
	}
	return b.T("security.addresses.private")
}

func toAddresses(b *httpkit.Base) *httpkit.Link {
	return &httpkit.Link{Label: b.T("security.addresses"), URL: "/security/addresses"}
}

func (p *Pages) listAddresses(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	open, proving, err := p.svc.Proving(c.Context(), ses, o)
	if err != nil {
		return err
	}
	v := &AddressesPage{Base: frame(c)}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("security.addresses"), v.T("security.addresses.lead")
	for _, i := range o.Addresses {
		row := httpkit.SummaryRow{Label: addressKind(&v.Base, i), Text: i.Address, Sub: v.T("security.addresses.since", "Date", v.Date(i.VerifiedAt))}
		if i.Kind == account.Work && o.Standing == people.Alumnus {
			row.Sub = v.T("security.addresses.ended")
		}
		if o.MayRemoveAddress(i) {
			row.Action = &httpkit.Link{Label: v.T("security.addresses.remove"), URL: "/security/addresses/" + i.ID.String()}
		}
		v.Rows = append(v.Rows, row)
	}
	if proving {
		v.Open = &httpkit.Notice{
			Kind: "info", Text: v.T("security.addresses.open", "Address", open.Address),
			Action: &httpkit.Link{Label: v.T("security.addresses.open.go"), URL: "/security/addresses/code"},
		}
	}
	v.Add = httpkit.Link{Label: v.T("security.addresses.add"), URL: "/security/addresses/add", Kind: "primary"}
	return c.Render(v)
}

func (p *Pages) addressPage(c *httpkit.Ctx, o Overview, ses session.Session, typed string) *AddressPage {
	v := &AddressPage{Base: frame(c)}
	v.Title, v.Lead, v.Back = v.T("security.addresses.add"), v.T("security.addresses.add.lead"), toAddresses(&v.Base)
	v.Email = httpkit.Field{
		Name: "email", Type: "email", Label: v.T("security.addresses.new"), Value: typed, Autocomplete: "email", InputMode: "email",
		Required: true, Autofocus: true, Max: 254,
	}
	v.Asked, v.Text = p.asked(&v.Base, o, ses, ActAddress, "/security/addresses/add")
	v.Go = httpkit.Button{Label: v.T("security.addresses.send")}
	return v
}

func (p *Pages) showAddress(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	return c.Render(p.addressPage(c, o, ses, ""))
}

func (p *Pages) submitAddress(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	typed := strings.TrimSpace(form.Get("email"))
	address, err := p.svc.CheckAddress(o, typed)
	if err != nil {
		return c.Invalid(p.addressPage(c, o, ses, typed), err)
	}
	passed, err := p.sure(c, o, ses, ActAddress, form)
	if err != nil {
		return c.Invalid(p.addressPage(c, o, ses, typed), err)
	}
	if err := p.svc.AskAddress(c.Context(), passed, o, address); err != nil {
		return c.Invalid(p.addressPage(c, o, passed.Session, typed), err)
	}
	return c.Redirect("/security/addresses/code")
}

// enterProof is enter for the page of the code; without an address under way the
// list tells.
func (p *Pages) enterProof(c *httpkit.Ctx) (o Overview, ses session.Session, open Pending, done bool, err error) {
	if o, ses, err = p.enter(c); err != nil {
		return o, ses, open, true, err
	}
	open, there, err := p.svc.Proving(c.Context(), ses, o)
	if err == nil && !there {
		return o, ses, open, true, c.Redirect("/security/addresses")
	}
	return o, ses, open, err != nil, err
}

func provePage(c *httpkit.Ctx, open Pending) *ProvePage {
	v := &ProvePage{Base: frame(c), To: "/security/addresses/code", Stuck: c.T("security.addresses.help")}
	v.Title, v.Back = v.T("security.addresses.code.title"), toAddresses(&v.Base)
	v.Lead = v.T("security.addresses.code.lead", "Address", open.Address, "Minutes", int(proofLife/time.Minute))
	v.Code = httpkit.SentCode(v.T("security.addresses.code"), v.T("mfa.phone.code.hint"))
	v.Go = httpkit.Button{Label: v.T("security.addresses.code.go")}
	v.Again = httpkit.Button{Label: v.T("security.addresses.again"), Kind: "secondary", Name: "action", Value: "send", NoValidate: true}
	v.Other = httpkit.Link{Label: v.T("security.addresses.other"), URL: "/security/addresses/add"}
	v.Help = []string{v.T("security.addresses.help.spam"), v.T("security.addresses.help.read"), v.T("security.addresses.help.same")}
	return v
}

func (p *Pages) showProof(c *httpkit.Ctx) error {
	_, _, open, done, err := p.enterProof(c)
	if done || err != nil {
		return err
	}
	return c.Render(provePage(c, open))
}

func (p *Pages) submitProof(c *httpkit.Ctx) error {
	o, ses, open, done, err := p.enterProof(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if form.Get("action") == "send" {
		return p.proofAgain(c, o, ses, open)
	}
	address, err := p.svc.ProveAddress(c.Context(), ses, o, form.Get("code"))
	if err != nil {
		return p.unproven(c, open, err)
	}
	c.Flash("ok", "security.addresses.added", "Address", address)
	return c.Redirect("/security/addresses")
}

func (p *Pages) proofAgain(c *httpkit.Ctx, o Overview, ses session.Session, open Pending) error {
	if err := p.svc.AskAgain(c.Context(), ses, o); err != nil {
		return p.unproven(c, open, err)
	}
	c.Flash("ok", "security.addresses.again.sent", "Address", open.Address)
	return c.Redirect("/security/addresses/code")
}

// unproven shows the page again, or the list where there is nothing left to type.
func (p *Pages) unproven(c *httpkit.Ctx, open Pending, err error) error {
	if fault.KindOf(err) == fault.Expired {
		c.Flash("info", codeProofGone)
		return c.Redirect("/security/addresses")
	}
	return c.Invalid(provePage(c, open), err)
}

func (p *Pages) dropPage(c *httpkit.Ctx, o Overview, ses session.Session, i account.Identifier) *ConfirmPage {
	v := p.confirm(c, o, ses, ActAddress, "/security/addresses/"+i.ID.String())
	v.Back, v.Title = toAddresses(&v.Base), v.T("security.addresses.remove.title")
	v.Rows = []httpkit.SummaryRow{{Label: addressKind(&v.Base, i), Text: i.Address}}
	v.Preview = &httpkit.Preview{Title: v.T("security.addresses.remove.after"), Text: v.T("security.addresses.remove.text")}
	v.Go = httpkit.Button{Label: v.T("security.addresses.remove.go"), Kind: "danger"}
	return v
}

// enterDrop is enter for the removal of an address; one that stays is told on
// the list.
func (p *Pages) enterDrop(c *httpkit.Ctx) (o Overview, ses session.Session, i account.Identifier, done bool, err error) {
	if o, ses, err = p.enter(c); err != nil {
		return o, ses, i, true, err
	}
	if i, err = o.AddressOf(c.Param("id")); err != nil {
		return o, ses, i, true, err
	}
	if !o.MayRemoveAddress(i) {
		c.Flash("info", codeLastAddress, "Employer", c.Tenant().Name)
		return o, ses, i, true, c.Redirect("/security/addresses")
	}
	return o, ses, i, false, nil
}

func (p *Pages) showDrop(c *httpkit.Ctx) error {
	o, ses, i, done, err := p.enterDrop(c)
	if done || err != nil {
		return err
	}
	return c.Render(p.dropPage(c, o, ses, i))
}

func (p *Pages) submitDrop(c *httpkit.Ctx) error {
	o, ses, i, done, err := p.enterDrop(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, err := p.sure(c, o, ses, ActAddress, form)
	if err == nil {
		err = p.svc.RemoveAddress(c.Context(), passed, o, i.ID)
	}
	if err != nil {
		return c.Invalid(p.dropPage(c, o, ses, i), err)
	}
	c.Flash("ok", "security.addresses.removed", "Address", i.Address)
	return c.Redirect("/security/addresses")
}
