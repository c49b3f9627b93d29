package roster

import (
	"strings"

	"tilgang/internal/httpkit"
	"tilgang/internal/roster/sheet"
)

// refresh is after how many seconds a page of running work loads itself again
// in a browser without scripts.
const refresh = 2

// ImportPage is one staff file: its progress, its preview or its report.
type ImportPage struct {
	httpkit.Base

	Address  string
	Progress *httpkit.Progress // while a job works
	Told     []httpkit.Notice
	Facts    []httpkit.SummaryRow
	Preview  *httpkit.Preview // what a confirmation does
	Confirm  httpkit.Button
	Drop     httpkit.Button
	Tabs     []httpkit.Tab
	Table    *httpkit.Table
	Hidden   []httpkit.Hidden // of the form with the answers
	Asked    []Question
	Keep     httpkit.Button // keeps the answers and shows the next questions
	Pager    httpkit.Pager
	File     *httpkit.Link   // the problems as a file
	Again    *httpkit.Upload // a new try after a failure
	People   *httpkit.Link
}

// Template implements httpkit.View.
func (*ImportPage) Template() string { return "roster/import" }

func (p *Pages) showImport(c *httpkit.Ctx) error {
	row, err := p.find(c)
	if err != nil {
		return err
	}
	page := &ImportPage{Base: c.Base(), Address: address(row.ID)}
	page.Layout, page.Title, page.Eyebrow = httpkit.LayoutConsole, page.T(titleOf(row.State)), row.FileName
	page.Back = &httpkit.Link{Label: page.T("roster.start.title"), URL: startAddress}
	switch row.State {
	case Received, Reading, Applying:
		page.wait(row)
	case Preview:
		err = p.preview(c, page, row)
	case Done:
		err = p.report(c, page, row)
	case Failed:
		page.fail(c, row)
	case Dropped:
		page.Lead = finished(&page.Base, "roster.import.dropped_at", row.FinishedAt)
		page.People = &httpkit.Link{Label: page.T("roster.import.another"), URL: startAddress, Kind: "secondary", Icon: "upload"}
	}
	if err != nil {
		return err
	}
	return c.Render(page)
}

func titleOf(s State) string {
	switch s {
	case Received, Reading:
		return "roster.import.reading"
	case Preview:
		return "roster.import.preview"
	case Applying:
		return "roster.import.applying"
	case Done:
		return "roster.import.done"
	case Failed:
		return "roster.import.failed"
	case Dropped:
	}
	return "roster.import.dropped"
}

// wait shows how far the job is.
func (p *ImportPage) wait(row Import) {
	p.RefreshAfter = refresh
	done, total := row.LinesRead, max(1, row.Rows())
	label, detail := "roster.progress.reading", "roster.progress.reading_row"
	if row.State == Applying {
		done, total = row.Progress()
		label, detail = "roster.progress.applying", "roster.progress.applying_row"
	}
	p.Progress = &httpkit.Progress{Done: int(done), Total: int(total), Label: p.T(label), Detail: p.T(detail, "Row", done, "Total", total)}
}

// fail says why the file could not be read and takes another.
func (p *ImportPage) fail(c *httpkit.Ctx, row Import) {
	code, args := row.Why()
	p.Told = []httpkit.Notice{{Kind: "bad", Title: p.T("roster.import.why"), Text: c.Words().TMap(code, spoken(&p.Base, args))}}
	again := uploadField(&p.Base)
	p.Again = &again
	p.People = &httpkit.Link{Label: p.T("roster.start.template"), URL: startAddress + "/template.xlsx", Kind: "quiet", Icon: "download"}
}

// note tells what of the file was passed over.
func (p *ImportPage) note(c *httpkit.Ctx, row Import) {
	var said []string
	for _, n := range row.Noted() {
		said = append(said, sayNote(&p.Base, c, n))
	}
	if len(said) > 0 {
		p.Told = append(p.Told, httpkit.Notice{Kind: "info", Title: p.T("roster.import.notes"), Text: strings.Join(said, " ")})
	}
}

func sayNote(b *httpkit.Base, c *httpkit.Ctx, n sheet.Note) string {
	args := spoken(b, n.Args)
	count, counts := args["Count"].(int)
	if !counts {
		return c.Words().TMap(n.Code, args)
	}
	return b.N(n.Code, count, "Sheet", args["Sheet"])
}

// preview shows what a confirmation would do, row by row.
func (p *Pages) preview(c *httpkit.Ctx, page *ImportPage, row Import) error {
	mails, exact, err := p.svc.Mails(c.Context(), row)
	if err != nil {
		return err
	}
	page.Lead = page.T("roster.preview.lead")
	page.note(c, row)
	page.Facts = counts(&page.Base, row)
	page.Preview = act(c, &page.Base, row, mails, exact)
	page.Confirm = httpkit.Button{Label: page.T("roster.preview.confirm"), Name: "confirm", Value: "1"}
	page.Drop = httpkit.Button{Label: page.T("roster.preview.drop"), Kind: "danger", FormAction: page.Address + "/drop"}
	return p.rows(c, page, row, previewTabs(&page.Base, row))
}

// report shows what was done.
func (p *Pages) report(c *httpkit.Ctx, page *ImportPage, row Import) error {
	if row.ConfirmedAt == nil {
		page.Told = []httpkit.Notice{{Kind: "ok", Title: page.T("roster.report.nothing"), Text: page.T("roster.report.nothing_text")}}
	}
	page.note(c, row)
	page.Facts, page.Lead = counts(&page.Base, row), finished(&page.Base, "roster.report.at", row.FinishedAt)
	page.People = &httpkit.Link{Label: page.T("roster.report.people"), URL: "/admin/people", Kind: "primary", Icon: "people"}
	if row.Problems == 0 {
		return nil
	}
	return p.rows(c, page, row, []tab{{key: "problems", label: page.T("roster.tab.problems"), count: row.Problems, which: Which{Flawed: true}}})
}
