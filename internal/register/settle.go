package register

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Settled is what a registration came to.
type Settled struct {
	Outcome Outcome
	On      people.Date // the last day of access, of Closed
	Cookie  string      // of the attempt that goes on to the second factor; Opened and Joined
}

// Settle ends a registration in one transaction: it uses the proof, finds the
// person, and opens an account or widens the one there is, or writes down why
// not. It signs nobody in: the cookie is that of an attempt at whose next step
// every factor on file is asked for. Settled before, it gives what it gave, but
// no cookie. Faults: Conflict "register.step", "register.proof" where an
// electronic ID has to come first, "register.end.weak.title" where it takes a
// stronger one, "register.taken", account.CodeFrozen.
func (s *Service) Settle(ctx context.Context, a attempt.Attempt) (done Settled, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := s.owing(ctx, a, toSettle)
		if err != nil {
			return err
		}
		if err := touch(ctx, r.ID); err != nil {
			return err
		}
		if r, err = byID(ctx, r.ID); err != nil { // as it is now that nobody else settles it
			return err
		}
		if r.Outcome != Open {
			done = Settled{Outcome: r.Outcome, On: r.OutcomeOn}
			return nil
		}
		done, err = s.settle(ctx, a, r)
		return err
	})
	if errors.Is(err, db.ErrDuplicate) {
		return Settled{}, errTaken() // another flow took the address in this moment
	}
	if err != nil {
		return Settled{}, fmt.Errorf("settle registration: %w", err)
	}
	return done, nil
}

func (s *Service) settle(ctx context.Context, a attempt.Attempt, r Registration) (done Settled, err error) {
	m, err := s.match(ctx, a)
	if err != nil {
		return done, err
	}
	e := ending{a: a, r: r, match: m}
	if done.Outcome, done.On, err = s.judge(ctx, m); err != nil {
		return done, err
	}
	if done.Outcome == Open {
		if done.Outcome, err = s.enter(ctx, &e); err != nil {
			return done, err
		}
	}
	r.Outcome, r.OutcomeOn = done.Outcome, done.On
	if m.person != uuid.Nil {
		r.PersonID = &m.person
	}
	if err := settle(ctx, r); err != nil {
		return done, err
	}
	if err := audit.Record(e.as(ctx), about("register.settled", r, map[string]any{
		"registration": r.ID.String(), "outcome": string(r.Outcome), "proven": m.sure, "connector": m.proof.Connector,
	})); err != nil || e.account == uuid.Nil {
		return done, err
	}
	done.Cookie, err = s.handOver(ctx, e)
	return done, err
}

// ending is a registration with whose it is.
type ending struct {
	match

	a       attempt.Attempt
	r       Registration
	account uuid.UUID // once there is one
	amr     []string
}

// as is the context in which the person, known from now on, acts.
func (e ending) as(ctx context.Context) context.Context {
	who := authz.From(ctx)
	if who.Network == "" {
		who.Network, who.UserAgent = e.a.Asker.Network, e.a.Asker.UserAgent
	}
	if e.account != uuid.Nil {
		who.Kind, who.AccountID, who.PersonID = authz.Person, e.account, e.person
	}
	return authz.With(ctx, who)
}

// judge says by standing who may not come in here; Open for who may.
func (s *Service) judge(ctx context.Context, m match) (Outcome, people.Date, error) {
	if m.person == uuid.Nil {
		return Nobody, "", nil
	}
	if err := lockPerson(ctx, s.DB.Postgres(), m.person); err != nil {
		return Open, "", err
	}
	o, err := people.View(ctx, m.person, s.DB.Now(), tenant.MustFrom(ctx))
	if err != nil {
		return Open, "", err
	}
	switch o.Standing {
	case people.Alumnus:
		return Open, "", nil
	case people.Staff, people.Joiner:
		return AtStaff, "", nil
	case people.NoOne:
	}
	if len(o.Jobs) == 0 {
		return Nobody, "", nil
	}
	return Closed, lastDay(o), nil
}

// lastDay is the last day on which any of a person's windows was open.
func lastDay(o people.Overview) (last people.Date) {
	for _, j := range o.Jobs {
		last = max(last, j.Until)
	}
	return last
}

// enter gives the person an account, or the one there is the address.
func (s *Service) enter(ctx context.Context, e *ending) (Outcome, error) {
	person, err := people.ByID(ctx, e.person)
	if err != nil {
		return Open, err
	}
	owner, err := account.ByAddress(ctx, e.a.AddressKey)
	switch {
	case err != nil && !errors.Is(err, db.ErrNotFound):
		return Open, err
	case err == nil && owner.PersonID != e.person, e.a.AddressKey == person.WorkEmailKey:
		return Taken, nil
	}
	acc, err := account.ByPerson(ctx, e.person)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return Opened, s.create(ctx, e, person)
	case err != nil:
		return Open, err
	case acc.Status != account.Active:
		return Stopped, nil
	}
	return Joined, s.join(ctx, e, person, acc)
}

// handOver ends the attempt and begins the one that asks for the second factor.
func (s *Service) handOver(ctx context.Context, e ending) (cookie string, err error) {
	if err := s.Attempts.Finish(ctx, e.a.ID); err != nil {
		return "", err
	}
	cookie, _, err = s.Attempts.Start(ctx, attempt.New{
		Purpose: attempt.Activate, Address: e.a.Address, AddressKey: e.a.AddressKey, AccountID: e.account, AMR: e.amr, Host: e.a.Host, Asker: e.a.Asker,
	})
	return cookie, err
}
