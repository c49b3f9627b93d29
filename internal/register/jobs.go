package register

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// Kinds are the events that this package reacts to.
func (s *Service) Kinds() []outbox.Kind {
	return []outbox.Kind{{Name: kindRequested, Handle: s.onRequested}}
}

// onRequested looks up, out of the asker's sight, whether the address signs
// somebody in: then the mail says so; every other address gets a code.
func (s *Service) onRequested(ctx context.Context, row outbox.Row) error {
	var args requested
	if err := row.Into(&args); err != nil {
		return err
	}
	a, err := s.Attempts.ByID(ctx, args.Attempt)
	if errors.Is(err, db.ErrNotFound) || (err == nil && a.AddressKey == "") {
		return nil
	}
	if err != nil {
		return err
	}
	t, now := tenant.MustFrom(ctx), s.DB.Now()
	r := Registration{ID: uuid.Must(uuid.NewV7()), AttemptID: a.ID, AddressHash: s.subject(t.ID, a), CreatedAt: now}
	wanted, err := s.room(ctx, r)
	if err != nil || !wanted {
		return err
	}
	mail := mailFor(a, row.CreatedAt)
	owner, err := s.owner(ctx, a.AddressKey)
	if err != nil {
		return err
	}
	if owner.ID != uuid.Nil {
		r.Known, mail.Kind, mail.PersonID = true, kindKnown, owner.PersonID
	}
	if err := insert(ctx, &r); err != nil {
		return wrap("store registration", err)
	}
	mail.RefID = &r.ID
	if err := s.Messages.Send(ctx, mail); err != nil {
		return err
	}
	return audit.Record(ctx, audit.Event{
		Action: "register.mailed", Subject: audit.Subject{Kind: "attempt", ID: a.ID}, Detail: map[string]any{"registration": r.ID.String(), "known": r.Known},
	})
}

// room tells whether an address may get one more mail: one a minute, five an
// hour, ten a day, and none while too many wrong codes were typed for it.
func (s *Service) room(ctx context.Context, r Registration) (bool, error) {
	spent, err := s.Quotas.Spent(ctx, throttle.MailCodes(), r.AddressHash)
	if err != nil || spent {
		return false, err
	}
	list, err := times(ctx, r.AddressHash, r.CreatedAt.Add(-24*time.Hour))
	if err != nil {
		return false, wrap("count mails", err)
	}
	since := func(d time.Duration) (n int) {
		for _, at := range list {
			if r.CreatedAt.Sub(at) < d {
				n++
			}
		}
		return n
	}
	return len(list) < aDay && since(time.Hour) < anHour && since(gap) == 0, nil
}

// owner is the active account that an address signs in; the zero value for none.
func (s *Service) owner(ctx context.Context, key string) (account.Account, error) {
	acc, err := account.ByAddress(ctx, key)
	if errors.Is(err, db.ErrNotFound) || (err == nil && acc.Status != account.Active) {
		return account.Account{}, nil
	}
	if err != nil {
		return acc, err
	}
	o, err := people.View(ctx, acc.PersonID, s.DB.Now(), tenant.MustFrom(ctx))
	if err != nil {
		return account.Account{}, err
	}
	list, err := account.Identifiers(ctx, acc.ID)
	for _, i := range list {
		if i.AddressKey == key && o.Holds(i) {
			return acc, err
		}
	}
	return account.Account{}, err
}

// mailFor is in the page's language on which was asked: of a stranger nothing
// else is known, and both mails look alike from outside.
func mailFor(a attempt.Attempt, at time.Time) message.New {
	n := message.New{Kind: kindCode, To: a.Address, Language: a.Asker.Language, Args: map[string]string{message.ArgAt: at.Format(time.RFC3339)}}
	maps.Copy(n.Args, message.Facts(a.Asker.UserAgent, a.Asker.Network))
	return n
}
