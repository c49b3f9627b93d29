package roster

import (
	"strconv"
	"strings"

	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// Question asks of one row whether it is somebody who is there already.
type Question struct {
	Typed, Known []httpkit.SummaryRow
	Answer       httpkit.Choices
}

// answerField names the answer to the question of a line.
const answerField = "answer_"

// decide shows the questions of a page, each with what was answered before.
func (p *Pages) decide(c *httpkit.Ctx, page *ImportPage, found Page) error {
	known, err := p.svc.known(c.Context(), found.Lines)
	if err != nil {
		return err
	}
	var lines []string
	for _, l := range found.Lines {
		lines = append(lines, strconv.FormatInt(l.Number, 10))
		var one people.Listed
		if l.PersonID != nil {
			one = known[*l.PersonID]
		}
		page.Asked = append(page.Asked, question(&page.Base, l, one))
	}
	page.Keep = httpkit.Button{Label: page.T("roster.decide.keep"), Name: "keep", Value: "1", Kind: "secondary"}
	page.Hidden = []httpkit.Hidden{{Name: "lines", Value: strings.Join(lines, ",")}}
	if found.After != nil {
		page.Hidden = append(page.Hidden, httpkit.Hidden{Name: "after", Value: strconv.FormatInt(*found.After, 10)})
	}
	return nil
}

func question(b *httpkit.Base, l Line, known people.Listed) Question {
	r := l.Record
	return Question{
		Typed: facts(b, r.Name(), r.EmployeeNumber, r.WorkEmail, r.PrivateEmail, r.JobTitle, r.Unit()),
		Known: facts(b, known.Name(), known.EmployeeNumber, known.WorkEmail, known.PrivateEmail, known.JobTitle, known.Unit),
		Answer: httpkit.Choices{Name: answerField + strconv.FormatInt(l.Number, 10), Legend: b.T("roster.decide.same_person", "Row", l.Number, "Name", r.Name()), Options: []httpkit.Option{
			{Value: "same", Label: b.T("roster.decide.same"), Hint: b.T("roster.decide.same_hint"), Selected: l.Answer == "same"},
			{Value: "other", Label: b.T("roster.decide.other"), Hint: b.T("roster.decide.other_hint"), Selected: l.Answer == "other"},
			{Value: "", Label: b.T("roster.decide.later"), Selected: l.Answer == ""},
		}},
	}
}

func facts(b *httpkit.Base, name, number, work, private, title, unit string) (rows []httpkit.SummaryRow) {
	for _, row := range []httpkit.SummaryRow{
		{Label: b.T("roster.person"), Text: name},
		{Label: b.T("sheet.column.employee_number"), Text: number},
		{Label: b.T("sheet.column.work_email"), Text: work},
		{Label: b.T("sheet.column.private_email"), Text: private},
		{Label: b.T("sheet.column.job_title"), Text: title},
		{Label: b.T("sheet.column.org_unit"), Text: unit},
	} {
		if row.Text != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// submitConfirm keeps the answers sent and, when asked to, lets the import be
// applied. A second click finds it on its way and only looks.
func (p *Pages) submitConfirm(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	row, err := p.find(c)
	if err != nil {
		return err
	}
	if err := p.svc.Answer(c.Context(), row.ID, answers(form)); err != nil {
		return missing(err)
	}
	if form.Get("confirm") != "1" {
		c.Flash("ok", "roster.decide.kept")
		after, _ := strconv.ParseInt(form.Get("after"), 10, 64)
		return c.Redirect(tabAddress(row.ID, "decide", &after))
	}
	if err := p.svc.Confirm(c.Context(), row.ID, nil, nil); err != nil {
		return missing(err)
	}
	return c.Redirect(address(row.ID))
}

// answers reads the answers of a form. The form names the lines it asks about.
func answers(form *httpkit.Form) map[int64]string {
	said := map[int64]string{}
	for _, digits := range strings.SplitN(form.Get("lines"), ",", questions+1) {
		line, err := strconv.ParseInt(digits, 10, 64)
		if err == nil {
			said[line] = form.Get(answerField + digits)
		}
	}
	return said
}

func (p *Pages) submitDrop(c *httpkit.Ctx) error {
	row, err := p.find(c)
	if err != nil {
		return err
	}
	if err := p.svc.Drop(c.Context(), row.ID); err != nil {
		return missing(err)
	}
	if row.State == Preview || row.State == Failed || row.State == Dropped {
		c.Flash("ok", "roster.dropped")
		return c.Redirect(startAddress)
	}
	c.Flash("info", "roster.drop_late")
	return c.Redirect(address(row.ID))
}
