package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/document/inbox"
	"tilgang/internal/fault"
	"tilgang/internal/tenant"
)

const (
	// lookEvery is how often an inbox is looked at, by one process of all.
	lookEvery = time.Minute
	// heldFor is for how long a delivery is one process's without a sign of it.
	heldFor = stale
)

// Watch is an employer's inbox, and the words in which reports are written.
type Watch struct {
	Place inbox.Place
	Words func(key string, args map[string]any) string
}

// Look takes what is complete in the inbox of the context's employer, unless a
// process looked within the minute. Each delivery is taken by one process; what
// broke off goes on. It gives how many were moved aside. An inbox that does not
// answer is told as the error, and to HR by its page.
func (s *Service) Look(ctx context.Context, w Watch) (n int, err error) {
	place := tenant.MustFrom(ctx).Documents.Inbox.String()
	mine := false
	err = s.db.Tx(ctx, func(ctx context.Context) (err error) {
		mine, err = turn(ctx, place, db.Now(ctx).Add(5*time.Second-lookEvery))
		return err
	})
	if err != nil || !mine {
		return 0, err
	}
	n, err = s.lookInto(ctx, w)
	if ctx.Err() != nil {
		return n, err //nolint:wrapcheck // the process ends
	}
	note := answered
	if err != nil {
		note = fails
	}
	return n, errors.Join(err, s.db.Tx(ctx, func(ctx context.Context) error { return note(ctx, place) }))
}

func (s *Service) lookInto(ctx context.Context, w Watch) (n int, err error) {
	ready, err := w.Place.Ready(ctx)
	if err != nil {
		return 0, err
	}
	var begun []string
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { begun, err = decided(ctx); return })
	if err != nil {
		return 0, fmt.Errorf("find what is to be moved: %w", err)
	}
	var errs []error
	for _, name := range together(ready, begun) {
		done, err := s.fromInbox(ctx, w, name)
		if done {
			n++
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	return n, errors.Join(errs...)
}

// together are the names of both lists, each once.
func together(lists ...[]string) (all []string) {
	seen := map[string]bool{}
	for _, list := range lists {
		for _, name := range list {
			if !seen[name] {
				seen[name] = true
				all = append(all, name)
			}
		}
	}
	return all
}

// fromInbox takes one delivery from its folder to where it lies aside; done is
// false where another process is at it.
func (s *Service) fromInbox(ctx context.Context, w Watch, name string) (done bool, err error) {
	var row inboxRow
	err = s.db.Tx(ctx, func(ctx context.Context) (err error) {
		row, err = hold(ctx, name, uuid.New(), db.Now(ctx).Add(heldFor))
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	if err == nil {
		err = s.carryOn(ctx, w, row)
	}
	if errors.Is(err, errTaken) {
		return false, nil // another process goes on with it
	}
	if err != nil {
		return false, errors.Join(err, s.letGo(context.WithoutCancel(ctx), row))
	}
	return true, nil
}

// carryOn does what is left to do with a delivery. One that is not there any
// more was another process's, a moment ago.
func (s *Service) carryOn(ctx context.Context, w Watch, row inboxRow) error {
	if row.Outcome != "" {
		return s.putAside(ctx, w, row)
	}
	there, err := w.Place.Complete(ctx, row.Name)
	if err != nil {
		return err
	}
	if !there {
		return errors.Join(errTaken, s.db.Tx(ctx, func(ctx context.Context) error { return aside(ctx, row) }))
	}
	if row, err = s.takeIn(ctx, w, row); err != nil {
		return err
	}
	return s.putAside(ctx, w, row)
}

// letGo lets the next look go on with a delivery.
func (s *Service) letGo(ctx context.Context, row inboxRow) error {
	return s.holding(ctx, row, func(ctx context.Context) map[string]any { return map[string]any{"held_until": db.Now(ctx)} })
}

// still keeps a delivery this process's; errTaken when it is another's.
func (s *Service) still(ctx context.Context, row inboxRow) error {
	return s.holding(ctx, row, func(ctx context.Context) map[string]any {
		return map[string]any{"held_until": db.Now(ctx).Add(heldFor)}
	})
}

func (s *Service) holding(ctx context.Context, row inboxRow, set func(ctx context.Context) map[string]any) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return held(ctx, row, set(ctx)) })
	if errors.Is(err, db.ErrNotFound) {
		return errTaken
	}
	return err
}

