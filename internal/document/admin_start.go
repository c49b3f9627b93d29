package document

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/document/parcel"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// StartPage takes an archive of documents, finds a person's, and lists what was
// delivered before.
type StartPage struct {
	httpkit.Base

	Inbox   *httpkit.Notice // payroll's inbox does not answer
	File    httpkit.Upload
	Example httpkit.Link
	Columns string
	Happens []string
	Number  *httpkit.Field // to a person's documents; nil: may not
	History httpkit.Table
}

// Template implements httpkit.View.
func (*StartPage) Template() string { return "document/start" }

const (
	startAddress  = "/admin/document"
	personAddress = startAddress + "/person"
	mostHistory   = 50
)

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
	names, err := p.svc.deliverers(c.Context(), rows)
	if err != nil {
		return nil, err
	}
	v := &StartPage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutConsole, v.T("document.start.title"), v.T("document.start.lead")
	v.File = httpkit.Upload{
		Name: "file", Label: v.T("document.start.file"), Hint: v.T("document.start.file_hint", "Max", "64 MB", "Each", "10 MB"), Accept: ".zip,application/zip", Required: true,
	}
	v.Example = httpkit.Link{Label: v.T("document.start.example"), URL: startAddress + "/manifest.csv", Kind: "quiet", Icon: "download"}
	v.Columns = v.T("document.start.columns", "Needed", strings.Join(parcel.Columns()[:parcel.Needed], ", "), "More", strings.Join(parcel.Columns()[parcel.Needed:], ", "))
	v.Happens = []string{v.T("document.start.preview"), v.T("document.start.twice"), v.T("document.start.corrects")}
	if err := p.inbox(c, v); err != nil {
		return nil, err
	}
	if p.may(c, "read") {
		v.Number = &httpkit.Field{Name: "number", Label: v.T("document.start.number"), Autocomplete: "off", Required: true, Max: 40}
	}
	v.History = history(&v.Base, rows, names)
	return v, nil
}

// inbox tells that payroll's inbox is watched, and since when it cannot be
// reached.
func (p *Pages) inbox(c *httpkit.Ctx, v *StartPage) error {
	st, err := p.svc.Inbox(c.Context())
	if err != nil || !st.Watched {
		return err
	}
	v.Happens = append(v.Happens, v.T("document.inbox.watched"))
	if st.FailingSince != nil {
		v.Inbox = &httpkit.Notice{Kind: "warn", Title: v.T("document.inbox.down"), Text: v.T("document.inbox.down_text", "When", *st.FailingSince)}
	}
	return nil
}

func (p *Pages) may(c *httpkit.Ctx, act string) bool {
	return p.svc.policy.Require(c.Actor(), "document", act, httpkit.May("document", act).Reach()) == nil
}

// deliverers names who brought deliveries.
func (s *Service) deliverers(ctx context.Context, rows []Delivery) (names map[uuid.UUID]string, err error) {
	var ids []uuid.UUID
	for _, row := range rows {
		if row.ByID != nil {
			ids = append(ids, *row.ByID)
		}
	}
	err = s.db.Read(ctx, func(ctx context.Context) error { names, err = people.Names(ctx, ids); return err })
	return names, err
}

func history(b *httpkit.Base, rows []Delivery, names map[uuid.UUID]string) httpkit.Table {
	t := httpkit.Table{
		Caption: b.T("document.history.title"),
		Columns: []httpkit.Column{
			{Label: b.T("document.history.file")},
			{Label: b.T("document.history.when")},
			{Label: b.T("document.history.state")},
			{Label: b.T("document.count.fresh"), Number: true},
			{Label: b.T("document.count.replaced"), Number: true},
			{Label: b.T("document.count.problems"), Number: true},
		},
		Empty: httpkit.EmptyState{Icon: "upload", Title: b.T("document.history.none"), Text: b.T("document.history.none_text")},
	}
	for _, row := range rows {
		tag, when := stateTag(b, row.State), b.When(row.CreatedAt)
		by := b.T("document.history.operator")
		switch {
		case row.ByID != nil:
			by = names[*row.ByID]
		case row.InboxName != "":
			by = b.T("document.history.inbox")
		}
		t.Rows = append(t.Rows, httpkit.Row{ID: row.ID.String(), Cells: []httpkit.Cell{
			{Text: row.Name, Sub: by, URL: startAddress + "/" + row.ID.String()},
			{When: &when},
			{Tag: &tag},
			{Text: b.Number(int(row.Fresh))},
			{Text: b.Number(int(row.Replaced))},
			{Text: b.Number(int(row.Problems))},
		}})
	}
	return t
}

func stateTag(b *httpkit.Base, s State) httpkit.Tag {
	kind := map[State]string{Received: "wait", Reading: "wait", Preview: "warn", Applying: "wait", Done: "ok", Failed: "bad", Dropped: "plain"}[s]
	word := s
	if s == Received {
		word = Reading
	}
	return httpkit.Tag{Kind: kind, Text: b.T("document.state." + string(word))}
}

// submitArchive takes an archive and leads to its page; what cannot be taken is
// told at the field.
func (p *Pages) submitArchive(c *httpkit.Ctx) error {
	row, err := p.receive(c)
	if err == nil {
		return c.Redirect(startAddress + "/" + row.ID.String())
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
		f = fault.New(fault.Invalid, "document.parcel.large", "Max", "64 MB").Because(err)
	}
	f.Fields = map[string]string{"file": f.Code}
	return c.Invalid(page, f)
}

func (p *Pages) receive(c *httpkit.Ctx) (Delivery, error) {
	file, err := c.Upload("file")
	if err != nil {
		return Delivery{}, err
	}
	name := strings.TrimSpace(file.Name)
	if name == "" {
		name = parcel.Manifest
	}
	return p.svc.Receive(c.Context(), name, file)
}

// example is a list to fill in.
func (p *Pages) example(c *httpkit.Ctx) error {
	employer := c.Tenant().LegalEmployers[0].Key
	body := strings.Join(parcel.Columns(), ",") + "\n" +
		"payslips/1001-2026-03.pdf,1001,payslip,2026-03-25," + c.T("document.kind.payslip") + " 2026-03," + employer + ",2026-03," + c.Tenant().Languages[0] + ",EUR,4200.00,1260.00,2940.00\n"
	return c.Attachment(parcel.Manifest, "text/csv; charset=utf-8", []byte(body))
}

// findPerson leads from an employee number to the person's documents.
func (p *Pages) findPerson(c *httpkit.Ctx) error {
	id, err := p.svc.Whose(c.Context(), c.Query("number"))
	if err == nil {
		return c.Redirect(personAddress + "/" + id.String())
	}
	if !errors.Is(err, db.ErrNotFound) {
		return err
	}
	page, broken := p.startPage(c)
	if broken != nil {
		return broken
	}
	if page.Number != nil {
		page.Number.Value = c.Query("number")
	}
	return c.Invalid(page, fault.Field("number", "document.start.nobody"))
}
