package signin

import (
	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// showIdentifier asks who it is. Who is signed in goes on.
func (p *Pages) showIdentifier(c *httpkit.Ctx) error {
	f := identifierForm{Resume: resumePath(c.Query("return_to"))}
	if c.Actor().Signed() {
		return c.Redirect(f.Resume)
	}
	f.Typed = remembered(c)
	f.Remember = f.Typed != ""
	if a, ok := p.begun(c); ok && a.Address != "" {
		f.Typed = a.Address
		if f.Resume == "" {
			f.Resume = a.Resume
		}
	}
	page := p.identifierPage(c, f)
	tell(c, &page.Base)
	return c.Render(page)
}

// begun is the sign-in that this browser has begun already, if any, or the wish
// for a new password that it came to.
func (p *Pages) begun(c *httpkit.Ctx) (attempt.Attempt, bool) {
	if c.Cookie(attempt.Cookie) == "" {
		return attempt.Attempt{}, false
	}
	a, err := p.svc.Attempts.Find(c.Context(), c.Cookie(attempt.Cookie), c.Site.Host)
	return a, err == nil && (a.Purpose == attempt.Signin || a.Purpose == attempt.Reset)
}

// submitIdentifier starts an attempt for whatever address was typed.
func (p *Pages) submitIdentifier(c *httpkit.Ctx) error {
	f, err := parseIdentifier(c)
	if err != nil {
		return c.Invalid(p.identifierPage(c, f), err)
	}
	if err := p.svc.Limiter.Allow(c.Context(), p.svc.Limits.Start, c.Network()); err != nil {
		return c.Invalid(p.identifierPage(c, f), err)
	}
	cookie, a, err := p.svc.Attempts.Start(c.Context(), attempt.New{
		Purpose: attempt.Signin, Address: f.Address.Display, AddressKey: f.Address.Key, Resume: f.Resume, Host: c.Site.Host,
		Asker: attempt.Asker{UserAgent: c.UserAgent(), Network: c.Network()},
	})
	if err != nil {
		return err
	}
	remember(c, f)
	c.SetCookie(attempt.Cookie, cookie, attempt.Life)
	if f.Password == "" {
		return c.Redirect(toPassword)
	}
	return p.verify(c, a, f.Password, func() httpkit.View { return p.identifierPage(c, f) })
}

func (p *Pages) showPassword(c *httpkit.Ctx) error {
	a, _ := attempt.From(c.Context())
	if a.Has(attempt.Password) {
		return c.Redirect("/signin/next")
	}
	return c.Render(p.passwordPage(c, a))
}

func (p *Pages) submitPassword(c *httpkit.Ctx) error {
	a, _ := attempt.From(c.Context())
	in, err := c.Form()
	if err != nil {
		return err
	}
	page := func() httpkit.View { return p.passwordPage(c, a) }
	if in.Get("password") == "" {
		return c.Invalid(page(), fault.Field("password", "signin.password_missing"))
	}
	return p.verify(c, a, in.Get("password"), page)
}

// verify compares the password and goes on, or shows the page it was typed on
// again.
func (p *Pages) verify(c *httpkit.Ctx, a attempt.Attempt, typed string, page func() httpkit.View) error {
	robot, err := captcha.FormOf(c, captcha.Signin)
	if err != nil {
		return err
	}
	cookie, err := p.svc.Verify(c.Context(), Try{
		Attempt: a, Password: typed, Device: c.Cookie(session.DeviceCookie), Network: c.Network(), Alumni: c.Site.Side == httpkit.Alumni, Robot: robot,
	})
	if f, ok := fault.As(err); ok && f.Is(errMoved()) {
		c.DropCookie(attempt.Cookie)
		return c.RedirectOut(p.alumniURL(c.Tenant()) + AgainURL(session.Moved, ""))
	}
	if err != nil {
		return c.Invalid(page(), p.busy(c, err))
	}
	c.SetCookie(attempt.Cookie, cookie, attempt.Life)
	return c.Redirect("/signin/next")
}
