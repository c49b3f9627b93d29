package mydata

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Paper is a document's file that goes into a copy.
type Paper struct {
	Name string // with its folder
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// Config is what the service needs.
type Config struct {
	DB       *db.DB
	Box      *secret.Box
	Messages *message.Service
	// Papers are the files of documents that the asker may read today.
	Papers func(ctx context.Context, a authz.Actor, now time.Time) ([]Paper, error)
	// Rules are how long documents are kept at an employer of a country.
	Rules func(country string) []Rule
	// The origins of a tenant's portals.
	Portal, AlumniPortal func(*tenant.Tenant) string
}

// Service is the use cases.
type Service struct{ Config }

// NewService makes the service and tells the message service its kinds.
func NewService(c Config) *Service {
	s := &Service{c}
	for _, kind := range []string{kindReady, kindAnswered, kindErased} {
		c.Messages.Register(message.Kind{Name: kind, Prepare: s.prepare})
	}
	return s
}

// EventAsked starts the making of a copy.
const EventAsked = "mydata.asked"

// job are its arguments.
type job struct {
	Copy uuid.UUID `json:"copy"`
}

// Ask orders a copy of the asker's data. While there is one, asking again changes
// nothing; one that is over makes place.
func (s *Service) Ask(ctx context.Context, a authz.Actor) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		now := db.Now(ctx)
		if old, err := copyOf(ctx, a.PersonID); err == nil && !old.ExpiresAt.After(now) {
			if err := s.forget(ctx, old); err != nil {
				return err
			}
		} else if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		row := Copy{ID: uuid.Must(uuid.NewV7()), PersonID: a.PersonID, Total: int64(len(Parts())), AskedAt: now, ExpiresAt: now.Add(lostAfter)}
		fresh, err := insertCopy(ctx, row)
		if err != nil || !fresh {
			return err
		}
		if err := audit.Record(ctx, event("mydata.asked", a.PersonID, nil)); err != nil {
			return err
		}
		return outbox.Put(ctx, outbox.Event{Kind: EventAsked, Args: job{row.ID}})
	})
	if err != nil {
		return fmt.Errorf("order a copy: %w", err)
	}
	return nil
}

// event is an audit event about a person's data.
func event(action string, person uuid.UUID, detail map[string]any) audit.Event {
	return audit.Event{Action: action, Subject: audit.Subject{Kind: "person", ID: person}, Detail: detail}
}

// forget removes a copy whose time is over; one that went meanwhile is as well.
func (s *Service) forget(ctx context.Context, row Copy) error {
	err := dropOver(ctx, row.ID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, event("mydata.expired", row.PersonID, map[string]any{"copy": row.ID.String(), "ready": row.ReadyAt != nil}))
}

// Drop deletes the asker's copy before its time.
func (s *Service) Drop(ctx context.Context, a authz.Actor) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := dropCopy(ctx, a.PersonID); err != nil {
			return err
		}
		return audit.Record(ctx, event("mydata.dropped", a.PersonID, nil))
	})
	if errors.Is(err, db.ErrNotFound) {
		return nil // the second of two clicks
	}
	return err
}

// Sweep deletes copies whose time is over and gives their number.
func (s *Service) Sweep(ctx context.Context) (gone int64, err error) {
	for {
		n := 0
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			rows, err := overCopies(ctx, 100)
			for _, row := range rows {
				if err := s.forget(ctx, row); err != nil {
					return err
				}
			}
			n = len(rows)
			return err
		})
		gone += int64(n)
		if err != nil || n == 0 {
			return gone, err
		}
	}
}

// Own is what a person sees on the page.
type Own struct {
	Copy     *Copy // nil: none
	Requests []Said
}

// Look gives the asker's copy and requests.
func (s *Service) Look(ctx context.Context, a authz.Actor) (o Own, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		row, err := copyOf(ctx, a.PersonID)
		switch {
		case err == nil && row.ExpiresAt.After(db.Now(ctx)):
			o.Copy = &row
		case err != nil && !errors.Is(err, db.ErrNotFound):
			return err
		}
		rows, err := requestsOf(ctx, a.PersonID)
		if err != nil {
			return err
		}
		for _, r := range rows {
			said, err := s.read(r)
			if err != nil {
				return err
			}
			o.Requests = append(o.Requests, said)
		}
		return nil
	})
	if err != nil {
		return Own{}, fmt.Errorf("look at own data: %w", err)
	}
	return o, nil
}

// Fetched notes that the asker takes the copy, before its first byte goes out.
// The fault is NotFound "mydata.copy.gone" when there is none to take.
func (s *Service) Fetched(ctx context.Context, a authz.Actor) (row Copy, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if row, err = copyOf(ctx, a.PersonID); err != nil {
			return err
		}
		if err := markFetched(ctx, row.ID); err != nil {
			return err
		}
		return audit.Record(ctx, event("mydata.fetched", a.PersonID, map[string]any{"copy": row.ID.String()}))
	})
	if errors.Is(err, db.ErrNotFound) {
		return row, fault.New(fault.NotFound, "mydata.copy.gone")
	}
	return row, err
}
