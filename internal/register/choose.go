package register

import (
	"context"
	"errors"
	"fmt"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/password"
	"tilgang/internal/tenant"
)

// Choice is the password form with what came beside it.
type Choice struct {
	Password string
	Confirm  string
	Network  string
}

// Choose keeps the password of an attempt whose address is proven, as a hash,
// once. Faults: Invalid with Fields password or password_confirm; Conflict
// "register.step" where it is not owed; TooMany; Unavailable.
func (s *Service) Choose(ctx context.Context, a attempt.Attempt, c Choice) error {
	if err := s.Limiter.Allow(ctx, s.Limits.Choose, c.Network); err != nil {
		return err
	}
	p, err := s.Where(ctx, a)
	if err != nil {
		return err
	}
	if p.Step != toPassword {
		return errStep()
	}
	t := tenant.MustFrom(ctx)
	if err := s.check(a, c, t); err != nil {
		return err
	}
	hash, err := s.Pool.Hash(ctx, t.ID, c.Password)
	if err != nil {
		return err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := setPassword(ctx, p.Registration.ID, hash); err != nil {
			return err
		}
		return audit.Record(ctx, about("register.password_chosen", p.Registration, nil))
	})
	if errors.Is(err, db.ErrNotFound) {
		return errStep() // the other half of a double click was first
	}
	if err != nil {
		return fmt.Errorf("keep the password: %w", err)
	}
	return nil
}

// check refuses what cannot be the password.
func (s *Service) check(a attempt.Attempt, c Choice, t *tenant.Tenant) error {
	if c.Password == "" {
		return fault.Field("password", "reset.password.required")
	}
	unmet := password.Check(t.Password, duty(t, s.DB.Now()).Mandatory, contextOf(a, t), c.Password)
	if err := password.Refuse("password", unmet); err != nil {
		return err
	}
	if c.Password != c.Confirm {
		return fault.Field("password_confirm", "reset.confirm.mismatch")
	}
	return nil
}
