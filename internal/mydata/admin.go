package mydata

import (
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// BoardPage lists requests: those that wait, and what became of the others.
type BoardPage struct {
	httpkit.Base

	Open  httpkit.Table
	Ended *httpkit.Table
	Note  *httpkit.Button // writes a deletion down that was asked for by other ways
	To    string
}

// Template implements httpkit.View.
func (*BoardPage) Template() string { return "mydata/board" }

func (p *Pages) showBoard(c *httpkit.Ctx) error {
	person := uuid.Nil
	if text := c.Query("person"); text != "" {
		id, err := idOf(text)
		if err != nil {
			return err
		}
		person = id
	}
	list, err := p.svc.Board(c.Context(), person)
	if err != nil {
		return err
	}
	v := &BoardPage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutConsole, v.T("mydata.board.title"), v.T("mydata.board.lead")
	v.Back = &httpkit.Link{Label: v.T("people.list.title"), URL: "/admin/people"}
	if person != uuid.Nil {
		v.Back = &httpkit.Link{Label: v.T("mydata.board.all"), URL: boardAddress}
		v.note(person, c.Actor().PersonID, list)
	}
	v.Open, v.Ended = boardTable(&v.Base, list, true), nil
	v.Open.Empty = httpkit.EmptyState{Icon: "ok", Title: v.T("mydata.board.none"), Text: v.T("mydata.board.none_text")}
	if ended := boardTable(&v.Base, list, false); len(ended.Rows) > 0 {
		v.Ended = &ended
	}
	return c.Render(v)
}

// note offers to write a deletion down, unless one waits or it is the reader's own.
func (v *BoardPage) note(person, reader uuid.UUID, list []Said) {
	waits := slices.ContainsFunc(list, func(r Said) bool { return r.Kind == Erasure && r.State == Open })
	if person == reader || waits {
		return
	}
	v.To = "/admin/people/per_" + person.String() + "/mydata"
	v.Note = &httpkit.Button{Label: v.T("mydata.board.note"), Kind: "secondary"}
}

func boardTable(b *httpkit.Base, list []Said, open bool) httpkit.Table {
	caption := b.T("mydata.board.ended")
	if open {
		caption = b.T("mydata.state.open")
	}
	t := httpkit.Table{Caption: caption, Columns: []httpkit.Column{{Label: b.T("people.list.name")}, {Label: b.T("mydata.board.about")}, {Label: b.T("mydata.request.asked")}, {Label: b.T("people.list.state")}}}
	for _, r := range list {
		if (r.State == Open) != open {
			continue
		}
		tag := tagOf(b, r.State)
		t.Rows = append(t.Rows, httpkit.Row{ID: r.ID.String(), Cells: []httpkit.Cell{
			{Text: r.Name, URL: boardAddress + "/" + r.ID.String()}, {Text: titleOf(b, r.Request)}, {Text: b.Date(r.AskedAt)}, {Tag: &tag},
		}})
	}
	return t
}

// CasePage is one request, and its answer.
type CasePage struct {
	httpkit.Base

	Asked  Asked
	Person httpkit.Link
	Why    *httpkit.Notice // why the reader cannot answer
	Erase  *httpkit.Link   // to what carrying a deletion out does
	Hint   string
	To     string
	Carry  []httpkit.Hidden
	State  *httpkit.Choices // nil: one outcome, which Carry has
	Text   httpkit.Field
	Go     *httpkit.Button // nil: there is nothing to answer
}

// Template implements httpkit.View.
func (*CasePage) Template() string { return "mydata/case" }

func (p *Pages) casePage(c *httpkit.Ctx) (*CasePage, error) {
	id, err := idOf(c.Param("id"))
	if err != nil {
		return nil, err
	}
	r, err := p.svc.Case(c.Context(), id)
	if err != nil {
		return nil, missing(err)
	}
	v := &CasePage{Base: c.Base(), To: boardAddress + "/" + id.String()}
	v.Layout, v.Title = httpkit.LayoutConsole, r.Name
	v.Back = &httpkit.Link{Label: v.T("mydata.board.title"), URL: boardAddress}
	v.Asked = asked(&v.Base, r)
	if r.Answerer != "" {
		v.Asked.Rows = append(v.Asked.Rows, httpkit.SummaryRow{Label: v.T("mydata.case.by"), Text: r.Answerer})
	}
	v.Person = httpkit.Link{Label: v.T("mydata.case.person"), URL: "/admin/people/per_" + r.PersonID.String()}
	switch {
	case r.State != Open:
	case r.PersonID == c.Actor().PersonID:
		v.Why = &httpkit.Notice{Kind: "info", Text: v.T(codeOwn)}
	default:
		v.offer(r.Kind)
	}
	return v, nil
}

// offer lets the reader answer.
func (v *CasePage) offer(k Kind) {
	v.Text = httpkit.Field{Name: "words", Type: "textarea", Label: v.T("mydata.case.words"), Hint: v.T("mydata.case.words_hint"), Required: true, Max: maxWords, Autocomplete: "off"}
	if k == Erasure {
		v.Erase = &httpkit.Link{Label: v.T("mydata.case.erase"), URL: v.To + "/erase", Kind: "primary"}
		v.Hint, v.Carry = v.T("mydata.case.erasure_hint"), []httpkit.Hidden{{Name: "state", Value: string(Declined)}}
		v.Go = &httpkit.Button{Label: v.T("mydata.case.decline"), Kind: "secondary"}
		return
	}
	v.Hint = v.T("mydata.case.correction_hint")
	v.State = &httpkit.Choices{Name: "state", Legend: v.T("mydata.case.answer"), Options: []httpkit.Option{
		{Value: string(Done), Label: v.T("mydata.state.done")}, {Value: string(Declined), Label: v.T("mydata.state.declined")},
	}}
	v.Go = &httpkit.Button{Label: v.T("mydata.case.go")}
}

func (p *Pages) showCase(c *httpkit.Ctx) error {
	v, err := p.casePage(c)
	if err != nil {
		return err
	}
	return c.Render(v)
}

func (p *Pages) submitCase(c *httpkit.Ctx) error {
	id, err := idOf(c.Param("id"))
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	to, words := State(form.Get("state")), clean(form.Get("words"))
	err = p.svc.Answer(c.Context(), c.Actor(), id, to, words)
	if f, known := fault.As(err); known && f.Code == codeAnswered {
		c.Flash("info", codeAnswered)
		return c.Redirect(boardAddress + "/" + id.String())
	}
	if err != nil {
		return p.refused(c, missing(err), to, words)
	}
	c.Flash("ok", "mydata.case.sent")
	return c.Redirect(boardAddress + "/" + id.String())
}

// refused shows the case again with what was typed.
func (p *Pages) refused(c *httpkit.Ctx, refusal error, to State, words string) error {
	if f, known := fault.As(refusal); !known || f.Kind == fault.NotFound {
		return refusal
	}
	v, err := p.casePage(c)
	if err != nil {
		return err
	}
	v.Text.Value, v.Why = words, nil
	if v.State != nil {
		for i := range v.State.Options {
			v.State.Options[i].Selected = v.State.Options[i].Value == string(to)
		}
	}
	return c.Invalid(v, refusal)
}
