package reset

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

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
	if errors.Is(err, db.ErrNotFound) || (err == nil && a.AddressKey == "") {
		return nil
	}
	if err != nil {
		return err
	}
	acc, err := account.ByAddress(ctx, a.AddressKey)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return s.Invitations.ResendTo(ctx, a.AddressKey)
	case err != nil:
		return err
	case acc.Status != account.Active:
		return nil
	}
	return s.answer(ctx, a, acc, row.CreatedAt)
}

// answer sends an account's owner the link or a code, to the address or the phone
// that was proven and nowhere else.
func (s *Service) answer(ctx context.Context, a attempt.Attempt, acc account.Account, at time.Time) error {
	if err := lockPerson(ctx, s.DB.Postgres(), acc.PersonID); err != nil {
		return fmt.Errorf("lock person: %w", err)
	}
	p, wanted, err := s.own(ctx, acc, a.AddressKey)
	if err != nil || !wanted {
		return err
	}
	now := s.DB.Now()
	list, err := times(ctx, acc.PersonID, true, now.Add(-time.Hour))
	if err != nil {
		return fmt.Errorf("count mails: %w", err)
	}
	if !room(list, now) {
		return nil
	}
	r := Reset{PersonID: acc.PersonID, Cause: Self}
	byCode, err := s.byCode(ctx, a, acc)
	if err != nil {
		return err
	}
	if byCode {
		r.AttemptID = &a.ID
	}
	if room, err := s.bounded(ctx, p, a.ID, networkOf(a)); err != nil || !room {
		return err
	}
	if err := s.put(ctx, &r, p, mailFor(p.o.Person, a, at)); err != nil {
		return err
	}
	return audit.Record(ctx, audit.Event{
		Action: "reset.mailed", Subject: audit.Subject{Kind: "person", ID: r.PersonID}, Detail: map[string]any{"reset": r.ID.String(), "attempt": a.ID.String()},
	})
}

// byCode tells whether the answer is a code: where the employer wants so, and not
// after too many wrong ones in a day, typed for the address or for the account.
func (s *Service) byCode(ctx context.Context, a attempt.Attempt, acc account.Account) (bool, error) {
	t := tenant.MustFrom(ctx)
	if t.Reset.Mode != tenant.ByCode {
		return false, nil
	}
	spent, err := s.Quotas.Spent(ctx, codeQuota(), s.subject(t.ID, a.Address, a.AddressKey))
	if err != nil || spent {
		return false, err
	}
	n, err := wrongCodes(ctx, acc.ID, s.DB.Now().Add(-24*time.Hour))
	return n < codeADay, err
}

// own is the plan for a person's own wish; not wanted for whoever has left, or
// asks at an address that is no longer theirs.
func (s *Service) own(ctx context.Context, acc account.Account, key string) (p plan, wanted bool, err error) {
	t := tenant.MustFrom(ctx)
	p.account = acc
	if p.o, err = people.View(ctx, acc.PersonID, s.DB.Now(), t); err != nil || s.hostOf(p.o, t) == "" {
		return p, false, err
	}
	names, err := account.Names(ctx, acc.ID)
	for _, i := range names {
		switch {
		case i.AddressKey != key:
		case i.Kind == account.Number:
			wanted, err = s.reachBy(ctx, &p, names)
			return p, wanted, err
		case p.o.Holds(i):
			p.identifier, p.channel, p.to, wanted = i, byMail, i.Address, true
		}
	}
	return p, wanted, err
}

// mailFor is in the person's language, else in the page's on which was asked.
func mailFor(p people.Person, a attempt.Attempt, at time.Time) message.New {
	n := message.New{Language: p.Language, Args: map[string]string{message.ArgAt: at.Format(time.RFC3339)}}
	if n.Language == "" {
		n.Language = a.Asker.Language
	}
	maps.Copy(n.Args, message.Facts(a.Asker.UserAgent, a.Asker.Network))
	return n
}

// room tells whether a person's own wish may bring one more mail, whatever the
// buckets of a process forgot.
func room(list []time.Time, now time.Time) bool {
	return len(list) < anHour && (len(list) == 0 || now.Sub(list[0]) >= gap)
}
