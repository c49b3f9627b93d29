package signin

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
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/identity"
	"tilgang/internal/people"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// The pages to which the dispatcher leads; empty is "nothing is owed".
const (
	toPassword  = "/signin/password"
	toChallenge = "/mfa"
	toSetup     = "/mfa/setup"
	toRecovery  = "/mfa/setup/recovery"
	toClosed    = "/alumni/closed"
	toProofing  = "/proofing"
	toStart     = "/signin"
	nothing     = ""
)

// Next tells which page an attempt must go to, empty when nothing is owed. It
// changes nothing. device is the browser's device cookie.
func (s *Service) Next(ctx context.Context, a attempt.Attempt, device string) (path string, err error) {
	if !a.Known() {
		return toPassword, nil
	}
	var step factor.Step
	var closed bool
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		acc, err := account.ByID(ctx, a.AccountID)
		if err != nil {
			return err
		}
		if !stands(acc, a) {
			path = toStart
			return nil
		}
		step, closed, err = s.step(ctx, a, acc, device)
		if err != nil || closed || step.Kind != factor.StepDone {
			return err
		}
		owed, err := s.proofOwed(ctx, acc)
		if owed {
			path = toProofing
		}
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return toStart, nil
	}
	if err != nil {
		return "", fmt.Errorf("find the next step: %w", err)
	}
	if path != "" {
		return path, nil
	}
	if closed && proven(step) {
		return toClosed, nil
	}
	return pageOf(step), nil
}

// stands tells whether what was proven is still worth something: a password
// that was changed after the attempt began was perhaps not the one typed.
func stands(acc account.Account, a attempt.Attempt) bool {
	changed := acc.PasswordChangedAt != nil && acc.PasswordChangedAt.After(a.CreatedAt)
	return acc.Status == account.Active && (a.Purpose != attempt.Signin || !changed)
}

func (s *Service) step(ctx context.Context, a attempt.Attempt, acc account.Account, device string) (step factor.Step, closed bool, err error) {
	t, now := tenant.MustFrom(ctx), s.DB.Now()
	subject, standing, err := people.SubjectOf(ctx, acc.PersonID, now, t)
	if err != nil {
		return step, false, fmt.Errorf("see the person as the policy does: %w", err)
	}
	if standing == people.NoOne { // somebody from outside, or whose window is over
		o, err := people.View(ctx, acc.PersonID, now, t)
		if err != nil {
			return step, false, err
		}
		closed = o.Closed()
	}
	trusted, err := s.trusted(ctx, a, device)
	if err != nil {
		return step, false, err
	}
	step, err = s.Factors.Next(ctx, acc.ID, factor.Situation{
		Duty: t.Mfa.For(subject, now), Policy: t.Mfa, AMR: a.AMR, Settled: a.Settled,
		Skipped: acc.MfaSkipped, Postponed: acc.MfaPostponed, OfferedOn: acc.MfaOfferedOn, Today: factor.Today(now, t.Zone), Trusted: trusted,
	})
	return step, closed, err
}

// proven tells whether all that is on file has been proven. Whoever only reads
// that the access has ended is not asked to set a factor up.
func proven(step factor.Step) bool {
	return step.Kind == factor.StepDone || step.Kind == factor.StepSetup || step.Kind == factor.StepRecovery
}

// proofOwed tells whether somebody must prove who they are before a session
// shows any data.
func (s *Service) proofOwed(ctx context.Context, acc account.Account) (bool, error) {
	t := tenant.MustFrom(ctx)
	_, standing, err := people.SubjectOf(ctx, acc.PersonID, s.DB.Now(), t)
	if err != nil {
		return false, fmt.Errorf("see the person's standing: %w", err)
	}
	return identity.Owed(ctx, acc, standing, t)
}

func pageOf(step factor.Step) string {
	switch step.Kind {
	case factor.StepChallenge:
		return toChallenge
	case factor.StepSetup:
		return toSetup
	case factor.StepRecovery:
		return toRecovery
	case factor.StepPassword:
		return toPassword
	case factor.StepDone:
		return nothing
	}
	return toChallenge
}

// Browser is what is known of the browser that signs in.
type Browser struct {
	Device    string
	Host      string
	Network   string
	UserAgent string
	Former    string // the cookie of the session it had until now, if any
}

// Opened is a new session and its cookies; Device is empty when the browser
// keeps the one it has.
type Opened struct {
	Cookie, Device string
	Session        session.Session
}

// Finish ends an attempt that owes nothing and opens its session, both or
// neither. Of two at once the second gets the Expired fault "attempt.expired".
func (s *Service) Finish(ctx context.Context, a attempt.Attempt, b Browser) (o Opened, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := account.Lock(ctx, a.AccountID); err != nil { // before its attempts, as whoever ends them does
			return err
		}
		if err := s.Attempts.Finish(ctx, a.ID); err != nil {
			return err
		}
		acc, err := account.ByID(ctx, a.AccountID)
		if err != nil {
			return err
		}
		if err := s.proofDone(ctx, acc); err != nil {
			return err
		}
		if _, err := s.Sessions.Leave(ctx, b.Former); err != nil {
			return err
		}
		if err := account.SignedIn(ctx, acc.ID); err != nil {
			return err
		}
		amr, err := s.proofs(ctx, a, b.Device)
		if err != nil {
			return err
		}
		o.Cookie, o.Session, err = s.Sessions.Open(ctx, session.New{
			AccountID: acc.ID, AMR: amr, Device: b.Device, Host: b.Host, Network: b.Network, UserAgent: b.UserAgent, Most: most(ctx, a),
		})
		if err != nil {
			return err
		}
		if err := s.trust(ctx, a, b, o.Session); err != nil {
			return err
		}
		return audit.Record(as(ctx, acc), audit.Event{
			Action: "signin.succeeded", Subject: audit.Subject{Kind: "session", ID: o.Session.ID},
			Detail: map[string]any{"aal": o.Session.AAL, "amr": amr, "purpose": a.Purpose},
		})
	})
	if err != nil {
		return Opened{}, fmt.Errorf("finish sign-in: %w", err)
	}
	o.Device = o.Session.Device
	return o, nil
}

// proofDone refuses a session to whom a proof has come to be owed meanwhile, by
// the Expired fault "attempt.expired".
func (s *Service) proofDone(ctx context.Context, acc account.Account) error {
	owed, err := s.proofOwed(ctx, acc)
	if owed {
		err = fault.New(fault.Expired, "attempt.expired")
	}
	return err
}

// most is how long the session of an attempt may last: one that stands on an
// access pass no longer than the pass itself; 0 is as long as any.
func most(ctx context.Context, a attempt.Attempt) time.Duration {
	if !a.Has(attempt.Pass) {
		return 0
	}
	return max(tenant.MustFrom(ctx).Mfa.AccessPass.Life, time.Minute)
}

// Signout ends the session of a cookie, also of one that Load refuses; for a
// visitor it does nothing.
func (s *Service) Signout(ctx context.Context, cookie string) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		id, err := s.Sessions.Leave(ctx, cookie)
		if err != nil || id == uuid.Nil {
			return err
		}
		return audit.Record(ctx, audit.Event{Action: "signout", Subject: audit.Subject{Kind: "session", ID: id}})
	})
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}
