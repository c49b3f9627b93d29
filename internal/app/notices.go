package app

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/message"
	"tilgang/internal/notme"
	"tilgang/internal/throttle"
)

// notices writes security mail to the owner of an account, in the open
// transaction; flows know it by their own small interfaces.
type notices struct{ a *App }

func (n notices) send(ctx context.Context, accountID uuid.UUID, kind string, args map[string]string) error {
	return n.a.Services.NotMe.Tell(ctx, notme.Fact{AccountID: accountID, Kind: kind, Args: args})
}

func (n notices) factor(ctx context.Context, accountID uuid.UUID, kind, factor string) error {
	return n.send(ctx, accountID, kind, map[string]string{message.ArgFactor: factor})
}

// Locked tells that sign-in was locked after failures.
func (n notices) Locked(ctx context.Context, accountID uuid.UUID, lock throttle.Lock) error {
	args := map[string]string{message.ArgCount: strconv.Itoa(lock.Failures)}
	if !lock.Until.IsZero() {
		args[message.ArgUntil] = lock.Until.Format(time.RFC3339)
	}
	return n.send(ctx, accountID, message.Locked, args)
}

// FactorAdded tells of a new second factor.
func (n notices) FactorAdded(ctx context.Context, accountID uuid.UUID, kind string) error {
	return n.factor(ctx, accountID, message.FactorAdded, kind)
}

// FactorReplaced tells of a second factor that took the place of another.
func (n notices) FactorReplaced(ctx context.Context, accountID uuid.UUID, kind string) error {
	return n.factor(ctx, accountID, message.FactorReplaced, kind)
}

// RecoveryUsed tells that a recovery code was used and how many are left.
func (n notices) RecoveryUsed(ctx context.Context, accountID uuid.UUID, left int) error {
	return n.send(ctx, accountID, message.RecoveryUsed, map[string]string{message.ArgLeft: strconv.Itoa(left)})
}

// RecoveryMade tells of new recovery codes.
func (n notices) RecoveryMade(ctx context.Context, accountID uuid.UUID) error {
	return n.send(ctx, accountID, message.RecoveryMade, nil)
}

// PasswordChanged tells of a new password.
func (n notices) PasswordChanged(ctx context.Context, accountID uuid.UUID) error {
	return n.send(ctx, accountID, message.PasswordChanged, nil)
}

// ContactChanged tells that HR has another address for the person.
func (n notices) ContactChanged(ctx context.Context, accountID uuid.UUID) error {
	return n.send(ctx, accountID, message.ContactChanged, nil)
}
