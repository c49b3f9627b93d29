package signin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/outbox"
	"tilgang/internal/throttle"
)

const kindLocked = "signin.locked"

type lockedArgs struct {
	Attempt  uuid.UUID `json:"attempt"`
	Failures int       `json:"failures"`
	Until    time.Time `json:"until,omitzero"`
}

// OutboxKinds is the work that follows signing in.
func (s *Service) OutboxKinds() []outbox.Kind {
	return []outbox.Kind{{Name: kindLocked, Handle: s.tellOwner}}
}

// tellOwner looks up, out of the asker's sight, whether the locked address is
// anybody's, and if so tells the owner.
func (s *Service) tellOwner(ctx context.Context, row outbox.Row) error {
	var args lockedArgs
	if err := row.Into(&args); err != nil {
		return err
	}
	a, err := s.Attempts.ByID(ctx, args.Attempt)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	acc, err := account.ByAddress(ctx, a.AddressKey)
	if errors.Is(err, db.ErrNotFound) || (err == nil && acc.Status != account.Active) || s.Notices == nil {
		return nil
	}
	if err != nil {
		return err
	}
	who := authz.From(ctx)
	who.UserAgent, who.Network = a.Asker.UserAgent, a.Asker.Network
	ctx = authz.With(ctx, who)
	if err := s.Notices.Locked(ctx, acc.ID, throttle.Lock{Failures: args.Failures, Until: args.Until, Stopped: args.Until.IsZero()}); err != nil {
		return fmt.Errorf("tell of the lock: %w", err)
	}
	return nil
}
