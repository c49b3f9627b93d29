package security

import (
	"context"
	"fmt"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/fault"
	"tilgang/internal/password"
	"tilgang/internal/tenant"
)

// NewPassword is what the form of a new password gives.
type NewPassword struct {
	Proof

	Password, Repeat string
}

// CheckPassword judges a new password before anything secret is compared.
// Faults are Invalid at password or password_confirm.
func (s *Service) CheckPassword(ctx context.Context, o Overview, n NewPassword) error {
	t := tenant.MustFrom(ctx)
	unmet := password.Check(t.Password, o.Duty.Mandatory, o.wordsOf(t), n.Password)
	switch {
	case len(unmet) > 0:
		return password.Refuse("password", unmet)
	case n.Password != n.Repeat:
		return fault.Field("password_confirm", codeRepeat)
	case n.Password == n.Current:
		return fault.Field("password", codeSame)
	}
	return nil
}

// SetPassword stores a new password, after CheckPassword, ends every other
// session and tells the owner. The Conflict fault is account.CodeFrozen: then a
// password is chosen by mail.
func (s *Service) SetPassword(ctx context.Context, p Passed, o Overview, pw string) error {
	if err := p.covers(ActPassword); err != nil {
		return err
	}
	hash, err := s.Passwords.Hash(ctx, o.Account.TenantID, pw)
	if err != nil {
		return err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := account.MayChange(ctx, o.Account.ID); err != nil {
			return err
		}
		if err := account.SetPassword(ctx, o.Account.ID, hash); err != nil {
			return err
		}
		if err := s.Sessions.EndAll(ctx, o.Account.ID, p.Session.ID); err != nil {
			return err
		}
		if err := s.Notices.PasswordChanged(ctx, o.Account.ID); err != nil {
			return err
		}
		return audit.Record(ctx, event("security.password_changed", o.Account.ID, nil))
	})
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	return nil
}
