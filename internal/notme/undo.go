package notme

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/people"
)

// Undo takes a report back by the link and code it was made with. Nothing that
// ended comes back; only the freeze of this very report goes. Where it cannot be
// taken back any more nothing happens. Faults: as Report.
func (s *Service) Undo(ctx context.Context, token, code, network string) error {
	l, err := s.prove(ctx, token, code, network)
	if err != nil || l.Stage != Undoable {
		return err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := account.Lock(ctx, l.Notice.AccountID); err != nil {
			return err
		}
		undone, err := account.Undo(ctx, l.Notice.ID)
		if err != nil || !undone {
			return err
		}
		if err := s.unfrozen(ctx, l.Notice.AccountID, account.Undone); err != nil {
			return err
		}
		return s.record(ctx, "notme.undone", l.Notice)
	})
	return wrap("take the report back", err)
}

// unfrozen tells the owner that changes are possible again, if they are.
func (s *Service) unfrozen(ctx context.Context, accountID uuid.UUID, why account.Lift) error {
	f, err := account.OpenFreeze(ctx, accountID)
	if err != nil || f.Open() {
		return err
	}
	return s.Tell(ctx, Fact{AccountID: accountID, Kind: message.Unfrozen, Args: map[string]string{message.ArgWhy: string(why)}})
}

// Returned is for sign-in, in its transaction, with what has been proven. When
// that is the password and, where one is on file, a factor, then what was frozen
// before the password was chosen by mail is free again.
func (s *Service) Returned(ctx context.Context, accountID uuid.UUID, amr []string) error {
	if !slices.Contains(amr, attempt.Password) {
		return nil
	}
	if !factor.Proven(amr) {
		list, err := s.Factors.Confirmed(ctx, accountID)
		if err != nil || len(list) > 0 {
			return err
		}
	}
	lifted, err := account.Return(ctx, accountID)
	if err != nil || !lifted {
		return err
	}
	if err := s.unfrozen(ctx, accountID, account.Returned); err != nil {
		return err
	}
	return audit.Record(ctx, audit.Event{Action: "notme.returned", Subject: audit.Subject{Kind: "account", ID: accountID}})
}

// Hows are how HR made sure that it is the person who asks.
func Hows() []string { return []string{"met", "called", "known"} }

// Lift lets changes be made again in the name of the context's actor, who made
// sure of the person in one of Hows. Faults: Conflict codeSelf, codeAbove for
// those whose roles the actor may not give, codeNone; Invalid codeHow.
// db.ErrNotFound for a person without an account.
func (s *Service) Lift(ctx context.Context, person uuid.UUID, how string) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		acc, err := s.mayLift(ctx, person, how)
		if err != nil {
			return err
		}
		if err := account.Lock(ctx, acc.ID); err != nil {
			return err
		}
		lifted, err := account.LiftAll(ctx, acc.ID, authz.From(ctx).PersonID)
		if err != nil {
			return err
		}
		if !lifted {
			return fault.New(fault.Conflict, codeNone)
		}
		if err := s.unfrozen(ctx, acc.ID, account.ByHR); err != nil {
			return err
		}
		return audit.Record(ctx, audit.Event{Action: "notme.lifted", Subject: audit.Subject{Kind: "person", ID: person}, Detail: map[string]any{"how": how}})
	})
	return wrap("lift the freeze", err)
}

// mayLift refuses whoever would free themselves or somebody above them.
func (s *Service) mayLift(ctx context.Context, person uuid.UUID, how string) (account.Account, error) {
	acc, err := account.ByPerson(ctx, person)
	if err != nil {
		return acc, err
	}
	who := authz.From(ctx)
	if who.PersonID == person {
		return acc, fault.New(fault.Conflict, codeSelf)
	}
	roles, err := people.Granted(ctx, person)
	if err != nil {
		return acc, err
	}
	for _, role := range roles {
		if who.Kind == authz.Person && !people.MayGrant(who, role) {
			return acc, fault.New(fault.Conflict, codeAbove)
		}
	}
	for _, known := range Hows() {
		if how == known {
			return acc, nil
		}
	}
	return acc, fault.Field("how", codeHow)
}

// Status is what HR sees of a person's account; db.ErrNotFound without one.
func (s *Service) Status(ctx context.Context, person uuid.UUID) (f account.Freeze, cause Notice, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		acc, err := account.ByPerson(ctx, person)
		if err != nil {
			return err
		}
		if f, err = account.OpenFreeze(ctx, acc.ID); err != nil || !f.Open() {
			return err
		}
		cause, err = byID(ctx, f.NoticeID)
		return swept(err)
	})
	return f, cause, wrap("look at the freeze", err)
}

// swept lets a freeze outlive the notice that caused it.
func swept(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}
