package manager

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Deps are what the service needs.
type Deps struct {
	DB        *db.DB
	Policy    *authz.Policy
	People    *people.Service
	Passwords Passwords
	Locks     Locks // nil: locks are not shown
}

// Service helps reports; it is safe for many goroutines.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{Deps: d} }

// query is the context's actor's own team.
func (s *Service) query(ctx context.Context) people.TeamQuery {
	t := tenant.MustFrom(ctx)
	return people.TeamQuery{Manager: authz.From(ctx).PersonID, Depth: t.Manager.Depth, Today: people.DateOf(s.DB.Now(), t.Zone)}
}

// Team gives a page of the actor's reports and of how far they have come.
func (s *Service) Team(ctx context.Context, text, after string) (team people.Team, err error) {
	q := s.query(ctx)
	q.Text, q.After = text, after
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { team, err = people.TeamOf(ctx, q); return })
	return team, err
}

// Report gives one of the actor's reports; NotFound for everybody else.
func (s *Service) Report(ctx context.Context, person uuid.UUID) (r people.Report, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { r, err = people.ReportOf(ctx, s.query(ctx), person); return })
	return r, missing(err)
}

// May tells whether the actor may have a new password mail sent to a person.
// NotFound for whom the actor does not reach; Forbidden "manager.self" and
// "manager.above" say whom to ask.
func (s *Service) May(ctx context.Context, person uuid.UUID) error {
	err := s.DB.Read(ctx, func(ctx context.Context) error { return s.may(ctx, person) })
	return missing(err)
}

// may decides in the open transaction: what it finds is true when the act is
// done.
func (s *Service) may(ctx context.Context, person uuid.UUID) error {
	a := authz.From(ctx)
	switch s.Policy.May(a, "password", "send") {
	case authz.Any:
		return mayAny(ctx, a, person)
	case authz.Chain:
		return s.mayReport(ctx, person)
	case authz.None, authz.Own, authz.Unit:
	}
	return db.ErrNotFound
}

// mayAny: HR and administrators reach everybody who is not above them.
func mayAny(ctx context.Context, a authz.Actor, person uuid.UUID) error {
	if _, err := people.ByID(ctx, person); err != nil {
		return err
	}
	if a.PersonID == person {
		return errSelf()
	}
	granted, err := people.Granted(ctx, person)
	if err != nil {
		return err
	}
	if rank(granted) > rank(a.Roles) {
		return errAbove()
	}
	return nil
}

// mayReport: a manager reaches reports who have no role of their own.
func (s *Service) mayReport(ctx context.Context, person uuid.UUID) error {
	q := s.query(ctx)
	level, err := people.Reports(ctx, q.Manager, person, q.Depth, q.Today)
	if err != nil {
		return err
	}
	if level == 0 {
		return db.ErrNotFound
	}
	granted, err := people.Granted(ctx, person)
	if err != nil {
		return err
	}
	if len(granted) > 0 {
		return errAbove()
	}
	return nil
}

// Plan tells what Send would do, and changes nothing. Errors are those of May
// and of the mail.
func (s *Service) Plan(ctx context.Context, person uuid.UUID) (plan Sending, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) {
		if err := s.may(ctx, person); err != nil {
			return err
		}
		plan, err = s.Passwords.Plan(ctx, person)
		return err
	})
	return plan, missing(err)
}

// Send has a new password mail sent to a person, or the invitation to who is
// not in yet. The right to it is looked at in the transaction that sends; a
// refusal of who is in reach is written down.
func (s *Service) Send(ctx context.Context, person uuid.UUID) (out Sending, err error) {
	var refused error
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		if refused = s.may(ctx, person); refused != nil {
			return s.noteRefused(ctx, person, refused)
		}
		out, err = s.Passwords.SendFor(ctx, person)
		return err
	})
	if err == nil {
		err = refused
	}
	return out, missing(err)
}

// noteRefused writes down who tried to reach above; an id that the actor does
// not reach is no fact about anybody.
func (s *Service) noteRefused(ctx context.Context, person uuid.UUID, why error) error {
	if !isForbidden(why) {
		return why
	}
	err := audit.Record(ctx, audit.Event{Action: "manager.refused", Subject: audit.Subject{Kind: "person", ID: person}, Detail: map[string]any{"act": "password.send"}})
	if err != nil {
		return fmt.Errorf("note refusal: %w", err)
	}
	return nil
}

// lock tells why a person cannot sign in just now.
func (s *Service) lock(ctx context.Context, person uuid.UUID) (Lock, error) {
	if s.Locks == nil {
		return Lock{}, nil
	}
	return s.Locks.LockOf(ctx, person)
}
