package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/document/parcel"
	"tilgang/internal/fault"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

const (
	// MaxArchive is the largest archive that the page takes, in bytes; more goes
	// by the command.
	MaxArchive = 64 << 20
	// partSize is how much of an archive is one file of the store, in bytes.
	partSize = 1 << 20
	// stale is after how long without progress another job may take over.
	stale = 2 * time.Minute
	// unwanted is after how long a preview that nobody confirms is dropped.
	unwanted = 7 * 24 * time.Hour
)

// The events of this package.
const (
	EventReceived  = "document.received"
	EventConfirmed = "document.confirmed"
)

// job are their arguments.
type job struct {
	Delivery uuid.UUID `json:"delivery"`
}

// Receive keeps an uploaded archive, sealed and in pieces, and starts judging
// it. A stream that breaks leaves nothing behind.
func (s *Service) Receive(ctx context.Context, name string, src io.Reader) (Delivery, error) {
	row := Delivery{ID: uuid.Must(uuid.NewV7()), Name: name, Source: "page", State: Received, ErrorArgs: "{}"}
	if who := authz.From(ctx).PersonID; who != uuid.Nil {
		row.ByID = &who
	}
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		row.CreatedAt, row.UpdatedAt = db.Now(ctx), db.Now(ctx)
		return insertDelivery(ctx, &row)
	})
	if err != nil {
		return row, fmt.Errorf("start delivery: %w", err)
	}
	size, err := s.storeParts(ctx, row.ID, src)
	if err == nil && size == 0 {
		err = fault.Field("file", "document.parcel.empty")
	}
	if err != nil {
		return row, errors.Join(err, s.leave(context.WithoutCancel(ctx), row.ID, size, []State{Received}, Dropped))
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := move(ctx, row.ID, []State{Received}, map[string]any{"bytes": size}); err != nil {
			return err
		}
		return outbox.Put(ctx, outbox.Event{Kind: EventReceived, Args: job{row.ID}})
	})
	return row, err
}

func partName(id uuid.UUID, n int64) string { return id.String() + "." + strconv.FormatInt(n, 10) }

func (s *Service) storeParts(ctx context.Context, id uuid.UUID, src io.Reader) (size int64, err error) {
	owner, buf := tenant.MustFrom(ctx).ID, make([]byte, partSize)
	for n := int64(0); ; n++ {
		got, err := io.ReadFull(src, buf)
		if got > 0 {
			part := partName(id, n)
			err := s.db.Tx(ctx, func(ctx context.Context) error {
				return insertLeftovers(ctx, []string{part}, db.Now(ctx).Add(unwanted+orphaned))
			})
			if err != nil {
				return size, fmt.Errorf("write part down: %w", err)
			}
			if err := s.vault.Keep(ctx, owner, part, buf[:got]); err != nil {
				return size, s.blame(ctx, err)
			}
			size += int64(got)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return size, nil
		}
		if err != nil {
			return size, fmt.Errorf("read archive: %w", err)
		}
	}
}

// leave ends a delivery and lets its archive be deleted at once.
func (s *Service) leave(ctx context.Context, id uuid.UUID, size int64, from []State, to State) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := move(ctx, id, from, map[string]any{"state": to, "finished_at": db.Now(ctx)}); err != nil {
			return err
		}
		return releaseParts(ctx, id, size)
	})
}

// releaseParts makes the archive's pieces due; the next sweep deletes them.
func releaseParts(ctx context.Context, id uuid.UUID, size int64) error {
	var names []string
	for n := int64(0); n*partSize <= size; n++ {
		names = append(names, partName(id, n))
	}
	if err := dropLeftovers(ctx, names); err != nil {
		return err
	}
	return insertLeftovers(ctx, names, db.Now(ctx))
}

// partReader reads an archive in the store anywhere. It keeps the last few
// pieces; several may read at once.
type partReader struct {
	s     *Service
	ctx   context.Context //nolint:containedctx // lives as long as one pass over the archive
	row   Delivery
	mu    sync.Mutex
	held  map[int64][]byte
	order []int64
}

