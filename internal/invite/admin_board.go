package invite

import (
	"net/url"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/httpkit"
)

const (
	boardAddress = "/admin/invite"
	sendAddress  = "/admin/people/invite-all"
)

// BoardPage shows who has been invited and is not in yet, and why.
type BoardPage struct {
	httpkit.Base

	Moving  *httpkit.Card // how far people have come who move here from another sign-in
	Filter  httpkit.Toolbar
	Waiting httpkit.Table
	Who     *httpkit.Table // those of one reason
	Send    *httpkit.Link  // to them alone
	Nobody  *httpkit.EmptyState
}

// Template implements httpkit.View.
func (*BoardPage) Template() string { return "invite/board" }

// scopeOf reads a scope from an address or a form; an unknown reason is none.
func scopeOf(get func(string) string) Scope {
	cut := func(s string) string { return string([]rune(s)[:min(len([]rune(s)), 500)]) }
	sc := Scope{Unit: cut(get("unit")), Title: cut(get("title")), Reason: State(get("reason"))}
	if !slices.Contains(reasons(), sc.Reason) {
		sc.Reason = ""
	}
	return sc
}

func (sc Scope) values() map[string]string {
	all := map[string]string{}
	for name, value := range map[string]string{"unit": sc.Unit, "title": sc.Title, "reason": string(sc.Reason)} {
		if value != "" {
			all[name] = value
		}
	}
	return all
}

