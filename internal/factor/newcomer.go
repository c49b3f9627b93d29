package factor

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/phone"
)

// Newcomer is somebody without an account, whose number whoever brings people in
// keeps until there is one. Codes to it are bounded together with all others.
type Newcomer struct {
	ID       uuid.UUID // counted in place of an account's
	PhoneID  uuid.UUID // of the number; another number has another
	Number   string    // E.164
	Language string
	Touch    func(context.Context) error // an UPDATE of the newcomer's row: sends and tries wait for each other at it
}

func (n Newcomer) holder() holder {
	return holder{id: n.ID, phone: n.PhoneID, language: n.Language, number: n.Number, touch: n.Touch}
}

// waysOf are the channels to a phone, the usual one first.
func (p *Phones) waysOf(ctx context.Context, h holder) ([]string, error) {
	if h.account == uuid.Nil {
		return p.WaysTo(ctx, h.language), nil
	}
	return p.Ways(ctx, h.account)
}

// WaysTo are the channels by which a code can reach somebody without an account,
// the usual one first; none where nobody carries them.
func (p *Phones) WaysTo(ctx context.Context, language string) []string {
	switch {
	case p.Text == nil:
		return nil
	case p.Newcomers == nil:
		return []string{SMS}
	}
	return p.Newcomers(ctx, language)
}

// SendNewcomer sends a code to a newcomer's number; one before it is void. It may
// join an open transaction. Sent twice within half a minute it goes out once.
// Faults: TooMany and Unavailable.
func (p *Phones) SendNewcomer(ctx context.Context, n Newcomer, f Flow) error {
	err := p.db.Tx(ctx, func(ctx context.Context) error { return p.send(ctx, n.holder(), f) })
	if errors.Is(err, db.ErrDuplicate) && !db.InTx(ctx) {
		return nil // the other half of a double click has sent it
	}
	if err != nil {
		return fmt.Errorf("send code: %w", err)
	}
	return nil
}

// ProveNewcomer takes the code that a newcomer's number was sent, once; also runs
// in the same transaction and hears how it came. Refusals: those of ConfirmPhone.
func (p *Phones) ProveNewcomer(ctx context.Context, n Newcomer, f Flow, code string, also func(ctx context.Context, channel string) error) error {
	digits, ok := sixDigits(code)
	if !ok {
		return fault.Field("code", PhoneShape)
	}
	return p.bounded(ctx, func() error {
		channel := ""
		return p.try(ctx, tryConfirm, n.ID, func(ctx context.Context) (refusal string, err error) {
			channel, refusal, err = p.spendCode(ctx, n.holder(), f, digits)
			return refusal, err
		}, []func(context.Context) error{func(ctx context.Context) error { return also(ctx, channel) }})
	})
}

// Adopt puts a number that a newcomer has proven on file for an account, in the
// open transaction; false, and nothing is done, where any factor is on file: a
// new phone never takes the place of what is asked for there.
func (p *Phones) Adopt(ctx context.Context, accountID uuid.UUID, number, channel string) (adopted bool, err error) {
	rows, err := confirmed(ctx, accountID)
	if err != nil || len(rows) > 0 {
		return false, err
	}
	row, err := p.begin(ctx, accountID, phone.Number{E164: number})
	if err != nil {
		return false, err
	}
	if _, err := p.activate(ctx, row, 0); err != nil {
		return false, fmt.Errorf("adopt phone: %w", err)
	}
	return true, used(ctx, row.ID, channel)
}
