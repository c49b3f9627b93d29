package roster

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"

	"tilgang/internal/httpkit"
	"tilgang/internal/roster/sheet"
)

// mostListed bounds the file of problems, in rows of the staff file.
const mostListed = 20_000

// fileProblems gives what is wrong with a staff file as a file for the
// spreadsheet it is corrected in, in the reader's language; no cell of it
// starts a formula.
func (p *Pages) fileProblems(c *httpkit.Ctx) error {
	row, err := p.find(c)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	body.WriteString("\ufeff")
	w := csv.NewWriter(&body)
	if c.Words().Lang() != "en" {
		w.Comma = ';' // what spreadsheets of these languages expect
	}
	if err := p.writeProblems(c, w, row); err != nil {
		return err
	}
	return c.Attachment(c.T("roster.problems.name")+".csv", "text/csv; charset=utf-8", body.Bytes())
}

func (p *Pages) writeProblems(c *httpkit.Ctx, w *csv.Writer, row Import) error {
	b := c.Base()
	if err := writeCells(w, b.T("roster.row"), b.T("sheet.column.employee_number"), b.T("roster.person"), b.T("roster.problem.column"), b.T("roster.problem.text")); err != nil {
		return err
	}
	var after int64
	for listed := 0; listed < mostListed; {
		page, err := p.svc.Browse(c.Context(), row.ID, Which{Flawed: true}, after, 1000)
		if err != nil {
			return err
		}
		for _, l := range page.Lines {
			for _, problem := range l.Problems {
				if err := writeCells(w, strconv.FormatInt(l.Number, 10), l.Record.EmployeeNumber, nameOf(l), columnWord(&b, problem.Column), problemText(c, &b, problem)); err != nil {
					return err
				}
			}
		}
		listed += len(page.Lines)
		if page.After == nil {
			return flush(w)
		}
		after = *page.After
	}
	if err := writeCells(w, b.T("roster.problems.more", "Count", mostListed)); err != nil {
		return err
	}
	return flush(w)
}

func writeCells(w *csv.Writer, cells ...string) error {
	for i := range cells {
		cells[i] = sheet.Neutralise(cells[i])
	}
	if err := w.Write(cells); err != nil {
		return fmt.Errorf("write problems: %w", err)
	}
	return nil
}

func flush(w *csv.Writer) error {
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("write problems: %w", err)
	}
	return nil
}
