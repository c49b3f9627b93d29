package roster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/people"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

// options are what a tenant's file may say. A row names its legal employer by
// key or by name.
func options(t *tenant.Tenant, now time.Time) sheet.Options {
	opt := sheet.Options{
		MaxBytes: MaxFile, Languages: t.Languages, Zone: t.Zone, Today: now, Countries: map[string]string{},
		KnownRoles: []string{authz.RoleEmployee, authz.RoleManager, authz.RoleHR, authz.RoleAuditor, authz.RoleAdmin},
	}
	for i, e := range t.LegalEmployers {
		if i == 0 {
			opt.LegalEmployer, opt.Country = e.Key, e.Country
		}
		opt.LegalEmployers = append(opt.LegalEmployers, e.Key, e.Name)
		opt.Countries[e.Key], opt.Countries[e.Name] = e.Country, e.Country
	}
	return opt
}

// line is a parsed row on its way into staging.
type line struct {
	record   people.Record
	problems []people.Problem
	refused  bool
}

// lines turns rows into records and finds what contradicts earlier rows.
func (s *Service) lines(reader *sheet.Reader, rows []sheet.Row, t *tenant.Tenant, seen *seen) []line {
	absent := absentColumns(reader)
	list := make([]line, 0, len(rows))
	for _, row := range rows {
		l := line{record: s.record(row, t, absent), refused: row.Fatal()}
		for _, p := range row.Problems {
			l.problems = append(l.problems, people.Problem{Column: p.Column, Code: p.Code, Args: p.Args, Fatal: p.Fatal})
		}
		if !l.refused {
			l.compare(seen)
		}
		list = append(list, l)
	}
	return list
}

// compare refuses an employee number or a work address that an earlier row had.
func (l *line) compare(seen *seen) {
	if before, again := seen.number(l.record); again {
		l.refuse("employee_number", "roster.number_twice", before)
		return
	}
	if before, again := seen.address(l.record); again && len(l.record.NationalKey) == 0 {
		l.refuse("work_email", "roster.address_twice", before)
		return
	}
	seen.manager(l.record)
	if seen.line != nil {
		seen.line.say(l.record)
		return
	}
	seen.claims.say(l.record)
}

func (l *line) refuse(column, code string, before int32) {
	l.refused = true
	l.problems = append(l.problems, people.Problem{Column: column, Code: code, Args: map[string]any{"Line": int(before)}, Fatal: true})
}

func absentColumns(reader *sheet.Reader) (absent []string) {
	for _, column := range sheet.Columns() {
		if !reader.Has(column) {
			absent = append(absent, column)
		}
	}
	return absent
}

// record is a row as HR's word. The national number becomes a keyed hash here
// and goes no further.
func (s *Service) record(row sheet.Row, t *tenant.Tenant, absent []string) people.Record {
	f := row.Fields
	r := people.Record{
		Line: row.Line, LegalEmployer: employerKey(t, f.LegalEmployer), EmployeeNumber: f.EmployeeNumber, GivenName: f.GivenName, FamilyName: f.FamilyName,
		WorkEmail: f.WorkEmail.Display, WorkEmailKey: f.WorkEmail.Key, PrivateEmail: f.PrivateEmail.Display, PrivateKey: f.PrivateEmail.Key,
		Phone: f.Phone, Language: f.Language, JobTitle: f.JobTitle, OrgUnit: f.OrgUnit, Manager: f.Manager,
		Start: date(f.Start), End: date(f.End), Roles: f.Roles, Silent: append([]string(nil), absent...),
	}
	if !f.NationalID.IsZero() {
		r.NationalKey = people.NationalKey(s.box, t.ID, f.NationalID)
	}
	for _, p := range row.Problems {
		if p.Dropped {
			r.Silent = append(r.Silent, p.Column)
		}
	}
	return r
}

func date(d time.Time) people.Date {
	if d.IsZero() {
		return ""
	}
	return people.DateOf(d, time.UTC)
}

func employerKey(t *tenant.Tenant, word string) string {
	for _, e := range t.LegalEmployers {
		if word == e.Key || word == e.Name {
			return e.Key
		}
	}
	return word
}

// stageChunk judges a chunk and keeps what will change something or must be
// told, in one transaction with the counts.
func (s *Service) stageChunk(ctx context.Context, row *Import, lines []line, read int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		verdicts, err := people.Judge(ctx, records(lines), row.RolesUpTo)
		if err != nil {
			return err
		}
		add := map[string]int64{"lines_read": read}
		rows, err := s.stagedRows(ctx, row.ID, lines, verdicts, add)
		if err != nil {
			return err
		}
		if err := insertRows(ctx, rows); err != nil {
			return fmt.Errorf("stage: %w", err)
		}
		if err := advance(ctx, row.ID, "lines_read", row.LinesRead, add); err != nil {
			return err
		}
		row.LinesRead += read
		return nil
	})
}

