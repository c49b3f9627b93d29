package security

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// Proof is what a form gives for a step-up.
type Proof struct {
	Current string // the current password
	Code    string // of the app, or a recovery code
}

// StepUp checks what an act still asks for, the current password and a factor,
// and says that it may be done. Faults: Invalid at current_password or code,
// TooMany, Unavailable.
func (s *Service) StepUp(ctx context.Context, ses session.Session, o Overview, act Act, proof Proof) (Passed, error) {
	owed, p := s.Owes(o, ses, act), Passed{Session: ses, act: act}
	if owed.Password {
		if err := s.checkPassword(ctx, o.Account, proof.Current); err != nil {
			return Passed{}, err
		}
	}
	if owed.Code {
		method, err := s.checkCode(ctx, ses, o, act, proof.Code)
		if err != nil {
			return Passed{}, s.told(ctx, o.Account.ID, err)
		}
		if err := s.note(ctx, &p, method); err != nil {
			return Passed{}, err
		}
	}
	if owed.Password {
		if err := s.note(ctx, &p, attempt.Password); err != nil {
			return Passed{}, err
		}
	}
	return p, nil
}

// note writes a proof down; the session gets a new cookie by it.
func (s *Service) note(ctx context.Context, p *Passed, method string) (err error) {
	if p.Cookie, err = s.Sessions.StepUp(ctx, p.Session.ID, method); err != nil {
		return err
	}
	proven := maps.Clone(p.Session.StepUps)
	if proven == nil {
		proven = map[string]time.Time{}
	}
	proven[method] = s.DB.Now()
	p.Session.StepUps = proven
	return nil
}

// checkPassword counts the try before the hash is compared.
func (s *Service) checkPassword(ctx context.Context, acc account.Account, typed string) error {
	lock, err := s.Throttle.Try(ctx, tryStepUp, acc.ID[:])
	if err != nil {
		return err
	}
	right, _, err := s.Passwords.Verify(ctx, acc.TenantID, acc.PasswordHash, typed)
	if err != nil {
		return errors.Join(err, s.Throttle.Forgive(ctx, tryStepUp, acc.ID[:], lock))
	}
	if !right {
		return errors.Join(fault.Field("current_password", codeCurrent), s.tell(ctx, acc.ID, lock))
	}
	return s.Throttle.Clear(ctx, tryStepUp, acc.ID[:])
}

// Lift forgets wrong current passwords, and wrong codes of addresses, in the open
// transaction: the owner has chosen a new one. Wrong codes of factors stay
// counted.
func (s *Service) Lift(ctx context.Context, accountID uuid.UUID) error {
	return errors.Join(s.Throttle.Clear(ctx, tryStepUp, accountID[:]), s.Throttle.Clear(ctx, tryAddress, accountID[:]))
}

// checkCode takes a code of a factor on file, or, where the act lets it stand
// for one, a recovery code; else the code is left unused.
func (s *Service) checkCode(ctx context.Context, ses session.Session, o Overview, act Act, typed string) (method string, err error) {
	recovery := factor.LooksLikeRecovery(typed)
	if recovery && !acts()[act].takesRecovery(o) {
		return "", fault.Field("code", codeNoRecovery)
	}
	if !recovery {
		f := factor.Flow{ID: ses.ID, Host: ses.Host}
		return s.Phones.Verify(ctx, o.Account.ID, o.Usable, f, typed, func(context.Context, string) error { return nil })
	}
	_, err = s.Factors.UseCode(ctx, o.Account.ID, typed, func(ctx context.Context) error {
		left, _, err := s.Factors.Codes(ctx, o.Account.ID)
		if err != nil {
			return err
		}
		return s.Notices.RecoveryUsed(ctx, o.Account.ID, left)
	})
	return factor.Recovery, err
}

// told gives err back, once the owner has been told when it is the failure that
// locks.
func (s *Service) told(ctx context.Context, accountID uuid.UUID, err error) error {
	if lock, counted := factor.LockOf(err); counted {
		return errors.Join(err, s.tell(ctx, accountID, lock))
	}
	return err
}

