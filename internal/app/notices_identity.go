package app

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/identity"
	"tilgang/internal/mailaddr"
	"tilgang/internal/message"
	"tilgang/internal/tenant"
)

// connectorArg is what the employer calls a provider.
func connectorArg(ctx context.Context, key string) map[string]string {
	name := key
	if c, ok := tenant.MustFrom(ctx).Connector(key); ok {
		name = c.Name
	}
	return map[string]string{message.ArgConnector: name}
}

// IdentityLinked tells that an electronic identity was tied to the account.
func (n notices) IdentityLinked(ctx context.Context, accountID uuid.UUID, connector string) error {
	return n.send(ctx, accountID, message.IdentityLinked, connectorArg(ctx, connector))
}

// IdentityUnlinked tells that one was untied.
func (n notices) IdentityUnlinked(ctx context.Context, accountID uuid.UUID, connector string) error {
	return n.send(ctx, accountID, message.IdentityUnlinked, connectorArg(ctx, connector))
}

// IdentityMoved tells the owners of both accounts that one went from the first
// to the second.
func (n notices) IdentityMoved(ctx context.Context, m identity.Move) error {
	args := connectorArg(ctx, m.Connector)
	args[message.ArgHours] = strconv.Itoa(int(identity.UndoWithin.Hours()))
	for arg, id := range map[string]uuid.UUID{message.ArgMasked: m.FromAccount, message.ArgTo: m.ToAccount} {
		list, err := account.Identifiers(ctx, id)
		if err != nil {
			return err
		}
		args[arg] = mailaddr.Mask("")
		if len(list) > 0 {
			args[arg] = mailaddr.Mask(list[0].Address)
		}
	}
	if err := n.send(ctx, m.FromAccount, message.IdentityMoved, args); err != nil {
		return err
	}
	return n.send(ctx, m.ToAccount, message.IdentityMoved, args)
}

// IdentityDecided tells what HR said of who a person is.
func (n notices) IdentityDecided(ctx context.Context, accountID uuid.UUID, confirmed bool) error {
	args := map[string]string{}
	if confirmed {
		args[message.ArgConfirmed] = "1"
	}
	return n.send(ctx, accountID, message.IdentityDecided, args)
}

// RecoveredByEID tells that a lost factor is being replaced by the word of an
// electronic identity.
func (n notices) RecoveredByEID(ctx context.Context, accountID uuid.UUID, connector string) error {
	return n.send(ctx, accountID, message.RecoveredByEID, connectorArg(ctx, connector))
}
