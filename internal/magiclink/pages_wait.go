package magiclink

import (
	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/secret"
	"tilgang/internal/support"
)

// WaitPage waits in the asking browser: for the link to be opened here, or for
// the code that it shows elsewhere. It is the same for every address.
type WaitPage struct {
	httpkit.Base

	Address string
	Asked   string // when
	Sender  string // the address that the mail comes from
	Code    httpkit.Field
	Robot   captcha.Part
	Send    httpkit.Button
	Whom    support.Whom
}

// Template implements httpkit.View.
func (*WaitPage) Template() string { return "magiclink/wait" }

// OverPage tells that no further code is looked at, and what to press.
type OverPage struct {
	httpkit.Base

	Address string
	Robot   captcha.Part
	Send    httpkit.Button
}

// Template implements httpkit.View.
func (*OverPage) Template() string { return "magiclink/over" }

// actionLink is the value of the button of POST /reset that asks for a link.
const actionLink = "link"

// showWait is for those who have asked; others have nothing to wait for.
func (p *Pages) showWait(c *httpkit.Ctx) error {
	a, _ := attempt.From(c.Context())
	switch {
	case a.Known():
		return c.Redirect("/signin/next")
	case !a.Wished():
		return c.Redirect("/signin")
	}
	return c.Render(p.waitPage(c, a))
}

func (p *Pages) submitCode(c *httpkit.Ctx) error {
	a, _ := attempt.From(c.Context())
	form, err := c.Form()
	if err != nil {
		return err
	}
	cookie, err := p.service.Typed(c.Context(), a, form.Get("code"), c.Network())
	f, refused := fault.As(err)
	switch {
	case refused && f.Is(errUsed()):
		return c.Redirect("/signin/next")
	case refused && f.Is(errOver()):
		return c.RenderStatus(429, p.overPage(c, a, f))
	case refused && f.Kind == fault.Expired:
		return dead(c, err)
	case err != nil:
		return c.Invalid(p.waitPage(c, a), err)
	}
	c.SetCookie(attempt.Cookie, cookie, attempt.Life)
	return c.Redirect("/signin/next")
}

func (p *Pages) waitPage(c *httpkit.Ctx, a attempt.Attempt) *WaitPage {
	page := &WaitPage{Base: c.Base(), Address: a.Address, Robot: p.service.Robots.Part(c, captcha.Reset), Sender: p.service.Messages.From(c.Tenant())}
	page.Whom = support.Of(c, &page.Base)
	page.Title, page.HelpURL = c.T("magiclink.wait.title"), "/help#link"
	page.Lead = c.T("magiclink.wait.lead", "Address", a.Address, "Employer", c.Tenant().Name, "Life", life)
	page.Asked = c.T("magiclink.wait.asked", "When", c.Words().Moment(a.CreatedAt))
	page.Back = &httpkit.Link{Label: c.T("magiclink.to_signin"), URL: "/signin"}
	page.Code = httpkit.Field{
		Name: "code", Label: c.T("magiclink.wait.code"), Hint: c.T("magiclink.wait.hint", "Characters", secret.LinkCodeLength), Code: true,
		Autocomplete: "off", Required: true, Max: 40,
	}
	page.Send = httpkit.Button{Label: c.T("magiclink.wait.again"), Name: "action", Value: actionLink, Kind: "secondary"}
	return page
}

func (p *Pages) overPage(c *httpkit.Ctx, a attempt.Attempt, f *fault.Fault) *OverPage {
	page := &OverPage{Base: c.Base(), Address: a.Address, Robot: p.service.Robots.Part(c, captcha.Reset)}
	page.Title, page.Lead = c.T("magiclink.over.title"), c.Words().TMap(f.Code, f.Args)
	page.Back = &httpkit.Link{Label: c.T("magiclink.to_signin"), URL: "/signin"}
	page.Send = httpkit.Button{Label: c.T("magiclink.wait.again"), Name: "action", Value: actionLink}
	return page
}
