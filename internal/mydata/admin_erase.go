package mydata

import (
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// ErasePage says what carrying a deletion out does, and does it.
type ErasePage struct {
	httpkit.Base

	To      string
	Preview httpkit.Preview
	Kept    httpkit.Table
	Notes   []httpkit.Notice
	Number  httpkit.Field
	Go      httpkit.Button
	Leave   httpkit.Link
}

// Template implements httpkit.View.
func (*ErasePage) Template() string { return "mydata/erase" }

func erasePage(c *httpkit.Ctx, plan Plan) *ErasePage {
	v := &ErasePage{Base: c.Base(), To: boardAddress + "/" + plan.Asked.ID.String()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutConsole, v.T("mydata.erase.title"), v.T("mydata.erase.lead", "Name", plan.Asked.Name)
	if !plan.Rest.Left {
		v.Lead = v.T("mydata.erase.lead_staff", "Name", plan.Asked.Name)
	}
	v.Back = &httpkit.Link{Label: plan.Asked.Name, URL: v.To}
	v.Preview = httpkit.Preview{Title: v.N("mydata.erase.rows", plan.Rows()), Text: v.T("mydata.erase.final")}
	for _, s := range sorts() {
		if n := plan.Counts[s]; n > 0 {
			v.Preview.Items = append(v.Preview.Items, v.T(string(s), "Count", n))
		}
	}
	v.Kept = keptTable(c, &v.Base, plan.Rest.List)
	v.notes(plan)
	v.Number = httpkit.Field{Name: "number", Label: v.T("sheet.column.employee_number"), Hint: v.T("mydata.erase.number_hint", "Number", plan.Number), Required: plan.Number != "", Autocomplete: "off"}
	v.Go = httpkit.Button{Label: v.T("mydata.erase.go"), Kind: "danger"}
	v.Leave = httpkit.Link{Label: v.T("people.form.leave"), URL: v.To, Kind: "quiet"}
	return v
}

// notes say what is easily overlooked.
func (v *ErasePage) notes(plan Plan) {
	if plan.Rest.Held {
		v.Notes = append(v.Notes, httpkit.Notice{Kind: "warn", Text: v.T("mydata.erase.held")})
	}
	if n := plan.Rest.Documents(); n > 0 && plan.Rest.Left {
		v.Notes = append(v.Notes, httpkit.Notice{Kind: "warn", Text: v.N("mydata.erase.papers", n)})
	}
	record := "mydata.erase.record_stays"
	if plan.Whole {
		record = "mydata.erase.record_goes"
	}
	if plan.Rest.Left {
		v.Notes = append(v.Notes, httpkit.Notice{Kind: "info", Text: v.T(record)})
	}
	told := v.N("mydata.erase.told", plan.Mails)
	if plan.Mails == 0 {
		told = v.T("mydata.erase.untold")
	}
	v.Notes = append(v.Notes, httpkit.Notice{Kind: "info", Text: told})
}

// plan is what the page shows; a request that is answered, or the reader's own,
// leads back to its page.
func (p *Pages) plan(c *httpkit.Ctx) (plan Plan, back bool, err error) {
	id, err := idOf(c.Param("id"))
	if err != nil {
		return plan, false, err
	}
	if plan, err = p.svc.Preview(c.Context(), id); err != nil {
		return plan, false, missing(err)
	}
	return plan, plan.Asked.State != Open || plan.Asked.PersonID == c.Actor().PersonID, nil
}

func (p *Pages) showErase(c *httpkit.Ctx) error {
	plan, back, err := p.plan(c)
	if err != nil {
		return err
	}
	if back {
		return c.Redirect(boardAddress + "/" + plan.Asked.ID.String())
	}
	return c.Render(erasePage(c, plan))
}

func (p *Pages) submitErase(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	plan, back, err := p.plan(c)
	if err != nil {
		return err
	}
	at := boardAddress + "/" + plan.Asked.ID.String()
	if back && plan.Asked.State == Open {
		return c.Redirect(at) // their own, as the page says
	}
	err = p.svc.CarryOut(c.Context(), c.Actor(), plan.Asked.ID, form.Get("number"))
	f, known := fault.As(err)
	switch {
	case known && f.Code == codeAnswered:
		c.Flash("info", codeAnswered)
	case known && f.Kind != fault.NotFound:
		v := erasePage(c, plan)
		v.Number.Value = form.Get("number")
		return c.Invalid(v, err)
	case err != nil:
		return missing(err)
	default:
		c.Flash("ok", "mydata.erase.done")
	}
	return c.Redirect(at)
}

// submitNote writes down a deletion that was asked for by letter or by phone.
func (p *Pages) submitNote(c *httpkit.Ctx) error {
	person, err := idOf(c.Param("id"))
	if err != nil {
		return err
	}
	id, err := p.svc.Note(c.Context(), c.Actor(), person)
	if f, known := fault.As(err); known && f.Kind == fault.Conflict {
		c.Flash("info", f.Code)
		return c.Redirect(boardAddress + "?person=per_" + person.String())
	}
	if err != nil {
		return missing(err)
	}
	return c.Redirect(boardAddress + "/" + id.String())
}
