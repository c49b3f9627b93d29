package roster

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// The rows on a page; questions take fields of a form, which has at most 200.
const (
	rowsEach  = 100
	questions = 50
)

// tab is one tab of a preview or report.
type tab struct {
	key, label string
	count      int64
	which      Which
}

// previewTabs lists the tabs that have rows, the most pressing first.
func previewTabs(b *httpkit.Base, row Import) (parts []tab) {
	for _, one := range []tab{
		{"problems", b.T("roster.tab.problems"), row.Problems, Which{Flawed: true}},
		{"decide", b.T("roster.tab.decide"), row.Proposed, Which{Actions: []people.Action{people.Propose}}},
		{"new", b.T("roster.tab.new"), row.Created, Which{Actions: []people.Action{people.Create}}},
		{"changed", b.T("roster.tab.changed"), row.Changed, Which{Actions: []people.Action{people.Change, people.Rehire}}},
	} {
		if one.count > 0 {
			parts = append(parts, one)
		}
	}
	return parts
}

// rows shows one tab's rows; with an unknown one in the address the first.
func (p *Pages) rows(c *httpkit.Ctx, page *ImportPage, row Import, parts []tab) error {
	if len(parts) == 0 {
		return nil
	}
	shown := parts[0]
	for _, one := range parts {
		if one.key == c.Query("show") {
			shown = one
		}
	}
	for _, one := range parts {
		page.Tabs = append(page.Tabs, httpkit.Tab{Label: one.label, Count: page.Number(int(one.count)), Current: one.key == shown.key, URL: tabAddress(row.ID, one.key, nil)})
	}
	limit := rowsEach
	if shown.key == "decide" {
		limit = questions
	}
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	found, err := p.svc.Browse(c.Context(), row.ID, shown.which, max(0, after), limit)
	if err != nil {
		return err
	}
	page.Pager = pager(row.ID, shown.key, found)
	return p.fill(c, page, shown.key, found)
}

func tabAddress(id uuid.UUID, key string, after *int64) string {
	q := url.Values{"show": {key}}
	if after != nil && *after > 0 {
		q.Set("after", strconv.FormatInt(*after, 10))
	}
	return address(id) + "?" + q.Encode()
}

func pager(id uuid.UUID, key string, found Page) (p httpkit.Pager) {
	if found.Before != nil {
		p.PrevURL = tabAddress(id, key, found.Before)
	}
	if found.After != nil {
		p.NextURL = tabAddress(id, key, found.After)
	}
	return p
}

func (p *Pages) fill(c *httpkit.Ctx, page *ImportPage, key string, found Page) error {
	switch key {
	case "decide":
		return p.decide(c, page, found)
	case "problems":
		page.Table = flawTable(c, &page.Base, found.Lines)
		page.File = &httpkit.Link{Label: page.T("roster.problems.file"), URL: page.Address + "/problems.csv", Kind: "quiet", Icon: "download"}
	default:
		page.Table = lineTable(&page.Base, found.Lines)
	}
	page.Table.Pager, page.Pager = page.Pager, httpkit.Pager{}
	return nil
}

// flawTable has a row for every problem.
func flawTable(c *httpkit.Ctx, b *httpkit.Base, lines []Line) *httpkit.Table {
	t := &httpkit.Table{
		Caption: b.T("roster.tab.problems"), Empty: noRows(b),
		Columns: []httpkit.Column{{Label: b.T("roster.row")}, {Label: b.T("roster.problem.column")}, {Label: b.T("roster.problem.text")}, {Label: b.T("roster.person")}, {Label: b.T("roster.what")}},
	}
	for _, l := range lines {
		tag := l.fate(b)
		for _, p := range l.Problems {
			t.Rows = append(t.Rows, httpkit.Row{Cells: []httpkit.Cell{
				{Text: b.T("roster.row_number", "Row", l.Number)},
				{Text: columnWord(b, p.Column)},
				{Text: problemText(c, b, p)},
				{Text: nameOf(l), Sub: l.Record.EmployeeNumber},
				{Tag: &tag},
			}})
		}
	}
	return t
}

// fate is what becomes of a row with something to tell.
func (l Line) fate(b *httpkit.Base) httpkit.Tag {
	switch {
	case slices.ContainsFunc(l.Problems, func(p people.Problem) bool { return p.Fatal }):
		return httpkit.Tag{Kind: "bad", Text: b.T("roster.problem.out")}
	case l.Action == people.Refuse:
		return httpkit.Tag{Kind: "plain", Text: b.T("roster.problem.same")}
	}
	return httpkit.Tag{Kind: "warn", Text: b.T("roster.problem.in")}
}

func noRows(b *httpkit.Base) httpkit.EmptyState {
	return httpkit.EmptyState{Icon: "list", Title: b.T("roster.rows.none")}
}

// nameOf is the person's name as far as the row had one.
func nameOf(l Line) string {
	if l.Record.GivenName == "" || l.Record.FamilyName == "" {
		return l.Record.GivenName + l.Record.FamilyName
	}
	return l.Record.Name()
}

// lineTable has a row for every line of the file.
func lineTable(b *httpkit.Base, lines []Line) *httpkit.Table {
	t := &httpkit.Table{
		Caption: b.T("roster.rows.title"), Empty: noRows(b),
		Columns: []httpkit.Column{{Label: b.T("roster.person")}, {Label: b.T("roster.row"), Number: true}, {Label: b.T("roster.what")}, {Label: b.T("roster.details")}},
	}
	for _, l := range lines {
		tag := actionTag(b, l.Action)
		name := httpkit.Cell{Text: nameOf(l), Sub: l.Record.EmployeeNumber}
		if l.PersonID != nil {
			name.URL = "/admin/people/per_" + l.PersonID.String()
		}
		t.Rows = append(t.Rows, httpkit.Row{Cells: []httpkit.Cell{name, {Text: b.Number(int(l.Number))}, {Tag: &tag}, details(b, l)}})
	}
	return t
}

// details are what changes or, of somebody new, what they will be.
func details(b *httpkit.Base, l Line) httpkit.Cell {
	cell := httpkit.Cell{Text: columnWords(b, l.Changed)}
	if l.Action != people.Change {
		cell = httpkit.Cell{Text: l.Record.JobTitle, Sub: l.Record.Unit()}
	}
	if n := len(l.Problems); n > 0 {
		cell.Sub = b.N("roster.details.noted", n)
	}
	return cell
}