// address keeps a scope in an address.
func (sc Scope) address(path string) string {
	values := url.Values{}
	for name, value := range sc.values() {
		values.Set(name, value)
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

func (p *Pages) showBoard(c *httpkit.Ctx) error {
	sc := scopeOf(c.Query)
	after, err := uuid.Parse(c.Query("after"))
	if err != nil {
		after = uuid.Nil
	}
	b, err := p.service.board(c.Context(), sc, after)
	if err != nil {
		return err
	}
	return c.Render(boardPage(c, sc, b))
}

func boardPage(c *httpkit.Ctx, sc Scope, b board) *BoardPage {
	p := &BoardPage{Base: c.Base()}
	p.Title, p.Layout, p.Lead = c.T("invite.board.title"), httpkit.LayoutConsole, c.T("invite.board.lead")
	p.Back = &httpkit.Link{Label: c.T("invite.all.back"), URL: "/admin/people"}
	if policy := c.Tenant().Invitation; policy.Moving(c.Now()) {
		p.Moving = movingCard(c, &p.Base, b.moving)
	}
	p.Filter = boardFilter(&p.Base, sc, b)
	all := Scope{Unit: sc.Unit, Title: sc.Title}
	p.Waiting = waitingTable(c, &p.Base, all, b)
	if len(p.Waiting.Rows) == 0 {
		p.Nobody = &httpkit.EmptyState{Icon: "ok", Title: c.T("invite.board.nobody"), Text: c.T("invite.board.nobody_text")}
		return p
	}
	p.Action = &httpkit.Link{Label: c.T("invite.board.send"), URL: all.address(sendAddress), Kind: "primary", Icon: "send"}
	if sc.Reason != "" {
		p.Who = whoTable(c, &p.Base, sc, b)
		if sc.Reason != NoAddress && sc.Reason != Lettered && len(b.rows) > 0 {
			p.Send = &httpkit.Link{Label: c.T("invite.board.send_these"), URL: sc.address(sendAddress), Kind: "secondary", Icon: "send"}
		}
	}
	return p
}

// movingCard counts the whole staff, whatever the board is narrowed to.
func movingCard(c *httpkit.Ctx, b *httpkit.Base, all moving) *httpkit.Card {
	day := c.Words().Date(c.Tenant().Invitation.Switch)
	row := func(key string, n int, url string) httpkit.SummaryRow {
		return httpkit.SummaryRow{Label: b.T(key), Text: b.Number(n), Action: &httpkit.Link{Label: b.T("invite.moving.who"), URL: url}}
	}
	return &httpkit.Card{Wide: true, Title: b.T("invite.moving.title", "Date", day), Text: b.T("invite.moving.text"), Rows: []httpkit.SummaryRow{
		row("invite.moving.confirmed", all.Confirmed, "/admin/people?state=confirmed"),
		row("invite.moving.password", all.Password, "/admin/people?state=in"),
		row("invite.moving.missing", all.Missing, "/admin/people?state=waiting"),
	}}
}

func boardFilter(b *httpkit.Base, sc Scope, all board) httpkit.Toolbar {
	units := []httpkit.Option{{Label: b.T("people.list.all")}}
	for _, u := range all.units {
		units = append(units, httpkit.Option{Value: u.PathKey, Label: u.Path, Selected: u.PathKey == sc.Unit})
	}
	titles := []httpkit.Option{{Label: b.T("people.list.all")}}
	for _, t := range all.titles {
		titles = append(titles, httpkit.Option{Value: t, Label: t, Selected: t == sc.Title})
	}
	bar := httpkit.Toolbar{Action: boardAddress, Filters: []httpkit.Field{
		{Name: "unit", Type: "select", Label: b.T("sheet.column.org_unit"), Options: units},
		{Name: "title", Type: "select", Label: b.T("sheet.column.job_title"), Options: titles},
	}}
	if sc.Unit+sc.Title != "" {
		bar.ClearURL = boardAddress
	}
	return bar
}

// waitingTable has a row for each reason that holds somebody up.
func waitingTable(c *httpkit.Ctx, b *httpkit.Base, all Scope, found board) httpkit.Table {
	t := httpkit.Table{Caption: b.T("invite.board.why"), Columns: []httpkit.Column{
		{Label: b.T("invite.board.reason")}, {Label: b.T("invite.board.help")}, {Label: b.T("invite.board.people"), Number: true},
	}}
	for _, r := range reasons() {
		n := found.counts[r]
		if n == 0 {
			continue
		}
		some := all
		some.Reason = r
		t.Rows = append(t.Rows, httpkit.Row{ID: string(r), Cells: []httpkit.Cell{
			{Text: b.T("invite.state." + string(r)), URL: some.address(boardAddress) + "#who"}, {Text: helpFor(c, r)}, {Text: b.Number(n)},
		}})
	}
	return t
}

// helpFor says what helps those who wait for one reason.
func helpFor(c *httpkit.Ctx, r State) string {
	if r == NoAddress && c.Tenant().Invitation.Letters() {
		return c.T("invite.board.help.no_way")
	}
	return c.T("invite.board.help." + string(r))
}

// whoTable lists the people of one reason, each with the way to their page.
func whoTable(c *httpkit.Ctx, b *httpkit.Base, sc Scope, found board) *httpkit.Table {
	t := &httpkit.Table{
		Caption: b.T("invite.state." + string(sc.Reason)),
		Columns: []httpkit.Column{{Label: b.T("people.list.name")}, {Label: b.T("sheet.column.job_title")}, {Label: b.T("invite.board.since")}},
		Empty:   httpkit.EmptyState{Icon: "ok", Title: b.T("invite.board.nobody"), Text: b.T("invite.board.nobody_text")},
		Pager:   httpkit.Pager{Text: b.N("invite.board.count", found.counts[sc.Reason])},
	}
	for _, s := range found.rows {
		one := found.people[s.PersonID]
		t.Rows = append(t.Rows, httpkit.Row{ID: s.PersonID.String(), Cells: []httpkit.Cell{
			{Text: one.Name(), Sub: one.EmployeeNumber, URL: "/admin/people/per_" + s.PersonID.String()}, {Text: one.JobTitle, Sub: one.Unit}, {Text: s.Text(c.Words())},
		}})
	}
	if found.next != uuid.Nil {
		t.Pager.NextURL = sc.address(boardAddress) + "&after=" + found.next.String() + "#who"
	}
	return t
}
