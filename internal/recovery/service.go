package recovery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/limit"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// Limiter bounds typed codes; limit.Limiter is one.
type Limiter interface {
	Allow(ctx context.Context, r limit.Rule, key string) error
}

// Config is what the service needs.
type Config struct {
	DB       *db.DB
	Box      *secret.Box
	Policy   *authz.Policy
	Factors  *factor.Service
	Phones   *factor.Phones
	Attempts *attempt.Service
	Throttle *throttle.Service
	Limiter  Limiter
	Messages *message.Service
	Banner   Banner
	Portal   func(*tenant.Tenant) string // origin of the staff portal, for links
}

// Service runs recoveries and makes passes; it is safe for many goroutines.
type Service struct{ Config }

// NewService makes the service and tells the messages its kinds.
func NewService(c Config) *Service {
	s := &Service{Config: c}
	for _, name := range []string{kindStarted, kindApproved, kindOpen, kindEnded} {
		c.Messages.Register(message.Kind{Name: name, Lane: outbox.Security, Prepare: s.prepare})
	}
	c.Messages.Register(message.Kind{Name: kindText, Lane: outbox.Security, Text: s.text})
	c.Messages.Register(message.Kind{Name: kindEIDText, Lane: outbox.Security, Text: s.eidText})
	c.Messages.Register(message.Kind{Name: kindPass, Lane: outbox.Security, Prepare: s.preparePass})
	c.Messages.Register(message.Kind{Name: kindPassText, Lane: outbox.Security, Text: s.passText})
	return s
}

// Start begins a recovery of a person's second factors and tells the person on
// every channel on file. Faults: NotFound for whom the actor does not reach;
// Forbidden "recovery.self", "recovery.above"; Invalid at reason; Conflict
// "recovery.running", "recovery.nothing", "recovery.closed"; TooMany
// "recovery.often".
func (s *Service) Start(ctx context.Context, person uuid.UUID, reason string) (r Recovery, err error) {
	reason = strings.Join(strings.Fields(reason), " ")
	var refused error
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if refused = s.reach(ctx, "recovery", "start", person); refused != nil {
			return noted(ctx, "start", person, refused)
		}
		if n := utf8.RuneCountInString(reason); n < shortest || n > longest {
			return errReason()
		}
		r, err = s.begin(ctx, person, reason)
		return err
	})
	switch {
	case err == nil:
		return r, refused
	case errors.Is(err, db.ErrDuplicate):
		return r, errRunning()
	}
	return r, missing(err)
}

func (s *Service) begin(ctx context.Context, person uuid.UUID, reason string) (r Recovery, err error) {
	a, t, now := authz.From(ctx), tenant.MustFrom(ctx), db.Now(ctx)
	acc, err := s.lostBy(ctx, person)
	if err != nil {
		return r, err
	}
	if err := lapse(ctx, acc.ID); err != nil {
		return r, err
	}
	if _, err := runningOf(ctx, acc.ID); !errors.Is(err, db.ErrNotFound) {
		return r, errors.Join(err, errRunning())
	}
	if err := seldom(ctx, person, now); err != nil {
		return r, err
	}
	raised, err := epoch(ctx, acc.ID)
	if err != nil {
		return r, err
	}
	code := secret.InviteCode()
	r = Recovery{
		SecurityEpoch: raised,
		ID:            uuid.Must(uuid.NewV7()), PersonID: person, AccountID: acc.ID, Reason: reason, StarterID: a.PersonID, StarterRole: partOf(a),
		CodeHash: s.codeHash(t.ID, code), ClosesAt: now.Add(t.Mfa.Recovery.Open), CreatedAt: now,
	}
	if r.Sealed, err = s.Box.Seal([]byte(code), place(t.ID, r.ID)...); err != nil {
		return r, fmt.Errorf("seal code: %w", err)
	}
	if err := insert(ctx, &r); err != nil {
		return r, err
	}
	if err := s.tell(ctx, r, kindStarted, time.Time{}); err != nil {
		return r, err
	}
	return r, record(ctx, "recovery.started", r, map[string]any{"as": r.StarterRole})
}

// lostBy is the account of a person who can have lost a factor at all.
func (s *Service) lostBy(ctx context.Context, person uuid.UUID) (account.Account, error) {
	acc, err := account.ByPerson(ctx, person)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return acc, errNothing()
	case err != nil:
		return acc, err
	case acc.Status != account.Active:
		return acc, errClosed()
	}
	list, err := s.Factors.Confirmed(ctx, acc.ID)
	if err == nil && len(list) == 0 {
		return acc, errNothing()
	}
	return acc, err
}

// seldom refuses one too many in a day.
func seldom(ctx context.Context, person uuid.UUID, now time.Time) error {
	list, err := startsOf(ctx, person, now.Add(-24*time.Hour))
	if err == nil && len(list) >= perDay {
		return errOften(list[perDay-1].Add(24 * time.Hour).Sub(now))
	}
	return err
}

func (s *Service) codeHash(owner uuid.UUID, code string) []byte {
	return s.Box.Keyed("recovery_stop", owner, secret.NormaliseCode(code))
}

// place is where a sealed code belongs: one row only.
func place(owner, id uuid.UUID) []string {
	return []string{owner.String(), "recoveries", "sealed", id.String()}
}

func record(ctx context.Context, action string, r Recovery, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["recovery"] = r.ID.String()
	return audit.Record(ctx, audit.Event{Action: action, Subject: audit.Subject{Kind: "person", ID: r.PersonID}, Detail: detail})
}

// Sweep deletes what ended long ago and tells how many recoveries it was.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx, s.DB.Now().Add(-keptAfter)); return })
	if err != nil {
		return 0, fmt.Errorf("sweep recoveries: %w", err)
	}
	return n, nil
}
