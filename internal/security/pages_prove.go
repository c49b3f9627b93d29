package security

import (
	"net/url"
	"path"

	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// Proven tells whether the session of a request has proven what ActProve asks.
func (s *Service) Proven(c *httpkit.Ctx) (bool, error) {
	p := &Pages{svc: s}
	o, ses, err := p.enter(c)
	if err != nil {
		return false, err
	}
	_, ok := s.Stands(o, ses, ActProve)
	return ok, nil
}

// goesOn is the page of this host that a proof leads on to.
func goesOn(c *httpkit.Ctx) string { return httpkit.OwnPath(c.Query("to"), "/security") }

func (p *Pages) provingPage(c *httpkit.Ctx, o Overview, ses session.Session) *ConfirmPage {
	to := goesOn(c)
	v := p.confirm(c, o, ses, ActProve, httpkit.ProveAt(to))
	v.Title, v.Lead = v.T("security.prove.title"), v.T("security.prove.lead")
	if at, err := url.Parse(to); err == nil { // what comes next may ask for this very page
		v.Back = &httpkit.Link{Label: v.T("mfa.back"), URL: path.Dir(at.Path)}
	}
	return v
}

func (p *Pages) showProving(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	if _, ok := p.svc.Stands(o, ses, ActProve); ok {
		return c.Redirect(goesOn(c))
	}
	return c.Render(p.provingPage(c, o, ses))
}

func (p *Pages) submitProving(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if _, err := p.sure(c, o, ses, ActProve, form); err != nil {
		return c.Invalid(p.provingPage(c, o, ses), err)
	}
	return c.Redirect(goesOn(c))
}
