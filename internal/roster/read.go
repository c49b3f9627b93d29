package roster

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

// stale is after how long without progress another job may take over.
const stale = 40 * time.Second

// chunk is how many rows one transaction takes: SQLite has one writer, and
// 200 rows keep others waiting for less than 50 ms.
func (s *Service) chunk() int {
	if s.db.Postgres() {
		return 1000
	}
	return 200
}

// ReadKind is the job that turns a received file into a preview.
func (s *Service) ReadKind() outbox.Kind {
	return outbox.Kind{Name: EventReceived, Fleeting: true, Batch: s.each(func(ctx context.Context, id uuid.UUID) error {
		return s.Read(ctx, id, func(Import) {})
	})}
}

// each runs a job for every row of a batch.
func (s *Service) each(work func(ctx context.Context, id uuid.UUID) error) func(context.Context, []outbox.Row) map[uuid.UUID]error {
	return func(ctx context.Context, rows []outbox.Row) map[uuid.UUID]error {
		failed := map[uuid.UUID]error{}
		for _, row := range rows {
			var args job
			if err := row.Into(&args); err != nil {
				failed[row.ID] = err
				continue
			}
			if err := work(ctx, args.Import); err != nil {
				failed[row.ID] = err
			}
		}
		return failed
	}
}

// Read stages an import's rows and makes its preview; told hears of progress.
// A file that cannot be read at all ends the import with the reason; that is
// not an error of the job.
func (s *Service) Read(ctx context.Context, id uuid.UUID, told func(Import)) error {
	var row Import
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if err = lease(ctx, id, Received, Reading, db.Now(ctx).Add(-stale)); err != nil {
			return err
		}
		row, err = importByID(ctx, id)
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return nil // read before, dropped, or another job reads
	}
	if err != nil {
		return fmt.Errorf("take import: %w", err)
	}
	err = s.stage(ctx, row, told)
	if f, known := fault.As(err); known && f.Kind != fault.Unavailable {
		return s.fail(ctx, id, f)
	}
	if errors.Is(err, db.ErrNotFound) {
		return nil // another job took over
	}
	return err
}

func (s *Service) fail(ctx context.Context, id uuid.UUID, f *fault.Fault) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		err := move(ctx, id, []State{Received, Reading}, map[string]any{"state": Failed, "error": f.Code, "error_args": written(f.Args), "finished_at": db.Now(ctx)})
		return errors.Join(err, dropRows(ctx, id, true), dropParts(ctx, id, "raw"))
	})
}

// stage reads the file from its start; rows that an earlier try staged are
// passed over.
func (s *Service) stage(ctx context.Context, row Import, told func(Import)) error {
	t := tenant.MustFrom(ctx)
	reader, err := sheet.Open(s.openParts(ctx, row, "raw"), options(t, s.db.Now()))
	if err != nil {
		return err
	}
	if err := s.measure(ctx, &row, reader.Size()); err != nil {
		return err
	}
	seen := newSeen()
	for done := int64(0); ; {
		rows, err := take(reader, s.chunk())
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		lines := s.lines(reader, rows, t, seen)
		done += int64(len(rows))
		if done <= row.LinesRead {
			continue
		}
		if err := s.stageChunk(ctx, &row, lines, int64(len(rows))); err != nil {
			return err
		}
		told(row)
	}
	if err := s.warnManagers(ctx, row.ID, seen); err != nil {
		return err
	}
	if err := s.warnCircles(ctx, row, t, seen.claims); err != nil {
		return err
	}
	return s.keep(ctx, row, t, reader.Notes())
}

// measure sets how many lines a workbook has: only its reader knows.
func (s *Service) measure(ctx context.Context, row *Import, rows int) error {
	if rows == 0 {
		return nil
	}
	row.Lines = int64(rows) + 1
	return s.db.Tx(ctx, func(ctx context.Context) error {
		return move(ctx, row.ID, []State{Reading}, map[string]any{"lines": row.Lines})
	})
}

func take(reader *sheet.Reader, n int) (rows []sheet.Row, err error) {
	for len(rows) < n {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// seen remembers, as hashes, what earlier rows of the file said: a few bytes a
// row, so that 250,000 rows stay small.
type seen struct {
	seed      maphash.Seed
	numbers   map[uint64]int32
	addresses map[uint64]int32
	managers  map[uint64]manager // named and not met yet
	claims    *claims            // who reports to whom
	line      *reporting         // the same in words; nil unless they are asked for
}

type manager struct {
	line   int64
	number string
}

// mostManagers bounds what is remembered of managers that are not met.
const mostManagers = 20000

func newSeen() *seen {
	seed := maphash.MakeSeed()
	return &seen{seed: seed, numbers: map[uint64]int32{}, addresses: map[uint64]int32{}, managers: map[uint64]manager{}, claims: newClaims(seed)}
}

func (m *seen) hash(text string) uint64 { return maphash.String(m.seed, text) }

// number notes an employee number; it gives the line that had it before.
func (m *seen) number(r people.Record) (before int32, again bool) {
	h := m.hash(r.NaturalKey())
	delete(m.managers, m.hash(people.FoldNumber(r.EmployeeNumber)))
	if before, again = m.numbers[h]; !again {
		m.numbers[h] = int32(r.Line)                                           //nolint:gosec // a file has at most 250,000 lines
		m.numbers[m.hash(people.FoldNumber(r.EmployeeNumber))] = int32(r.Line) //nolint:gosec // as above
	}
	return before, again
}

// address notes a work address; it gives the line that had it before.
func (m *seen) address(r people.Record) (before int32, again bool) {
	if r.WorkEmailKey == "" {
		return 0, false
	}
	h := m.hash(r.WorkEmailKey)
	if before, again = m.addresses[h]; !again {
		m.addresses[h] = int32(r.Line) //nolint:gosec // as above
	}
	return before, again
}

// manager notes a manager's number that no row has had yet.
func (m *seen) manager(r people.Record) {
	h := m.hash(people.FoldNumber(r.Manager))
	if _, met := m.numbers[h]; r.Manager == "" || met || len(m.managers) >= mostManagers {
		return
	}
	if _, noted := m.managers[h]; !noted {
		m.managers[h] = manager{line: int64(r.Line), number: r.Manager}
	}
}
