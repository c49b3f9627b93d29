package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// Anew tells whether the account waits for a new invitation: its person was
// hired again after the access had ended. Until then no address leads to it and
// nothing is on file that could prove anybody.
func (a Account) Anew() bool { return a.AnewAt != nil }

// StartAnew takes the password, the factors and the work addresses from the
// accounts of persons and ends their sessions and flows, in the open
// transaction. The account, its history and the person's own addresses stay;
// the next invitation opens it again.
func StartAnew(ctx context.Context, persons []uuid.UUID) error {
	if len(persons) == 0 {
		return nil
	}
	if err := startAnew(ctx, persons); err != nil {
		return fmt.Errorf("start accounts anew: %w", err)
	}
	return nil
}

// Reopen lets an account that waits for an invitation wait no more: its person
// came in another way. One that does not wait stays as it is.
func Reopen(ctx context.Context, a Account) error {
	if !a.Anew() {
		return nil
	}
	return wrap("open account anew", open(ctx, &a, a.PasswordHash))
}

// Accept makes the account of an accepted invitation, or opens the one that
// waits for it. Errors are those of Create.
func Accept(ctx context.Context, n New) (Account, error) {
	a, err := ByPerson(ctx, n.PersonID)
	if errors.Is(err, db.ErrNotFound) || err == nil && !a.Anew() {
		return Create(ctx, n)
	}
	if err != nil {
		return a, err
	}
	if err := open(ctx, &a, n.PasswordHash); err != nil {
		return a, wrap("open account anew", err)
	}
	if n.AddressKey == "" {
		return a, nil
	}
	own, err := proveAgain(ctx, a.ID, n)
	if err != nil || own {
		return a, wrap("prove identifier", err)
	}
	return a, addIdentifier(ctx, Identifier{AccountID: a.ID, Kind: n.Kind, Address: n.Address, AddressKey: n.AddressKey, Phone: n.Phone})
}
