package proofing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/identity"
	"tilgang/internal/mailaddr"
	"tilgang/internal/people"
)

// Notices writes to the owners of accounts, in the open transaction.
type Notices interface {
	IdentityLinked(ctx context.Context, accountID uuid.UUID, connector string) error
	IdentityMoved(ctx context.Context, m identity.Move) error
	IdentityDecided(ctx context.Context, accountID uuid.UUID, confirmed bool) error
}

// Config is what the service needs.
type Config struct {
	DB      *db.DB
	Notices Notices
	// Next is the dispatcher's word on where an attempt must go.
	Next func(ctx context.Context, a attempt.Attempt, device string) (string, error)
}

// Service is the flow's use cases; it is safe for many goroutines.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Outcome is what a proof comes to.
type Outcome string

// The outcomes. Taken: another account has this identity. Unsure: HR decides.
// Foreign: it is another person's. None: nothing was proven.
const (
	Fits    Outcome = "fits"
	Taken   Outcome = "taken"
	Unsure  Outcome = "unsure"
	Foreign Outcome = "foreign"
	None    Outcome = "none"
)

// Standing is where an attempt stands with its proof.
type Standing struct {
	Outcome   Outcome
	Proof     identity.Proof
	Own       string    // masked address of the account that is proving
	Other     string    // masked address of the account that has the identity
	Until     time.Time // until when a move could be taken back
	WaitingHR bool      // HR has been asked and has not said
	Rejected  bool      // HR said no, last
	Name      string    // the person's
}

// Where judges the proof that waits for an attempt of an account; it changes
// nothing.
func (s *Service) Where(ctx context.Context, a attempt.Attempt) (st Standing, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { st, err = s.judge(ctx, a); return err })
	if err != nil {
		return Standing{}, fmt.Errorf("see what was proven: %w", err)
	}
	return st, nil
}

func (s *Service) judge(ctx context.Context, a attempt.Attempt) (st Standing, err error) {
	acc, err := account.ByID(ctx, a.AccountID)
	if err != nil {
		return st, err
	}
	person, err := people.ByID(ctx, acc.PersonID)
	if err != nil {
		return st, err
	}
	st = Standing{Outcome: None, Name: person.Name(), Until: s.DB.Now().Add(identity.UndoWithin)}
	if err := s.asked(ctx, acc, &st); err != nil {
		return st, err
	}
	st.Proof, err = identity.ProofOf(ctx, a.ID)
	if fault.KindOf(err) == fault.Expired {
		return st, nil
	}
	if err != nil {
		return st, err
	}
	st.Outcome, err = s.outcome(ctx, a, acc, person, &st)
	return st, err
}

// asked notes what became of a question to HR.
func (s *Service) asked(ctx context.Context, acc account.Account, st *Standing) error {
	r, err := identity.NewestReview(ctx, acc.ID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	st.WaitingHR = err == nil && r.DecidedAt == nil
	st.Rejected = err == nil && r.DecidedAt != nil && !r.Confirmed
	return err
}

func (s *Service) outcome(ctx context.Context, a attempt.Attempt, acc account.Account, person people.Person, st *Standing) (Outcome, error) {
	match := identity.Compare(st.Proof, person)
	if match == identity.Other {
		return Foreign, nil
	}
	// The number may be somebody else's, of whom HR has one where this record has none.
	if owner, err := identity.PersonOf(ctx, st.Proof); err == nil && owner.ID != person.ID {
		return Foreign, nil
	} else if err != nil && !errors.Is(err, db.ErrNotFound) {
		return None, err
	}
	if match == identity.Unsure && a.Purpose != attempt.StepUp {
		return Unsure, nil
	}
	l, err := identity.Owner(ctx, st.Proof)
	if errors.Is(err, db.ErrNotFound) || err == nil && l.AccountID == acc.ID {
		return Fits, nil
	}
	if err != nil {
		return None, err
	}
	if st.Own, err = masked(ctx, acc.ID); err != nil {
		return None, err
	}
	st.Other, err = masked(ctx, l.AccountID)
	return Taken, err
}

// masked is the first address of an account, hidden.
func masked(ctx context.Context, accountID uuid.UUID) (string, error) {
	list, err := account.Identifiers(ctx, accountID)
	if err != nil || len(list) == 0 {
		return mailaddr.Mask(""), err
	}
	return mailaddr.Mask(list[0].Address), nil
}

// Settle takes the proof of an attempt and does what needs nobody's word: it
// links what fits, asks HR where no number can tell, and refuses what is another
// person's. Taken waits for Move. A proof that another request took is None.
func (s *Service) Settle(ctx context.Context, a attempt.Attempt) (st Standing, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if st, err = s.judge(ctx, a); err != nil || st.Outcome == None || st.Outcome == Taken {
			return err
		}
		if _, err := identity.Take(ctx, a.ID); err != nil {
			return err
		}
		switch st.Outcome {
		case Fits:
			return s.link(ctx, a, st.Proof)
		case Unsure:
			acc, err := account.ByID(ctx, a.AccountID)
			if err != nil {
				return err
			}
			st.WaitingHR = true
			return identity.Ask(ctx, acc, st.Proof)
		case Foreign, Taken, None:
		}
		return record(ctx, "proofing.foreign", a.AccountID, map[string]any{"connector": st.Proof.Connector})
	})
	if f, known := fault.As(err); known && f.Code == identity.CodeGone {
		return Standing{Outcome: None}, nil // the other half of a double click took it
	}
	if err != nil {
		return Standing{}, fmt.Errorf("settle a proof: %w", err)
	}
	return st, nil
}

