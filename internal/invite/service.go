package invite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/limit"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/password"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// Limiter bounds tries; limit.Limiter is one.
type Limiter interface {
	Allow(ctx context.Context, r limit.Rule, key string) error
}

// Notices writes security mail to the owner of an account, in the open
// transaction.
type Notices interface {
	ContactChanged(ctx context.Context, accountID uuid.UUID) error
}

// Config is what the service needs.
type Config struct {
	DB       *db.DB
	Box      *secret.Box
	Messages *message.Service
	Attempts *attempt.Service
	Pool     *password.Pool
	Limits   Limiter
	Throttle *throttle.Service
	Notices  Notices
	Portal   func(*tenant.Tenant) string // origin of a tenant's portal, for links
	Texts    bool                        // the installation has a carrier of text messages
}

// Service invites; it is safe for many goroutines.
type Service struct{ Config }

// NewService makes the service and tells the messages its kinds of mail.
func NewService(c Config) *Service {
	s := &Service{Config: c}
	for _, name := range []string{kindInvite, kindAgain, kindPrepare} {
		c.Messages.Register(message.Kind{Name: name, Lane: outbox.Normal, PrepareAll: s.prepare})
	}
	c.Messages.Register(message.Kind{Name: kindText, Lane: outbox.Normal, Text: s.text})
	return s
}

// EnsureFor invites those of the persons who have neither an account nor a
// pending invitation and whose employment has not ended, and gives how many it
// invited. When the mail goes out is the policy's word. It joins the open
// transaction, if any.
func (s *Service) EnsureFor(ctx context.Context, persons []uuid.UUID) (n int, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		t := tenant.MustFrom(ctx)
		found, err := s.candidates(ctx, persons, s.today(t))
		if err != nil {
			return err
		}
		rows := make([]Invitation, 0, len(found))
		for _, id := range persons {
			if c, there := found[id]; there && !c.HasAccount && c.FirstDay != "" {
				rows = append(rows, s.fresh(c, t))
			}
		}
		n, err = s.add(ctx, rows, found, outbox.Bulk)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("invite: %w", err)
	}
	return n, nil
}

func (s *Service) today(t *tenant.Tenant) people.Date { return people.DateOf(s.DB.Now(), t.Zone) }

// fresh is a new invitation by the policy.
func (s *Service) fresh(c candidate, t *tenant.Tenant) Invitation {
	now := s.DB.Now()
	i := Invitation{ID: uuid.Must(uuid.NewV7()), PersonID: c.PersonID, State: pending, CreatedAt: now, UpdatedAt: now}
	i.reach(c)
	if i.AddressKey != "" {
		i.DueAt = dueAt(t.Invitation, c.FirstDay, t.Zone, now)
	}
	return i
}

// add stores invitations and the mails of those that are due some day.
func (s *Service) add(ctx context.Context, rows []Invitation, of map[uuid.UUID]candidate, lane outbox.Lane) (int, error) {
	added, err := insert(ctx, rows)
	if err != nil || len(added) == 0 {
		return 0, err
	}
	var mails []message.New
	for _, i := range rows {
		if added[i.ID] && i.DueAt != nil {
			mails = append(mails, s.mailOf(ctx, i, of[i.PersonID], lane, *i.DueAt, false))
		}
	}
	if err := s.send(ctx, mails); err != nil {
		return 0, err
	}
	return len(added), audit.Record(ctx, audit.Event{Action: "invite.created", Detail: map[string]any{"count": len(added), "mails": len(mails)}})
}

// mailOf is the mail of an invitation; one whose link went out before says so,
// and one before the switch asks for less.
func (s *Service) mailOf(ctx context.Context, i Invitation, c candidate, lane outbox.Lane, due time.Time, again bool) message.New {
	n := message.New{Kind: kindInvite, PersonID: i.PersonID, To: i.Address, Language: c.Language, RefID: &i.ID, Lane: lane, DueAt: due}
	switch at := s.DB.Now(); {
	case i.AddressKind == byPhone:
		n.Kind = kindText
	case tenant.MustFrom(ctx).Invitation.Preparing(later(at, due)):
		n.Kind = kindPrepare
	case again:
		n.Kind = kindAgain
	}
	return n
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Resend sends a person the invitation, or a first one; the old link dies at
// once. Conflict faults: invite.too_soon within a minute of the last mail,
// invite.has_account, invite.ended, invite.no_address, invite.no_way.
func (s *Service) Resend(ctx context.Context, personID uuid.UUID) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := s.sendable(ctx, personID)
		if err != nil {
			return err
		}
		i, err := pendingOf(ctx, personID)
		if errors.Is(err, db.ErrNotFound) {
			return s.first(ctx, c)
		}
		if err != nil {
			return err
		}
		if _, key, _ := c.address(); key != i.AddressKey {
			now := s.DB.Now()
			return s.moveTo(ctx, i, c, &now)
		}
		return s.again(ctx, []Invitation{i}, map[uuid.UUID]candidate{personID: c}, outbox.Normal)
	})
	if errors.Is(err, errRaced) {
		return errTooSoon()
	}
	return wrap("send invitation", err)
}

