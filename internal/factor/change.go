package factor

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/tenant"
)

// MaxApps is how many authenticator apps an account may have (ours): a phone, a
// tablet and some to spare. Each one more makes a guessed code likelier.
const MaxApps = 5

// MayAddOneMore tells whether one more authenticator app may be put on file now,
// beside what is there: from a stepped-up security page, by a factor on file
// and no recovery code.
func MayAddOneMore(policy tenant.MfaPolicy, enrolled, amr []string, steppedUp bool) bool {
	return steppedUp && policy.Use(TOTP) != tenant.Off && len(enrolled) > 0 && provenOf(enrolled, amr)
}

// provenOf tells whether one of the kinds on file was proven itself.
func provenOf(enrolled, amr []string) bool {
	for _, kind := range enrolled {
		if has(amr, kind) {
			return true
		}
	}
	return false
}

// MayRemove tells whether the kinds that would be left still do the duty.
func MayRemove(duty tenant.MfaDuty, policy tenant.MfaPolicy, left []string) bool {
	return !duty.Mandatory || Situation{Duty: duty, Policy: policy, Enrolled: left, AMR: left}.enough()
}

// AddTOTP is ConfirmTOTP for one more app: those on file stay. The refusal
// CodeFull says that there are MaxApps already.
func (s *Service) AddTOTP(ctx context.Context, accountID, id uuid.UUID, code string, also ...func(context.Context) error) error {
	return s.confirmTOTP(ctx, accountID, id, code, s.addOne, also)
}

// addOne raises the generation first, which holds back whoever else changes the
// factors of the account, and then counts.
func (s *Service) addOne(ctx context.Context, row authenticator, step int64) (string, error) {
	if err := s.renew(ctx, row.AccountID); err != nil {
		return "", err
	}
	rows, err := confirmed(ctx, row.AccountID)
	if err != nil {
		return "", err
	}
	// Refusals from here on undo what was raised, so they are errors.
	if apps(rows) >= MaxApps {
		return "", errFull()
	}
	err = activate(ctx, row, step)
	if errors.Is(err, db.ErrNotFound) {
		return "", fault.Field("code", CodeGone)
	}
	if err != nil {
		return "", err
	}
	return "", audit.Record(ctx, event("factor.added", row.AccountID, map[string]any{"kind": row.Kind, "factor": row.ID.String(), "replaced": 0}))
}

func apps(rows []authenticator) (n int) {
	for _, r := range rows {
		if r.Kind == TOTP {
			n++
		}
	}
	return n
}

// Rename gives a factor of an account a name of its owner's; empty is its kind's
// own. db.ErrNotFound when the account has no such factor.
func (s *Service) Rename(ctx context.Context, accountID, id uuid.UUID, name string) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if err := rename(ctx, accountID, id, name); err != nil {
			return err
		}
		return audit.Record(ctx, event("factor.renamed", accountID, map[string]any{"factor": id.String()}))
	})
	if err != nil {
		return fmt.Errorf("rename factor: %w", err)
	}
	return nil
}

// Remove takes a factor of an account off file, tells a phone that it was one,
// and raises the factor generation. may judges the kinds that would be left;
// also runs in the same transaction and hears which kind went. With the last
// factor the recovery codes go. db.ErrNotFound when there is no such factor; the
// Conflict fault account.CodeFrozen.
func (p *Phones) Remove(ctx context.Context, accountID, id uuid.UUID, f Flow, may func(left []string) error, also func(ctx context.Context, kind string) error) error {
	err := p.db.Tx(ctx, func(ctx context.Context) error {
		// The first write holds back whoever else changes the factors of the account,
		// so that of two last ones removed at once one stays.
		if err := errors.Join(account.MayChange(ctx, accountID), p.renew(ctx, accountID)); err != nil {
			return err
		}
		row, left, err := parted(ctx, accountID, id)
		if err != nil {
			return err
		}
		if err := may(left); err != nil {
			return err
		}
		if err := p.drop(ctx, row, len(left) == 0, f); err != nil {
			return err
		}
		return also(ctx, row.Kind)
	})
	if err != nil {
		return fmt.Errorf("remove factor: %w", err)
	}
	return nil
}

// parted gives one factor on file and the kinds of the others.
func parted(ctx context.Context, accountID, id uuid.UUID) (row authenticator, left []string, err error) {
	rows, err := confirmed(ctx, accountID)
	if err != nil {
		return row, nil, err
	}
	for _, r := range rows {
		switch {
		case r.ID == id:
			row = r
		case !has(left, r.Kind):
			left = append(left, r.Kind)
		}
	}
	if row.ID == uuid.Nil {
		return row, nil, db.ErrNotFound
	}
	return row, left, nil
}

func (p *Phones) drop(ctx context.Context, row authenticator, last bool, f Flow) error {
	if err := remove(ctx, row); err != nil {
		return err
	}
	if last {
		if err := dropCodes(ctx, row.AccountID); err != nil {
			return err
		}
	}
	if row.Kind == Phone && p.Text != nil {
		number, err := p.openSeed(ctx, row)
		if err != nil {
			return err
		}
		if err := p.Text(ctx, Text{Kind: TextReplaced, AccountID: row.AccountID, To: string(number), Host: bare(f.Host)}); err != nil {
			return err
		}
	}
	return audit.Record(ctx, event("factor.removed", row.AccountID, map[string]any{"kind": row.Kind, "factor": row.ID.String(), "last": last}))
}

// errFull refuses one app too many before its set-up begins.
func errFull() error { return fault.New(fault.Conflict, CodeFull, "Count", MaxApps) }

// RoomForApp is the Conflict fault CodeFull when an account has MaxApps.
func (s *Service) RoomForApp(list []Authenticator) error {
	n := 0
	for _, a := range list {
		if a.Kind == TOTP {
			n++
		}
	}
	if n >= MaxApps {
		return errFull()
	}
	return nil
}
