package notme

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Fact is what an owner is told.
type Fact struct {
	AccountID uuid.UUID
	Kind      string // one of message's
	Args      map[string]string
	Touched   []string // keys of addresses that the change is about: they are not told
	Besides   []string // addresses beside those of the account that hear of it all the same
}

// Tell writes a notice to every address of an account that still is the owner's
// and that the change did not touch, in the open transaction.
func (s *Service) Tell(ctx context.Context, f Fact) error {
	acc, err := account.ByID(ctx, f.AccountID)
	if err != nil {
		return wrap("tell the owner", err)
	}
	o, err := people.View(ctx, acc.PersonID, s.DB.Now(), tenant.MustFrom(ctx))
	if err != nil {
		return wrap("tell the owner", err)
	}
	list, err := account.Identifiers(ctx, f.AccountID)
	if err != nil {
		return wrap("tell the owner", err)
	}
	args := from(ctx)
	maps.Copy(args, f.Args)
	to := slices.Clone(f.Besides)
	for _, i := range list {
		if o.Holds(i) && !slices.Contains(f.Touched, i.AddressKey) && !slices.Contains(to, i.Address) {
			to = append(to, i.Address)
		}
	}
	mails := make([]message.New, len(to))
	for i, address := range to {
		mails[i] = message.New{Kind: f.Kind, PersonID: acc.PersonID, To: address, Language: o.Person.Language, Args: args}
	}
	return wrap("tell the owner", s.Messages.SendAll(ctx, mails))
}

// from is who asks, as a notice says it.
func from(ctx context.Context) map[string]string {
	who := authz.From(ctx)
	if who.Network == "" {
		return map[string]string{}
	}
	return message.Facts(who.UserAgent, who.Network)
}
