package app

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/mailaddr"
	"tilgang/internal/message"
	"tilgang/internal/notme"
)

// FactorRemoved tells that a second factor was taken off file.
func (n notices) FactorRemoved(ctx context.Context, accountID uuid.UUID, kind string) error {
	return n.factor(ctx, accountID, message.FactorRemoved, kind)
}

// AddressAdded tells the addresses before it that another one signs in.
func (n notices) AddressAdded(ctx context.Context, accountID uuid.UUID, added account.Identifier) error {
	return n.a.Services.NotMe.Tell(ctx, notme.Fact{
		AccountID: accountID, Kind: message.AddressAdded, Args: masked(added), Touched: []string{added.AddressKey},
	})
}

// AddressJoined tells the addresses before it, and others besides that are the
// owner's, that another one signs in.
func (n notices) AddressJoined(ctx context.Context, accountID uuid.UUID, added account.Identifier, besides ...string) error {
	return n.a.Services.NotMe.Tell(ctx, notme.Fact{
		AccountID: accountID, Kind: message.AddressAdded, Args: masked(added), Touched: []string{added.AddressKey}, Besides: besides,
	})
}

// AddressRemoved tells the address that went, and those that stay.
func (n notices) AddressRemoved(ctx context.Context, accountID uuid.UUID, removed account.Identifier) error {
	return n.a.Services.NotMe.Tell(ctx, notme.Fact{
		AccountID: accountID, Kind: message.AddressRemoved, Args: masked(removed), Touched: []string{removed.AddressKey}, Besides: []string{removed.Address},
	})
}

func masked(i account.Identifier) map[string]string {
	return map[string]string{message.ArgMasked: mailaddr.Mask(i.Address)}
}
