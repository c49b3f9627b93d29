package register

import (
	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/httpkit"
	"tilgang/internal/mailaddr"
	"tilgang/internal/support"
)

// AskPage asks for the private address.
type AskPage struct {
	httpkit.Base

	Email httpkit.Field
	Robot captcha.Part
	Whom  support.Whom
}

// Template implements httpkit.View.
func (*AskPage) Template() string { return "register/ask" }

func (p *Pages) showAsk(c *httpkit.Ctx) error {
	if c.Actor().Signed() {
		return c.Redirect("/")
	}
	f := askForm{}
	if a, ok := p.begun(c); ok {
		f.Typed = a.Address
	}
	return c.Render(p.askPage(c, f))
}

// begun is the registration that this browser has begun, if any.
func (p *Pages) begun(c *httpkit.Ctx) (attempt.Attempt, bool) {
	if c.Cookie(attempt.Cookie) == "" {
		return attempt.Attempt{}, false
	}
	a, err := p.service.Attempts.Find(c.Context(), c.Cookie(attempt.Cookie), c.Site.Host)
	return a, err == nil && a.Purpose == attempt.Register
}

// submitAsk answers every address alike.
func (p *Pages) submitAsk(c *httpkit.Ctx) error {
	f, err := parseAsk(c)
	if err != nil {
		return c.Invalid(p.askPage(c, f), err)
	}
	tight, err := p.service.Robots.Check(c, captcha.Register)
	if err != nil {
		return c.Invalid(p.askPage(c, f), err)
	}
	former, _ := p.begun(c)
	asked, err := p.service.Ask(c.Context(), Wish{
		Address: f.Address, Former: former, Host: c.Site.Host, Tight: tight,
		Asker: attempt.Asker{UserAgent: c.UserAgent(), Network: c.Network(), Language: c.Words().Lang()},
	})
	if err != nil {
		return c.Invalid(p.askPage(c, f), err)
	}
	switch {
	case asked.Soon:
		c.Flash("info", "reset.sent.soon", "When", c.Words().Time(former.CreatedAt.Add(gap)))
	case asked.Cookie == "":
		c.SetCookie(attempt.Cookie, c.Cookie(attempt.Cookie), asked.Life)
		c.Flash("ok", "register.code.once_more")
	default:
		c.SetCookie(attempt.Cookie, asked.Cookie, asked.Life)
	}
	return c.Redirect(toCode)
}

func (p *Pages) askPage(c *httpkit.Ctx, f askForm) *AskPage {
	page := &AskPage{Base: c.Base(), Robot: p.service.Robots.Part(c, captcha.Register)}
	page.Whom = support.Of(c, &page.Base)
	page.Title, page.Lead = c.T("register.ask.title"), c.T("register.ask.lead", "Employer", c.Tenant().Name)
	page.Cancel = &httpkit.Link{Label: c.T("reset.cancel"), URL: "/"}
	page.Email = httpkit.Field{
		Name: "email", Type: "email", Label: c.T("register.email"), Hint: c.T("register.email_hint"), Value: f.Typed, Autocomplete: "username",
		InputMode: "email", Required: true, Autofocus: true, Max: mailaddr.MaxBytes,
	}
	return page
}
