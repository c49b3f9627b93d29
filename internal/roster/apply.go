package roster

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
)

// ApplyKind is the job that applies a confirmed import.
func (s *Service) ApplyKind() outbox.Kind {
	return outbox.Kind{Name: EventConfirmed, Fleeting: true, Batch: s.each(func(ctx context.Context, id uuid.UUID) error {
		return s.Apply(ctx, id, func(Import) {})
	})}
}

// Apply applies a confirmed import from where it stands; told hears of
// progress.
func (s *Service) Apply(ctx context.Context, id uuid.UUID, told func(Import)) error {
	for after := int64(0); ; {
		row, last, err := s.applyChunk(ctx, id, after)
		if errors.Is(err, db.ErrNotFound) {
			return nil // another job applies the same rows
		}
		if err != nil {
			return fmt.Errorf("apply import: %w", err)
		}
		told(row)
		if last == 0 {
			return nil
		}
		after = last
	}
}

// applyChunk applies the next rows in one transaction: people, audit,
// invitations' event and the mark that it is done. It gives the last line, 0
// when none was left.
func (s *Service) applyChunk(ctx context.Context, id uuid.UUID, after int64) (row Import, last int64, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if row, err = importByID(ctx, id); err != nil || row.State != Applying {
			return err
		}
		rows, err := waitingRows(ctx, id, after, s.chunk())
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			row.State = Done
			return s.finish(ctx, row)
		}
		last = rows[len(rows)-1].Line
		if err := advance(ctx, id, "applied", row.Applied, map[string]int64{"applied": int64(len(rows))}); err != nil {
			return err
		}
		row.Applied += int64(len(rows))
		return s.applyRows(ctx, row, rows)
	})
	return row, last, err
}

func (s *Service) applyRows(ctx context.Context, row Import, rows []rowRow) error {
	var list []people.Record
	for _, r := range rows {
		l, err := s.unseal(ctx, r)
		if err != nil {
			return err
		}
		list = append(list, l.Record)
	}
	out, err := people.Apply(ctx, list, row.RolesUpTo)
	if err != nil {
		return err
	}
	if err := s.noteRefused(ctx, rows, list, out.Verdicts); err != nil {
		return err
	}
	if err := markApplied(ctx, row.ID, rows[len(rows)-1].Line); err != nil {
		return err
	}
	if len(out.People) > 0 {
		if err := outbox.Put(ctx, outbox.Event{Kind: EventCommitted, Lane: outbox.Bulk, Args: Committed{Import: row.ID, People: out.People}}); err != nil {
			return err
		}
	}
	return audit.Record(ctx, audit.Event{
		Action: "roster.applied", Subject: audit.Subject{Kind: "import", ID: row.ID},
		Detail: map[string]any{"rows": len(rows), "people": len(out.People)},
	})
}

// noteRefused writes down rows that the preview let through and that the staff
// list, changed since, no longer does.
func (s *Service) noteRefused(ctx context.Context, rows []rowRow, list []people.Record, verdicts []people.Verdict) error {
	for i, v := range verdicts {
		if v.Action != people.Refuse {
			continue
		}
		row := rows[i]
		counted := row.Flawed
		row.Action, row.Flawed = people.Refuse, true
		sealed, err := s.seal(ctx, row.ImportID, row.Line, staged{Record: list[i], Problems: v.Problems})
		if err != nil {
			return err
		}
		row.Sealed = sealed
		if err := rewriteRow(ctx, row); err != nil {
			return err
		}
		if counted {
			continue
		}
		if err := addCounts(ctx, row.ImportID, map[string]int64{"problems": 1}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) finish(ctx context.Context, row Import) error {
	if row.ConfirmedAt != nil {
		if err := people.ResolveManagers(ctx, *row.ConfirmedAt); err != nil {
			return err
		}
	}
	err := move(ctx, row.ID, []State{Applying}, map[string]any{"state": Done, "finished_at": db.Now(ctx)})
	return errors.Join(err, dropRows(ctx, row.ID, false))
}
