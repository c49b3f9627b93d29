package roster

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"log/slog"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/secret"
)

// MaxFile is the largest staff file, in bytes.
const MaxFile = 64 << 20

// Service takes staff files in.
type Service struct {
	db  *db.DB
	box *secret.Box
	log *slog.Logger
}

// New makes the service.
func New(d *db.DB, box *secret.Box, log *slog.Logger) *Service {
	return &Service{db: d, box: box, log: log}
}

// Receive keeps an uploaded file and starts reading it. The stream is read to
// its end; a broken one leaves nothing behind.
func (s *Service) Receive(ctx context.Context, name string, src io.Reader) (Import, error) {
	return s.receive(ctx, name, "page", src, true)
}

func (s *Service) receive(ctx context.Context, name, source string, src io.Reader, start bool) (Import, error) {
	row := Import{ID: uuid.Must(uuid.NewV7()), FileName: name, Source: source, State: Received, Digest: []byte{}, Notes: "[]", ErrorArgs: "{}", RolesUpTo: mostRole(authz.From(ctx))}
	if who := authz.From(ctx).PersonID; who != uuid.Nil {
		row.ImporterID = &who
	}
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		row.CreatedAt, row.UpdatedAt = db.Now(ctx), db.Now(ctx)
		return insertImport(ctx, &row)
	})
	if err != nil {
		return row, fmt.Errorf("start import: %w", err)
	}
	count := &counter{sum: sha256.New()}
	if err := s.storeParts(ctx, row.ID, "raw", io.TeeReader(src, count)); err != nil {
		return row, errors.Join(err, s.forget(context.WithoutCancel(ctx), row.ID))
	}
	if count.bytes == 0 {
		return row, errors.Join(fault.Field("file", "sheet.file.empty"), s.forget(ctx, row.ID))
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		set := map[string]any{"bytes": count.bytes, "lines": count.lines, "digest": count.sum.Sum(nil)}
		if err := move(ctx, row.ID, []State{Received}, set); err != nil {
			return err
		}
		if !start {
			return nil
		}
		return outbox.Put(ctx, outbox.Event{Kind: EventReceived, Args: job{row.ID}})
	})
	return row, err
}

// mostRole is the highest role that an importer may give.
func mostRole(a authz.Actor) int {
	if a.Kind == authz.Command || a.Kind == authz.System {
		return people.RoleRank(authz.RoleAdmin)
	}
	most := 0
	for _, role := range a.Roles {
		most = max(most, people.RoleRank(role))
	}
	return most
}

// counter measures a file while it passes. The lines of a workbook are known
// when it is read.
type counter struct {
	sum   hash.Hash
	bytes int64
	lines int64
	book  bool
}

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	if c.bytes == 0 {
		c.book = bytes.HasPrefix(p, []byte("PK"))
	}
	c.bytes += int64(len(p))
	if c.book {
		return c.sum.Write(p)
	}
	for _, b := range p {
		if b == '\n' {
			c.lines++
		}
	}
	return c.sum.Write(p)
}

// forget removes an import that never became whole.
func (s *Service) forget(ctx context.Context, id uuid.UUID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error { return dropImport(ctx, id) })
}

// Find gives an import; db.ErrNotFound when this tenant has none such.
func (s *Service) Find(ctx context.Context, id uuid.UUID) (row Import, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { row, err = importByID(ctx, id); return })
	return row, err
}

// History gives the newest imports.
func (s *Service) History(ctx context.Context, limit int) (rows []Import, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { rows, err = newestImports(ctx, limit); return })
	return rows, err
}

// Lines gives a page of a preview or report, after a line.
func (s *Service) Lines(ctx context.Context, id uuid.UUID, actions []people.Action, after int64, limit int) (lines []Line, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		rows, err := rowsOf(ctx, id, actions, after, limit)
		if err != nil {
			return err
		}
		for _, row := range rows {
			line, err := s.unseal(ctx, row)
			if err != nil {
				return err
			}
			lines = append(lines, line)
		}
		return nil
	})
	return lines, err
}

// Confirm lets a preview be applied. same lists the lines of proposals that are
// the person found, other those that are somebody else; a proposal in neither
// is left out. The second of two clicks changes nothing.
func (s *Service) Confirm(ctx context.Context, id uuid.UUID, same, other []int64) error {
	return s.confirm(ctx, id, same, other, true)
}

func (s *Service) confirm(ctx context.Context, id uuid.UUID, same, other []int64, start bool) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		err := move(ctx, id, []State{Preview}, map[string]any{"state": Applying, "confirmed_at": db.Now(ctx)})
		if errors.Is(err, db.ErrNotFound) {
			_, err := importByID(ctx, id)
			return err // confirmed before: nothing to do; unknown: not found
		}
		if err != nil {
			return err
		}
		if err := errors.Join(answer(ctx, id, same, "same"), answer(ctx, id, other, "other")); err != nil {
			return err
		}
		if err := audit.Record(ctx, audit.Event{Action: "roster.confirmed", Subject: audit.Subject{Kind: "import", ID: id}}); err != nil {
			return err
		}
		if !start {
			return nil
		}
		return outbox.Put(ctx, outbox.Event{Kind: EventConfirmed, Args: job{id}})
	})
}

// Drop throws a preview away; what was read is forgotten.
func (s *Service) Drop(ctx context.Context, id uuid.UUID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		err := move(ctx, id, []State{Preview, Failed}, map[string]any{"state": Dropped, "finished_at": db.Now(ctx)})
		if errors.Is(err, db.ErrNotFound) {
			_, err := importByID(ctx, id)
			return err
		}
		return errors.Join(err, dropRows(ctx, id, true), dropParts(ctx, id, "raw"), dropParts(ctx, id, "kept"))
	})
}
