package app

import (
	"context"
	"errors"

	"github.com/google/uuid"
)

// counters are all the places where wrong passwords of an account are counted.
type counters struct{ a *App }

// Lift forgets them, in the open transaction.
func (c counters) Lift(ctx context.Context, accountID uuid.UUID) error {
	return errors.Join(c.a.Services.Signin.Lift(ctx, accountID), c.a.Services.Security.Lift(ctx, accountID))
}
