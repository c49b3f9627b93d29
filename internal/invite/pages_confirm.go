package invite

import (
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// PreparePart offers, below the password, to confirm the address alone.
type PreparePart struct {
	Title, Text string
	Code        httpkit.Field
}

// ConfirmedPage says that the address is confirmed, and what comes next.
type ConfirmedPage struct {
	httpkit.Base

	Text, Later string
}

// Template implements httpkit.View.
func (*ConfirmedPage) Template() string { return "invite/confirmed" }

// preparePart is nil once people sign in here.
func preparePart(c *httpkit.Ctx) *PreparePart {
	policy := c.Tenant().Invitation
	if !policy.Preparing(c.Now()) {
		return nil
	}
	return &PreparePart{
		Title: c.T("invite.prepare.title"), Text: c.T("invite.prepare.text", "Date", c.Words().Date(policy.Switch)),
		Code: httpkit.Field{Name: "code", Label: c.T("invite.code.code"), Hint: c.T("invite.prepare.hint"), Code: true, Autocomplete: "off", Required: true, Max: 30},
	}
}

func (p *Pages) submitConfirm(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	token := p.token(c)
	err = p.service.Confirm(c.Context(), ConfirmForm{Token: token, Code: form.Get("code"), Network: c.Network()})
	switch {
	case err == nil:
		return c.Redirect("/invite/confirmed")
	case isDead(err):
		return p.dead(c, err)
	}
	l, gone := p.service.Look(c.Context(), token)
	if gone != nil {
		return p.dead(c, gone)
	}
	return c.Invalid(acceptPage(c, l, ""), err)
}

// showConfirmed is for the holder of a link that confirmed an address.
func (p *Pages) showConfirmed(c *httpkit.Ctx) error {
	_, err := p.service.Look(c.Context(), p.token(c))
	f, known := fault.As(err)
	switch {
	case known && f.Code == "invite.confirmed":
		return p.confirmed(c, c.T("invite.confirmed.now", "Employer", c.Tenant().Name))
	case err == nil:
		return c.Redirect("/invite")
	}
	return p.dead(c, err)
}

func (p *Pages) confirmed(c *httpkit.Ctx, text string) error {
	page := &ConfirmedPage{Base: c.Base(), Text: text}
	page.Title = c.T("invite.confirmed.title")
	page.Later = c.T("invite.confirmed.open")
	if policy := c.Tenant().Invitation; policy.Preparing(c.Now()) {
		page.Later = c.T("invite.confirmed.later", "Date", c.Words().Date(policy.Switch), "Address", c.Site.Origin)
	}
	return c.Render(page)
}
