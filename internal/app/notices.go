package app

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/people"
)

// notices writes security mail to the owner of an account, in the open
// transaction; flows know it by their own small interfaces.
type notices struct{ a *App }

func (n notices) send(ctx context.Context, accountID uuid.UUID, kind string, args map[string]string) error {
	acc, err := account.ByID(ctx, accountID)
	if err != nil {
		return err
	}
	p, err := people.ByID(ctx, acc.PersonID)
	if err != nil {
		return err
	}
	list, err := account.Identifiers(ctx, accountID)
	if err != nil || len(list) == 0 {
		return err
	}
	return n.a.tell(ctx, p, list[0].Address, kind, args)
}

// Locked tells that sign-in was locked after failures.
func (n notices) Locked(ctx context.Context, accountID uuid.UUID) error {
	return n.send(ctx, accountID, "locked", nil)
}

// FactorAdded tells of a new second factor.
func (n notices) FactorAdded(ctx context.Context, accountID uuid.UUID, kind string) error {
	return n.send(ctx, accountID, "factor_added", map[string]string{"factor": kind})
}

// RecoveryUsed tells that a recovery code was used and how many are left.
func (n notices) RecoveryUsed(ctx context.Context, accountID uuid.UUID, left int) error {
	return n.send(ctx, accountID, "recovery_used", map[string]string{"left": strconv.Itoa(left)})
}

// RecoveryMade tells of new recovery codes.
func (n notices) RecoveryMade(ctx context.Context, accountID uuid.UUID) error {
	return n.send(ctx, accountID, "recovery_made", nil)
}

// PasswordChanged tells of a new password.
func (n notices) PasswordChanged(ctx context.Context, accountID uuid.UUID) error {
	return n.send(ctx, accountID, "password_changed", nil)
}
