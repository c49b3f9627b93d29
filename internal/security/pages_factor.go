package security

import (
	"slices"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

func (p *Pages) factorConfirm(c *httpkit.Ctx, o Overview, ses session.Session) *ConfirmPage {
	v := p.confirm(c, o, ses, ActFirst, "/security/factor")
	v.Title, v.Lead = v.T("security.factor.confirm"), v.T("security.factor.confirm.lead")
	return v
}

// enterFactor is enter for the set-up of a first factor; where one is on file,
// or none can be set up, the overview tells.
func (p *Pages) enterFactor(c *httpkit.Ctx) (o Overview, ses session.Session, done bool, err error) {
	o, ses, err = p.enter(c)
	if err == nil && (o.Enrolled() || len(o.Ways) == 0) {
		return o, ses, true, c.Redirect("/security")
	}
	return o, ses, false, err
}

func (p *Pages) showFactor(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterFactor(c)
	if done || err != nil {
		return err
	}
	return c.Render(p.factorConfirm(c, o, ses))
}

func (p *Pages) submitFactor(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterFactor(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, err := p.sure(c, o, ses, ActFirst, form)
	if err != nil {
		return c.Invalid(p.factorConfirm(c, o, ses), err)
	}
	started, err := p.svc.StartSetup(c.Context(), passed, o)
	if err != nil {
		return c.Invalid(p.factorConfirm(c, o, ses), err)
	}
	c.SetCookie(attempt.Cookie, started, attempt.Life)
	return c.Redirect("/mfa/setup")
}

// endFactor leads to what the set-up still owes, and when that is nothing
// replaces the session by one that holds the factor too.
func (p *Pages) endFactor(c *httpkit.Ctx) error {
	a, ok := attempt.From(c.Context())
	if !ok {
		return fault.New(fault.Expired, "attempt.expired")
	}
	step, err := p.svc.Left(c.Context(), a)
	if err != nil {
		return err
	}
	if unreplaced(a) {
		return c.Redirect("/security") // the set-up stays open for as long as its attempt
	}
	if page := pageOf(step); page != "" {
		return c.Redirect(page)
	}
	cookie, ses, err := p.svc.EndSetup(c.Context(), a, Browser{
		Device: c.Cookie(session.DeviceCookie), Host: c.Site.Host, Network: c.Network(), UserAgent: c.UserAgent(), Former: c.Actor().SessionID,
	})
	if fault.KindOf(err) == fault.Expired {
		return c.Redirect("/security") // the other half of a double click has done it
	}
	if err != nil {
		return err
	}
	c.DropCookie(attempt.Cookie)
	c.SetCookie(session.Cookie, cookie, 0)
	if ses.Device != "" {
		c.SetCookie(session.DeviceCookie, ses.Device, session.DeviceLife)
	}
	return p.landed(c, a)
}

// landed says what a set-up brought: the first factor, one more, or nothing.
func (p *Pages) landed(c *httpkit.Ctx, a attempt.Attempt) error {
	o, err := p.svc.See(c.Context(), a.AccountID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(o.Factors, func(f factor.Authenticator) bool { return !f.ConfirmedAt.Before(a.CreatedAt) }) {
		return c.Redirect("/security")
	}
	if len(o.Factors) > 1 {
		c.Flash("ok", "security.factors.more")
		return c.Redirect("/security/factors")
	}
	c.Flash("ok", "security.factor.done")
	return c.Redirect("/security")
}

// pageOf is the page of what a set-up still owes, empty for nothing.
func pageOf(step factor.Step) string {
	switch step.Kind {
	case factor.StepChallenge:
		return "/mfa"
	case factor.StepSetup:
		return "/mfa/setup"
	case factor.StepRecovery:
		return "/mfa/setup/recovery"
	case factor.StepDone, factor.StepPassword:
	}
	return ""
}
