package proofing

import (
	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// BoardPage lists what waits for HR.
type BoardPage struct {
	httpkit.Base

	List httpkit.Table
}

// Template implements httpkit.View.
func (*BoardPage) Template() string { return "proofing/board" }

const board = "/admin/proofing"

func (p *Pages) showBoard(c *httpkit.Ctx) error {
	list, err := p.svc.Questions(c.Context())
	if err != nil {
		return err
	}
	v := &BoardPage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutConsole, v.T("proofing.board.title"), v.T("proofing.board.lead")
	v.List = httpkit.Table{Caption: v.Title, Columns: []httpkit.Column{
		{Label: v.T("people.list.name")}, {Label: v.T("proofing.board.by")}, {Label: v.T("proofing.board.since")},
	}, Empty: httpkit.EmptyState{Icon: "ok", Title: v.T("proofing.board.none"), Text: v.T("proofing.board.none_text")}}
	for _, q := range list {
		when := v.When(q.CreatedAt)
		v.List.Rows = append(v.List.Rows, httpkit.Row{ID: q.ID.String(), Cells: []httpkit.Cell{
			{Text: q.Person.Name(), URL: board + "/" + q.ID.String()}, {Text: byName(c, q)}, {When: &when},
		}})
	}
	return c.Render(v)
}

// byName is the provider's name, or that there was none.
func byName(c *httpkit.Ctx, q Question) string {
	if con, ok := c.Tenant().Connector(q.Connector); ok {
		return con.Name
	}
	return c.T("proofing.board.nothing")
}

// QuestionPage is one proof for HR to judge.
type QuestionPage struct {
	httpkit.Base

	To     string
	Rows   []httpkit.SummaryRow
	Person httpkit.Link
	Done   *httpkit.Notice
	Check  *httpkit.Preview // what to make sure of
	Yes    httpkit.Button
	No     httpkit.Button
}

// Template implements httpkit.View.
func (*QuestionPage) Template() string { return "proofing/question" }

// question reads the one that the address names.
func (p *Pages) question(c *httpkit.Ctx) (Question, error) {
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return Question{}, fault.New(fault.NotFound, "http.not_found")
	}
	return p.svc.Question(c.Context(), id)
}

func questionPage(c *httpkit.Ctx, q Question) *QuestionPage {
	v := &QuestionPage{Base: c.Base(), To: board + "/" + q.ID.String()}
	v.Layout, v.Title = httpkit.LayoutConsole, v.T("proofing.question.title", "Person", q.Person.Name())
	v.Back = &httpkit.Link{Label: v.T("proofing.board.title"), URL: board}
	since := v.When(q.CreatedAt)
	v.Rows = []httpkit.SummaryRow{
		{Label: v.T("people.list.name"), Text: q.Person.Name()}, {Label: v.T("proofing.board.by"), Text: byName(c, q)}, {Label: v.T("proofing.board.since"), When: &since},
	}
	v.Person = httpkit.Link{Label: v.T("proofing.question.person"), URL: "/admin/people/per_" + q.PersonID.String(), Kind: "secondary"}
	switch {
	case q.DecidedAt != nil && q.Confirmed:
		v.Done = &httpkit.Notice{Kind: "ok", Text: v.T("proofing.question.confirmed")}
	case q.DecidedAt != nil:
		v.Done = &httpkit.Notice{Kind: "info", Text: v.T("proofing.question.rejected")}
	case authz.From(c.Context()).PersonID == q.PersonID:
		v.Done = &httpkit.Notice{Kind: "info", Text: v.T("identity.review.self")}
	default:
		v.ask(q)
	}
	return v
}

func (v *QuestionPage) ask(q Question) {
	v.Check = &httpkit.Preview{Kind: "warn", Title: v.T("proofing.question.check"), Items: []string{
		v.T("proofing.question.check_person"), v.T("proofing.question.opens"), v.T("proofing.question.told"),
	}}
	if q.Other != "" {
		v.Check.Items = append(v.Check.Items, v.T("proofing.question.other", "Other", q.Other))
	}
	v.Yes = httpkit.Button{Label: v.T("proofing.question.yes"), Name: "action", Value: "confirm"}
	v.No = httpkit.Button{Label: v.T("proofing.question.no"), Name: "action", Value: "reject", Kind: "danger"}
}

func (p *Pages) showOne(c *httpkit.Ctx) error {
	q, err := p.question(c)
	if err != nil {
		return err
	}
	return c.Render(questionPage(c, q))
}

func (p *Pages) decide(c *httpkit.Ctx) error {
	q, err := p.question(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	action := form.Get("action")
	if action != "confirm" && action != "reject" {
		return c.Invalid(questionPage(c, q), fault.New(fault.Invalid, "proofing.question.which"))
	}
	if err := p.svc.Decide(c.Context(), q.ID, action == "confirm"); err != nil {
		return c.Invalid(questionPage(c, q), err)
	}
	c.Flash("ok", map[string]string{"confirm": "proofing.question.confirmed", "reject": "proofing.question.rejected"}[action])
	return c.Redirect(board)
}
