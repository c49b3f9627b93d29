package people

import (
	"context"
	"net/url"

	"github.com/google/uuid"

	"tilgang/internal/httpkit"
	"tilgang/internal/org"
)

// ListPage is everybody, searched and filtered.
type ListPage struct {
	httpkit.Base

	Filter httpkit.Toolbar
	Links  []httpkit.Link
	People httpkit.Table
}

// Template implements httpkit.View.
func (*ListPage) Template() string { return "people/list" }

const listAddress = "/admin/people"

// listing is what the page is made of.
type listing struct {
	found  Found
	units  []org.Unit
	titles []string
	access map[uuid.UUID]Access
}

func (p *Pages) showList(c *httpkit.Ctx) error {
	q := queryOf(c)
	var l listing
	err := p.svc.db.Read(c.Context(), func(ctx context.Context) (err error) { l, err = p.load(ctx, q); return err })
	if err != nil {
		return err
	}
	if len(l.found.People) == 0 && q.After+q.Before != "" {
		return c.Redirect(q.address())
	}
	return c.Render(listPage(c, q, l))
}

func queryOf(c *httpkit.Ctx) Query {
	text := []rune(c.Query("q"))
	return Query{
		Text: string(text[:min(len(text), 200)]), Unit: c.Query("unit"), Title: c.Query("title"), State: c.Query("state"),
		After: c.Query("after"), Before: c.Query("before"), Today: DateOf(c.Now(), c.Tenant().Zone),
	}
}

func (p *Pages) load(ctx context.Context, q Query) (l listing, err error) {
	if l.found, err = Browse(ctx, q); err != nil {
		return l, err
	}
	if l.units, err = org.Units(ctx); err != nil {
		return l, err
	}
	if l.titles, err = Titles(ctx); err != nil {
		return l, err
	}
	ids := make([]uuid.UUID, len(l.found.People))
	for i, one := range l.found.People {
		ids[i] = one.ID
	}
	l.access, err = AccessOf(ctx, p.invitations, ids)
	return l, err
}

// address keeps the query, without its cursor, in an address; more are further
// pairs of name and value.
func (q Query) address(more ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	for name, value := range map[string]string{"q": q.Text, "unit": q.Unit, "title": q.Title, "state": q.State} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return listAddress
	}
	return listAddress + "?" + values.Encode()
}

// narrow tells whether the query asks for some people only.
func (q Query) narrow() bool { return q.Text+q.Unit+q.Title+q.State != "" }

func listPage(c *httpkit.Ctx, q Query, l listing) *ListPage {
	p := &ListPage{Base: c.Base()}
	p.Layout, p.Title = httpkit.LayoutConsole, p.T("people.list.title")
	p.Action = &httpkit.Link{Label: p.T("people.list.add"), URL: "/admin/people/new", Kind: "primary", Icon: "add"}
	p.Filter = filter(&p.Base, q, l)
	p.Links = []httpkit.Link{
		{Label: p.T("people.list.invite"), URL: "/admin/invite", Icon: "send"},
		{Label: p.T("people.list.recovery"), URL: "/admin/recovery", Icon: "shield"},
	}
	p.People = httpkit.Table{
		Caption: p.Title, Rows: listRows(c, &p.Base, q, l), Empty: emptyList(&p.Base, q), Pager: listPager(&p.Base, q, l.found),
		Columns: []httpkit.Column{
			{Label: p.T("people.list.name")},
			{Label: p.T("sheet.column.job_title")},
			{Label: p.T("sheet.column.org_unit")},
			{Label: p.T("people.list.start")},
			{Label: p.T("people.list.access")},
		},
	}
	return p
}

func filter(b *httpkit.Base, q Query, l listing) httpkit.Toolbar {
	bar := httpkit.Toolbar{
		Action: listAddress,
		Search: &httpkit.Field{Name: "q", Label: b.T("people.list.search"), Value: q.Text, Placeholder: b.T("people.list.search")},
		Filters: []httpkit.Field{
			choice(b, "state", "people.list.state", q.State, states(b)),
			choice(b, "unit", "sheet.column.org_unit", q.Unit, unitOptions(l.units)),
			choice(b, "title", "sheet.column.job_title", q.Title, titleOptions(l.titles)),
		},
	}
	if q.narrow() {
		bar.ClearURL = listAddress
	}
	return bar
}

