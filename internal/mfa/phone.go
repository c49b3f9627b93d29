package mfa

import (
	"context"
	"errors"
	"fmt"

	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/phone"
	"tilgang/internal/tenant"
)

// Asking is from where, and by which channel, a code is asked for.
type Asking struct {
	Network string
	Channel string // factor.SMS or factor.Voice; empty: the usual one
}

// flow is what codes of an attempt are bound to.
func flow(st State, by Asking) factor.Flow {
	return factor.Flow{ID: st.Attempt.ID, Host: st.Attempt.Host, Network: by.Network, Channel: by.Channel}
}

// MayAddPhone tells whether this attempt may put a phone on file: as what is
// owed, as a backup before the recovery codes, or asked for on the security
// page.
func (st State) MayAddPhone(p tenant.MfaPolicy) bool {
	steppedUp := st.Attempt.Purpose == attempt.StepUp
	if !factor.MayAddPhone(p, st.counting(), st.Attempt.AMR, steppedUp) {
		return false
	}
	switch st.Step.Kind {
	case factor.StepSetup:
		return has(st.Ways, factor.Phone) || steppedUp
	case factor.StepRecovery:
		return true
	case factor.StepDone:
		return steppedUp
	case factor.StepChallenge, factor.StepPassword:
	}
	return false
}

// MayAddApp tells whether this attempt may put an app on file: as what is owed,
// or in place of a lost one.
func (st State) MayAddApp(p tenant.MfaPolicy) bool {
	if !factor.MayAddApp(p, st.counting(), st.Attempt.AMR) {
		return false
	}
	return st.Step.Kind == factor.StepSetup && has(st.Ways, factor.TOTP) || st.Replaces(factor.TOTP, p)
}

// Replaces tells whether the attempt was begun by two recovery codes to replace
// a lost factor of a kind, and has not done so yet.
func (st State) Replaces(kind string, p tenant.MfaPolicy) bool {
	a := st.Attempt
	return a.Purpose == attempt.StepUp && a.Has(attempt.Recovery2) && has(st.Enrolled, kind) && !a.Has(kind) && p.Use(kind) != tenant.Off
}

// NeedsSecond tells whether what is owed can only be set up with a second
// recovery code: a factor is on file and was not proven.
func (st State) NeedsSecond(p tenant.MfaPolicy) bool {
	return st.Step.Kind == factor.StepSetup && st.Attempt.Has(attempt.Recovery) && !factor.MayAddApp(p, st.counting(), st.Attempt.AMR)
}

// BackupNext tells whether a phone may be offered as a backup before the
// recovery codes.
func (st State) BackupNext(p tenant.MfaPolicy) bool {
	return p.Use(factor.Phone) == tenant.Backup && st.Step.Kind == factor.StepRecovery && st.MayAddPhone(p)
}

// StartPhone begins the set-up of a typed number and sends its code. Faults:
// those of phone.Parse and of factor's StartPhone.
func (s *Service) StartPhone(ctx context.Context, st State, typed, country string, by Asking) error {
	t := tenant.MustFrom(ctx)
	if !st.MayAddPhone(t.Mfa) {
		return fault.New(fault.Invalid, codeMust, "Employer", t.Name)
	}
	n, err := phone.Parse(typed, country, t.PhoneCountries())
	if err != nil {
		return err
	}
	return s.phones.StartPhone(ctx, st.Account.ID, n, flow(st, by))
}

// Pending is the phone being set up, and how its codes stand; db.ErrNotFound
// when there is none.
func (s *Service) Pending(ctx context.Context, st State) (on factor.PhoneOnFile, sent factor.Sent, err error) {
	if on, err = s.phones.PendingPhone(ctx, st.Account.ID); err != nil {
		return on, sent, err
	}
	sent, err = s.phones.SentTo(ctx, st.Account.ID, on.ID, flow(st, Asking{}))
	return on, sent, err
}

// SendPending sends the phone being set up another code.
func (s *Service) SendPending(ctx context.Context, st State, by Asking) error {
	return s.phones.SendPending(ctx, st.Account.ID, flow(st, by))
}

