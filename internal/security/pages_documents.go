package security

import (
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// documentsAt is where all documents are taken, once it is clear who asks.
const documentsAt = "/document/take"

// MayTake tells whether the session of a request has proven what taking all
// documents asks for.
func (s *Service) MayTake(c *httpkit.Ctx) (bool, error) {
	p := &Pages{svc: s}
	o, ses, err := p.enter(c)
	if err != nil {
		return false, err
	}
	_, ok := s.Stands(o, ses, ActTake)
	return ok, nil
}

// taking is something that asks for what taking everything asks, and where it
// goes on.
type taking struct{ at, then, back, lead string }

func takeDocuments() taking {
	return taking{at: "/security/documents", then: documentsAt, back: "security.documents.back", lead: "security.documents.lead"}
}

func takeCopy() taking {
	return taking{at: "/security/mydata", then: "/mydata", back: "security.mydata.back", lead: "security.mydata.lead"}
}

func (p *Pages) takingPage(c *httpkit.Ctx, o Overview, ses session.Session, t taking) *ConfirmPage {
	v := p.confirm(c, o, ses, ActTake, t.at)
	v.Back = &httpkit.Link{Label: v.T(t.back), URL: t.then}
	v.Title, v.Lead = v.T("security.documents.title"), v.T(t.lead)
	return v
}

func (p *Pages) showTaking(c *httpkit.Ctx, t taking) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	if _, ok := p.svc.Stands(o, ses, ActTake); ok {
		return c.Redirect(t.then)
	}
	return c.Render(p.takingPage(c, o, ses, t))
}

func (p *Pages) submitTaking(c *httpkit.Ctx, t taking) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if _, err := p.sure(c, o, ses, ActTake, form); err != nil {
		return c.Invalid(p.takingPage(c, o, ses, t), err)
	}
	return c.Redirect(t.then)
}

func (p *Pages) showDocuments(c *httpkit.Ctx) error   { return p.showTaking(c, takeDocuments()) }
func (p *Pages) submitDocuments(c *httpkit.Ctx) error { return p.submitTaking(c, takeDocuments()) }
func (p *Pages) showCopy(c *httpkit.Ctx) error        { return p.showTaking(c, takeCopy()) }
func (p *Pages) submitCopy(c *httpkit.Ctx) error      { return p.submitTaking(c, takeCopy()) }