// sendable is the person as sending needs it, or why nothing may be sent.
func (s *Service) sendable(ctx context.Context, personID uuid.UUID) (candidate, error) {
	found, err := s.candidates(ctx, []uuid.UUID{personID}, s.today(tenant.MustFrom(ctx)))
	if err != nil {
		return candidate{}, err
	}
	c, there := found[personID]
	_, key, _ := c.address()
	switch {
	case !there:
		return c, db.ErrNotFound
	case c.HasAccount:
		return c, errAccount()
	case c.FirstDay == "":
		return c, errEnded()
	case key == "" && tenant.MustFrom(ctx).Invitation.Letters():
		return c, errNoWay()
	case key == "":
		return c, errNowhere()
	}
	return c, nil
}

// first invites a person by hand, whatever the policy says.
func (s *Service) first(ctx context.Context, c candidate) error {
	i := s.fresh(c, tenant.MustFrom(ctx))
	now := s.DB.Now()
	i.DueAt = &now
	n, err := s.add(ctx, []Invitation{i}, map[uuid.UUID]candidate{c.PersonID: c}, outbox.Normal)
	if err == nil && n == 0 {
		return errTooSoon()
	}
	return err
}

// errRaced says that somebody else sent one of the invitations a moment ago.
var errRaced = errors.New("invite: sent a moment ago")

// again rotates invitations and asks for their mails. Messages are locked
// before invitations, as the delivery does.
func (s *Service) again(ctx context.Context, list []Invitation, of map[uuid.UUID]candidate, lane outbox.Lane) error {
	ids := make([]uuid.UUID, len(list))
	for n, i := range list {
		ids[n] = i.ID
	}
	left, err := message.Left(ctx, ids)
	if err != nil {
		return err
	}
	if err := s.Messages.Withdraw(ctx, ids); err != nil {
		return err
	}
	taken, err := reset(ctx, ids)
	if err != nil {
		return err
	}
	if len(taken) != len(ids) {
		return errRaced
	}
	mails, events := make([]message.New, len(list)), make([]audit.Event, len(list))
	for n, i := range list {
		mails[n] = s.mailOf(ctx, i, of[i.PersonID], lane, time.Time{}, left[i.ID])
		events[n] = about("invite.resent", i)
	}
	if err := s.send(ctx, mails); err != nil {
		return err
	}
	return audit.Record(ctx, events...)
}

func about(action string, i Invitation) audit.Event {
	return audit.Event{Action: action, Subject: audit.Subject{Kind: "person", ID: i.PersonID}, Detail: map[string]any{"invitation": i.ID.String()}}
}

// Revoke takes a person's invitation back; a Conflict fault "invite.nothing"
// when none is pending, db.ErrNotFound when there is no such person.
func (s *Service) Revoke(ctx context.Context, personID uuid.UUID) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		i, err := pendingOf(ctx, personID)
		if err != nil {
			return err
		}
		if err := s.Messages.Withdraw(ctx, []uuid.UUID{i.ID}); err != nil {
			return err
		}
		if err := revoke(ctx, i.ID); err != nil {
			return err
		}
		return audit.Record(ctx, about("invite.revoked", i))
	})
	if errors.Is(err, db.ErrNotFound) {
		return s.nothing(ctx, personID)
	}
	return wrap("revoke invitation", err)
}

// nothing tells somebody without an open invitation from somebody who is not
// here at all.
func (s *Service) nothing(ctx context.Context, personID uuid.UUID) error {
	err := s.DB.Read(ctx, func(ctx context.Context) error { _, err := people.ByID(ctx, personID); return err })
	if err != nil {
		return wrap("find person", err)
	}
	return errNothing()
}

// StatesOf gives where persons' newest invitations stand; those never invited
// are left out.
func (s *Service) StatesOf(ctx context.Context, persons []uuid.UUID) (found map[uuid.UUID]Status, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { found, err = statuses(ctx, persons); return err })
	return found, err
}

// Counts tells how many persons' newest invitations are in each state.
func (s *Service) Counts(ctx context.Context) (all map[State]int, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { all, err = counts(ctx); return err })
	return all, err
}

// InState gives persons whose invitation is in a state, by id, after a cursor;
// at most limit.
func (s *Service) InState(ctx context.Context, state State, after uuid.UUID, limit int) (persons []uuid.UUID, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { persons, err = inState(ctx, state, after, limit); return err })
	return persons, err
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