func (s *Service) tell(ctx context.Context, accountID uuid.UUID, lock throttle.Lock) error {
	if !lock.First() {
		return nil
	}
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.Notices.Locked(ctx, accountID, lock); err != nil {
			return err
		}
		return audit.Record(ctx, event("security.locked", accountID, map[string]any{"failures": lock.Failures}))
	})
}

// StartSetup begins the set-up of a first factor and gives the attempt's
// cookie. The fault is Conflict "security.factor.there" when one is on file.
func (s *Service) StartSetup(ctx context.Context, p Passed, o Overview) (cookie string, err error) {
	if err := p.covers(ActFirst); err != nil {
		return "", err
	}
	if o.Enrolled() {
		return "", fault.New(fault.Conflict, "security.factor.there")
	}
	return s.start(ctx, p.Session, o, []string{attempt.Password})
}

// start begins a stepped-up attempt with what has been proven.
func (s *Service) start(ctx context.Context, ses session.Session, o Overview, amr []string) (cookie string, err error) {
	if err := s.frozen(ctx, o.Account.ID); err != nil {
		return "", err
	}
	n := attempt.New{
		Purpose: attempt.StepUp, AccountID: o.Account.ID, AMR: amr, Resume: "/security", Host: ses.Host,
		Address: o.Name.Address, AddressKey: o.Name.AddressKey,
	}
	cookie, _, err = s.Attempts.Start(ctx, n)
	return cookie, err
}

// Left tells what a set-up still owes.
func (s *Service) Left(ctx context.Context, a attempt.Attempt) (step factor.Step, err error) {
	if a.AccountID == uuid.Nil || !a.Has(attempt.Password) {
		return step, fault.New(fault.Expired, "attempt.expired")
	}
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		acc, err := account.ByID(ctx, a.AccountID)
		if err != nil {
			return err
		}
		duty, _, err := s.duty(ctx, acc)
		if err != nil {
			return err
		}
		step, err = s.Factors.Next(ctx, acc.ID, factor.Situation{Duty: duty, Policy: tenant.MustFrom(ctx).Mfa, AMR: a.AMR, Asked: true})
		return err
	})
	if err != nil {
		return step, fmt.Errorf("see what the set-up owes: %w", err)
	}
	return step, nil
}

// Browser is what is known of the browser that asks.
type Browser struct {
	Device, Host, Network, UserAgent string
	Former                           uuid.UUID // the session it had, if it still lives
}

// EndSetup ends a set-up that owes nothing: the session that began it is
// replaced by one that holds both proofs. Of two at once the second gets the
// Expired fault "attempt.expired".
func (s *Service) EndSetup(ctx context.Context, a attempt.Attempt, b Browser) (cookie string, ses session.Session, err error) {
	step, err := s.Left(ctx, a)
	if err != nil {
		return "", ses, err
	}
	if step.Kind != factor.StepDone || !factor.Proven(a.AMR) {
		return "", ses, fault.New(fault.Forbidden, "security.factor.unfinished")
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := account.Lock(ctx, a.AccountID); err != nil { // before its attempts, as whoever ends them does
			return err
		}
		if err := s.Attempts.Finish(ctx, a.ID); err != nil {
			return err
		}
		if b.Former != uuid.Nil {
			if err := s.Sessions.End(ctx, b.Former, session.Ended); err != nil && !errors.Is(err, db.ErrNotFound) {
				return err
			}
		}
		cookie, ses, err = s.Sessions.Open(ctx, session.New{
			AccountID: a.AccountID, AMR: a.AMR, Device: b.Device, Host: b.Host, Network: b.Network, UserAgent: b.UserAgent,
		})
		if err != nil {
			return err
		}
		return audit.Record(ctx, event("security.session_raised", a.AccountID, map[string]any{"aal": ses.AAL, "session": ses.ID.String()}))
	})
	if err != nil {
		return "", session.Session{}, fmt.Errorf("end set-up: %w", err)
	}
	return cookie, ses, nil
}
