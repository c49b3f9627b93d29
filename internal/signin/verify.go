package signin

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/fault"
	"tilgang/internal/outbox"
	"tilgang/internal/secret"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// Try is a password typed for the address of an attempt.
type Try struct {
	Attempt  attempt.Attempt
	Password string
	Device   string // the device cookie, if the browser sent one
	Network  string
	Alumni   bool // on the host for former employees
}

// errMoved says that the password was right on the wrong host: the person has
// left and signs in on the alumni host.
func errMoved() error { return fault.New(fault.Forbidden, session.Code(session.Moved)) }

// Verify compares a typed password and, when it is right, gives the attempt to
// the account; the cookie takes the place of the attempt's former one. Faults:
// Invalid "signin.wrong" and "signin.wrong_wait"; TooMany "signin.locked",
// "signin.stopped" and "limit.reached"; Unavailable "password.busy"; Forbidden
// "session.moved" for a leaver on the staff host.
func (s *Service) Verify(ctx context.Context, try Try) (cookie string, err error) {
	t := tenant.MustFrom(ctx)
	if err := s.Limiter.Allow(ctx, s.Limits.Network, try.Network); err != nil {
		return "", err
	}
	if err := s.Limiter.Allow(ctx, s.Limits.Tenant, t.ID.String()); err != nil {
		return "", err
	}
	c, known, err := s.lookUp(ctx, try)
	if err != nil {
		return "", err
	}
	subject := s.subject(t.ID, try, known)
	lock, err := s.Throttle.Try(ctx, purpose, subject)
	if err != nil {
		return "", locked(err)
	}
	right, rehash, err := s.Passwords.Verify(ctx, t.ID, c.hash(), try.Password)
	if err != nil {
		return "", s.notCompared(ctx, subject, lock, err)
	}
	if !right || !c.may(s.DB.Now(), t) {
		return "", s.wrong(ctx, try, c, lock)
	}
	s.Limiter.Restore(ctx, s.Limits.Network, try.Network)
	s.Limiter.Restore(ctx, s.Limits.Tenant, t.ID.String())
	return s.right(ctx, try, c, subject, rehash)
}

// lookUp asks the same of the database for every address and browser.
func (s *Service) lookUp(ctx context.Context, try Try) (c candidate, known bool, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) {
		if c, err = candidateOf(ctx, try.Attempt.AddressKey); err != nil {
			return err
		}
		known, err = s.Sessions.KnownDevice(ctx, try.Device, try.Attempt.AddressKey)
		return err
	})
	if err != nil {
		return c, false, fmt.Errorf("look for the account: %w", err)
	}
	return c, known, nil
}

// subject is what failures are counted on: the address, and apart from it the
// address on a browser that has signed in to it before.
func (s *Service) subject(tenantID uuid.UUID, try Try, known bool) []byte {
	address := attempt.AddressHash(s.Box, tenantID, try.Attempt.Address, try.Attempt.AddressKey)
	if !known {
		return address
	}
	return s.onDevice(tenantID, address, secret.HashToken(try.Device))
}

// notCompared gives the try back: nothing was learned about the password.
func (s *Service) notCompared(ctx context.Context, subject []byte, lock throttle.Lock, err error) error {
	if back := s.Throttle.Forgive(context.WithoutCancel(ctx), purpose, subject, lock); back != nil {
		return fmt.Errorf("%w (and the try stays counted: %w)", err, back)
	}
	return err
}

// wrong writes the failure down. The failure itself is committed already.
func (s *Service) wrong(ctx context.Context, try Try, c candidate, lock throttle.Lock) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		subject := audit.Subject{Kind: "account", ID: c.ID}
		if err := audit.Record(ctx, audit.Event{Action: "signin.failed", Subject: subject}); err != nil || !lock.First() {
			return err
		}
		detail := map[string]any{"failures": lock.Failures}
		if err := audit.Record(ctx, audit.Event{Action: "signin.locked", Subject: subject, Detail: detail}); err != nil {
			return err
		}
		return outbox.Put(ctx, outbox.Event{
			Kind: kindLocked, Key: fmt.Sprintf("%s %d", try.Attempt.ID, lock.Failures), Lane: outbox.Security, Args: lockedArgs{Attempt: try.Attempt.ID, Failures: lock.Failures, Until: lock.Until},
		})
	})
	switch {
	case err != nil:
		return fmt.Errorf("note failure: %w", err)
	case lock.Stopped:
		return fault.New(fault.TooMany, codeStopped)
	case lock.Locked():
		wait := lock.Until.Sub(s.DB.Now())
		return fault.New(fault.Invalid, codeWrongWait, "Wait", wait).After(wait)
	}
	return fault.New(fault.Invalid, codeWrong)
}

// right forgets the failures, brings the hash up to date and gives the attempt
// to the account.
func (s *Service) right(ctx context.Context, try Try, c candidate, subject []byte, rehash bool) (cookie string, err error) {
	t := tenant.MustFrom(ctx)
	if !c.admitted(s.DB.Now(), t, try.Alumni) {
		return "", s.moved(ctx, subject)
	}
	fresh := ""
	if rehash {
		// A full pool is no reason to turn the right password away.
		fresh, _ = s.Passwords.Hash(ctx, t.ID, try.Password)
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.Throttle.Clear(ctx, purpose, subject); err != nil {
			return err
		}
		if fresh != "" {
			if err := account.Rehash(ctx, c.ID, c.PasswordHash, fresh); err != nil {
				return err
			}
		}
		if cookie, err = s.Attempts.Bind(ctx, try.Attempt.ID, c.ID, attempt.Password); err != nil || s.Returned == nil {
			return err
		}
		return s.Returned(ctx, c.ID, []string{attempt.Password})
	})
	if err != nil {
		return "", fmt.Errorf("accept password: %w", err)
	}
	return cookie, nil
}

func (s *Service) moved(ctx context.Context, subject []byte) error {
	if err := s.Throttle.Clear(ctx, purpose, subject); err != nil {
		return err
	}
	return errMoved()
}

// as is the context in which the person, known from now on, acts.
func as(ctx context.Context, a account.Account) context.Context {
	who := authz.From(ctx)
	who.Kind, who.AccountID, who.PersonID = authz.Person, a.ID, a.PersonID
	return authz.With(ctx, who)
}
