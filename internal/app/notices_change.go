package app

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/mailaddr"
	"tilgang/internal/message"
	"tilgang/internal/people"
)

// FactorRemoved tells that a second factor was taken off file.
func (n notices) FactorRemoved(ctx context.Context, accountID uuid.UUID, kind string) error {
	return n.send(ctx, accountID, message.FactorRemoved, map[string]string{message.ArgFactor: kind})
}

// AddressAdded tells the addresses before it that another one signs in.
func (n notices) AddressAdded(ctx context.Context, accountID uuid.UUID, added account.Identifier) error {
	return n.each(ctx, accountID, message.AddressAdded, added, nil)
}

// AddressRemoved tells the address that went, and those that stay.
func (n notices) AddressRemoved(ctx context.Context, accountID uuid.UUID, removed account.Identifier) error {
	return n.each(ctx, accountID, message.AddressRemoved, removed, []account.Identifier{removed})
}

// each tells all addresses of an account but the one that the fact is about, and
// those besides.
func (n notices) each(ctx context.Context, accountID uuid.UUID, kind string, about account.Identifier, besides []account.Identifier) error {
	acc, err := account.ByID(ctx, accountID)
	if err != nil {
		return err
	}
	p, err := people.ByID(ctx, acc.PersonID)
	if err != nil {
		return err
	}
	list, err := account.Identifiers(ctx, accountID)
	if err != nil {
		return err
	}
	who := authz.From(ctx)
	args := message.Facts(who.UserAgent, who.Network)
	args[message.ArgMasked] = mailaddr.Mask(about.Address)
	for _, i := range append(list, besides...) {
		if i.AddressKey == about.AddressKey && len(besides) == 0 {
			continue
		}
		if err := n.a.tell(ctx, p, i.Address, kind, args); err != nil {
			return err
		}
	}
	return nil
}