const heldParts = 4

// ReadAt implements io.ReaderAt.
func (r *partReader) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		if off >= r.row.Bytes {
			return n, io.EOF
		}
		body, err := r.part(off / partSize)
		if err != nil {
			return n, err
		}
		from := off % partSize
		if from >= int64(len(body)) {
			return n, io.ErrUnexpectedEOF
		}
		k := copy(p[n:], body[from:])
		n, off = n+k, off+int64(k)
	}
	return n, nil
}

func (r *partReader) part(n int64) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if body, there := r.held[n]; there {
		return body, nil
	}
	in, err := r.s.vault.Open(r.ctx, r.row.TenantID, partName(r.row.ID, n))
	if err != nil {
		return nil, r.s.blame(r.ctx, err)
	}
	var body bytes.Buffer
	_, err = io.Copy(&body, io.LimitReader(in, partSize+1))
	if err := errors.Join(err, in.Close()); err != nil {
		return nil, r.s.blame(r.ctx, err)
	}
	if len(r.order) >= heldParts {
		delete(r.held, r.order[0])
		r.order = r.order[1:]
	}
	r.held[n], r.order = body.Bytes(), append(r.order, n)
	return body.Bytes(), nil
}

// Close implements io.Closer.
func (r *partReader) Close() error { return nil }

func (s *Service) archive(ctx context.Context, row Delivery) (parcel.Source, error) {
	r := &partReader{s: s, ctx: ctx, row: row, held: map[int64][]byte{}}
	return parcel.OpenArchive(r, row.Bytes, r)
}

// Kinds are the jobs that judge and write what a page took in.
func (s *Service) Kinds() []outbox.Kind {
	return []outbox.Kind{
		{Name: EventReceived, Fleeting: true, Batch: s.each(s.Judge)},
		{Name: EventConfirmed, Fleeting: true, Batch: s.each(s.Apply)},
	}
}

// each runs a job for every row of a batch.
func (s *Service) each(work func(ctx context.Context, id uuid.UUID) error) func(context.Context, []outbox.Row) map[uuid.UUID]error {
	return func(ctx context.Context, rows []outbox.Row) map[uuid.UUID]error {
		failed := map[uuid.UUID]error{}
		for _, row := range rows {
			var args job
			err := row.Into(&args)
			if err == nil {
				err = work(ctx, args.Delivery)
			}
			if err != nil {
				failed[row.ID] = err
			}
		}
		return failed
	}
}

// Judge makes the preview of a received archive. One that cannot be read at all
// ends with the reason; that is not an error of the job.
func (s *Service) Judge(ctx context.Context, id uuid.UUID) error {
	return s.pass(ctx, id, Received, Reading, func(ctx context.Context, row Delivery) error {
		to := map[string]any{"state": Preview}
		if row.Fresh+row.Replaced == 0 {
			to = map[string]any{"state": Done, "finished_at": db.Now(ctx)}
			if err := releaseParts(ctx, id, row.Bytes); err != nil {
				return err
			}
		}
		return move(ctx, id, []State{Reading}, to)
	})
}

// Apply writes a confirmed delivery, from where it stands.
func (s *Service) Apply(ctx context.Context, id uuid.UUID) error {
	return s.pass(ctx, id, Applying, Applying, func(ctx context.Context, row Delivery) error {
		if err := move(ctx, id, []State{Applying}, map[string]any{"state": Done, "finished_at": db.Now(ctx)}); err != nil {
			return err
		}
		return releaseParts(ctx, id, row.Bytes)
	})
}

