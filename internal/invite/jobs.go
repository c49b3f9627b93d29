package invite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// imported is the event that people came in; who sends it names the fields.
type imported struct {
	Import uuid.UUID   `json:"import"`
	People []uuid.UUID `json:"people"`
}

// Kinds are the events that this package reacts to.
func (s *Service) Kinds() []outbox.Kind {
	return []outbox.Kind{
		{Name: "import.committed", Fleeting: true, Handle: s.onImported},
		{Name: "people.hired", Fleeting: true, Handle: s.onImported},
		{Name: people.AddressChanged, Fleeting: true, Handle: s.onMoved},
	}
}

func (s *Service) onImported(ctx context.Context, row outbox.Row) error {
	var args imported
	if err := row.Into(&args); err != nil {
		return err
	}
	_, err := s.EnsureFor(ctx, args.People)
	return err
}

func (s *Service) onMoved(ctx context.Context, row outbox.Row) error {
	var args people.Moved
	if err := row.Into(&args); err != nil {
		return err
	}
	return s.Rotate(ctx, args.Person)
}

// Rotate lets an invitation follow its person to a new address: the old link
// dies, the old address is told. Whoever has an account keeps signing in with
// the address that is proven, and that one is told. Nothing happens when the
// address is the same.
func (s *Service) Rotate(ctx context.Context, personID uuid.UUID) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		found, err := s.candidates(ctx, []uuid.UUID{personID}, s.today(tenant.MustFrom(ctx)))
		if err != nil {
			return err
		}
		c, there := found[personID]
		switch {
		case !there:
			return nil
		case c.HasAccount:
			return s.tellAccount(ctx, c)
		}
		i, err := pendingOf(ctx, personID)
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		if _, key, _ := c.address(); err != nil || key == i.AddressKey && (key != "" || i.LetterAt == nil || c.Name == i.Name) {
			return err
		}
		return s.moveTo(ctx, i, c, s.follow(ctx, i, c))
	})
	return wrap("rotate invitation", err)
}

// follow is when an invitation goes out to its new address: at once when it had
// gone out, else as it was planned.
func (s *Service) follow(ctx context.Context, i Invitation, c candidate) *time.Time {
	t, now := tenant.MustFrom(ctx), s.DB.Now()
	_, key, _ := c.address()
	switch {
	case key == "" || c.FirstDay == "":
		return nil
	case i.AddressKey == "":
		return dueAt(t.Invitation, c.FirstDay, t.Zone, now)
	case i.DueAt != nil && !i.DueAt.After(now):
		return &now
	}
	return i.DueAt
}

// moveTo gives a pending invitation the person's address of today, and a mail
// when it is due some day.
func (s *Service) moveTo(ctx context.Context, i Invitation, c candidate, due *time.Time) error {
	left, err := message.Left(ctx, []uuid.UUID{i.ID})
	if err != nil {
		return err
	}
	if err := s.Messages.Withdraw(ctx, []uuid.UUID{i.ID}); err != nil {
		return err
	}
	old := i
	i.reach(c)
	i.DueAt = due
	if err := move(ctx, i); err != nil {
		return fmt.Errorf("move invitation: %w", err)
	}
	if i.DueAt != nil {
		if err := s.send(ctx, []message.New{s.mailOf(ctx, i, c, outbox.Normal, *i.DueAt, left[i.ID])}); err != nil {
			return err
		}
	}
	if left[i.ID] && old.AddressKey != "" && i.DueAt != nil {
		n := message.New{Kind: message.AddressChanged, PersonID: i.PersonID, To: old.Address, Language: c.Language}
		if old.AddressKind == byPhone {
			n.Kind = message.NumberChanged
		}
		if err := s.Messages.Send(ctx, n); err != nil {
			return err
		}
	}
	return audit.Record(ctx, about("invite.moved", i))
}

// tellAccount tells the proven addresses that HR now has another one.
func (s *Service) tellAccount(ctx context.Context, c candidate) error {
	a, err := account.ByPerson(ctx, c.PersonID)
	if err != nil {
		return err
	}
	known, err := account.Identifiers(ctx, a.ID)
	if err != nil {
		return err
	}
	if err := s.tellPhone(ctx, a.ID, c); err != nil {
		return err
	}
	_, key, kind := c.mail()
	if kind == "" || slices.ContainsFunc(known, func(i account.Identifier) bool { return i.AddressKey == key }) {
		return nil
	}
	return s.Notices.ContactChanged(ctx, a.ID)
}

// tellPhone tells the proven phone of who signs in with a number that HR now has
// another one. The proven one stays: nothing is sent to a number that its owner
// has not shown to hold.
func (s *Service) tellPhone(ctx context.Context, account uuid.UUID, c candidate) error {
	proven, err := provenPhone(ctx, account)
	if err != nil || proven == "" || c.Texted == proven || !s.Texts {
		return err
	}
	return s.Messages.Send(ctx, message.New{Kind: message.NumberChanged, PersonID: c.PersonID, To: proven, Language: c.Language})
}
