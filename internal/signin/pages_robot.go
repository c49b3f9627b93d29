package signin

import (
	"tilgang/internal/captcha"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/limit"
	"tilgang/internal/tenant"
)

// robot is the robot check of a password's form: asked once a try would be
// refused by the limits.
func (p *Pages) robot(c *httpkit.Ctx) captcha.Part {
	s, t := p.svc, c.Tenant()
	full := s.Limiter.Full(c.Context(), s.Limits.Network, c.Network()) || s.Limiter.Full(c.Context(), s.Limits.Tenant, t.ID.String())
	return s.Robots.PartIf(c, captcha.Signin, full)
}

// busy says of a limit that the check on the page is the way past it.
func (p *Pages) busy(c *httpkit.Ctx, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Code != limit.Reached || c.Tenant().Captcha.Mode == tenant.CaptchaOff {
		return err
	}
	return fault.New(fault.TooMany, codeBusy).After(f.RetryAfter)
}