// pass goes over a delivery's archive once and ends the step.
func (s *Service) pass(ctx context.Context, id uuid.UUID, waiting, running State, end func(ctx context.Context, row Delivery) error) error {
	r := &run{s: s, t: tenant.MustFrom(ctx), write: running == Applying, told: func(Delivery) {}}
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if waiting == running {
			r.row, err = deliveryByID(ctx, id)
			if err == nil && r.row.State != running {
				err = db.ErrNotFound
			}
			return err
		}
		if err = lease(ctx, id, waiting, running, db.Now(ctx).Add(-stale)); err != nil {
			return err
		}
		r.row, err = deliveryByID(ctx, id)
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return nil // done before, dropped, or another job is at it
	}
	if err == nil {
		err = s.through(ctx, r)
	}
	if err == nil {
		err = s.db.Tx(ctx, func(ctx context.Context) error { return end(ctx, r.row) })
	}
	if f, ends := whole(err); ends {
		return s.fail(ctx, id, f)
	}
	if errors.Is(err, errTaken) || errors.Is(err, db.ErrNotFound) {
		return nil // another job goes on with it
	}
	return err
}

func (s *Service) through(ctx context.Context, r *run) (err error) {
	if r.src, err = s.archive(ctx, r.row); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.src.Close()) }()
	_, total, err := r.measure()
	if err != nil {
		return err
	}
	r.row.Total = total
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		return move(ctx, r.row.ID, []State{r.row.State}, map[string]any{"total": total})
	})
	if err != nil {
		return err
	}
	return r.all(ctx)
}

// fail ends a delivery whose parcel cannot be read, with the reason.
func (s *Service) fail(ctx context.Context, id uuid.UUID, f *fault.Fault) error {
	args, err := json.Marshal(f.Args)
	if err != nil {
		return fmt.Errorf("write reason: %w", err)
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		row, err := deliveryByID(ctx, id)
		if err != nil {
			return err
		}
		set := map[string]any{"state": Failed, "error": f.Code, "error_args": string(args), "finished_at": db.Now(ctx)}
		if err := move(ctx, id, []State{Received, Reading, Applying}, set); err != nil || row.Source != "page" {
			return err
		}
		return releaseParts(ctx, id, row.Bytes)
	})
}

// Why is why a delivery failed.
func (d Delivery) Why() (code string, args map[string]any) {
	_ = json.Unmarshal([]byte(d.ErrorArgs), &args)
	return d.Error, args
}

// Delivery gives one; db.ErrNotFound when this tenant has none such.
func (s *Service) Delivery(ctx context.Context, id uuid.UUID) (row Delivery, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { row, err = deliveryByID(ctx, id); return })
	return row, err
}

// History gives the newest deliveries.
func (s *Service) History(ctx context.Context, limit int) (rows []Delivery, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { rows, err = newestDeliveries(ctx, limit); return })
	return rows, err
}

// Confirm lets a preview be written. The second of two clicks changes nothing.
func (s *Service) Confirm(ctx context.Context, id uuid.UUID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		set := map[string]any{"state": Applying, "confirmed_at": db.Now(ctx), "rows_read": 0, "fresh": 0, "replaced": 0, "same": 0, "problems": 0}
		err := move(ctx, id, []State{Preview}, set)
		if errors.Is(err, db.ErrNotFound) {
			_, err := deliveryByID(ctx, id)
			return err // confirmed before: nothing to do; unknown: not found
		}
		if err != nil {
			return err
		}
		if err := dropProblems(ctx, id); err != nil {
			return err
		}
		if err := audit.Record(ctx, audit.Event{Action: "document.confirmed", Subject: audit.Subject{Kind: "delivery", ID: id}}); err != nil {
			return err
		}
		return outbox.Put(ctx, outbox.Event{Kind: EventConfirmed, Args: job{id}})
	})
}

// Drop throws a preview away.
func (s *Service) Drop(ctx context.Context, id uuid.UUID) error {
	row, err := s.Delivery(ctx, id)
	if err != nil {
		return err
	}
	err = s.leave(ctx, id, row.Bytes, []State{Preview}, Dropped)
	if errors.Is(err, db.ErrNotFound) {
		return nil // confirmed or dropped meanwhile; the page says which
	}
	return err
}
