package people

import (
	"errors"

	"tilgang/internal/httpkit"
	"tilgang/internal/roster/sheet"
)

// EndPage asks for a job's last day and shows what follows from it.
type EndPage struct {
	httpkit.Base

	Address string
	Job     []httpkit.SummaryRow
	Hidden  []httpkit.Hidden
	Last    httpkit.Field
	Preview httpkit.Preview
	Save    httpkit.Button
	Leave   httpkit.Link
}

// Template implements httpkit.View.
func (*EndPage) Template() string { return "people/end" }

func (p *Pages) showEnd(c *httpkit.Ctx) error {
	s, err := p.subject(c, c.Query("job"))
	if err != nil {
		return err
	}
	if s.job == nil {
		return nowhere()
	}
	return c.Render(endPage(c, s, string(s.job.EndDate)))
}

func endPage(c *httpkit.Ctx, s chosen, last string) *EndPage {
	p := &EndPage{Base: c.Base(), Address: address(s.Person.ID) + "/end", Job: jobRows(c, &httpkit.Base{Words: c.Words()}, *s.job)}
	p.Layout, p.Title = httpkit.LayoutConsole, p.T("people.end.title", "Name", s.Person.Name())
	p.Back = &httpkit.Link{Label: s.Person.Name(), URL: address(s.Person.ID)}
	p.Hidden = []httpkit.Hidden{{Name: "job", Value: s.job.ID.String()}}
	p.Last = httpkit.Field{Name: sheet.EndDate, Type: "date", Label: p.T("people.end.last"), Hint: p.T("people.end.last_hint"), Value: last, Required: true}
	p.Preview = endPreview(c, &p.Base, s)
	p.Save = httpkit.Button{Label: p.T("people.end.save")}
	p.Leave = httpkit.Link{Label: p.T("people.form.leave"), URL: address(s.Person.ID), Kind: "quiet"}
	return p
}

// endPreview says what the person keeps, by the employer's window.
func endPreview(c *httpkit.Ctx, b *httpkit.Base, s chosen) httpkit.Preview {
	months := c.Tenant().Alumni.MonthsOf(s.job.Employer.Key)
	preview := httpkit.Preview{Title: b.T("people.end.preview"), Items: []string{b.T("people.end.until_then"), b.T("people.end.nothing_after")}}
	if months > 0 {
		preview.Items[1] = b.N("people.end.after", months)
	}
	return preview
}

func (p *Pages) submitEnd(c *httpkit.Ctx) error {
	in, form, err := typed(c)
	if err != nil {
		return err
	}
	s, err := p.subject(c, form.Get("job"))
	if err != nil {
		return err
	}
	if s.job == nil {
		return nowhere()
	}
	res, err := p.svc.End(c.Context(), s.Person.ID, s.job.ID, in[sheet.EndDate])
	var no *Refused
	switch {
	case errors.As(err, &no):
		page := endPage(c, s, in[sheet.EndDate])
		ShowProblems(c, &page.Base, no.Problems)
		return c.RenderStatus(422, page)
	case err != nil:
		return c.Invalid(endPage(c, s, in[sheet.EndDate]), missing(err))
	case res.Action == Same:
		c.Flash("info", "people.edit.same")
	default:
		c.Flash("ok", "people.end.done")
	}
	return c.Redirect(address(s.Person.ID))
}

func (p *Pages) showRehire(c *httpkit.Ctx) error {
	s, err := p.subject(c, "")
	if err != nil {
		return err
	}
	in := Typed{}
	if s.job != nil {
		in = s.stored()
		delete(in, sheet.StartDate)
		delete(in, sheet.EndDate)
	}
	if !s.gone() {
		delete(in, sheet.EmployeeNumber)
	}
	page, err := p.rehirePage(c, s, in)
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) rehirePage(c *httpkit.Ctx, s chosen, in Typed) (*FormPage, error) {
	units, err := p.units(c)
	if err != nil {
		return nil, err
	}
	page := &FormPage{Base: c.Base(), Address: address(s.Person.ID) + "/rehire", Draft: "person-again-" + s.Person.ID.String()}
	page.Layout, page.Title, page.Lead = httpkit.LayoutConsole, page.T("people.rehire.more", "Name", s.Person.Name()), page.T("people.rehire.more_lead")
	if s.gone() {
		page.Title, page.Lead = page.T("people.rehire.title", "Name", s.Person.Name()), page.T("people.rehire.lead")
	}
	page.Back = &httpkit.Link{Label: s.Person.Name(), URL: address(s.Person.ID)}
	f := fields{c: c, b: &page.Base, in: in, units: units}
	job := append(f.employer(), f.needed(sheet.EmployeeNumber))
	job = append(append(job, f.dates(f.needed(sheet.StartDate))...), f.place()...)
	page.Sections = []FormSection{{Title: page.T("people.form.job"), Fields: job}}
	page.Save = httpkit.Button{Label: page.T("people.rehire.save")}
	page.Leave = httpkit.Link{Label: page.T("people.form.leave"), URL: address(s.Person.ID), Kind: "quiet"}
	return page, nil
}

func (p *Pages) submitRehire(c *httpkit.Ctx) error {
	in, _, err := typed(c)
	if err != nil {
		return err
	}
	s, err := p.subject(c, "")
	if err != nil {
		return err
	}
	res, err := p.svc.Rehire(c.Context(), s.Person.ID, in.taken())
	if err != nil {
		page, broken := p.rehirePage(c, s, in)
		if broken != nil {
			return broken
		}
		return again(c, page, err)
	}
	c.Flash("ok", "people.rehire.done")
	if res.Action == Same {
		c.Flash("info", "people.new.again")
	}
	return c.Redirect(address(s.Person.ID))
}
