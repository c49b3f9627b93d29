package register

import (
	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/support"
)

// CodePage asks for the code of the mail. It is the same for every address.
type CodePage struct {
	httpkit.Base

	Address string // in full, as typed
	Code    httpkit.Field
	Asked   string
	Sender  string // the address that the mail comes from
	Robot   captcha.Part
	Whom    support.Whom
}

// Template implements httpkit.View.
func (*CodePage) Template() string { return "register/code" }

// OverPage tells that no further code is looked at, and what to do.
type OverPage struct {
	httpkit.Base

	Address string // empty where asking again is of no use today
	Robot   captcha.Part
	Whom    support.Whom
}

// Template implements httpkit.View.
func (*OverPage) Template() string { return "register/over" }

// enter gives the attempt where it owes one of the pages, and leads elsewhere
// where it does not.
func (p *Pages) enter(c *httpkit.Ctx, page string) (a attempt.Attempt, done bool, err error) {
	a, _ = attempt.From(c.Context())
	at, err := p.service.Where(c.Context(), a)
	switch {
	case err != nil:
		return a, true, err
	case at.Step != page:
		return a, true, c.Redirect(at.Step)
	}
	return a, false, nil
}

func (p *Pages) showCode(c *httpkit.Ctx) error {
	a, done, err := p.enter(c, toCode)
	if done {
		return err
	}
	return c.Render(p.codePage(c, a))
}

func (p *Pages) submitCode(c *httpkit.Ctx) error {
	a, done, err := p.enter(c, toCode)
	if done {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	err = p.service.Typed(c.Context(), a, form.Get("code"), c.Network())
	f, refused := fault.As(err)
	switch {
	case refused && (f.Code == codeOver || f.Code == codeDay):
		return p.over(c, a, f)
	case err != nil && (!refused || !f.Is(errDone())):
		return c.Invalid(p.codePage(c, a), err)
	}
	c.Flash("ok", "register.password.confirmed")
	return c.Redirect(toPassword)
}

func (p *Pages) over(c *httpkit.Ctx, a attempt.Attempt, f *fault.Fault) error {
	page := &OverPage{Base: c.Base()}
	page.Whom = support.Of(c, &page.Base)
	page.Title, page.Lead = c.T("reset.over.title"), c.Words().TMap(f.Code, f.Args)
	page.Cancel = &httpkit.Link{Label: c.T("reset.cancel"), URL: "/"}
	if f.Code == codeOver {
		page.Address, page.Robot = a.Address, p.service.Robots.Part(c, captcha.Register)
	}
	return c.RenderStatus(429, page)
}

func (p *Pages) codePage(c *httpkit.Ctx, a attempt.Attempt) *CodePage {
	page := &CodePage{Base: c.Base(), Address: a.Address, Robot: p.service.Robots.Part(c, captcha.Register), Sender: p.service.Messages.From(c.Tenant())}
	page.Whom = support.Of(c, &page.Base)
	page.Title = c.T("register.code.title")
	page.Lead = c.T("register.code.lead", "Life", lifeOf(c.Tenant()))
	page.Asked = c.T("reset.sent.asked", "When", c.Words().Moment(a.CreatedAt))
	page.Cancel = &httpkit.Link{Label: c.T("reset.cancel"), URL: "/"}
	page.Code = httpkit.SentCode(c.T("register.code.code"), c.T("reset.code.hint", "Digits", codeDigits))
	p.count(c, a, &page.Base, 1)
	return page
}

// count says how far the registration has come.
func (p *Pages) count(c *httpkit.Ctx, a attempt.Attempt, b *httpkit.Base, step int) {
	b.Step, b.Steps = step, p.service.Steps(c.Context(), a)
}
