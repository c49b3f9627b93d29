package mfa

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// The codes of refusals.
const (
	codeMust = "mfa.setup.must" // the employer allows neither Skip nor Later here
	codeSave = "mfa.codes.save" // the tick is missing
)

// Notices writes security mail to the owner of an account, in the open
// transaction.
type Notices interface {
	FactorAdded(ctx context.Context, accountID uuid.UUID, kind string) error
	FactorReplaced(ctx context.Context, accountID uuid.UUID, kind string) error
	RecoveryUsed(ctx context.Context, accountID uuid.UUID, left int) error
	Locked(ctx context.Context, accountID uuid.UUID, lock throttle.Lock) error
}

// Service is the flow's use cases.
type Service struct {
	db       *db.DB
	factors  *factor.Service
	phones   *factor.Phones
	attempts *attempt.Service
	notices  Notices

	// ByEID tells whether a lost factor can be brought back by an electronic
	// identity; nil: by none.
	ByEID func(ctx context.Context, accountID uuid.UUID) (bool, error)
}

// New makes the service.
func New(d *db.DB, phones *factor.Phones, attempts *attempt.Service, notices Notices) *Service {
	return &Service{db: d, factors: phones.Service, phones: phones, attempts: attempts, notices: notices}
}

// State is where an attempt stands.
type State struct {
	Attempt  attempt.Attempt
	Account  account.Account
	Duty     tenant.MfaDuty
	Enrolled []string // kinds on file
	Usable   []string // those of them that may be asked for, the default first
	Ways     []string // kinds that can be set up now
	Channels []string // ways by which a code reaches a phone, the usual one first
	Step     factor.Step
}

// Where reads where an attempt stands; its fault is Expired "attempt.expired"
// when the first step is not taken or the account may not sign in, and Conflict
// account.CodeFrozen where a set-up is owed that may not be made now.
func (s *Service) Where(ctx context.Context, a attempt.Attempt) (st State, err error) {
	if !a.Known() {
		return State{}, fault.New(fault.Expired, "attempt.expired")
	}
	err = s.db.Read(ctx, func(ctx context.Context) error {
		acc, err := account.ByID(ctx, a.AccountID)
		if err == nil && acc.Status != account.Active {
			return fault.New(fault.Expired, "attempt.expired")
		}
		if err != nil {
			return err
		}
		if st, err = s.judge(ctx, a, acc); err != nil || st.Step.Kind != factor.StepSetup {
			return err
		}
		return account.CheckFrozen(ctx, acc.ID)
	})
	if err != nil {
		return State{}, fmt.Errorf("see where the attempt stands: %w", err)
	}
	return st, nil
}

func (s *Service) judge(ctx context.Context, a attempt.Attempt, acc account.Account) (State, error) {
	t, now := tenant.MustFrom(ctx), s.db.Now()
	subject, _, err := people.SubjectOf(ctx, acc.PersonID, now, t)
	if err != nil {
		return State{}, err
	}
	duty := t.Mfa.For(subject, now)
	step, err := s.factors.Next(ctx, acc.ID, factor.Situation{
		Duty: duty, Policy: t.Mfa, AMR: a.AMR, Settled: a.Settled, Asked: a.Purpose == attempt.StepUp,
		Skipped: acc.MfaSkipped, Postponed: acc.MfaPostponed, OfferedOn: acc.MfaOfferedOn, Today: factor.Today(now, t.Zone),
	})
	if err != nil {
		return State{}, err
	}
	st := State{Attempt: a, Account: acc, Duty: duty, Ways: factor.Ways(duty, t.Mfa), Step: step}
	return st, s.enrolled(ctx, &st, t.Mfa)
}

// Recover takes a recovery code in place of the factor, tells the owner, and
// gives how many are left. The factor stays as it is. The second code of an
// attempt stands for it where another is to be set up.
func (s *Service) Recover(ctx context.Context, st State, code string) (left int, err error) {
	left, err = s.factors.UseCode(ctx, st.Account.ID, code, func(ctx context.Context) error {
		now, _, err := s.factors.Codes(ctx, st.Account.ID)
		if err != nil {
			return err
		}
		if err := s.notices.RecoveryUsed(ctx, st.Account.ID, now); err != nil {
			return err
		}
		if st.Attempt.Has(attempt.Recovery) {
			return s.attempts.Prove(ctx, st.Attempt.ID, attempt.Recovery2)
		}
		return s.attempts.Prove(ctx, st.Attempt.ID, attempt.Recovery)
	})
	return left, s.told(ctx, st, err)
}

// Passed tells whether the attempt has proven a factor by now: the other half of
// a double click.
func (s *Service) Passed(ctx context.Context, st State) bool {
	a, err := s.attempts.ByID(ctx, st.Attempt.ID)
	return err == nil && len(a.AMR) > len(st.Attempt.AMR) && factor.Proven(a.AMR)
}

// Added tells whether an enrolment that a page showed is on file by now: the
// other half of a double click.
func (s *Service) Added(ctx context.Context, st State, shown string) bool {
	list, err := s.factors.Confirmed(ctx, st.Account.ID)
	return err == nil && slices.ContainsFunc(list, func(a factor.Authenticator) bool { return a.ID.String() == shown })
}

