package security

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/session"
)

// documentsAt is where all documents are taken, once it is clear who asks.
const documentsAt = "/document/take"

// MayTake tells whether the session of a request has proven what taking all
// documents asks for.
func (s *Service) MayTake(c *httpkit.Ctx) (bool, error) { return s.stands(c, ActTake) }

// MayPrint tells the same of printing a letter that lets somebody in.
func (s *Service) MayPrint(c *httpkit.Ctx) (bool, error) { return s.stands(c, ActLetter) }

func (s *Service) stands(c *httpkit.Ctx, act Act) (bool, error) {
	p := &Pages{svc: s}
	o, ses, err := p.enter(c)
	if err != nil {
		return false, err
	}
	_, ok := s.Stands(o, ses, act)
	return ok, nil
}

// taking is something that first asks who is there, and where it goes on.
type taking struct {
	act                  Act
	at, then, back, lead string
}

func takeDocuments() taking {
	return taking{act: ActTake, at: "/security/documents", then: documentsAt, back: "security.documents.back", lead: "security.documents.lead"}
}

func takeCopy() taking {
	return taking{act: ActTake, at: "/security/mydata", then: "/mydata", back: "security.mydata.back", lead: "security.mydata.lead"}
}

// printLetter is of a kind of letter, as the addresses of people write it, to
// somebody of this employer's.
func (p *Pages) printLetter(c *httpkit.Ctx, kind string) (t taking, err error) {
	id, nowhere := c.Param("id"), fault.New(fault.NotFound, "http.not_found")
	person, err := uuid.Parse(strings.TrimPrefix(id, "per_"))
	if err != nil || id != "per_"+person.String() {
		return t, nowhere
	}
	err = p.svc.DB.Read(c.Context(), func(ctx context.Context) error { _, err := people.ByID(ctx, person); return err })
	if errors.Is(err, db.ErrNotFound) {
		return t, nowhere
	}
	if err != nil {
		return t, fmt.Errorf("find whom a letter is for: %w", err)
	}
	back := "/admin/people/" + id
	return taking{act: ActLetter, at: "/security/" + kind + "/" + id, then: back + "/" + kind, back: "security.letters.back", lead: "security.letters.lead"}, nil
}

func (p *Pages) takingPage(c *httpkit.Ctx, o Overview, ses session.Session, t taking) *ConfirmPage {
	v := p.confirm(c, o, ses, t.act, t.at)
	v.Back = &httpkit.Link{Label: v.T(t.back), URL: t.then}
	v.Title, v.Lead = v.T("security.documents.title"), v.T(t.lead)
	return v
}

func (p *Pages) showTaking(c *httpkit.Ctx, t taking) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	if _, ok := p.svc.Stands(o, ses, t.act); ok {
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
	if _, err := p.sure(c, o, ses, t.act, form); err != nil {
		return c.Invalid(p.takingPage(c, o, ses, t), err)
	}
	return c.Redirect(t.then)
}

func (p *Pages) showDocuments(c *httpkit.Ctx) error   { return p.showTaking(c, takeDocuments()) }
func (p *Pages) submitDocuments(c *httpkit.Ctx) error { return p.submitTaking(c, takeDocuments()) }
func (p *Pages) showCopy(c *httpkit.Ctx) error        { return p.showTaking(c, takeCopy()) }
func (p *Pages) submitCopy(c *httpkit.Ctx) error      { return p.submitTaking(c, takeCopy()) }

func (p *Pages) showLetter(kind string) httpkit.Handler {
	return func(c *httpkit.Ctx) error {
		t, err := p.printLetter(c, kind)
		if err != nil {
			return err
		}
		return p.showTaking(c, t)
	}
}

func (p *Pages) submitLetter(kind string) httpkit.Handler {
	return func(c *httpkit.Ctx) error {
		t, err := p.printLetter(c, kind)
		if err != nil {
			return err
		}
		return p.submitTaking(c, t)
	}
}
