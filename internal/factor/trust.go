package factor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Device is, in amr, a browser that was trusted in place of a second factor. It
// is none: a session of a password and a trusted device has the level of the
// password.
const Device = "device"

// codeNoDevice refuses to remove what is not there.
const codeNoDevice = "factor.device.none"

// TrustedDevice is a browser on which its owner is not asked for the second
// factor.
type TrustedDevice struct {
	ID         uuid.UUID
	UserAgent  string // as the browser called itself
	TrustedAt  time.Time
	Until      time.Time
	LastUsedAt time.Time // zero: not since it was trusted

	cookieHash []byte
}

// Is tells whether the device is the browser of a device cookie.
func (d TrustedDevice) Is(cookie string) bool {
	hash := secret.HashToken(cookie)
	return hash != nil && bytes.Equal(hash, d.cookieHash)
}

// Trust makes a browser a trusted one of the account, in the open transaction,
// for as long as the employer allows; where that is not at all it does nothing.
// cookie is the browser's device cookie.
func (s *Service) Trust(ctx context.Context, accountID uuid.UUID, cookie, userAgent string) error {
	hash, days := secret.HashToken(cookie), tenant.MustFrom(ctx).Mfa.TrustedDays
	if hash == nil || days == 0 {
		return nil
	}
	now := db.Now(ctx)
	row := trustedDevice{
		ID: uuid.Must(uuid.NewV7()), AccountID: accountID, CookieHash: hash, UserAgent: cut(userAgent),
		CreatedAt: now, ExpiresAt: now.AddDate(0, 0, days),
	}
	if err := trust(ctx, row); err != nil {
		return fmt.Errorf("trust a device: %w", err)
	}
	return audit.Record(ctx, event("factor.device_trusted", accountID, map[string]any{"device": row.ID.String(), "days": days}))
}

// Trusted tells whether the browser of a device cookie is a trusted one of the
// account now. It ends by itself with a new password, a changed factor, a used
// recovery code, a sign-out everywhere, and when the employer allows less.
func (s *Service) Trusted(ctx context.Context, accountID uuid.UUID, cookie string) (bool, error) {
	hash := secret.HashToken(cookie)
	if hash == nil {
		return false, nil
	}
	list, err := s.trusted(ctx, accountID)
	return slices.ContainsFunc(list, func(d trustedDevice) bool { return string(d.CookieHash) == string(hash) }), err
}

// UsedTrust notes that a trusted device stood in for the factor, in the open
// transaction.
func (s *Service) UsedTrust(ctx context.Context, accountID uuid.UUID, cookie string) error {
	return useTrust(ctx, accountID, secret.HashToken(cookie))
}

// TrustedDevices are the account's trusted devices, newest first.
func (s *Service) TrustedDevices(ctx context.Context, accountID uuid.UUID) ([]TrustedDevice, error) {
	rows, err := s.trusted(ctx, accountID)
	list := make([]TrustedDevice, len(rows))
	for i, r := range rows {
		list[i] = TrustedDevice{ID: r.ID, UserAgent: r.UserAgent, TrustedAt: r.CreatedAt, Until: ends(r, tenant.MustFrom(ctx)), cookieHash: r.CookieHash}
		if r.UsedAt != nil {
			list[i].LastUsedAt = *r.UsedAt
		}
	}
	return list, err
}

// ends is when trust is over: by then at the latest, sooner where the employer
// allows less today.
func ends(d trustedDevice, t *tenant.Tenant) time.Time {
	if last := d.CreatedAt.AddDate(0, 0, t.Mfa.TrustedDays); last.Before(d.ExpiresAt) {
		return last
	}
	return d.ExpiresAt
}

func (s *Service) trusted(ctx context.Context, accountID uuid.UUID) (rows []trustedDevice, err error) {
	days := tenant.MustFrom(ctx).Mfa.TrustedDays
	if days == 0 {
		return nil, nil
	}
	err = s.db.Read(ctx, func(ctx context.Context) (err error) {
		rows, err = trustedOf(ctx, accountID, db.Now(ctx).AddDate(0, 0, -days))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for trusted devices: %w", err)
	}
	return rows, nil
}

// Distrust makes one device an ordinary one again; the NotFound fault
// "factor.device.none" for anything but a device of this account.
func (s *Service) Distrust(ctx context.Context, accountID, id uuid.UUID) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if err := distrust(ctx, accountID, id); err != nil {
			return err
		}
		return audit.Record(ctx, event("factor.device_removed", accountID, map[string]any{"device": id.String()}))
	})
	if errors.Is(err, db.ErrNotFound) {
		return fault.New(fault.NotFound, codeNoDevice)
	}
	if err != nil {
		return fmt.Errorf("remove a trusted device: %w", err)
	}
	return nil
}

// DistrustAll makes every device of the account an ordinary one again.
func (s *Service) DistrustAll(ctx context.Context, accountID uuid.UUID) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return s.distrustAll(ctx, accountID) })
	if err != nil {
		return fmt.Errorf("remove trusted devices: %w", err)
	}
	return nil
}

func (s *Service) distrustAll(ctx context.Context, accountID uuid.UUID) error {
	n, err := distrustAll(ctx, accountID)
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(ctx, event("factor.devices_removed", accountID, map[string]any{"devices": n}))
}

// SweepTrust deletes what has ended and tells how many.
func (s *Service) SweepTrust(ctx context.Context) (n int64, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweepTrust(ctx, db.Now(ctx)); return })
	if err != nil {
		return 0, fmt.Errorf("sweep trusted devices: %w", err)
	}
	return n, nil
}

// longestAgent is how much of a browser's name is kept, in bytes.
const longestAgent = 300

func cut(s string) string { return strings.ToValidUTF8(s[:min(len(s), longestAgent)], "") }
