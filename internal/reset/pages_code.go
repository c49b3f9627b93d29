package reset

import (
	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/support"
	"tilgang/internal/tenant"
)

// CodePage asks for the code of the mail. It is the same for every address.
type CodePage struct {
	httpkit.Base

	Address string // in full, as typed
	Number  bool   // it is an employee number: look at the phone, not into the mailbox
	Code    httpkit.Field
	Asked   string
	Sender  string
	Robot   captcha.Part
	Send    httpkit.Button
	Whom    support.Whom
}

// Template implements httpkit.View.
func (*CodePage) Template() string { return "reset/code" }

// OverPage tells that no further code is looked at, and what to press.
type OverPage struct {
	httpkit.Base

	Address string
	Robot   captcha.Part
	Send    httpkit.Button
	Whom    support.Whom
}

// Template implements httpkit.View.
func (*OverPage) Template() string { return "reset/over" }

func (p *Pages) showCode(c *httpkit.Ctx) error {
	if c.Tenant().Reset.Mode != tenant.ByCode {
		return c.Redirect(toSent)
	}
	a, _ := attempt.From(c.Context())
	return c.Render(p.codePage(c, a))
}

func (p *Pages) submitCode(c *httpkit.Ctx) error {
	a, _ := attempt.From(c.Context())
	form, err := c.Form()
	if err != nil {
		return err
	}
	token, err := p.service.Typed(c.Context(), a, form.Get("code"), c.Network())
	f, refused := fault.As(err)
	switch {
	case refused && f.Is(errDone()):
		return c.Redirect("/reset/password")
	case refused && (f.Code == "reset.code.over" || f.Code == "reset.code.day"):
		return p.over(c, a, f)
	case err != nil:
		return c.Invalid(p.codePage(c, a), err)
	}
	if err := c.SetSealedCookie(cookie, token, cookieDay); err != nil {
		return err
	}
	return c.Redirect("/reset/password")
}

func (p *Pages) over(c *httpkit.Ctx, a attempt.Attempt, f *fault.Fault) error {
	page := &OverPage{Base: c.Base(), Address: a.Address, Robot: p.service.Robots.Part(c, captcha.Reset)}
	page.Whom = support.Of(c, &page.Base)
	page.Title, page.Lead = c.T("reset.over.title"), c.Words().TMap(f.Code, f.Args)
	page.Back = &httpkit.Link{Label: c.T("reset.to_signin"), URL: "/signin"}
	page.Send = httpkit.Button{Label: c.T("reset.over.code"), Name: "action", Value: actionPassword}
	if f.Code == "reset.code.day" {
		page.Send.Label = c.T("reset.over.link")
	}
	return c.RenderStatus(429, page)
}

func (p *Pages) codePage(c *httpkit.Ctx, a attempt.Attempt) *CodePage {
	page := &CodePage{Base: c.Base(), Address: a.Address, Robot: p.service.Robots.Part(c, captcha.Reset), Sender: p.service.Messages.From(c.Tenant())}
	page.Whom = support.Of(c, &page.Base)
	page.Title, page.HelpURL = c.T("reset.code.title"), "/help#mail-code"
	page.Lead = c.T("reset.code.lead", "Employer", c.Tenant().Name, "Life", c.Tenant().Reset.Life)
	if account.IsNumber(a.AddressKey) {
		page.Title, page.Number, page.HelpURL = c.T("reset.code.title_number"), true, helpOf(c.Tenant())
		page.Lead = c.T("reset.code.lead_number", "Employer", c.Tenant().Name, "Life", c.Tenant().Reset.Life)
	}
	page.Asked = c.T("reset.sent.asked", "When", c.Words().Moment(a.CreatedAt))
	page.Cancel = &httpkit.Link{Label: c.T("reset.cancel"), URL: "/signin"}
	page.Code = httpkit.SentCode(c.T("reset.code.code"), c.T("reset.code.hint", "Digits", codeDigits))
	page.Send = httpkit.Button{Label: c.T("reset.code.again"), Name: "action", Value: actionPassword, Kind: "secondary"}
	return page
}
