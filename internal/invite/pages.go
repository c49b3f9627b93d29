package invite

import (
	"encoding/base64"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// cookie keeps the link's token, sealed, out of the address bar.
const cookie = "invite"

// AcceptPage asks for the password.
type AcceptPage struct {
	httpkit.Base

	Address  string
	Password httpkit.Field
	Confirm  httpkit.Field
	Until    string
	Prepare  *PreparePart // while people still sign in elsewhere
}

// Template implements httpkit.View.
func (*AcceptPage) Template() string { return "invite/accept" }

// DeadPage tells that a link does not work, and what does.
type DeadPage struct {
	httpkit.Base

	Text  string
	Renew bool // a new mail can be asked for
	Used  bool // there is an account to sign in to
}

// Template implements httpkit.View.
func (*DeadPage) Template() string { return "invite/dead" }

// RenewedPage answers the wish for a new mail.
type RenewedPage struct{ httpkit.Base }

// Template implements httpkit.View.
func (*RenewedPage) Template() string { return "invite/renewed" }

// CodePage asks for the typed code of the mail.
type CodePage struct {
	httpkit.Base

	Email httpkit.Field
	Code  httpkit.Field
}

// Template implements httpkit.View.
func (*CodePage) Template() string { return "invite/code" }

// DonePage says that the password is set and leads on.
type DonePage struct {
	httpkit.Base

	Address string
}

// Template implements httpkit.View.
func (*DonePage) Template() string { return "invite/done" }

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&AcceptPage{}, &DeadPage{}, &RenewedPage{}, &CodePage{}, &DonePage{}, &ConfirmedPage{}, &AllPage{}, &BoardPage{}, &LetterPage{}}
}

// showLink takes the token out of the address; whatever fetches the link, and
// how often, changes nothing.
func (p *Pages) showLink(c *httpkit.Ctx) error {
	if err := p.keep(c, c.Param("token")); err != nil {
		return err
	}
	return c.Redirect("/invite")
}

func (p *Pages) submitLink(c *httpkit.Ctx) error {
	token := c.Param("token")
	if err := p.keep(c, token); err != nil {
		return err
	}
	return p.accept(c, token)
}

func (p *Pages) showAccept(c *httpkit.Ctx) error {
	l, err := p.service.Look(c.Context(), p.token(c))
	if err != nil {
		return p.dead(c, err)
	}
	return c.Render(acceptPage(c, l, ""))
}

func (p *Pages) submitAccept(c *httpkit.Ctx) error { return p.accept(c, p.token(c)) }

func (p *Pages) accept(c *httpkit.Ctx, token string) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	f := AcceptForm{Token: token, Password: form.Get("password"), Confirm: form.Get("password_confirm"), Host: c.Site.Host, Network: c.Network()}
	value, err := p.service.Accept(c.Context(), f)
	if err != nil {
		return p.refuse(c, f, err)
	}
	// The link's cookie stays: a second click, or Back, is told what happened.
	c.SetCookie(attempt.Cookie, value, attempt.Life)
	return c.Redirect("/invite/done")
}

// refuse shows the form again, or says that the link has died meanwhile.
func (p *Pages) refuse(c *httpkit.Ctx, f AcceptForm, err error) error {
	if isDead(err) {
		return p.dead(c, err)
	}
	l, gone := p.service.Look(c.Context(), f.Token)
	if gone != nil {
		return p.dead(c, gone)
	}
	return c.Invalid(acceptPage(c, l, f.Password), err)
}

func isDead(err error) bool {
	f, known := fault.As(err)
	return known && (f.Kind == fault.Expired || f.Code == "invite.used" || f.Code == "invite.confirmed" || f.Code == "invite.switched")
}

func acceptPage(c *httpkit.Ctx, l Look, typed string) *AcceptPage {
	p := &AcceptPage{Base: c.Base(), Address: l.Invitation.Account()}
	p.Title, p.HelpURL = c.T("invite.accept.title"), "/help#password"
	p.Lead = c.T("invite.accept.lead", "Name", l.Person.GivenName, "Employer", c.Tenant().Name)
	p.Until = c.T("invite.accept.until", "When", c.Words().Moment(*l.Invitation.ExpiresAt))
	p.Password = httpkit.Field{
		Name: "password", Type: "password", Label: c.T("invite.accept.password"), Autocomplete: "new-password", Required: true,
		Autofocus: true, Reveal: true, Rules: rules(c.Words(), c.Tenant().Password, l, typed),
	}
	p.Prepare = preparePart(c)
	p.Confirm = httpkit.Field{Name: "password_confirm", Type: "password", Label: c.T("invite.accept.confirm"), Autocomplete: "new-password", Required: true, Reveal: true}
	return p
}