// proven tells whether a proof is the person's beyond doubt.
func proven(ctx context.Context, accountID uuid.UUID, p identity.Proof) (bool, error) {
	acc, err := account.ByID(ctx, accountID)
	if err != nil {
		return false, err
	}
	person, err := people.ByID(ctx, acc.PersonID)
	return identity.Compare(p, person) == identity.Same, err
}

// link ties an identity to the account, and tells its owner.
func (s *Service) link(ctx context.Context, a attempt.Attempt, p identity.Proof) error {
	sure, err := proven(ctx, a.AccountID, p)
	if err != nil {
		return err
	}
	if _, err := identity.Link(ctx, a.AccountID, p, sure); err != nil {
		return err
	}
	return s.Notices.IdentityLinked(ctx, a.AccountID, p.Connector)
}

// Move ties the identity that was proven to this account, and unties it from the
// one that has it, on its owner's word. Faults: Expired identity.CodeGone, Conflict
// account.CodeFrozen.
func (s *Service) Move(ctx context.Context, a attempt.Attempt) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		st, err := s.judge(ctx, a)
		if err != nil {
			return err
		}
		p, err := identity.Take(ctx, a.ID)
		if err != nil {
			return err
		}
		if st.Outcome != Taken && st.Outcome != Fits {
			return fault.New(fault.Expired, identity.CodeGone)
		}
		sure, err := proven(ctx, a.AccountID, p)
		if err != nil {
			return err
		}
		return s.move(ctx, a.AccountID, p, sure)
	})
	if err != nil {
		return fmt.Errorf("move an identity: %w", err)
	}
	return nil
}

func (s *Service) move(ctx context.Context, accountID uuid.UUID, p identity.Proof, sure bool) error {
	m, err := identity.MoveTo(ctx, accountID, p, sure)
	switch {
	case err != nil:
		return err
	case m.ID == uuid.Nil: // nobody has it any more
		return s.Notices.IdentityLinked(ctx, accountID, p.Connector)
	}
	return s.Notices.IdentityMoved(ctx, m)
}

// AskHR leaves it to HR who this is, where there is no provider to ask.
func (s *Service) AskHR(ctx context.Context, a attempt.Attempt) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		acc, err := account.ByID(ctx, a.AccountID)
		if err != nil {
			return err
		}
		return identity.Ask(ctx, acc, identity.Proof{})
	})
	if err != nil {
		return fmt.Errorf("ask HR: %w", err)
	}
	return nil
}

func record(ctx context.Context, action string, accountID uuid.UUID, detail map[string]any) error {
	return audit.Record(ctx, audit.Event{Action: action, Subject: audit.Subject{Kind: "account", ID: accountID}, Detail: detail})
}