func records(lines []line) (list []people.Record) {
	for _, l := range lines {
		list = append(list, l.record)
	}
	return list
}

func (s *Service) stagedRows(ctx context.Context, id uuid.UUID, lines []line, verdicts []people.Verdict, add map[string]int64) (rows []rowRow, err error) {
	for i, l := range lines {
		v := verdicts[i]
		problems := append(l.problems, v.Problems...)
		if l.refused {
			v.Action = people.Refuse
		}
		add[counterOf(v.Action)]++
		if len(l.problems) > 0 && v.Action != people.Refuse {
			add["problems"]++
		}
		if v.Action == people.Same && len(problems) == 0 {
			continue
		}
		if v.Action == people.Same {
			v.Action = people.Refuse // nothing to apply, something to tell
		}
		row := rowRow{ImportID: id, Line: int64(l.record.Line), Action: v.Action, Flawed: len(problems) > 0}
		if v.PersonID != uuid.Nil {
			row.PersonID = &v.PersonID
		}
		if row.Sealed, err = s.seal(ctx, id, row.Line, staged{Record: l.record, Changed: v.Changed, Problems: problems}); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func counterOf(a people.Action) string {
	switch a {
	case people.Create:
		return "created"
	case people.Change, people.Rehire:
		return "changed"
	case people.Propose:
		return "proposed"
	case people.Same:
		return "same"
	case people.Refuse:
	}
	return "problems"
}

// warnManagers tells of line managers that neither the file nor the staff list
// knows; the row is taken all the same.
func (s *Service) warnManagers(ctx context.Context, id uuid.UUID, seen *seen) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		known, err := people.KnownNumbers(ctx, seen.missing())
		if err != nil {
			return err
		}
		for _, m := range seen.managers {
			if known[m.number] {
				continue
			}
			if err := s.warn(ctx, id, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m *seen) missing() (numbers []string) {
	for _, one := range m.managers {
		numbers = append(numbers, one.number)
	}
	return numbers
}

func (s *Service) warn(ctx context.Context, id uuid.UUID, m manager) error {
	return s.warnLine(ctx, id, m.line, people.Problem{Column: sheet.ManagerNumber, Code: "roster.manager_unknown", Args: map[string]any{"Number": m.number}})
}

// warnLine adds a problem to a staged line. A line manager who would close a
// circle is not taken over: what is stored stays.
func (s *Service) warnLine(ctx context.Context, id uuid.UUID, line int64, why people.Problem) error {
	rows, err := rowsOf(ctx, id, []people.Action{people.Create, people.Change, people.Rehire, people.Propose}, line-1, 1)
	if err != nil || len(rows) == 0 || rows[0].Line != line {
		return err
	}
	l, err := s.unseal(ctx, rows[0])
	if err != nil {
		return err
	}
	l.Problems = append(l.Problems, why)
	if why.Code == "roster.manager_circle" {
		l.Record.Silent = append(l.Record.Silent, why.Column)
	}
	row := rows[0]
	counted := row.Flawed
	row.Flawed = true
	if row.Sealed, err = s.seal(ctx, id, row.Line, staged{Record: l.Record, Changed: l.Changed, Problems: l.Problems}); err != nil {
		return err
	}
	if err := rewriteRow(ctx, row); err != nil || counted {
		return err
	}
	return addCounts(ctx, id, map[string]int64{"problems": 1})
}

// keep replaces the uploaded file by one without national numbers and opens the
// preview; an import that changes nothing is done at once.
func (s *Service) keep(ctx context.Context, file Import, t *tenant.Tenant, notes []sheet.Note) error {
	id := file.ID
	if err := s.db.Tx(ctx, func(ctx context.Context) error { return dropParts(ctx, id, "kept") }); err != nil {
		return err
	}
	out, in := io.Pipe()
	go func() {
		in.CloseWithError(sheet.Blank(s.openParts(ctx, file, "raw"), in, options(t, s.db.Now())))
	}()
	if err := s.storeParts(ctx, id, "kept", out); err != nil {
		_ = out.CloseWithError(err)
		return fmt.Errorf("keep file: %w", err)
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		row, err := importByID(ctx, id)
		if err != nil {
			return err
		}
		set := map[string]any{"state": Preview, "lines": row.LinesRead, "notes": noted(notes)}
		if row.Created+row.Changed+row.Proposed == 0 {
			set["state"], set["finished_at"] = Done, db.Now(ctx)
		}
		return errors.Join(move(ctx, id, []State{Reading}, set), dropParts(ctx, id, "raw"))
	})
}