// dead says what became of a link, before anything is typed and without naming
// anybody. Any other error is passed on.
func (p *Pages) dead(c *httpkit.Ctx, err error) error {
	f, known := fault.As(err)
	if !known || !isDead(err) {
		return err
	}
	page := &DeadPage{Base: c.Base()}
	page.HelpURL = "/help#old-link"
	status := 410
	switch f.Code {
	case "invite.used":
		page.Title, page.Text, page.Used = c.T("invite.dead.used"), c.T("invite.used"), true
		if c.Method() == "POST" {
			status = 409
		}
	case "invite.confirmed":
		return p.confirmed(c, c.T("invite.confirmed"))
	case "invite.switched":
		c.Flash("info", f.Code)
		return c.Redirect("/invite")
	case "invite.expired":
		page.Title, page.Text, page.Renew = c.T("invite.dead.title"), c.Words().TMap("invite.expired", f.Args), true
	default:
		page.Title, page.Text, page.Renew = c.T("invite.dead.title"), c.T("invite.unknown"), true
	}
	return c.RenderStatus(status, page)
}

func (p *Pages) submitRenew(c *httpkit.Ctx) error {
	if err := p.service.Renew(c.Context(), p.token(c), c.Network()); err != nil {
		return err
	}
	return c.Redirect("/invite/renewed")
}

func (p *Pages) showRenewed(c *httpkit.Ctx) error {
	page := &RenewedPage{Base: c.Base()}
	page.Title, page.Lead = c.T("invite.renewed.title"), c.T("invite.renewed.text", "Minutes", int(resendAfter/time.Minute))
	return c.Render(page)
}

func (p *Pages) showCode(c *httpkit.Ctx) error { return c.Render(codePage(c, "")) }

func (p *Pages) submitCode(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	page := codePage(c, form.Get("email"))
	token, err := p.service.ByCode(c.Context(), form.Get("email"), form.Get("code"), c.Network())
	if err != nil {
		return c.Invalid(page, err)
	}
	if err := p.keep(c, token); err != nil {
		return err
	}
	return c.Redirect("/invite")
}

func codePage(c *httpkit.Ctx, email string) *CodePage {
	p := &CodePage{Base: c.Base()}
	p.Title, p.Lead, p.HelpURL = c.T("invite.code.title"), c.T("invite.code.lead"), "/help#old-link"
	p.Back = &httpkit.Link{Label: c.T("invite.to_signin"), URL: "/signin"}
	p.Email = account.NameField(c, email)
	if !c.Tenant().Invitation.Letters() {
		p.Email.Label, p.Email.Hint = c.T("invite.code.email"), ""
	}
	p.Code = httpkit.Field{Name: "code", Label: c.T("invite.code.code"), Hint: c.T("invite.code.hint"), Code: true, Autocomplete: "off", Required: true, Max: 30}
	return p
}

func (p *Pages) showDone(c *httpkit.Ctx) error {
	a, ok := attempt.From(c.Context())
	if !ok {
		return c.Redirect("/signin")
	}
	page := &DonePage{Base: c.Base(), Address: a.Address}
	page.Title, page.Celebrate = c.T("invite.done.title"), true
	page.Lead = c.T("invite.done.lead", "Employer", c.Tenant().Name)
	return c.Render(page)
}

// keep puts a link's token into the cookie; what has not the shape of one
// leaves none behind.
func (p *Pages) keep(c *httpkit.Ctx, token string) error {
	if !shaped(token) {
		c.DropCookie(cookie)
		return nil
	}
	sealed, err := p.service.Box.Seal([]byte(token), cookiePlace(c)...)
	if err != nil {
		return wrap("seal cookie", err)
	}
	c.SetCookie(cookie, base64.RawURLEncoding.EncodeToString(sealed), cookieLife)
	return nil
}

// token is the link's token from the cookie; empty when there is none.
func (p *Pages) token(c *httpkit.Ctx) string {
	sealed, err := base64.RawURLEncoding.DecodeString(c.Cookie(cookie))
	if err != nil || len(sealed) == 0 {
		return ""
	}
	token, err := p.service.Box.Open(sealed, cookiePlace(c)...)
	if err != nil {
		return ""
	}
	return string(token)
}

// cookiePlace ties the cookie to one tenant's host.
func cookiePlace(c *httpkit.Ctx) []string {
	return []string{c.Tenant().ID.String(), "cookie", cookie, c.Site.Host}
}
