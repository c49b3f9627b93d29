package factor

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
)

const (
	seedBytes  = 20 // 160 bits (RFC 4226 section 4, R6)
	enrolLife  = 15 * time.Minute
	tryTOTP    = "totp"
	tryConfirm = "totp_confirm"
)

var base32Seed = base32.StdEncoding.WithPadding(base32.NoPadding)

// Enrolment is an authenticator on its way to being confirmed.
type Enrolment struct {
	ID        uuid.UUID
	Secret    string // base32 without padding, to be typed by hand
	ExpiresAt time.Time
}

// URI is what the QR code holds: otpauth, with issuer and account as the app
// shows them; a colon would part them and is left out.
func (e Enrolment) URI(issuer, account string) string {
	issuer, account = strings.ReplaceAll(issuer, ":", ""), strings.ReplaceAll(account, ":", "")
	q := url.Values{"secret": {e.Secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	// Apps read a plus sign as it stands.
	query := strings.ReplaceAll(q.Encode(), "+", "%20")
	return "otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(account) + "?" + query
}

// StartTOTP starts an enrolment and drops one that was under way.
func (s *Service) StartTOTP(ctx context.Context, accountID uuid.UUID) (e Enrolment, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		seed := make([]byte, seedBytes)
		_, _ = rand.Read(seed) // ends the program rather than fail
		sealed, err := s.sealSeed(ctx, seed)
		if err != nil {
			return err
		}
		row := authenticator{ID: uuid.Must(uuid.NewV7()), AccountID: accountID, Kind: TOTP, Sealed: sealed, CreatedAt: db.Now(ctx)}
		e = enrolment(row, seed)
		return start(ctx, row)
	})
	if err != nil {
		return Enrolment{}, fmt.Errorf("start authenticator: %w", err)
	}
	return e, nil
}

func enrolment(row authenticator, seed []byte) Enrolment {
	return Enrolment{ID: row.ID, Secret: base32Seed.EncodeToString(seed), ExpiresAt: row.CreatedAt.Add(enrolLife)}
}

// Pending is the enrolment under way; db.ErrNotFound when there is none or it
// has expired.
func (s *Service) Pending(ctx context.Context, accountID uuid.UUID) (e Enrolment, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		row, err := pending(ctx, accountID, TOTP, db.Now(ctx).Add(-enrolLife))
		if err != nil {
			return err
		}
		seed, err := s.openSeed(ctx, row)
		e = enrolment(row, seed)
		return err
	})
	if err != nil {
		return Enrolment{}, fmt.Errorf("find enrolment: %w", err)
	}
	return e, nil
}

// ConfirmTOTP makes an enrolment the account's authenticator with a fresh code
// of it, which is used up by that; one it had before is replaced. also runs in
// the same transaction. Refusals: CodeShape, CodeWrong, CodeGone, TooMany and
// account.CodeFrozen.
func (s *Service) ConfirmTOTP(ctx context.Context, accountID, id uuid.UUID, code string, also ...func(context.Context) error) error {
	return s.confirmTOTP(ctx, accountID, id, code, s.activate, also)
}

// confirmTOTP takes the first code of an enrolment; put makes it the account's.
func (s *Service) confirmTOTP(ctx context.Context, accountID, id uuid.UUID, code string, put func(context.Context, authenticator, int64) (string, error), also []func(context.Context) error) error {
	digits, ok := sixDigits(code)
	if !ok {
		return fault.Field("code", CodeShape)
	}
	return s.try(ctx, tryConfirm, accountID, func(ctx context.Context) (string, error) {
		if err := account.MayChange(ctx, accountID); err != nil {
			return "", err
		}
		row, err := pending(ctx, accountID, TOTP, db.Now(ctx).Add(-enrolLife))
		if errors.Is(err, db.ErrNotFound) || err == nil && row.ID != id {
			return CodeGone, nil
		}
		if err != nil {
			return "", err
		}
		seed, err := s.openSeed(ctx, row)
		if err != nil {
			return "", err
		}
		step, ok := matchingStep(seed, digits, db.Now(ctx))
		if !ok {
			return CodeWrong, nil
		}
		return put(ctx, row, step)
	}, also)
}

func (s *Service) activate(ctx context.Context, row authenticator, step int64) (string, error) {
	err := activate(ctx, row, step)
	if errors.Is(err, db.ErrNotFound) {
		return CodeGone, nil
	}
	if err != nil {
		return "", err
	}
	replaced, err := dropOthers(ctx, row)
	if err != nil {
		return "", err
	}
	if err := s.renew(ctx, row.AccountID); err != nil {
		return "", err
	}
	return "", audit.Record(ctx, event("factor.added", row.AccountID, map[string]any{"kind": row.Kind, "factor": row.ID.String(), "replaced": replaced}))
}

// VerifyTOTP takes a code of the account's authenticator, once. also runs in
// the same transaction. Refusals: CodeShape, CodeWrong, CodeUsed, and TooMany.
func (s *Service) VerifyTOTP(ctx context.Context, accountID uuid.UUID, code string, also ...func(context.Context) error) error {
	digits, ok := sixDigits(code)
	if !ok {
		return fault.Field("code", CodeShape)
	}
	return s.try(ctx, tryTOTP, accountID, func(ctx context.Context) (string, error) {
		rows, err := confirmed(ctx, accountID)
		if err != nil {
			return "", err
		}
		return s.spend(ctx, rows, digits)
	}, append(slices.Clip(also), func(ctx context.Context) error { return s.proven(ctx, accountID) }))
}

// spend raises the last step of the authenticator that the code is of.
func (s *Service) spend(ctx context.Context, rows []authenticator, digits string) (string, error) {
	refusal := CodeWrong
	for _, row := range rows {
		if row.Kind != TOTP {
			continue
		}
		seed, err := s.openSeed(ctx, row)
		if err != nil {
			return "", err
		}
		step, ok := matchingStep(seed, digits, db.Now(ctx))
		if !ok {
			continue
		}
		switch err := raiseStep(ctx, row, step); {
		case err == nil:
			return "", nil
		case !errors.Is(err, db.ErrNotFound):
			return "", err
		}
		refusal = CodeUsed
	}
	return refusal, nil
}

func (s *Service) sealSeed(ctx context.Context, seed []byte) ([]byte, error) {
	place, err := seedPlace(ctx)
	if err != nil {
		return nil, err
	}
	return s.box.Seal(seed, place...)
}

func (s *Service) openSeed(ctx context.Context, row authenticator) ([]byte, error) {
	place, err := seedPlace(ctx)
	if err != nil {
		return nil, err
	}
	seed, err := s.box.Open(row.Sealed, place...)
	if err != nil {
		return nil, fmt.Errorf("open seed of factor %s: %w", row.ID, err)
	}
	return seed, nil
}

func seedPlace(ctx context.Context) ([]string, error) {
	id, ok := db.TenantID(ctx)
	if !ok {
		return nil, db.ErrNoTenant
	}
	return []string{id.String(), "authenticators", "sealed"}, nil
}

func event(action string, accountID uuid.UUID, detail map[string]any) audit.Event {
	return audit.Event{Action: action, Subject: audit.Subject{Kind: "account", ID: accountID}, Detail: detail}
}
