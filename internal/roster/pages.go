package roster

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

// StartPage takes a staff file and lists those taken before.
type StartPage struct {
	httpkit.Base

	File    httpkit.Upload
	Empty   []httpkit.Link // an example to fill in, as a workbook and as text
	Columns []ColumnView
	Happens []string
	History httpkit.Table
}

// ColumnView is one column that a file may have.
type ColumnView struct {
	Name, Hint string
	Needed     bool
}

// Template implements httpkit.View.
func (*StartPage) Template() string { return "roster/start" }

// mostHistory is how many imports the page lists.
const mostHistory = 50

func (p *Pages) showStart(c *httpkit.Ctx) error {
	page, err := p.startPage(c)
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) startPage(c *httpkit.Ctx) (*StartPage, error) {
	rows, err := p.svc.History(c.Context(), mostHistory)
	if err != nil {
		return nil, err
	}
	names, err := p.svc.names(c.Context(), rows)
	if err != nil {
		return nil, err
	}
	page := &StartPage{Base: c.Base()}
	page.Layout, page.Title, page.Lead = httpkit.LayoutConsole, page.T("roster.start.title"), page.T("roster.start.lead")
	page.File = uploadField(&page.Base)
	page.Empty = templates(&page.Base)
	page.Columns = columns(&page.Base)
	page.Happens = []string{page.T("roster.start.preview"), page.T("roster.start.twice"), page.T("roster.start.stays"), page.T(invitesText(c.Tenant().Invitation.Send))}
	page.History = history(&page.Base, rows, names)
	return page, nil
}

func templates(b *httpkit.Base) []httpkit.Link {
	return []httpkit.Link{
		{Label: b.T("roster.start.template"), URL: startAddress + "/template.xlsx", Kind: "quiet", Icon: "download"},
		{Label: b.T("roster.start.template_csv"), URL: startAddress + "/template.csv", Kind: "quiet"},
	}
}

func uploadField(b *httpkit.Base) httpkit.Upload {
	return httpkit.Upload{
		Name: "file", Label: b.T("roster.start.file"), Hint: b.T("roster.start.file_hint", "Max", sizeWords(MaxFile)),
		Accept: ".xlsx,.xlsm,.csv,.txt,.tsv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Required: true,
	}
}

// sizeWords writes a size in whole megabytes.
func sizeWords(bytes int64) string { return strconv.FormatInt(bytes>>20, 10) + " MB" }

// invitesText says when invitations go out, by the tenant's policy.
func invitesText(send tenant.InvitationSend) string {
	switch send {
	case tenant.SendManual:
		return "roster.start.invites_manual"
	case tenant.SendDaysBefore:
		return "roster.start.invites_later"
	case tenant.SendOnImport:
	}
	return "roster.start.invites_now"
}

func columns(b *httpkit.Base) (list []ColumnView) {
	for _, name := range sheet.Columns() {
		list = append(list, ColumnView{
			Name: b.T("sheet.column." + name), Hint: b.T("roster.column." + name),
			Needed: name == sheet.EmployeeNumber || name == sheet.GivenName || name == sheet.FamilyName,
		})
	}
	return list
}

func history(b *httpkit.Base, rows []Import, names map[uuid.UUID]string) httpkit.Table {
	table := httpkit.Table{
		Caption: b.T("roster.history.title"),
		Columns: []httpkit.Column{
			{Label: b.T("roster.history.file")},
			{Label: b.T("roster.history.when")},
			{Label: b.T("roster.history.state")},
			{Label: b.T("roster.count.created"), Number: true},
			{Label: b.T("roster.count.changed"), Number: true},
			{Label: b.T("roster.tab.problems"), Number: true},
		},
		Empty: httpkit.EmptyState{Icon: "upload", Title: b.T("roster.history.none"), Text: b.T("roster.history.none_text")},
	}
	for _, row := range rows {
		tag, when := stateTag(b, row.State), b.When(row.CreatedAt)
		table.Rows = append(table.Rows, httpkit.Row{ID: row.ID.String(), Cells: []httpkit.Cell{
			{Text: row.FileName, Sub: importer(b, row, names), URL: address(row.ID)},
			{When: &when},
			{Tag: &tag},
			{Text: b.Number(int(row.Created))},
			{Text: b.Number(int(row.Changed))},
			{Text: b.Number(int(row.Problems))},
		}})
	}
	return table
}

func importer(b *httpkit.Base, row Import, names map[uuid.UUID]string) string {
	if row.ImporterID != nil && names[*row.ImporterID] != "" {
		return names[*row.ImporterID]
	}
	if row.Source == "command" {
		return b.T("roster.history.operator")
	}
	return b.T("roster.history.nobody")
}

func stateTag(b *httpkit.Base, s State) httpkit.Tag {
	switch s {
	case Received, Reading:
		return httpkit.Tag{Kind: "wait", Text: b.T("roster.state.reading")}
	case Preview:
		return httpkit.Tag{Kind: "warn", Text: b.T("roster.state.preview")}
	case Applying:
		return httpkit.Tag{Kind: "wait", Text: b.T("roster.state.applying")}
	case Done:
		return httpkit.Tag{Kind: "ok", Text: b.T("roster.state.done")}
	case Failed:
		return httpkit.Tag{Kind: "bad", Text: b.T("roster.state.failed")}
	case Dropped:
	}
	return httpkit.Tag{Kind: "plain", Text: b.T("roster.state.dropped")}
}

// submitFile takes a file and leads to its page; what cannot be taken is told
// at the field.
func (p *Pages) submitFile(c *httpkit.Ctx) error {
	row, err := p.receive(c)
	if err == nil {
		return c.Redirect(address(row.ID))
	}
	f, known := fault.As(err)
	if !known || (f.Kind != fault.Invalid && f.Kind != fault.TooLarge) {
		return err
	}
	page, broken := p.startPage(c)
	if broken != nil {
		return broken
	}
	if f.Kind == fault.TooLarge {
		f = fault.New(fault.Invalid, "roster.too_large", "Max", sizeWords(MaxFile)).Because(err)
	}
	f.Fields = map[string]string{"file": f.Code}
	return c.Invalid(page, f)
}

func (p *Pages) receive(c *httpkit.Ctx) (Import, error) {
	file, err := c.Upload("file")
	if err != nil {
		return Import{}, err
	}
	name := strings.TrimSpace(file.Name)
	if name == "" {
		name = c.T("roster.unnamed")
	}
	return p.svc.Receive(c.Context(), name, file)
}

// bookTemplate is an example workbook in the reader's language. Its cells are
// text, so that numbers keep their leading zeros.
func (p *Pages) bookTemplate(c *httpkit.Ctx) error {
	body, err := sheet.TemplateBook(c.Words().Lang(), c.T("roster.start.title"))
	if err != nil {
		return fmt.Errorf("make template: %w", err)
	}
	return c.Attachment(c.T("roster.template_name")+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body)
}

// fileTemplate is the same as CSV.
func (p *Pages) fileTemplate(c *httpkit.Ctx) error {
	return c.Attachment(c.T("roster.template_name")+".csv", "text/csv; charset=utf-8", sheet.Template(c.Words().Lang()))
}
