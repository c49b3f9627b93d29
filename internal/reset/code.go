package reset

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// The numbers of codes: six digits, tries in one flow (ours), wrong ones of an
// address or an account in a day, after which the mail holds a link (NIST SP
// 800-63B-4 3.2.2 only asks for a bound).
const (
	codeDigits = 6
	codeTries  = 5
	codeADay   = 10
	codeSlack  = 5 * time.Minute // that a mail may take
	chooseTime = 15 * time.Minute
	keyedCode  = "reset_code"
)

func codeQuota() throttle.Quota { return throttle.MailCodes() }

// The refusals of typed codes.
func errShape() error { return fault.Field("code", "reset.code.shape", "Digits", codeDigits) }

func errOver() error {
	return fault.New(fault.TooMany, "reset.code.over", "Count", codeTries)
}

func errDay() error {
	return fault.New(fault.TooMany, "reset.code.day", "Count", codeADay)
}

func errWrong(left int) error { return fault.Field("code", "reset.code.wrong", "Left", left) }

// errDone is the other half of a double click: the code is right and was used in
// this very flow.
func errDone() error { return fault.New(fault.Conflict, "reset.code.done") }

// Typed takes the code of the mail in the attempt that asked for it and gives
// the token with which Choose goes on. Every try is counted and committed before
// anything is compared, for the flow and for the address, whoever's it is; an
// unknown address costs the same statements. Faults: Invalid "reset.code.shape"
// (not counted) and "reset.code.wrong" (Args Left) at code; TooMany
// "reset.code.over" when the flow has no try left, and it has ended then, and
// "reset.code.day" when the address has none; Conflict "reset.code.done" for the
// other half of a double click; TooMany "limit.reached".
func (s *Service) Typed(ctx context.Context, a attempt.Attempt, typed, network string) (token string, err error) {
	digits, ok := sixDigits(typed)
	if !ok {
		return "", errShape()
	}
	t := tenant.MustFrom(ctx)
	if err := errors.Join(s.Limiter.Allow(ctx, s.Limits.Typed, network), s.Limiter.Allow(ctx, s.Limits.Codes, t.ID.String())); err != nil {
		return "", err
	}
	left, ok, err := s.Attempts.Try(ctx, a.ID, codeTries)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "", errOver()
	}
	subject := s.subject(t.ID, a.Address, a.AddressKey)
	lock, err := s.Quotas.Spend(ctx, codeQuota(), subject)
	if f, known := fault.As(err); known && f.Code == throttle.CodeSpent {
		return "", errDay()
	}
	if err != nil {
		return "", err
	}
	token, err = s.spend(ctx, a, digits)
	if errors.Is(err, db.ErrNotFound) {
		return "", s.wrong(ctx, a, left, lock)
	}
	if err == nil || errors.Is(err, errDone()) {
		err = errors.Join(err, s.Quotas.Forgive(ctx, codeQuota().Purpose, subject, lock))
	}
	return token, err
}

// spend counts the try for the account, commits, and then uses the code.
func (s *Service) spend(ctx context.Context, a attempt.Attempt, digits string) (token string, err error) {
	var r Reset
	err = s.DB.Apart(ctx, func(ctx context.Context) (err error) {
		if r, err = ofAttempt(ctx, a.ID); err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		return countCode(ctx, r.ID)
	})
	if err != nil {
		return "", fmt.Errorf("count the code: %w", err)
	}
	t := tenant.MustFrom(ctx)
	hash := s.codeHash(t.ID, r.ID, digits)
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := useCode(ctx, r.ID, hash, codeADay, chooseTime); err != nil {
			return err
		}
		return audit.Record(as(ctx, ChooseForm{}, r), audit.Event{
			Action: "reset.code_typed", Subject: audit.Subject{Kind: "person", ID: r.PersonID}, Detail: map[string]any{"reset": r.ID.String()},
		})
	})
	switch {
	case errors.Is(err, db.ErrNotFound) && r.CodeUsedAt != nil && secret.Equal(r.CodeHash, hash):
		return "", errDone()
	case err != nil:
		return "", fmt.Errorf("use the code: %w", err)
	}
	token, _, err = s.open(t.ID, r)
	return token, err
}

// wrong writes the failure down and ends a flow that has no try left.
func (s *Service) wrong(ctx context.Context, a attempt.Attempt, left int, lock throttle.Lock) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		detail := map[string]any{"left": left}
		if err := audit.Record(ctx, audit.Event{Action: "reset.code_failed", Subject: audit.Subject{Kind: "attempt", ID: a.ID}, Detail: detail}); err != nil {
			return err
		}
		if left > 0 && lock.Failures < codeADay {
			return nil
		}
		return s.Attempts.Finish(ctx, a.ID)
	})
	switch {
	case err != nil && fault.KindOf(err) != fault.Expired:
		return fmt.Errorf("note the wrong code: %w", err)
	case lock.Failures >= codeADay:
		return errDay()
	case left == 0:
		return errOver()
	}
	return errWrong(left)
}

// codeHash is what is stored of a code; it is worth nothing for another wish.
func (s *Service) codeHash(tenantID, id uuid.UUID, digits string) []byte {
	return s.Box.Keyed(keyedCode, tenantID, id.String()+" "+digits)
}

// sixDigits is a typed code without spaces and hyphens.
func sixDigits(typed string) (string, bool) {
	code := secret.NormaliseCode(typed)
	return code, len(code) == codeDigits && strings.Trim(code, "0123456789") == ""
}
