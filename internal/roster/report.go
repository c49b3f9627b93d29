package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/people"
	"tilgang/internal/phone"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

// Which names a part of an import's rows: those of some actions or, when
// Flawed, those that have something to tell.
type Which struct {
	Actions []people.Action
	Flawed  bool
}

// Page is a page of staged rows. Before and After are the lines to go on from,
// backwards and forwards; nil where there is nothing more.
type Page struct {
	Lines  []Line
	Before *int64
	After  *int64
}

// Browse gives the rows after a line, at most limit.
func (s *Service) Browse(ctx context.Context, id uuid.UUID, which Which, after int64, limit int) (p Page, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		rows, err := rowsAfter(ctx, id, which, after, limit+1)
		if err != nil {
			return err
		}
		if len(rows) > limit {
			rows = rows[:limit]
			p.After = &rows[limit-1].Line
		}
		if p.Lines, err = s.unsealAll(ctx, rows); err != nil || after <= 0 {
			return err
		}
		p.Before, err = startBefore(ctx, id, which, after, limit)
		return err
	})
	return p, err
}

func (s *Service) unsealAll(ctx context.Context, rows []rowRow) (lines []Line, err error) {
	for _, row := range rows {
		line, err := s.unseal(ctx, row)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// Answer keeps HR's word on proposals, by line: same, other, or anything else
// for none. Once the import is confirmed it changes nothing.
func (s *Service) Answer(ctx context.Context, id uuid.UUID, said map[int64]string) error {
	lines := map[string][]int64{}
	for line, word := range said {
		if word != "same" && word != "other" {
			word = ""
		}
		lines[word] = append(lines[word], line)
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		row, err := importByID(ctx, id)
		if err != nil || row.State != Preview {
			return err
		}
		return errors.Join(answer(ctx, id, lines["same"], "same"), answer(ctx, id, lines["other"], "other"), answer(ctx, id, lines[""], ""))
	})
}

// mostCounted bounds how many rows are opened to count the mails of a preview.
const mostCounted = 2000

// Mails counts the invitations that a preview's new people would get by their
// addresses and dates; exact is false when there are too many rows to look at,
// and n is then all of them.
func (s *Service) Mails(ctx context.Context, row Import) (n int, exact bool, err error) {
	if row.Created > mostCounted {
		return int(row.Created), false, nil
	}
	t := tenant.MustFrom(ctx)
	today := people.DateOf(s.db.Now(), t.Zone)
	lines, err := s.Lines(ctx, row.ID, []people.Action{people.Create}, 0, mostCounted)
	for _, l := range lines {
		if l.invited(today, t) {
			n++
		}
	}
	return n, true, err
}

// invited tells whether the row's person will be written to: somebody new, with
// an address, or a phone where that will do, and an employment that has not ended.
func (l Line) invited(today people.Date, t *tenant.Tenant) bool {
	r := l.Record
	_, err := phone.Parse(r.Phone, "", t.PhoneCountries())
	reached := r.WorkEmailKey != "" || r.PrivateKey != "" || t.Invitation.Texts() && err == nil
	return l.PersonID == nil && reached && (r.End == "" || r.End >= today)
}

// Why is what stopped a failed import: a catalogue key and its values.
func (i Import) Why() (code string, args map[string]any) {
	if json.Unmarshal([]byte(i.ErrorArgs), &args) != nil {
		args = nil
	}
	return i.Error, args
}

// Noted is what to know about the whole file: what was passed over.
func (i Import) Noted() (notes []sheet.Note) {
	if json.Unmarshal([]byte(i.Notes), &notes) != nil {
		return nil
	}
	return notes
}

func noted(notes []sheet.Note) string {
	body, err := json.Marshal(notes)
	if err != nil || notes == nil {
		return "[]"
	}
	return string(body)
}

// written keeps a refusal's values; they never hold a national number.
func written(args map[string]any) string {
	body, err := json.Marshal(args)
	if err != nil || args == nil {
		return "{}"
	}
	return string(body)
}

// LeftOut is how many proposals of a finished import got no answer.
func (i Import) LeftOut() int64 { return max(0, i.ToApply()+i.Proposed-i.Applied) }

// Rows is how many rows of the file are known of: the line with the column
// names is not one.
func (i Import) Rows() int64 { return max(i.Lines-1, i.LinesRead) }

// names gives the names of those who took files in.
func (s *Service) names(ctx context.Context, rows []Import) (found map[uuid.UUID]string, err error) {
	var ids []uuid.UUID
	for _, row := range rows {
		if row.ImporterID != nil {
			ids = append(ids, *row.ImporterID)
		}
	}
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { found, err = people.Names(ctx, ids); return })
	if err != nil {
		return nil, fmt.Errorf("name importers: %w", err)
	}
	return found, nil
}

// known gives the people that proposals are about.
func (s *Service) known(ctx context.Context, lines []Line) (found map[uuid.UUID]people.Listed, err error) {
	var ids []uuid.UUID
	for _, l := range lines {
		if l.Action == people.Propose && l.PersonID != nil {
			ids = append(ids, *l.PersonID)
		}
	}
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { found, err = people.ListedBy(ctx, ids); return })
	return found, err
}
