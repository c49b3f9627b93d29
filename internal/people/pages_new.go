package people

import (
	"context"
	"errors"

	"tilgang/internal/httpkit"
	"tilgang/internal/org"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

// AskPage asks whether the person typed in is one who is there.
type AskPage struct {
	httpkit.Base

	Typed, Known []httpkit.SummaryRow
	Hidden       []httpkit.Hidden
	Same, Other  httpkit.Button
	Leave        httpkit.Link
}

// Template implements httpkit.View.
func (*AskPage) Template() string { return "people/ask" }

func (p *Pages) showNew(c *httpkit.Ctx) error {
	page, err := p.newPage(c, Typed{})
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) units(c *httpkit.Ctx) (list []org.Unit, err error) {
	err = p.svc.db.Read(c.Context(), func(ctx context.Context) (err error) { list, err = org.Units(ctx); return err })
	return list, err
}

func (p *Pages) newPage(c *httpkit.Ctx, in Typed) (*FormPage, error) {
	units, err := p.units(c)
	if err != nil {
		return nil, err
	}
	page := &FormPage{Base: c.Base(), Address: listAddress + "/new", Draft: "person-new"}
	page.Layout, page.Title = httpkit.LayoutConsole, page.T("people.new.title")
	page.Back = &httpkit.Link{Label: page.T("people.list.title"), URL: listAddress}
	f := fields{c: c, b: &page.Base, in: in, units: units}
	job := append(f.employer(), f.needed(sheet.EmployeeNumber))
	job = append(append(job, f.dates(f.needed(sheet.StartDate))...), f.place()...)
	page.Sections = []FormSection{
		{Title: page.T("people.form.person"), Fields: append(f.names(), f.national())},
		{Title: page.T("people.form.job"), Fields: job},
		{Title: page.T("people.form.reach"), Hint: page.T("people.form.reach_hint"), Fields: f.reach()},
	}
	page.Hidden = carried(in)
	page.Save = httpkit.Button{Label: page.T("people.new.save")}
	page.Leave = httpkit.Link{Label: page.T("people.form.leave"), URL: listAddress, Kind: "quiet"}
	return page, nil
}

// carried keeps a national number that was typed a page ago, sealed.
func carried(in Typed) []httpkit.Hidden {
	if in[SealedNational] == "" {
		return nil
	}
	return []httpkit.Hidden{{Name: SealedNational, Value: in[SealedNational]}}
}

func (p *Pages) submitNew(c *httpkit.Ctx) error {
	in, form, err := typed(c)
	if err != nil {
		return err
	}
	res, err := p.svc.Hire(c.Context(), in.taken(), form.Get("answer"))
	var ask *Proposal
	if errors.As(err, &ask) {
		return p.ask(c, in, ask)
	}
	if err != nil {
		page, broken := p.newPage(c, in)
		if broken != nil {
			return broken
		}
		return again(c, page, err)
	}
	switch {
	case res.Action == Same:
		c.Flash("info", "people.new.again")
	case res.Known:
		c.Flash("ok", "people.new.known")
	default:
		c.Flash("ok", hiredText(c.Tenant().Invitation.Send))
	}
	return c.Redirect(address(res.Person))
}

// hiredText says what happens now, by the tenant's way of inviting.
func hiredText(send tenant.InvitationSend) string {
	switch send {
	case tenant.SendManual:
		return "people.new.done_manual"
	case tenant.SendDaysBefore:
		return "people.new.done_later"
	case tenant.SendOnImport:
	}
	return "people.new.done"
}

// again shows a form once more with what was wrong at its fields.
func again(c *httpkit.Ctx, page *FormPage, err error) error {
	var no *Refused
	if errors.As(err, &no) {
		ShowProblems(c, &page.Base, no.Problems)
		return c.RenderStatus(422, page)
	}
	return c.Invalid(page, missing(err))
}

// ask shows both, the person typed in and the one who is there.
func (p *Pages) ask(c *httpkit.Ctx, in Typed, ask *Proposal) error {
	all, err := p.about(c, ask.Person)
	if err != nil {
		return err
	}
	page := &AskPage{Base: c.Base()}
	page.Layout, page.Title = httpkit.LayoutConsole, page.T("people.ask.title")
	page.Lead = page.T("people.ask.lead", "Name", all.Person.Name())
	page.Back = &httpkit.Link{Label: page.T("people.list.title"), URL: listAddress}
	page.Typed, page.Known = typedRows(c, &page.Base, in), knownRows(c, &page.Base, all)
	for _, column := range append(sheet.Columns(), newUnit) {
		if value := in[column]; value != "" && column != sheet.NationalNumber {
			page.Hidden = append(page.Hidden, httpkit.Hidden{Name: column, Value: value})
		}
	}
	page.Hidden = append(page.Hidden, carried(Typed{SealedNational: ask.National})...)
	page.Same = httpkit.Button{Label: page.T("people.ask.same"), Name: "answer", Value: AnswerSame}
	page.Other = httpkit.Button{Label: page.T("people.ask.other"), Name: "answer", Value: AnswerOther, Kind: "secondary"}
	page.Leave = httpkit.Link{Label: page.T("people.form.leave"), URL: listAddress, Kind: "quiet"}
	return c.Render(page)
}

func typedRows(c *httpkit.Ctx, b *httpkit.Base, in Typed) (rows []httpkit.SummaryRow) {
	in = in.taken()
	for _, column := range []string{sheet.StartDate, sheet.EndDate} {
		if words := DateWords(c, Date(in[column])); words != "" {
			in[column] = words
		}
	}
	for _, column := range sheet.Columns() {
		if in[column] != "" && column != sheet.NationalNumber && column != sheet.Language && column != sheet.LegalEmployer {
			rows = append(rows, httpkit.SummaryRow{Label: b.T("sheet.column." + column), Text: in[column]})
		}
	}
	return rows
}

func knownRows(c *httpkit.Ctx, b *httpkit.Base, all sheetOf) []httpkit.SummaryRow {
	rows := personalRows(c, b, all.Person)
	for _, j := range all.Jobs {
		rows = append(rows, httpkit.SummaryRow{Label: b.T("people.ask.job"), Text: j.EmployeeNumber + " " + j.JobTitle, Sub: DateWords(c, j.StartDate)})
	}
	return rows
}
