package reset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/mailaddr"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/phone"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// Outcome is what sending does, or did.
type Outcome struct {
	Invited  bool   // the invitation goes out instead: the person has no password yet
	To       string // the address, masked
	Repeated bool   // it was sent less than a minute ago, and is not sent twice
}

// plan is whom a mail for a person goes to.
type plan struct {
	Outcome
	o          people.Overview
	account    account.Account // zero when Invited
	identifier account.Identifier
	channel    string
	to         string // the address or the number that is written to
}

// Plan tells what SendFor would do, and changes nothing. Errors are those of
// SendFor, but for the limits of time.
func (s *Service) Plan(ctx context.Context, person uuid.UUID) (o Outcome, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		p, err := s.plan(ctx, person)
		o = p.Outcome
		return err
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("plan a password mail: %w", err)
	}
	return o, nil
}

// SendFor has a mail with a link to a new password sent to a person; whether the
// context's actor may is the caller's decision. The old password works until
// the link is used; whoever has no password yet gets the invitation again. The
// mail names the actor, who gets a receipt, and HR sees it among the person's
// mails. A second call within a minute sends nothing and gives Repeated.
//
// db.ErrNotFound; Conflict "reset.ended", "reset.closed", "reset.no_address",
// "reset.no_way", and those of an invitation; TooMany "reset.often" after five a day.
func (s *Service) SendFor(ctx context.Context, person uuid.UUID) (Outcome, error) {
	var p plan
	err := s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		if err := lockPerson(ctx, s.DB.Postgres(), person); err != nil {
			return err
		}
		if p, err = s.plan(ctx, person); err != nil {
			return err
		}
		if p.Repeated, err = s.recently(ctx, person); err != nil || p.Repeated {
			return err
		}
		return s.send(ctx, p)
	})
	if f, ok := fault.As(err); ok && f.Code == "invite.too_soon" {
		p.Repeated, err = true, nil
	}
	if err != nil {
		return Outcome{}, fmt.Errorf("send a password mail: %w", err)
	}
	return p.Outcome, nil
}

// plan finds out where a person's mail goes, or why there is none.
func (s *Service) plan(ctx context.Context, person uuid.UUID) (p plan, err error) {
	t := tenant.MustFrom(ctx)
	if p.o, err = people.View(ctx, person, s.DB.Now(), t); err != nil {
		return p, err
	}
	if s.hostOf(p.o, t) == "" {
		return p, errEnded()
	}
	p.account, err = account.ByPerson(ctx, person)
	if errors.Is(err, db.ErrNotFound) || err == nil && p.account.Anew() {
		p.Outcome = Outcome{Invited: true, To: s.invitedAt(p.o.Person, t)}
		if p.To == "" {
			return p, errNowhere(t)
		}
		return p, nil
	}
	if err != nil {
		return p, err
	}
	return p, s.address(ctx, &p)
}

// invitedAt is where an invitation goes, masked; empty for nowhere.
func (s *Service) invitedAt(who people.Person, t *tenant.Tenant) string {
	if to, _, kind := who.Address(); kind != "" {
		return mailaddr.Mask(to)
	}
	if to := s.textable(who, t); to != "" {
		return phone.Mask(to)
	}
	return ""
}

// address chooses among what the account was proven with.
func (s *Service) address(ctx context.Context, p *plan) error {
	if p.account.Status != account.Active {
		return errClosed()
	}
	names, err := account.Names(ctx, p.account.ID)
	if err != nil {
		return err
	}
	wanted, err := s.reachBy(ctx, p, names)
	switch {
	case err != nil:
		return err
	case !wanted:
		return errNowhere(tenant.MustFrom(ctx))
	case p.channel == byText:
		p.To = phone.Mask(p.to)
	default:
		p.To = mailaddr.Mask(p.to)
	}
	return nil
}

