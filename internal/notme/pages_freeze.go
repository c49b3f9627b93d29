package notme

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// do is Report or Undo.
type do func(ctx context.Context, token, code, network string) error

// FreezePage tells HR that changes at a person's account are stopped, and lets
// them be made again.
type FreezePage struct {
	httpkit.Base

	Address string
	Facts   []httpkit.SummaryRow // none: nothing is stopped
	Preview httpkit.Preview
	How     httpkit.Choices
	Lift    httpkit.Button
	Leave   httpkit.Link
}

// Template implements httpkit.View.
func (*FreezePage) Template() string { return "notme/freeze" }

func (p *Pages) showFreeze(c *httpkit.Ctx) error {
	page, _, err := p.freezePage(c)
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) submitFreeze(c *httpkit.Ctx) error {
	page, id, err := p.freezePage(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if err := p.service.Lift(c.Context(), id, form.Get("how")); err != nil {
		if f, known := fault.As(err); known && f.Code == codeNone {
			c.Flash("info", codeNone)
			return c.Redirect(personAddress(id))
		}
		return c.Invalid(page, missing(err))
	}
	c.Flash("ok", "notme.lift.done")
	return c.Redirect(personAddress(id))
}

// freezePage is the page about the person of the address.
func (p *Pages) freezePage(c *httpkit.Ctx) (*FreezePage, uuid.UUID, error) {
	id, err := uuid.Parse(strings.TrimPrefix(c.Param("id"), "per_"))
	if err != nil {
		return nil, id, missing(db.ErrNotFound)
	}
	var who people.Person
	err = p.service.DB.Read(c.Context(), func(ctx context.Context) (err error) { who, err = people.ByID(ctx, id); return err })
	if err != nil {
		return nil, id, missing(err)
	}
	f, cause, err := p.service.Status(c.Context(), id)
	if err != nil {
		return nil, id, missing(err)
	}
	page := &FreezePage{Base: c.Base(), Address: personAddress(id) + "/freeze", Leave: httpkit.Link{Label: c.T("people.form.leave"), URL: personAddress(id), Kind: "quiet"}}
	page.Layout, page.Title, page.Lead = httpkit.LayoutConsole, c.T("notme.lift.title", "Name", who.Name()), c.T("notme.lift.nothing", "Name", who.GivenName)
	page.Back = &httpkit.Link{Label: who.Name(), URL: personAddress(id)}
	if f.Open() {
		page.fill(c, f, cause, who)
	}
	return page, id, nil
}

func (page *FreezePage) fill(c *httpkit.Ctx, f account.Freeze, cause Notice, who people.Person) {
	page.Lead = c.T("notme.lift.lead", "Name", who.GivenName)
	since := page.When(f.FrozenAt)
	page.Facts = []httpkit.SummaryRow{{Label: c.T("notme.lift.since"), When: &since}}
	if cause.Kind != "" {
		page.Facts = append(page.Facts, httpkit.SummaryRow{Label: c.T("notme.lift.cause"), Text: c.T("message.kind." + cause.Kind)})
	}
	state := c.T("notme.lift.waits")
	if f.PasswordAt != nil {
		state = c.T("notme.lift.chosen")
	}
	page.Facts = append(page.Facts, httpkit.SummaryRow{Label: c.T("notme.lift.state"), Text: state})
	page.Preview = httpkit.Preview{Title: c.T("notme.lift.preview"), Items: []string{c.T("notme.lift.can"), c.T("notme.lift.first"), c.T("notme.lift.told", "Name", who.GivenName)}}
	page.How = httpkit.Choices{Name: "how", Legend: c.T("notme.lift.how_legend"), Options: []httpkit.Option{
		{Value: "met", Label: c.T("notme.lift.met")}, {Value: "called", Label: c.T("notme.lift.called")}, {Value: "known", Label: c.T("notme.lift.known")},
	}}
	page.Lift = httpkit.Button{Label: c.T("notme.lift.go")}
}

func personAddress(id uuid.UUID) string { return "/admin/people/per_" + id.String() }

// missing turns what this tenant does not have into the answer to any unknown
// address.
func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return fault.New(fault.NotFound, "http.not_found")
	}
	return err
}
