package register

import (
	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// PasswordPage asks for the password, twice.
type PasswordPage struct {
	httpkit.Base

	Address  string
	Password httpkit.Field
	Confirm  httpkit.Field
}

// Template implements httpkit.View.
func (*PasswordPage) Template() string { return "register/password" }

func (p *Pages) showPassword(c *httpkit.Ctx) error {
	a, done, err := p.enter(c, toPassword)
	if done {
		return err
	}
	return c.Render(p.passwordPage(c, a, ""))
}

func (p *Pages) submitPassword(c *httpkit.Ctx) error {
	a, done, err := p.enter(c, toPassword)
	if done {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	typed := Choice{Password: form.Get("password"), Confirm: form.Get("password_confirm"), Network: c.Network()}
	err = p.service.Choose(c.Context(), a, typed)
	if f, refused := fault.As(err); err != nil && (!refused || !f.Is(errStep())) {
		return c.Invalid(p.passwordPage(c, a, typed.Password), err)
	}
	return p.onward(c, a)
}

// onward leads to the page that is owed.
func (p *Pages) onward(c *httpkit.Ctx, a attempt.Attempt) error {
	at, err := p.service.Where(c.Context(), a)
	if err != nil {
		return err
	}
	return c.Redirect(at.Step)
}

func (p *Pages) passwordPage(c *httpkit.Ctx, a attempt.Attempt, typed string) *PasswordPage {
	page := &PasswordPage{Base: c.Base(), Address: a.Address}
	page.Title = c.T("invite.accept.title")
	page.Cancel = &httpkit.Link{Label: c.T("reset.cancel"), URL: "/"}
	page.Password = httpkit.Field{
		Name: "password", Type: "password", Label: c.T("invite.accept.password"), Autocomplete: "new-password", Required: true,
		Autofocus: true, Reveal: true, Rules: rules(c, a, typed),
	}
	page.Confirm = httpkit.Field{
		Name: "password_confirm", Type: "password", Label: c.T("invite.accept.confirm"), Autocomplete: "new-password", Required: true, Reveal: true,
	}
	p.count(c, a, &page.Base, 2)
	return page
}
