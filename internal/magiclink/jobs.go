package magiclink

import (
	"context"
	"maps"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// kindRequested is the event that somebody asked for a link.
const kindRequested = "magiclink.requested"

type requested struct {
	Attempt uuid.UUID `json:"attempt"`
}

// Kinds are the events that this package reacts to.
func (s *Service) Kinds() []outbox.Kind {
	return []outbox.Kind{{Name: kindRequested, Handle: s.onRequested}}
}

// onRequested looks up, out of the asker's sight, whose the address is: an
// account gets the link, somebody invited the invitation, nobody nothing.
func (s *Service) onRequested(ctx context.Context, row outbox.Row) error {
	var args requested
	if err := row.Into(&args); err != nil {
		return err
	}
	a, err := s.Attempts.ByID(ctx, args.Attempt)
	if missing(err) || (err == nil && (a.AddressKey == "" || !tenant.MustFrom(ctx).Reset.Magiclink)) {
		return nil
	}
	if err != nil {
		return err
	}
	acc, err := account.ByAddress(ctx, a.AddressKey)
	switch {
	case missing(err):
		return s.Invitations.ResendTo(ctx, a.AddressKey)
	case err != nil:
		return err
	case acc.Status != account.Active:
		return nil
	}
	return s.answer(ctx, a, acc, row.CreatedAt)
}

// answer sends an account's owner the link, to the address that was proven and
// nowhere else. A leaver who asked on the staff host is told where to ask.
func (s *Service) answer(ctx context.Context, a attempt.Attempt, acc account.Account, at time.Time) error {
	if err := lock(ctx, s.DB.Postgres(), acc.ID); err != nil {
		return wrap("lock account", err)
	}
	p, err := s.partyOf(ctx, acc, a.AddressKey)
	if err != nil || !p.known {
		return err
	}
	if p.o.Closed() && s.Ended != nil {
		return s.Ended(ctx, p.o, mailFor(p, a, at), false)
	}
	now := s.DB.Now()
	list, err := times(ctx, acc.PersonID, now.Add(-time.Hour))
	if err != nil || len(list) >= anHour || len(list) > 0 && now.Sub(list[0]) < gap {
		return wrap("count mails", err)
	}
	mail := mailFor(p, a, at)
	switch alumni := s.onAlumni(tenant.MustFrom(ctx), a.Host); {
	case p.admitted(alumni):
	case p.admitted(true):
		mail.Kind = kindMoved
	default:
		return nil
	}
	return s.put(ctx, a, acc, p, mail)
}

// put stores the link, its mail and the audit event. The link of whoever is only
// told where to ask is never minted: it is there to be counted.
func (s *Service) put(ctx context.Context, a attempt.Attempt, acc account.Account, p party, mail message.New) error {
	e, err := epochsOf(ctx, acc.ID)
	if err != nil {
		return err
	}
	l := Link{
		ID: uuid.Must(uuid.NewV7()), PersonID: acc.PersonID, AccountID: acc.ID, AttemptID: a.ID, Address: p.address.Address, AddressKey: p.address.AddressKey,
		Epoch: e.SessionEpoch, SecurityEpoch: e.SecurityEpoch, CreatedAt: s.DB.Now(),
	}
	if err := insert(ctx, &l); err != nil {
		return wrap("store link", err)
	}
	mail.RefID = &l.ID
	if err := s.Messages.Send(ctx, mail); err != nil {
		return err
	}
	return audit.Record(ctx, audit.Event{
		Action: "magiclink.mailed", Subject: audit.Subject{Kind: "person", ID: l.PersonID},
		Detail: map[string]any{"link": l.ID.String(), "attempt": a.ID.String(), "moved": mail.Kind == kindMoved},
	})
}

// mailFor is in the person's language, else in the page's on which was asked.
func mailFor(p party, a attempt.Attempt, at time.Time) message.New {
	n := message.New{
		Kind: kindLink, PersonID: p.o.Person.ID, To: p.address.Address, Language: p.o.Person.Language,
		Args: map[string]string{message.ArgAt: at.Format(time.RFC3339)},
	}
	if n.Language == "" {
		n.Language = a.Asker.Language
	}
	maps.Copy(n.Args, message.Facts(a.Asker.UserAgent, a.Asker.Network))
	return n
}
