package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/document/parcel"
	"tilgang/internal/tenant"
)

// Run delivers a parcel from start to end in this process, for the command
// line; a run over the same list that broke off is gone on with. With dry
// nothing is written but the report. told hears of progress.
func (s *Service) Run(ctx context.Context, name string, src parcel.Source, dry bool, told func(Delivery)) (Delivery, error) {
	r := &run{s: s, t: tenant.MustFrom(ctx), src: src, write: !dry, told: told}
	return s.deliver(ctx, r, Delivery{Name: name, Source: "command", State: map[bool]State{true: Reading, false: Applying}[dry]})
}

// deliver goes through a parcel, from where a delivery of the same list broke off;
// begin is what is new otherwise.
func (s *Service) deliver(ctx context.Context, r *run, begin Delivery) (Delivery, error) {
	digest, total, err := r.measure()
	if err != nil {
		return r.row, err
	}
	begin.Digest, begin.Total = digest, total
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if r.row, err = brokenRun(ctx, digest, begin.InboxName); err == nil && r.write {
			return nil
		}
		r.row = begin.fresh(db.Now(ctx))
		return insertDelivery(ctx, &r.row)
	})
	if err != nil {
		return r.row, fmt.Errorf("start delivery: %w", err)
	}
	err = r.all(ctx)
	if f, ends := whole(err); ends {
		return r.row, errors.Join(f, s.fail(ctx, r.row.ID, f))
	}
	if err != nil {
		return r.row, err
	}
	return s.end(ctx, r.row, begin.State)
}

// fresh is a delivery that begins now.
func (d Delivery) fresh(now time.Time) Delivery {
	d.ID, d.ErrorArgs, d.CreatedAt, d.UpdatedAt = uuid.Must(uuid.NewV7()), "{}", now, now
	return d
}

// measure reads the list once: what it is, and how many rows there are.
func (r *run) measure() (digest string, rows int64, err error) {
	in, err := r.src.File(parcel.Manifest)
	if err != nil {
		list, err := parcel.Read(r.src, parcel.Options{}) // says it in words
		if err == nil {
			err = list.Close()
		}
		return "", 0, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	sum, count := sha256.New(), &lines{}
	if _, err := io.Copy(io.MultiWriter(sum, count), in); err != nil {
		return "", 0, fmt.Errorf("read the list: %w", err)
	}
	return r.key("list", hex.EncodeToString(sum.Sum(nil))), count.rows(), nil
}

// lines counts the lines of what passes.
type lines struct {
	n    int64
	last byte
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	for _, b := range p {
		if b == '\n' {
			l.n++
		}
		l.last = b
	}
	return len(p), nil
}

// rows are the lines without the header.
func (l *lines) rows() int64 {
	if l.last != '\n' && l.last != 0 {
		return l.n
	}
	return max(0, l.n-1)
}

// end closes a delivery that went through; a dry one is dropped, with its
// report.
func (s *Service) end(ctx context.Context, row Delivery, from State) (Delivery, error) {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		to := map[State]State{Reading: Dropped, Applying: Done}[from]
		if err := move(ctx, row.ID, []State{from}, map[string]any{"state": to, "finished_at": db.Now(ctx)}); err != nil {
			return errors.Join(errTaken, err)
		}
		var err error
		row, err = deliveryByID(ctx, row.ID)
		return err
	})
	return row, err
}
