package recovery

import (
	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// BoardPage lists recoveries: those that run, and what became of the others.
type BoardPage struct {
	httpkit.Base

	Running httpkit.Table
	Ended   *httpkit.Table
}

// Template implements httpkit.View.
func (*BoardPage) Template() string { return "recovery/board" }

func (p *Pages) showBoard(c *httpkit.Ctx) error {
	list, err := p.svc.List(c.Context())
	if err != nil {
		return err
	}
	page := &BoardPage{Base: c.Base()}
	page.Layout, page.Title, page.Lead = httpkit.LayoutConsole, page.T("recovery.board.title"), page.T("recovery.board.lead")
	page.Back = &httpkit.Link{Label: page.T("people.list.title"), URL: "/admin/people"}
	page.Running = table(&page.Base, page.T("recovery.board.running"))
	page.Running.Empty = httpkit.EmptyState{Icon: "ok", Title: page.T("recovery.board.none"), Text: page.T("recovery.board.none_text")}
	ended := table(&page.Base, page.T("recovery.board.ended"))
	for _, l := range list {
		if row := rowOf(&page.Base, l, l.State(c.Now())); l.Recovery.Running(c.Now()) {
			page.Running.Rows = append(page.Running.Rows, row)
		} else {
			ended.Rows = append(ended.Rows, row)
		}
	}
	if len(ended.Rows) > 0 {
		page.Ended = &ended
	}
	return c.Render(page)
}

func table(b *httpkit.Base, caption string) httpkit.Table {
	return httpkit.Table{Caption: caption, Columns: []httpkit.Column{
		{Label: b.T("people.list.name")}, {Label: b.T("recovery.row.state")}, {Label: b.T("recovery.fact.starter")}, {Label: b.T("recovery.board.next")},
	}}
}

func rowOf(b *httpkit.Base, l line, s State) httpkit.Row {
	tag := stateTag(b, s)
	return httpkit.Row{ID: l.ID.String(), Cells: []httpkit.Cell{
		{Text: l.name(), URL: caseAddress(l.ID)}, {Tag: &tag}, {Text: l.starter(), Sub: b.Moment(l.CreatedAt)}, {Text: waitsFor(b, l.Recovery, s, max(1, Needed(l.Privileged)-l.Approvals))},
	}}
}

// CasePage is one recovery and what its reader can do about it.
type CasePage struct {
	httpkit.Base

	State   []httpkit.SummaryRow
	Person  httpkit.Link
	Warn    []httpkit.Notice
	Check   *httpkit.Preview // what to make sure of before approving
	Approve *httpkit.Button
	Why     *httpkit.Notice // why the reader cannot approve
	End     *httpkit.Button
	Address string
}

// Template implements httpkit.View.
func (*CasePage) Template() string { return "recovery/case" }

func (p *Pages) showCase(c *httpkit.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	page, err := p.casePage(c, id)
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) casePage(c *httpkit.Ctx, id uuid.UUID) (*CasePage, error) {
	one, why, err := p.svc.Look(c.Context(), id)
	if err != nil {
		return nil, err
	}
	v := &CasePage{Base: c.Base(), Address: caseAddress(id)}
	v.Layout, v.Title = httpkit.LayoutConsole, v.T("recovery.case.title", "Name", one.Person)
	v.Back = &httpkit.Link{Label: v.T("recovery.board.title"), URL: boardAddress}
	v.State = rows(&v.Base, one)
	v.Person = httpkit.Link{Label: v.T("recovery.case.person", "Name", one.Person), URL: "/admin/people/per_" + one.PersonID.String()}
	if !one.Running(c.Now()) {
		return v, nil
	}
	v.warn(one)
	v.acts(c, one, why)
	return v, nil
}

// warn tells what is out of the ordinary.
func (v *CasePage) warn(one Case) {
	if one.Channels == 0 {
		v.Warn = append(v.Warn, httpkit.Notice{Kind: "warn", Text: v.T("recovery.case.no_channel")})
	}
	if one.Privileged && one.State == Waiting {
		v.Warn = append(v.Warn, httpkit.Notice{Kind: "info", Text: v.T("recovery.case.privileged")})
		if one.Admins < one.Missing() {
			v.Warn = append(v.Warn, httpkit.Notice{Kind: "warn", Text: v.T("recovery.case.few_admins")})
		}
	}
}

func (v *CasePage) acts(c *httpkit.Ctx, one Case, why error) {
	label := "recovery.case.cancel"
	if one.State == Waiting {
		label = "recovery.case.refuse"
		v.approval(c, why)
	}
	v.End = &httpkit.Button{Label: v.T(label), Kind: "danger"}
}

func (v *CasePage) approval(c *httpkit.Ctx, why error) {
	if f, known := fault.As(why); known {
		v.Why = &httpkit.Notice{Kind: "info", Title: v.T("recovery.case.not_you"), Text: c.Words().TMap(f.Code, f.Args)}
		return
	}
	policy := c.Tenant().Mfa.Recovery
	v.Check = &httpkit.Preview{
		Kind: "warn", Title: v.T("recovery.case.check"), Text: v.T("recovery.case.check_text"),
		Items: []string{v.T("recovery.start.wait", "Wait", policy.CoolingOff), v.T("recovery.start.anew"), v.T("recovery.case.named")},
	}
	v.Approve = &httpkit.Button{Label: v.T("recovery.case.approve")}
}

func (p *Pages) submitApprove(c *httpkit.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	enough, err := p.svc.Approve(c.Context(), id)
	switch {
	case err == nil && enough:
		c.Flash("ok", "recovery.case.approved")
	case err == nil:
		c.Flash("ok", "recovery.case.approved_once")
	default:
		return p.refused(c, id, err)
	}
	return c.Redirect(caseAddress(id))
}

func (p *Pages) submitCancel(c *httpkit.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if err := p.svc.Cancel(c.Context(), id); err != nil {
		return p.refused(c, id, err)
	}
	c.Flash("ok", "recovery.case.cancelled")
	return c.Redirect(caseAddress(id))
}

// refused shows the case with the refusal; a double click has done it already.
func (p *Pages) refused(c *httpkit.Ctx, id uuid.UUID, refusal error) error {
	f, known := fault.As(refusal)
	if !known || f.Kind == fault.NotFound {
		return refusal
	}
	if f.Kind == fault.Conflict {
		c.Flash("info", f.Code)
		return c.Redirect(caseAddress(id))
	}
	page, err := p.casePage(c, id)
	if err != nil {
		return err
	}
	page.Why = nil // the summary of errors says it
	return c.Invalid(page, refusal)
}
