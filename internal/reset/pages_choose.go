package reset

import (
	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// cookie keeps the link's token, sealed, out of the address bar.
const cookie = "reset"

// ChoosePage asks for the new password.
type ChoosePage struct {
	httpkit.Base

	Address  string
	Password httpkit.Field
	Confirm  httpkit.Field
	Until    string
}

// Template implements httpkit.View.
func (*ChoosePage) Template() string { return "reset/choose" }

// DeadPage tells that a link does not work, and what does.
type DeadPage struct {
	httpkit.Base

	Text string
	Used bool // a password was chosen with it
}

// Template implements httpkit.View.
func (*DeadPage) Template() string { return "reset/dead" }

// DonePage says that the new password counts and leads to the sign-in.
type DonePage struct {
	httpkit.Base

	Address string // empty when this browser no longer knows it
	Go      httpkit.Link
}

// Template implements httpkit.View.
func (*DonePage) Template() string { return "reset/done" }

// showLink takes the token out of the address; whatever fetches the link, and
// how often, changes nothing.
func (p *Pages) showLink(c *httpkit.Ctx) error {
	if err := p.keep(c, c.Param("token")); err != nil {
		return err
	}
	return c.Redirect("/reset/password")
}

func (p *Pages) submitLink(c *httpkit.Ctx) error {
	token := c.Param("token")
	if err := p.keep(c, token); err != nil {
		return err
	}
	return p.choose(c, token)
}

func (p *Pages) showChoose(c *httpkit.Ctx) error {
	l, err := p.service.Look(c.Context(), p.token(c))
	if err != nil {
		return p.dead(c, err)
	}
	return c.Render(choosePage(c, l, ""))
}

func (p *Pages) submitChoose(c *httpkit.Ctx) error { return p.choose(c, p.token(c)) }

func (p *Pages) choose(c *httpkit.Ctx, token string) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	f := ChooseForm{
		Token: token, Password: form.Get("password"), Confirm: form.Get("password_confirm"),
		Host: c.Site.Host, Network: c.Network(), UserAgent: c.UserAgent(),
	}
	value, err := p.service.Choose(c.Context(), f)
	if err != nil {
		return p.refuse(c, f, err)
	}
	c.SetCookie(attempt.Cookie, value, attempt.Life)
	return c.Redirect("/reset/done")
}

// refuse shows the form again, or says that the link has died meanwhile.
func (p *Pages) refuse(c *httpkit.Ctx, f ChooseForm, err error) error {
	if isDead(err) {
		return p.dead(c, err)
	}
	l, gone := p.service.Look(c.Context(), f.Token)
	if gone != nil {
		return p.dead(c, gone)
	}
	return c.Invalid(choosePage(c, l, f.Password), err)
}

func isDead(err error) bool {
	f, known := fault.As(err)
	return known && (f.Kind == fault.Expired || f.Is(errUsed()))
}

func choosePage(c *httpkit.Ctx, l Look, typed string) *ChoosePage {
	p := &ChoosePage{Base: c.Base(), Address: l.Reset.Address}
	p.Title, p.Lead = c.T("reset.choose.title"), c.T("reset.choose.lead", "Name", l.Person.GivenName, "Employer", c.Tenant().Name)
	p.HelpURL = "/help#password"
	p.Until = c.T("invite.accept.until", "When", c.Words().Moment(*l.Reset.ExpiresAt))
	p.Cancel = &httpkit.Link{Label: c.T("reset.cancel"), URL: "/signin"}
	p.Password = httpkit.Field{
		Name: "password", Type: "password", Label: c.T("invite.accept.password"), Autocomplete: "new-password", Required: true,
		Autofocus: true, Reveal: true, Rules: rules(c.Words(), c.Tenant().Password, l, typed),
	}
	p.Confirm = httpkit.Field{
		Name: "password_confirm", Type: "password", Label: c.T("invite.accept.confirm"), Autocomplete: "new-password", Required: true, Reveal: true,
	}
	return p
}

// dead says what became of a link, before anything is typed and without naming
// anybody. Any other error is passed on.
func (p *Pages) dead(c *httpkit.Ctx, err error) error {
	f, known := fault.As(err)
	if !known || !isDead(err) {
		return err
	}
	page := &DeadPage{Base: c.Base(), Text: c.Words().TMap(f.Code, f.Args), Used: f.Is(errUsed())}
	page.Title = c.T("invite.dead.title")
	if page.Used {
		page.Title = c.T("reset.dead.used")
		if c.Method() == "POST" {
			return c.RenderStatus(409, page)
		}
	}
	return c.RenderStatus(410, page)
}

// showDone follows a link that was used just now on this browser.
func (p *Pages) showDone(c *httpkit.Ctx) error {
	done, err := p.service.Done(c.Context(), p.token(c))
	if err != nil {
		return err
	}
	if !done {
		return c.Redirect("/signin")
	}
	page := &DonePage{Base: c.Base(), Go: httpkit.Link{Label: c.T("reset.done.go"), URL: "/signin", Kind: "primary"}}
	page.Title, page.Celebrate, page.Lead = c.T("reset.done.title"), true, c.T("reset.done.lead")
	if a, ok := p.begun(c); ok && a.Purpose == attempt.Signin {
		page.Address, page.Go.URL = a.Address, "/signin/password"
	}
	return c.Render(page)
}

// keep puts a link's token into the cookie; what has not the shape of one
// leaves none behind.
func (p *Pages) keep(c *httpkit.Ctx, token string) error {
	if !shaped(token) {
		c.DropCookie(cookie)
		return nil
	}
	return c.SetSealedCookie(cookie, token, cookieDay)
}

// token is the link's token from the cookie; empty when there is none.
func (p *Pages) token(c *httpkit.Ctx) string { return c.SealedCookie(cookie) }
