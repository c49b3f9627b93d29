package signin

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/captcha"
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
	Alumni   bool         // on the host for former employees
	Robot    captcha.Form // looked at only where the limits would refuse
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
	room, err := s.room(ctx, try)
	if err != nil {
		return "", err
	}
	c, known, err := s.lookUp(ctx, try)
	if err != nil {
		return "", err
	}
	subjects := s.subjects(t.ID, try, c, known)
	lock, behind, err := s.count(ctx, subjects)
	if err != nil {
		return "", locked(err)
	}
	hash := c.hash()
	if len(subjects) > 1 && behind.Failures == 0 {
		hash = "" // costs the same and never matches
	}
	right, rehash, err := s.Passwords.Verify(ctx, t.ID, hash, try.Password)
	if err != nil {
		return "", s.notCompared(ctx, subjects, []throttle.Lock{lock, behind}, err)
	}
	if !right || !c.may(s.DB.Now(), t) {
		return "", s.wrong(ctx, try, c, lock)
	}
	s.giveBack(ctx, try, room)
	return s.right(ctx, try, c, subjects, rehash)
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

// subjects are what failures are counted on: the address with the account behind
// it, to which others of its addresses lead too; or, alone, the address on a
// browser that has signed in to it before.
func (s *Service) subjects(tenantID uuid.UUID, try Try, c candidate, known bool) [][]byte {
	address := attempt.AddressHash(s.Box, tenantID, try.Attempt.Address, try.Attempt.AddressKey)
	if known {
		return [][]byte{s.onDevice(tenantID, address, secret.HashToken(try.Device))}
	}
	behind := string(address) // nobody's: counted alike
	if c.ID != uuid.Nil {
		behind = c.ID.String()
	}
	return [][]byte{address, s.behind(tenantID, behind)}
}

// behind is what failures of all addresses of an account are counted on.
func (s *Service) behind(tenantID uuid.UUID, account string) []byte {
	return s.Box.Keyed("signin account", tenantID, account)
}

// count counts the try. behind has no failures when other addresses have used up
// what the account allows: then nothing may be compared.
func (s *Service) count(ctx context.Context, subjects [][]byte) (lock, behind throttle.Lock, err error) {
	if len(subjects) == 1 {
		lock, err = s.Throttle.Try(ctx, purpose, subjects[0])
		return lock, behind, err
	}
	return s.Throttle.TryBoth(ctx, purpose, subjects[0], subjects[1])
}

// notCompared gives the try back: nothing was learned about the password.
func (s *Service) notCompared(ctx context.Context, subjects [][]byte, locks []throttle.Lock, err error) error {
	for i, subject := range subjects {
		if back := s.Throttle.Forgive(context.WithoutCancel(ctx), purpose, subject, locks[i]); back != nil {
			return fmt.Errorf("%w (and the try stays counted: %w)", err, back)
		}
	}
	return err
}

// wrong writes the failure down. The failure itself is committed already.
func (s *Service) wrong(ctx context.Context, try Try, c candidate, lock throttle.Lock) error {
	s.Robots.Note(ctx, captcha.Failures(), try.Network)
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
func (s *Service) right(ctx context.Context, try Try, c candidate, subjects [][]byte, rehash bool) (cookie string, err error) {
	t := tenant.MustFrom(ctx)
	if now := s.DB.Now(); !c.admitted(now, t, try.Alumni) && (!try.Alumni || !c.closed(now, t)) {
		return "", s.moved(ctx, subjects)
	}
	fresh := ""
	if rehash {
		// A full pool is no reason to turn the right password away.
		fresh, _ = s.Passwords.Hash(ctx, t.ID, try.Password)
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.Throttle.Clear(ctx, purpose, subjects...); err != nil {
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

func (s *Service) moved(ctx context.Context, subjects [][]byte) error {
	if err := s.Throttle.Clear(ctx, purpose, subjects...); err != nil {
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