// hostOf is the portal that lets a person in; empty when none does.
func (s *Service) hostOf(o people.Overview, t *tenant.Tenant) string {
	terms, granted := make([]people.Term, len(o.Jobs)), len(o.Roles) > 0
	switch {
	case session.Admits(o.Standing, terms, granted, false):
		return s.Portal(t)
	case session.Admits(o.Standing, terms, granted, true):
		return s.AlumniPortal(t)
	}
	return ""
}

// recently tells whether somebody else had a mail sent within the last minute,
// and refuses one too many in a day.
func (s *Service) recently(ctx context.Context, person uuid.UUID) (bool, error) {
	now := s.DB.Now()
	list, err := times(ctx, person, false, now.Add(-24*time.Hour))
	switch {
	case err != nil:
		return false, err
	case len(list) > 0 && now.Sub(list[0]) < gap:
		return true, nil
	case len(list) >= aDay:
		return false, errOften(list[aDay-1].Add(24 * time.Hour).Sub(now))
	}
	return false, nil
}

// send stores the wish, the mail or the invitation, the receipt and the audit
// event.
func (s *Service) send(ctx context.Context, p plan) error {
	actor := authz.From(ctx)
	r := Reset{PersonID: p.o.Person.ID, Cause: causeOf(actor)}
	if actor.PersonID != uuid.Nil {
		r.AskerID = &actor.PersonID
	}
	if err := s.put(ctx, &r, p, message.New{Language: p.o.Person.Language}); err != nil {
		return err
	}
	if err := s.receipt(ctx, actor, r); err != nil {
		return err
	}
	return audit.Record(ctx, audit.Event{
		Action: "reset.sent_for", Subject: audit.Subject{Kind: "person", ID: r.PersonID},
		Detail: map[string]any{"reset": r.ID.String(), "as": string(r.Cause), "invited": p.Invited},
	})
}

// put stores a wish and what goes out for it; the mail's language and arguments
// are given.
func (s *Service) put(ctx context.Context, r *Reset, p plan, mail message.New) error {
	r.ID, r.CreatedAt, r.Channel = uuid.Must(uuid.NewV7()), s.DB.Now(), byMail
	if p.Invited {
		if err := insert(ctx, r); err != nil {
			return err
		}
		return s.Invitations.Resend(ctx, r.PersonID)
	}
	e, err := epochsOf(ctx, p.account.ID)
	if err != nil {
		return err
	}
	r.AccountID, r.Epoch, r.SecurityEpoch = &p.account.ID, e.SessionEpoch, e.SecurityEpoch
	r.Address, r.AddressKey, r.Channel = p.identifier.Address, p.identifier.AddressKey, p.channel
	if err := insert(ctx, r); err != nil {
		return err
	}
	mail.Kind, mail.PersonID, mail.To, mail.RefID = kindOf(*r), r.PersonID, p.to, &r.ID
	return s.Messages.Send(ctx, mail)
}

// causeOf is in which part an actor asks: the widest that they have.
func causeOf(a authz.Actor) Cause {
	switch {
	case a.Has(authz.RoleAdmin):
		return Admin
	case a.Has(authz.RoleHR), a.Kind != authz.Person:
		return HR
	}
	return Manager
}

// receipt tells the asker, so that nobody asks in another's name unseen.
func (s *Service) receipt(ctx context.Context, actor authz.Actor, r Reset) error {
	if actor.AccountID == uuid.Nil {
		return nil
	}
	o, err := people.View(ctx, actor.PersonID, s.DB.Now(), tenant.MustFrom(ctx))
	if err != nil {
		return err
	}
	list, err := account.Identifiers(ctx, actor.AccountID)
	list = slices.DeleteFunc(list, func(i account.Identifier) bool { return !o.Holds(i) })
	if err != nil || len(list) == 0 {
		return err
	}
	return s.Messages.Send(ctx, message.New{
		Kind: kindReceipt, PersonID: actor.PersonID, To: list[0].Address, Language: actor.Language, Args: map[string]string{argReset: r.ID.String()},
	})
}