// takeIn delivers a folder and decides where it goes.
func (s *Service) takeIn(ctx context.Context, w Watch, row inboxRow) (inboxRow, error) {
	d, err := s.deliverFolder(ctx, w, row)
	if err != nil {
		return row, err
	}
	row.Outcome, row.DeliveryID = string(inbox.Done), &d.ID
	switch {
	case d.State == Failed, d.Problems > 0 && d.Fresh+d.Replaced+d.Same == 0:
		row.Outcome = string(inbox.Refused)
	case d.State != Done:
		return row, fmt.Errorf("the delivery stands at %s", d.State)
	}
	return row, s.holding(ctx, row, func(context.Context) map[string]any {
		return map[string]any{"outcome": row.Outcome, "delivery_id": row.DeliveryID}
	})
}

// deliverFolder delivers one, from where it broke off. What ended is not begun
// again: this process, or one before it, ended between two steps.
func (s *Service) deliverFolder(ctx context.Context, w Watch, row inboxRow) (d Delivery, err error) {
	src, err := w.Place.Open(ctx, row.Name)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	begin := Delivery{Name: row.Name, Source: "command", State: Applying, InboxName: row.Name}
	r := &run{s: s, t: tenant.MustFrom(ctx), src: src, write: true, told: func(Delivery) { _ = s.still(ctx, row) }} // a loss shows at the next chunk
	digest, _, err := r.measure()
	if f, ends := whole(err); ends {
		return s.unread(ctx, row, begin, f)
	}
	if err != nil {
		return d, err
	}
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { d, err = endedInInbox(ctx, row, digest); return })
	if !errors.Is(err, db.ErrNotFound) {
		return d, err
	}
	if d, err = s.deliver(ctx, r, begin); err == nil {
		return d, nil
	}
	if _, ends := whole(err); ends {
		return s.Delivery(ctx, d.ID)
	}
	return d, err
}

// unread writes down a delivery whose list could not even be opened; one that
// another process moved aside meanwhile is none.
func (s *Service) unread(ctx context.Context, row inboxRow, begin Delivery, f *fault.Fault) (d Delivery, err error) {
	if err := s.still(ctx, row); err != nil {
		return d, err
	}
	args, err := json.Marshal(f.Args)
	if err != nil {
		return d, fmt.Errorf("write reason: %w", err)
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		now := db.Now(ctx)
		d = begin.fresh(now)
		d.State, d.Error, d.ErrorArgs, d.FinishedAt = Failed, f.Code, string(args), &now
		return insertDelivery(ctx, &d)
	})
	return d, err
}

// putAside writes the report, moves the folder and forgets it.
func (s *Service) putAside(ctx context.Context, w Watch, row inboxRow) error {
	to := inbox.Aside(inbox.Outcome(row.Outcome), row.TakenAt, row.Name)
	report, err := s.report(ctx, w, row)
	if err != nil {
		return err
	}
	if report != "" {
		if err := w.Place.Tell(ctx, to+".txt", []byte(report)); err != nil {
			return err
		}
	}
	if err := w.Place.Move(ctx, row.Name, to, func() error { return s.still(ctx, row) }); err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error { return aside(ctx, row) })
	if errors.Is(err, db.ErrNotFound) {
		return errTaken
	}
	return err
}

// report says why a delivery was refused and which rows gave no document; empty
// where all did. It names rows and files, as the list beside it does.
func (s *Service) report(ctx context.Context, w Watch, row inboxRow) (string, error) {
	if row.DeliveryID == nil {
		return "", nil
	}
	d, err := s.Delivery(ctx, *row.DeliveryID)
	if err != nil {
		return "", err
	}
	if d.State == Failed {
		code, args := d.Why()
		return w.Words(code, spoken(args)) + "\n", nil
	}
	var b strings.Builder
	for after := int64(0); ; {
		list, err := s.Troubles(ctx, d.ID, after, mostTroubles)
		if err != nil {
			return "", err
		}
		for _, t := range list {
			after = t.Line
			b.WriteString(w.Words("document.inbox.row", map[string]any{"Line": int(t.Line), "File": t.File, "What": Say(w.Words, t)}) + "\n")
		}
		if len(list) == 0 {
			return b.String(), nil
		}
	}
}

// InboxState is how an employer's inbox stands, for HR.
type InboxState struct {
	Watched      bool
	LookedAt     time.Time
	FailingSince *time.Time
}

// Inbox tells it; the zero value where there is none.
func (s *Service) Inbox(ctx context.Context) (st InboxState, err error) {
	place := tenant.MustFrom(ctx).Documents.Inbox
	if place.IsZero() {
		return st, nil
	}
	st.Watched = true
	err = s.db.Read(ctx, func(ctx context.Context) error {
		row, err := lookAt(ctx, place.String())
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		st.LookedAt, st.FailingSince = row.LookedAt, row.FailingSince
		return err
	})
	return st, err
}
