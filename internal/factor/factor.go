package factor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/secret"
	"tilgang/internal/throttle"
)

// Authenticator is a confirmed second factor, without its seed.
type Authenticator struct {
	ID          uuid.UUID
	Kind        string // totp; phone, push and passkey later
	Name        string // as the person named it; empty for the kind's own name
	ConfirmedAt time.Time
	LastUsedAt  time.Time // zero: not since it was confirmed
}

// Service keeps second factors. It is safe for many goroutines.
type Service struct {
	db    *db.DB
	box   *secret.Box
	tries *throttle.Service
	renew func(ctx context.Context, accountID uuid.UUID) error

	// Recoveries are those of accounts whose owner lost every factor; nil: there
	// are none. Set before the first use.
	Recoveries Recoveries
}

// New makes the service. renew runs in the transaction in which the factors of
// an account change and raises its factor generation (account.RenewFactors), so
// that what was trusted by the former factors, or by none, ends.
func New(d *db.DB, box *secret.Box, tries *throttle.Service, renew func(context.Context, uuid.UUID) error) *Service {
	return &Service{db: d, box: box, tries: tries, renew: renew}
}

// Confirmed are the factors on file of an account, oldest first.
func (s *Service) Confirmed(ctx context.Context, accountID uuid.UUID) (list []Authenticator, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		rows, err := confirmed(ctx, accountID)
		for _, r := range rows {
			list = append(list, r.authenticator())
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list factors: %w", err)
	}
	return list, nil
}

// Abandon drops what is being set up and is nobody's factor yet, in the open
// transaction: its seed may be known to whoever began it, and the owner of a new
// password must not be shown it as the own.
func (s *Service) Abandon(ctx context.Context, accountID uuid.UUID) error {
	if err := dropPending(ctx, accountID); err != nil {
		return fmt.Errorf("abandon set-ups: %w", err)
	}
	return nil
}

// Next fills Enrolled, CodesSaved and Frozen in from the files of the account
// and gives the rule's answer.
func (s *Service) Next(ctx context.Context, accountID uuid.UUID, in Situation) (Step, error) {
	list, err := s.Confirmed(ctx, accountID)
	if err != nil {
		return Step{}, err
	}
	_, total, err := s.Codes(ctx, accountID)
	if err != nil {
		return Step{}, err
	}
	in.Enrolled, in.CodesSaved = kinds(list), total > 0
	if in.Frozen, err = s.frozen(ctx, accountID); err != nil {
		return Step{}, err
	}
	if in.Reopened, err = s.reopened(ctx, accountID, in); err != nil {
		return Step{}, err
	}
	return Next(in), nil
}

func (s *Service) frozen(ctx context.Context, accountID uuid.UUID) (frozen bool, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		f, err := account.OpenFreeze(ctx, accountID)
		frozen = f.Open()
		return err
	})
	return frozen, err
}

func kinds(list []Authenticator) (kinds []string) {
	for _, a := range list {
		if !slices.Contains(kinds, a.Kind) {
			kinds = append(kinds, a.Kind)
		}
	}
	return kinds
}

// try counts a try of the account, then runs use in a transaction. Only a right
// code forgets the count; also runs with it. use gives the refusal's code, or
// none when the code was right.
func (s *Service) try(ctx context.Context, purpose string, accountID uuid.UUID, use func(context.Context) (string, error), also []func(context.Context) error) error {
	lock, err := s.tries.Try(ctx, purpose, accountID[:])
	if err != nil {
		return err
	}
	refusal := ""
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		code, err := use(ctx)
		if refusal = code; err != nil || code != "" {
			return err
		}
		for _, fn := range also {
			if err := fn(ctx); err != nil {
				return err
			}
		}
		return s.tries.Clear(ctx, purpose, accountID[:])
	})
	switch {
	case err != nil:
		if back := s.tries.Forgive(ctx, purpose, accountID[:], lock); back != nil {
			return fmt.Errorf("%w (and the try stays counted: %w)", err, back)
		}
		return err
	case refusal != "":
		return refused(refusal, lock)
	}
	return nil
}
