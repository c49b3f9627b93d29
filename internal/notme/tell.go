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
// and that the change did not touch, in the open transaction; where there is none,
// a text message to the proven phone.
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
	if len(to) == 0 {
		return wrap("tell the owner", s.text(ctx, o, f))
	}
	mails := make([]message.New, len(to))
	for i, address := range to {
		mails[i] = message.New{Kind: f.Kind, PersonID: acc.PersonID, To: address, Language: o.Person.Language, Args: args}
	}
	return wrap("tell the owner", s.Messages.SendAll(ctx, mails))
}

// text tells the proven phone of an owner to whom no mail can be written what
// changed. What strangers can bring about, and each sign-in, would cost a text
// message too often.
func (s *Service) text(ctx context.Context, o people.Overview, f Fact) error {
	to, err := account.PhoneOf(ctx, f.AccountID)
	if err != nil || to == "" || !s.Texts || !tenant.MustFrom(ctx).Invitation.Texts() {
		return err
	}
	kind := message.ChangedByText
	switch f.Kind {
	case message.PasswordChanged:
		kind = message.PasswordByText
	case message.NewSignin, message.Locked, message.Frozen, message.Unfrozen, message.ContactChanged, message.RecoveryUsed, message.RecoveredByEID: // the last writes its own
		return nil
	}
	return s.Messages.Send(ctx, message.New{Kind: kind, PersonID: o.Person.ID, To: to, Language: o.Person.Language})
}

// from is who asks, as a notice says it.
func from(ctx context.Context) map[string]string {
	who := authz.From(ctx)
	if who.Network == "" {
		return map[string]string{}
	}
	return message.Facts(who.UserAgent, who.Network)
}
