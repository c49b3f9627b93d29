package factor

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
)

// PhoneContact is the refusal, at the field "phone", of a number to which the
// account's way to a new password goes: one phone would then be both steps.
const PhoneContact = "factor.phone.contact"

// notContact refuses such a number.
func notContact(ctx context.Context, accountID uuid.UUID, number string) error {
	contact, err := account.PhoneOf(ctx, accountID)
	if err == nil && contact == number {
		err = fault.Field("phone", PhoneContact)
	}
	return err
}

// IsFactor tells, in the open transaction, whether a number is the account's second
// factor, or on its way to become it.
func (p *Phones) IsFactor(ctx context.Context, accountID uuid.UUID, number string) (bool, error) {
	for _, find := range []which{confirmedPhone, pendingPhone} {
		row, err := find(ctx, accountID)
		if errors.Is(err, db.ErrNotFound) {
			continue
		}
		if err != nil {
			return false, err
		}
		on, err := p.openSeed(ctx, row)
		if err != nil || string(on) == number {
			return err == nil, err
		}
	}
	return false, nil
}

// TextsOf is what text messages without a code of a factor are counted under,
// apart from the account's codes: whoever knows an employee number can ask for
// such messages, and must not use up the codes of the extra step by it.
func TextsOf(accountID uuid.UUID) uuid.UUID { return uuid.NewSHA1(accountID, []byte("text")) }

// Count counts a text message that holds no code of a factor against the bounds
// of those that do, in the open transaction, and by account under TextsOf. flow is
// whose wish it is. A TooMany fault beyond a bound, and for the other half of a double click.
func (p *Phones) Count(ctx context.Context, accountID, flow uuid.UUID, to, network string) error {
	tenantID, _ := db.TenantID(ctx)
	now := db.Now(ctx)
	c := phoneCode{
		ID: uuid.Must(uuid.NewV7()), AccountID: TextsOf(accountID), FactorID: uuid.Must(uuid.NewV7()), Flow: flow, Slot: now.Unix() / int64(p.Limits.Pause.Seconds()), Channel: SMS,
		NumberKey: p.box.Keyed(keyNumber, tenantID, to), BlockKey: []byte{}, NetworkKey: p.box.Keyed(keyNetwork, tenantID, network),
		CreatedAt: now, ExpiresAt: now, UsedAt: &now,
	}
	c.CodeHash = p.hashText(tenantID, c.ID, secret.Code(codeDigits)) // nobody's: it is spent
	if err := p.allow(ctx, c); err != nil {
		return err
	}
	if err := insertCode(ctx, c); err != nil {
		return fmt.Errorf("count text message: %w", err)
	}
	return nil
}
