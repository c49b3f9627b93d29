package manager

import (
	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/mailaddr"
	"tilgang/internal/people"
)

// ReportPage is one report, as far as a manager may see.
type ReportPage struct {
	httpkit.Base

	Access []httpkit.SummaryRow
	Send   *httpkit.Link   // to the page that says what sending does
	Stop   *httpkit.Notice // why there is none, and whom to ask
	Lost   []httpkit.Link  // what helps who is in and has lost the second factor
	Job    []httpkit.SummaryRow
}

// Template implements httpkit.View.
func (*ReportPage) Template() string { return "manager/report" }

func (p *Pages) showReport(c *httpkit.Ctx) error {
	id, err := idOf(c.Param("id"))
	if err != nil {
		return err
	}
	r, err := p.svc.Report(c.Context(), id)
	if err != nil {
		return err
	}
	access, err := p.access(c, []people.Report{r})
	if err != nil {
		return err
	}
	lock, err := p.svc.lock(c.Context(), id)
	if err != nil {
		return err
	}
	page := reportPage(c, r, access[id], lock)
	_, err = p.svc.Plan(c.Context(), id)
	if f, known := fault.As(err); known && f.Kind != fault.NotFound {
		page.Send, page.Stop = nil, stop(c, &page.Base, f)
		if f.Kind == fault.Forbidden {
			page.Lost = nil
		}
	} else if err != nil {
		return err
	}
	return c.Render(page)
}

func reportPage(c *httpkit.Ctx, r people.Report, a people.Access, lock Lock) *ReportPage {
	p := &ReportPage{Base: c.Base()}
	p.Layout, p.Title = httpkit.LayoutConsole, r.Name()
	p.Back = &httpkit.Link{Label: p.T("manager.team.title"), URL: teamAddress}
	p.Lead = r.JobTitle
	p.Access = accessRows(&p.Base, r, a, lock)
	p.Send = &httpkit.Link{Label: p.T(sendLabel(a)), URL: reportAddress(r.ID) + "/password", Kind: "primary", Icon: "send"}
	p.Job = jobRows(c, &p.Base, r)
	if a.In() {
		p.Lost = lostLinks(c, reportAddress(r.ID))
	}
	return p
}

// lostLinks lead to what helps somebody without the second factor.
func lostLinks(c *httpkit.Ctx, address string) []httpkit.Link {
	links := []httpkit.Link{{Label: c.T("people.person.recovery"), URL: address + "/recovery", Kind: "secondary", Icon: "shield"}}
	if c.Tenant().Mfa.AccessPass.Life > 0 {
		links = append(links, httpkit.Link{Label: c.T("people.person.pass"), URL: address + "/pass", Kind: "secondary", Icon: "key"})
	}
	return links
}

// sendLabel is the act as its button says it: who has no password yet gets the
// invitation.
func sendLabel(a people.Access) string {
	if a.In() {
		return "manager.report.send"
	}
	return "manager.report.invite"
}

func accessRows(b *httpkit.Base, r people.Report, a people.Access, lock Lock) []httpkit.SummaryRow {
	tag := a.Tag(b, false)
	rows := []httpkit.SummaryRow{{Label: b.T("people.list.state"), Tag: &tag, Sub: a.Since(b, false)}}
	switch {
	case lock.Stopped:
		rows = append(rows, httpkit.SummaryRow{Label: b.T("manager.report.lock"), Tag: &httpkit.Tag{Kind: "bad", Text: b.T("manager.report.stopped")}, Sub: b.T("manager.report.stopped_text")})
	case !lock.Until.IsZero():
		rows = append(rows, httpkit.SummaryRow{Label: b.T("manager.report.lock"), Tag: &httpkit.Tag{Kind: "warn", Text: b.T("manager.report.stopped")}, Sub: b.T("manager.report.locked_text", "When", b.Moment(lock.Until))})
	}
	if to := r.Address(); to != "" {
		rows = append(rows, httpkit.SummaryRow{Label: b.T("manager.report.mail"), Text: mailaddr.Mask(to)})
	}
	return rows
}

func jobRows(c *httpkit.Ctx, b *httpkit.Base, r people.Report) []httpkit.SummaryRow {
	rows := []httpkit.SummaryRow{{Label: b.T("sheet.column.legal_employer"), Text: r.Employer}}
	for _, row := range []httpkit.SummaryRow{
		{Label: b.T("sheet.column.job_title"), Text: r.JobTitle},
		{Label: b.T("sheet.column.org_unit"), Text: r.Unit},
		{Label: b.T("people.person.manager"), Text: r.Boss()},
		{Label: b.T("sheet.column.start_date"), Text: people.DateWords(c, r.StartDate)},
		{Label: b.T("sheet.column.end_date"), Text: people.DateWords(c, r.EndDate)},
	} {
		if row.Text != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// stop says why nothing can be sent, and whom to ask: in the employer's own
// words where it has some.
func stop(c *httpkit.Ctx, b *httpkit.Base, f *fault.Fault) *httpkit.Notice {
	return &httpkit.Notice{
		Kind: "info", Title: b.T("manager.stop.title"), Text: c.Words().TMap(f.Code, f.Args),
		Action: &httpkit.Link{Label: b.T("manager.stop.help", "Name", c.Tenant().Name), URL: "/help#contact"},
	}
}

// shown is a person's id in an address of HR's pages.
func shown(id uuid.UUID) string { return "/admin/people/per_" + id.String() }