// ConfirmPhone makes the phone being set up the account's, proves it for the
// attempt and tells the owner.
func (s *Service) ConfirmPhone(ctx context.Context, st State, code, network string) error {
	if t := tenant.MustFrom(ctx); !st.MayAddPhone(t.Mfa) {
		return fault.New(fault.Invalid, codeMust, "Employer", t.Name)
	}
	err := s.phones.ConfirmPhone(ctx, st.Account.ID, flow(st, Asking{Network: network}), code, func(ctx context.Context) error {
		if err := s.added(ctx, st, factor.Phone); err != nil {
			return err
		}
		return s.attempts.Prove(ctx, st.Attempt.ID, attempt.Phone)
	})
	return s.told(ctx, st, err)
}

// Known is the phone on file and how this attempt's codes to it stand. first
// sends the attempt's first code, unless its owner was called the last time: a
// phone does not ring unasked. A refusal to send is given beside.
func (s *Service) Known(ctx context.Context, st State, network string, first bool) (on factor.PhoneOnFile, sent factor.Sent, refusal, err error) {
	if on, err = s.phones.OnFile(ctx, st.Account.ID); err != nil {
		return on, sent, nil, err
	}
	asks := on.Called && has(st.Channels, factor.Voice)
	if sent, err = s.phones.SentTo(ctx, st.Account.ID, on.ID, flow(st, Asking{})); err != nil || !first || asks || !sent.At.IsZero() {
		return on, sent, nil, err
	}
	if err := s.phones.SendCode(ctx, st.Account.ID, flow(st, Asking{Network: network})); err != nil {
		if _, known := fault.As(err); known {
			return on, sent, err, nil
		}
		return on, sent, nil, err
	}
	sent, err = s.phones.SentTo(ctx, st.Account.ID, on.ID, flow(st, Asking{}))
	return on, sent, nil, err
}

// SendAgain sends the phone on file another code.
func (s *Service) SendAgain(ctx context.Context, st State, by Asking) error {
	if !has(st.Usable, factor.Phone) {
		return fault.New(fault.Conflict, factor.PhoneGone)
	}
	return s.phones.SendCode(ctx, st.Account.ID, flow(st, by))
}

// Answer is what a challenge is answered with.
type Answer struct {
	Way   string // the factor that the page asked for
	Code  string
	Trust bool // the browser is to be trusted from then on, where the employer allows that
}

// Challenge takes a code of any factor that counts here.
func (s *Service) Challenge(ctx context.Context, st State, with Answer, network string) error {
	kinds := st.Usable
	if has(kinds, with.Way) {
		kinds = first(with.Way, kinds)
	}
	_, err := s.phones.Verify(ctx, st.Account.ID, kinds, flow(st, Asking{Network: network}), with.Code, func(ctx context.Context, kind string) error {
		if with.Trust && st.Attempt.Purpose == attempt.Signin && tenant.MustFrom(ctx).Mfa.TrustedDays > 0 {
			if err := s.attempts.Trust(ctx, st.Attempt.ID); err != nil {
				return err
			}
		}
		return s.attempts.Prove(ctx, st.Attempt.ID, kind)
	})
	return s.told(ctx, st, err)
}

func first(way string, kinds []string) []string {
	list := []string{way}
	for _, k := range kinds {
		if k != way {
			list = append(list, k)
		}
	}
	return list
}

// enrolled are the kinds on file of an account.
func (s *Service) enrolled(ctx context.Context, st *State, policy tenant.MfaPolicy) error {
	list, err := s.factors.Confirmed(ctx, st.Account.ID)
	if err != nil {
		return fmt.Errorf("list factors: %w", err)
	}
	for _, f := range list {
		if !has(st.Enrolled, f.Kind) {
			st.Enrolled = append(st.Enrolled, f.Kind)
		}
	}
	st.Usable = factor.Usable(st.Enrolled, policy)
	if policy.Use(factor.Phone) == tenant.Off {
		return nil
	}
	st.Channels, err = s.phones.Ways(ctx, st.Account.ID)
	return err
}

// Calls tells whether a code can be spoken to this person.
func (st State) Calls() bool { return has(st.Channels, factor.Voice) }

func missing(err error) bool { return errors.Is(err, db.ErrNotFound) }
