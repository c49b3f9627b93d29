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

func (p *Pages) documentsPage(c *httpkit.Ctx, o Overview, ses session.Session) *ConfirmPage {
	v := p.confirm(c, o, ses, ActTake, "/security/documents")
	v.Back = &httpkit.Link{Label: v.T("security.documents.back"), URL: "/document"}
	v.Title, v.Lead = v.T("security.documents.title"), v.T("security.documents.lead")
	return v
}

func (p *Pages) showDocuments(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	if _, ok := p.svc.Stands(o, ses, ActTake); ok {
		return c.Redirect(documentsAt)
	}
	return c.Render(p.documentsPage(c, o, ses))
}

func (p *Pages) submitDocuments(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if _, err := p.sure(c, o, ses, ActTake, form); err != nil {
		return c.Invalid(p.documentsPage(c, o, ses), err)
	}
	return c.Redirect(documentsAt)
}
