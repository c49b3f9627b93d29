package alumni

import (
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// BoardPage lists who asks for more time, and who has been given some.
type BoardPage struct {
	httpkit.Base

	Wishes    httpkit.Table
	Prolonged httpkit.Table
	Answered  *httpkit.Table
}

// Template implements httpkit.View.
func (*BoardPage) Template() string { return "alumni/board" }

func (p *Pages) showBoard(c *httpkit.Ctx) error {
	b, err := p.svc.List(c.Context())
	if err != nil {
		return err
	}
	v := &BoardPage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutConsole, v.T("alumni.board.title"), v.T("alumni.board.lead")
	v.Wishes = httpkit.Table{
		Caption: v.T("alumni.board.wishes"), Columns: columns(&v.Base, "people.list.name", "alumni.board.asked"),
		Empty: httpkit.EmptyState{Icon: "ok", Title: v.T("alumni.board.no_wishes"), Text: v.T("alumni.board.no_wishes_text")},
	}
	for _, w := range b.Wishes {
		v.Wishes.Rows = append(v.Wishes.Rows, wishRow(w, httpkit.Cell{Text: v.Moment(w.CreatedAt)}))
	}
	v.Prolonged = prolongedTable(c, &v.Base, b.Prolonged)
	v.Answered = answeredTable(&v.Base, b.Answered)
	return c.Render(v)
}

func columns(b *httpkit.Base, keys ...string) (list []httpkit.Column) {
	for _, key := range keys {
		list = append(list, httpkit.Column{Label: b.T(key)})
	}
	return list
}

func wishRow(w asking, rest ...httpkit.Cell) httpkit.Row {
	name := httpkit.Cell{Text: w.GivenName + " " + w.FamilyName, URL: address(w.PersonID)}
	return httpkit.Row{ID: w.ID.String(), Cells: append([]httpkit.Cell{name}, rest...)}
}

func prolongedTable(c *httpkit.Ctx, b *httpkit.Base, list []prolonged) httpkit.Table {
	t := httpkit.Table{
		Caption: b.T("alumni.board.prolonged"), Columns: columns(b, "people.list.name", "sheet.column.legal_employer", "sheet.column.end_date", "alumni.board.until"),
		Empty: httpkit.EmptyState{Icon: "calendar", Title: b.T("alumni.board.no_prolonged"), Text: b.T("alumni.board.no_prolonged_text")},
	}
	for _, p := range list {
		t.Rows = append(t.Rows, httpkit.Row{Cells: []httpkit.Cell{
			{Text: p.GivenName + " " + p.FamilyName, URL: address(p.PersonID)},
			{Text: p.Name},
			{Text: people.DateWords(c, p.EndDate)},
			{Text: people.DateWords(c, p.AccessUntil)},
		}})
	}
	return t
}

func answeredTable(b *httpkit.Base, list []asking) *httpkit.Table {
	if len(list) == 0 {
		return nil
	}
	t := &httpkit.Table{Caption: b.T("alumni.board.answered"), Columns: columns(b, "people.list.name", "alumni.board.asked", "alumni.board.answer")}
	for _, w := range list {
		tag := httpkit.Tag{Kind: "ok", Text: b.T("alumni.answer.granted")}
		if w.Answer == Declined {
			tag = httpkit.Tag{Kind: "plain", Text: b.T("alumni.answer.declined")}
		}
		t.Rows = append(t.Rows, wishRow(w, httpkit.Cell{Text: b.Date(w.CreatedAt)}, httpkit.Cell{Tag: &tag, Sub: b.Date(*w.AnsweredAt)}))
	}
	return t
}