// choice is a filter whose first option is everything.
func choice(b *httpkit.Base, name, label, value string, options []httpkit.Option) httpkit.Field {
	all := append([]httpkit.Option{{Label: b.T("people.list.all")}}, options...)
	for i := range all {
		all[i].Selected = all[i].Value == value
	}
	return httpkit.Field{Name: name, Type: "select", Label: b.T(label), Options: all}
}

func states(b *httpkit.Base) []httpkit.Option {
	return []httpkit.Option{
		{Value: "staff", Label: b.T("people.list.state.staff")},
		{Value: "joiner", Label: b.T("people.list.state.joiner")},
		{Value: "left", Label: b.T("people.list.state.left")},
		{Value: "in", Label: b.T("people.list.state.in")},
		{Value: "confirmed", Label: b.T("people.access.confirmed")},
		{Value: "waiting", Label: b.T("people.list.state.waiting")},
		{Value: "none", Label: b.T("people.list.state.none")},
	}
}

func unitOptions(units []org.Unit) (list []httpkit.Option) {
	for _, u := range units {
		list = append(list, httpkit.Option{Value: u.PathKey, Label: u.Path})
	}
	return list
}

func titleOptions(titles []string) (list []httpkit.Option) {
	for _, t := range titles {
		list = append(list, httpkit.Option{Value: t, Label: t})
	}
	return list
}

func listRows(c *httpkit.Ctx, b *httpkit.Base, q Query, l listing) []httpkit.Row {
	rows := make([]httpkit.Row, len(l.found.People))
	for i, one := range l.found.People {
		state := l.access[one.ID].Tag(b, one.left(q.Today))
		unit, above := unitWords(one.Unit)
		start := httpkit.Cell{Text: DateWords(c, one.StartDate)}
		if one.EndDate != "" {
			start.Sub = b.T("people.list.until", "Date", DateWords(c, one.EndDate))
		}
		rows[i] = httpkit.Row{ID: one.ID.String(), Cells: []httpkit.Cell{
			{Text: one.Name(), Sub: one.mark(b), URL: address(one.ID)},
			{Text: one.JobTitle},
			{Text: unit, Sub: above},
			start,
			{Tag: &state, Sub: l.access[one.ID].Since(b, one.left(q.Today))},
		}}
	}
	return rows
}

// mark is the employee number, or who took the person in without one.
func (l Listed) mark(b *httpkit.Base) string {
	switch {
	case Employment{AddedBy: l.AddedBy, NumberKey: l.EmployeeNumber}.Provisional():
		return b.T("people.list.added_unnumbered")
	case l.AddedBy != nil:
		return b.T("people.list.added", "Number", l.EmployeeNumber)
	}
	return l.EmployeeNumber
}

// left tells whether the employment that begins last has ended.
func (l Listed) left(today Date) bool { return l.EndDate != "" && l.EndDate < today }

// unitWords are a unit's own name and, apart, the names above it.
func unitWords(path string) (name, above string) {
	names := org.Names(path)
	if len(names) == 0 {
		return "", ""
	}
	last := len(names) - 1
	for i, n := range names[:last] {
		if i > 0 {
			above += " › "
		}
		above += n
	}
	return names[last], above
}

// DateWords is a day in the reader's language, empty for none.
func DateWords(c *httpkit.Ctx, d Date) string {
	t := d.Time(c.Words().Zone())
	if t.IsZero() {
		return ""
	}
	return c.Words().Date(t)
}

func emptyList(b *httpkit.Base, q Query) httpkit.EmptyState {
	if q.narrow() {
		return httpkit.EmptyState{
			Icon: "search", Title: b.T("people.list.nobody"), Text: b.T("people.list.nobody_text"),
			Action: &httpkit.Link{Label: b.T("people.list.everybody"), URL: listAddress, Kind: "secondary"},
		}
	}
	return httpkit.EmptyState{
		Icon: "people", Title: b.T("people.list.empty"), Text: b.T("people.list.empty_text"),
		Action: &httpkit.Link{Label: b.T("people.list.upload"), URL: "/admin/roster", Kind: "primary"},
	}
}

func listPager(b *httpkit.Base, q Query, f Found) httpkit.Pager {
	pager := httpkit.Pager{Text: b.N("people.list.count", f.Total)}
	if f.Total >= MostCounted {
		pager.Text = b.T("people.list.many", "Count", MostCounted)
	}
	if f.Before != "" {
		pager.PrevURL = q.address("before", f.Before)
	}
	if f.After != "" {
		pager.NextURL = q.address("after", f.After)
	}
	return pager
}
