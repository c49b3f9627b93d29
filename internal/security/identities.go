package security

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/identity"
	"tilgang/internal/mailaddr"
)

// Moved is a move of an identity that can be taken back, with the other
// account's address, masked.
type Moved struct {
	identity.Move
	Other string
	Here  bool // it came to this account; else it left it
}

// identities adds what is tied to the account.
func (o *Overview) identities(ctx context.Context) (err error) {
	if o.Identities, err = identity.LinkedTo(ctx, o.Account.ID); err != nil {
		return err
	}
	moves, err := identity.MovesOf(ctx, o.Account.ID)
	if err != nil {
		return err
	}
	for _, m := range moves {
		one := Moved{Move: m, Here: m.ToAccount == o.Account.ID}
		other := m.ToAccount
		if one.Here {
			other = m.FromAccount
		}
		list, err := account.Identifiers(ctx, other)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			one.Other = mailaddr.Mask(list[0].Address)
		}
		o.Moves = append(o.Moves, one)
	}
	return nil
}

// IdentityOf is one of the identities; the NotFound fault for any other id.
func (o Overview) IdentityOf(id uuid.UUID) (identity.Linked, error) {
	for _, l := range o.Identities {
		if l.ID == id {
			return l, nil
		}
	}
	return identity.Linked{}, errNoSuch()
}

// MoveOf is one of the moves; the NotFound fault for any other id.
func (o Overview) MoveOf(id uuid.UUID) (Moved, error) {
	for _, m := range o.Moves {
		if m.ID == id {
			return m, nil
		}
	}
	return Moved{}, errNoSuch()
}

// toIdentities is where an attempt to tie an identity ends; it says what the
// step-up was for.
const toIdentities = "/security/identities"

// StartLink begins an attempt to tie an identity to the account and gives its
// cookie. The attempt holds no method: it sets up no factor.
func (s *Service) StartLink(ctx context.Context, p Passed, o Overview) (cookie string, err error) {
	if err := p.covers(ActIdentity); err != nil {
		return "", err
	}
	if err := s.frozen(ctx, o.Account.ID); err != nil {
		return "", err
	}
	n := attempt.New{Purpose: attempt.StepUp, AccountID: o.Account.ID, Resume: toIdentities, Host: p.Session.Host}
	if len(o.Addresses) > 0 {
		n.Address, n.AddressKey = o.Addresses[0].Address, o.Addresses[0].AddressKey
	}
	cookie, _, err = s.Attempts.Start(ctx, n)
	return cookie, err
}

// UnlinkIdentity unties an identity and tells the owner. Faults: NotFound,
// Conflict account.CodeFrozen.
func (s *Service) UnlinkIdentity(ctx context.Context, p Passed, o Overview, id uuid.UUID) error {
	if err := p.covers(ActIdentity); err != nil {
		return err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		l, err := identity.Unlink(ctx, o.Account.ID, id)
		if err != nil {
			return err
		}
		return s.Notices.IdentityUnlinked(ctx, o.Account.ID, l.Connector)
	})
	if err != nil {
		return fmt.Errorf("untie an identity: %w", err)
	}
	return nil
}

// UndoMove takes a move of an identity back; both owners are told. Faults:
// NotFound, Expired identity.CodeLate, Conflict account.CodeFrozen.
func (s *Service) UndoMove(ctx context.Context, p Passed, o Overview, id uuid.UUID) error {
	if err := p.covers(ActIdentity); err != nil {
		return err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := identity.Undo(ctx, o.Account.ID, id)
		if err != nil {
			return err
		}
		m.FromAccount, m.ToAccount = m.ToAccount, m.FromAccount
		return s.Notices.IdentityMoved(ctx, m)
	})
	if err != nil {
		return fmt.Errorf("take a move back: %w", err)
	}
	return nil
}