// OneMore tells whether this attempt puts an app on file beside what is there,
// which begins on the security page.
func (st State) OneMore(p tenant.MfaPolicy) bool {
	lost := st.Attempt.Has(attempt.Recovery2) // begun to replace, and for nothing else
	return !lost && st.Step.Kind == factor.StepDone && factor.MayAddOneMore(p, st.Enrolled, st.Attempt.AMR, st.Attempt.Purpose == attempt.StepUp)
}

// told gives err back, once the owner has been told when it is the failure that
// locks.
func (s *Service) told(ctx context.Context, st State, err error) error {
	lock, counted := factor.LockOf(err)
	if !counted || !lock.First() {
		return err
	}
	telling := s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.notices.Locked(ctx, st.Account.ID, lock); err != nil {
			return err
		}
		return audit.Record(ctx, event("mfa.locked", st, map[string]any{"failures": lock.Failures}))
	})
	return errors.Join(err, telling)
}

// Answer settles the offer of a factor with Skip or Later; where the employer
// allows neither it is the Invalid fault "mfa.setup.must".
func (s *Service) Answer(ctx context.Context, a attempt.Attempt, answer string) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		st, err := s.Where(ctx, a)
		if err != nil {
			return err
		}
		if err := s.put(ctx, st, answer); err != nil {
			return err
		}
		if st.Step.Anew {
			return audit.Record(ctx, event("mfa.lost_factors_removed", st, nil))
		}
		if err := s.attempts.Settle(ctx, a.ID, answer); err != nil {
			return err
		}
		return audit.Record(ctx, event("mfa.offer_answered", st, map[string]any{"answer": answer}))
	})
	if err != nil {
		return fmt.Errorf("answer the offer: %w", err)
	}
	return nil
}

// put writes the answer down where the step allows it.
func (s *Service) put(ctx context.Context, st State, answer string) error {
	t := tenant.MustFrom(ctx)
	switch {
	case answer == attempt.Skip && st.Step.Anew && st.Step.MaySkip:
		return s.factors.Supersede(ctx, st.Account.ID, "")
	case answer == attempt.Skip && st.Step.MaySkip:
		return account.SkipFactor(ctx, st.Account.ID, factor.Fingerprint(t.Mfa))
	case answer == attempt.Later && st.Step.MayLater:
		return account.PostponeFactor(ctx, st.Account.ID, factor.Today(s.db.Now(), t.Zone))
	}
	return fault.New(fault.Invalid, codeMust, "Employer", tenant.MustFrom(ctx).Name)
}

// Enrolment is the authenticator being set up; it starts one when there is none
// under way.
func (s *Service) Enrolment(ctx context.Context, st State) (factor.Enrolment, error) {
	e, err := s.factors.Pending(ctx, st.Account.ID)
	if errors.Is(err, db.ErrNotFound) {
		return s.factors.StartTOTP(ctx, st.Account.ID)
	}
	return e, err
}

// Confirm makes the authenticator being set up the account's, proves it for the
// attempt and tells the owner.
func (s *Service) Confirm(ctx context.Context, st State, id uuid.UUID, code string) error {
	put := s.factors.ConfirmTOTP
	switch t := tenant.MustFrom(ctx); {
	case st.OneMore(t.Mfa):
		put = s.factors.AddTOTP
	case !st.MayAddApp(t.Mfa):
		return fault.New(fault.Invalid, codeMust, "Employer", t.Name)
	}
	err := put(ctx, st.Account.ID, id, code, func(ctx context.Context) error {
		if err := s.added(ctx, st, factor.TOTP); err != nil {
			return err
		}
		return s.attempts.Prove(ctx, st.Attempt.ID, attempt.TOTP)
	})
	if err != nil {
		return fmt.Errorf("confirm authenticator: %w", err)
	}
	return nil
}

// Codes are the recovery codes to show: those of kept, the browser's sealed
// copy, else new ones.
func (s *Service) Codes(ctx context.Context, st State, kept string) (factor.CodeSet, error) {
	if set, err := s.factors.OpenCodes(ctx, st.Account.ID, kept); kept != "" && err == nil {
		return set, nil
	}
	return s.factors.NewCodes(ctx, st.Account.ID)
}

// Save makes the shown codes the account's. shown is the set on the page that
// was sent, empty when the page did not say; the refusal is factor.CodesGone
// when kept is not that set, and "mfa.codes.save" without the tick.
func (s *Service) Save(ctx context.Context, st State, kept, shown string, ticked bool) error {
	set, err := s.factors.OpenCodes(ctx, st.Account.ID, kept)
	if err != nil {
		return err
	}
	if shown != "" && shown != set.ID {
		return fault.New(fault.Conflict, factor.CodesGone)
	}
	if !ticked {
		return fault.Field("saved", codeSave)
	}
	return s.factors.SaveCodes(ctx, st.Account.ID, set)
}

// Label is the account's name in the app: the address typed, else the first on
// file.
func (s *Service) Label(ctx context.Context, st State) (string, error) {
	if st.Attempt.Address != "" {
		return st.Attempt.Address, nil
	}
	var list []account.Identifier
	err := s.db.Read(ctx, func(ctx context.Context) (err error) { list, err = account.Names(ctx, st.Account.ID); return })
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].Address, nil
}

func has(kinds []string, kind string) bool { return slices.Contains(kinds, kind) }

func event(action string, st State, detail map[string]any) audit.Event {
	return audit.Event{Action: action, Subject: audit.Subject{Kind: "account", ID: st.Account.ID}, Detail: detail}
}
