package register

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// Typed takes the code of the mail in the attempt that asked for it: the address
// is proven then. Every try is counted and committed before anything is compared,
// for the flow and for the address, whoever's it is; an address that signs in
// already costs the same statements. Faults: Invalid "reset.code.shape" (not
// counted) and "reset.code.wrong" (Args Left) at code; TooMany
// "register.code.over" when the flow has no try left, and it has ended then, and
// "register.code.day" when the address has none; Conflict "register.done" for the
// other half of a double click; TooMany "limit.reached".
func (s *Service) Typed(ctx context.Context, a attempt.Attempt, typed, network string) error {
	digits, ok := sixDigits(typed)
	if !ok {
		return errShape()
	}
	t := tenant.MustFrom(ctx)
	if err := errors.Join(s.Limiter.Allow(ctx, s.Limits.Typed, network), s.Limiter.Allow(ctx, s.Limits.Codes, t.ID.String())); err != nil {
		return err
	}
	left, ok, err := s.Attempts.Try(ctx, a.ID, codeTries)
	switch {
	case err != nil:
		return err
	case !ok:
		return s.late(ctx, a, digits)
	}
	quota, subject := throttle.MailCodes(), s.subject(t.ID, a)
	lock, err := s.Quotas.Spend(ctx, quota, subject)
	if f, known := fault.As(err); known && f.Code == throttle.CodeSpent {
		return errDay(quota.Most)
	}
	if err != nil {
		return err
	}
	err = s.spend(ctx, a, digits)
	if errors.Is(err, db.ErrNotFound) {
		return s.wrong(ctx, a, left, lock)
	}
	if err == nil || errors.Is(err, errDone()) {
		err = errors.Join(err, s.Quotas.Forgive(ctx, quota.Purpose, subject, lock))
	}
	return err
}

// spend counts the try at the registration, commits, and then uses the code.
func (s *Service) spend(ctx context.Context, a attempt.Attempt, digits string) error {
	var r Registration
	err := s.DB.Apart(ctx, func(ctx context.Context) (err error) {
		if r, err = ofAttempt(ctx, a.ID); err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		return countCode(ctx, r.ID)
	})
	if err != nil {
		return fmt.Errorf("count the code: %w", err)
	}
	hash := s.codeHash(tenant.MustFrom(ctx).ID, r.ID, digits)
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := useCode(ctx, r.ID, hash); err != nil {
			return err
		}
		return audit.Record(ctx, about("register.code_typed", r, nil))
	})
	if !errors.Is(err, db.ErrNotFound) {
		return wrap("use the code", err)
	}
	done, again := s.done(ctx, a, digits)
	switch {
	case again != nil:
		return again
	case done:
		return errDone()
	}
	return err
}

// done tells whether a code is the one that was used in this flow: the other half
// of a double click.
func (s *Service) done(ctx context.Context, a attempt.Attempt, digits string) (bool, error) {
	var r Registration
	err := s.DB.Read(ctx, func(ctx context.Context) (err error) { r, err = ofAttempt(ctx, a.ID); return err })
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return false, wrap("look at the registration", err)
	}
	return r.proven() && secret.Equal(r.CodeHash, s.codeHash(tenant.MustFrom(ctx).ID, r.ID, digits)), nil
}

// late is for a flow without a try left.
func (s *Service) late(ctx context.Context, a attempt.Attempt, digits string) error {
	done, err := s.done(ctx, a, digits)
	switch {
	case err != nil:
		return err
	case done:
		return errDone()
	}
	return errOver()
}

// wrong writes the failure down and ends a flow that has no try left.
func (s *Service) wrong(ctx context.Context, a attempt.Attempt, left int, lock throttle.Lock) error {
	quota := throttle.MailCodes()
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		detail := map[string]any{"left": left}
		if err := audit.Record(ctx, audit.Event{Action: "register.code_failed", Subject: audit.Subject{Kind: "attempt", ID: a.ID}, Detail: detail}); err != nil {
			return err
		}
		if left > 0 && lock.Failures < quota.Most {
			return nil
		}
		return s.Attempts.Finish(ctx, a.ID)
	})
	switch {
	case err != nil && fault.KindOf(err) != fault.Expired:
		return fmt.Errorf("note the wrong code: %w", err)
	case lock.Failures >= quota.Most:
		return errDay(quota.Most)
	case left == 0:
		return errOver()
	}
	return errWrong(left)
}

// sixDigits is a typed code without spaces and hyphens.
func sixDigits(typed string) (string, bool) {
	code := secret.NormaliseCode(typed)
	return code, len(code) == codeDigits && strings.Trim(code, "0123456789") == ""
}

func about(action string, r Registration, detail map[string]any) audit.Event {
	e := audit.Event{Action: action, Subject: audit.Subject{Kind: "registration", ID: r.ID}, Detail: detail}
	if r.PersonID != nil {
		e.Subject = audit.Subject{Kind: "person", ID: *r.PersonID}
	}
	return e
}
