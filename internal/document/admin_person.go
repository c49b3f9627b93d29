package document

import (
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// PersonPage are one person's documents as HR sees them: which there are, not
// what is in them.
type PersonPage struct {
	httpkit.Base

	Address string
	Table   httpkit.Table
	Held    *httpkit.Notice
	Reason  *httpkit.Field // of a new hold; nil: held already, or may not
	Go      httpkit.Button
	Lift    bool
}

// Template implements httpkit.View.
func (*PersonPage) Template() string { return "document/person" }

func (p *Pages) personPage(c *httpkit.Ctx) (*PersonPage, error) {
	id, err := idOf(c)
	if err != nil {
		return nil, err
	}
	f, err := p.svc.PersonFile(c.Context(), id)
	if err != nil {
		return nil, missing(err)
	}
	v := &PersonPage{Base: c.Base(), Address: personAddress + "/" + id.String()}
	v.Layout, v.Title, v.Eyebrow, v.Lead = httpkit.LayoutConsole, f.Person.Name(), v.T("document.title"), v.T("document.person.lead")
	v.Back = &httpkit.Link{Label: v.T("document.start.title"), URL: startAddress}
	v.Table = httpkit.Table{
		Caption: v.T("document.title"), Columns: []httpkit.Column{{Label: v.T("document.column.title")}, {Label: v.T("document.kind")}, {Label: v.T("document.column.date")}},
		Empty: httpkit.EmptyState{Icon: "doc", Title: v.T("document.person.none"), Text: v.T("document.person.none_text")},
	}
	for _, h := range f.List {
		v.Table.Rows = append(v.Table.Rows, httpkit.Row{Cells: []httpkit.Cell{{Text: h.Title, Sub: h.Employer, URL: startAddress + "/open/" + h.ID.String()}, {Text: kindWord(&v.Base, h.Kind)}, {Text: day(c, h.Document)}}})
	}
	p.holding(c, v, f)
	return v, nil
}

// holding shows the hold, and what may be done about it.
func (p *Pages) holding(c *httpkit.Ctx, v *PersonPage, f File) {
	may := p.may(c, "hold")
	switch {
	case f.Hold != nil:
		v.Held = &httpkit.Notice{Kind: "warn", Title: v.T("document.hold.on", "Date", v.Date(f.Hold.SetAt)), Text: v.T("document.hold.why", "Name", f.SetBy, "Reason", f.Hold.Reason)}
		v.Lift, v.Go = may, httpkit.Button{Label: v.T("document.hold.lift"), Kind: "secondary"}
	case may:
		v.Reason = &httpkit.Field{Name: "reason", Label: v.T("document.hold.reason"), Hint: v.T("document.hold.hint"), Required: true, Max: maxReason, Autocomplete: "off"}
		v.Go = httpkit.Button{Label: v.T("document.hold.set"), Kind: "secondary"}
	}
}

func (p *Pages) showPerson(c *httpkit.Ctx) error {
	v, err := p.personPage(c)
	if err != nil {
		return err
	}
	return c.Render(v)
}

func (p *Pages) submitHold(c *httpkit.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if err := p.svc.Keep(c.Context(), c.Actor(), id, form.Get("reason")); err != nil {
		f, known := fault.As(err)
		if !known || f.Kind != fault.Invalid {
			return missing(err)
		}
		v, broken := p.personPage(c)
		if broken != nil {
			return broken
		}
		if v.Reason != nil {
			v.Reason.Value = form.Get("reason")
		}
		return c.Invalid(v, err)
	}
	c.Flash("ok", "document.hold.set_done")
	return c.Redirect(personAddress + "/" + id.String())
}

func (p *Pages) submitRelease(c *httpkit.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if err := p.svc.Release(c.Context(), c.Actor(), id); err != nil {
		return missing(err)
	}
	c.Flash("ok", "document.hold.lift_done")
	return c.Redirect(personAddress + "/" + id.String())
}

// OpenPage asks why somebody's document is to be opened.
type OpenPage struct {
	httpkit.Base

	To     string
	Facts  []httpkit.SummaryRow
	Told   httpkit.Notice
	Reason httpkit.Field
	Go     httpkit.Button
}

// Template implements httpkit.View.
func (*OpenPage) Template() string { return "document/open" }

func (p *Pages) openPage(c *httpkit.Ctx) (*OpenPage, Held, error) {
	id, err := idOf(c)
	if err != nil {
		return nil, Held{}, err
	}
	h, owner, err := p.svc.One(c.Context(), id)
	if err != nil {
		return nil, h, missing(err)
	}
	v := &OpenPage{Base: c.Base(), To: startAddress + "/open/" + id.String()}
	v.Layout, v.Title, v.Eyebrow = httpkit.LayoutConsole, h.Title, owner.Name()
	v.Back = &httpkit.Link{Label: owner.Name(), URL: personAddress + "/" + h.PersonID.String()}
	v.Facts = p.facts(c, &v.Base, h)
	v.Told = httpkit.Notice{Kind: "info", Title: v.T("document.open.told"), Text: v.T("document.open.told_text", "Name", owner.GivenName)}
	v.Reason = httpkit.Field{Name: "reason", Label: v.T("document.open.reason"), Hint: v.T("document.open.hint"), Required: true, Max: maxReason, Autocomplete: "off"}
	v.Go = httpkit.Button{Label: v.T("document.open.go"), Icon: "doc"}
	return v, h, nil
}

func (p *Pages) showOpen(c *httpkit.Ctx) error {
	v, _, err := p.openPage(c)
	if err != nil {
		return err
	}
	return c.Render(v)
}

func (p *Pages) submitOpen(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	v, h, err := p.openPage(c)
	if err != nil {
		return err
	}
	if err := p.svc.Open(c.Context(), c.Actor(), h.ID, form.Get("reason")); err != nil {
		v.Reason.Value = form.Get("reason")
		return c.Invalid(v, missing(err))
	}
	return c.Redirect(fileAddress(p.svc.Ticket(c.Actor(), c.Tenant(), h.ID, Opened)))
}
