package app

import (
	"context"
	"maps"
	"strconv"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/throttle"
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
	all := map[string]string{}
	if who := authz.From(ctx); who.Network != "" {
		all = message.Facts(who.UserAgent, who.Network)
	}
	maps.Copy(all, args)
	return n.a.tell(ctx, p, list[0].Address, kind, all)
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
	return n.send(ctx, accountID, message.FactorAdded, map[string]string{message.ArgFactor: kind})
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
