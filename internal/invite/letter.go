package invite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Letter is an invitation on paper, as its maker gets it, once: only the hash of
// the code is kept.
type Letter struct {
	Person people.Person
	Name   string // to sign in with
	Code   string
	Made   time.Time
	Until  time.Time
}

// LetterPlan is what making a letter would do.
type LetterPlan struct {
	Person people.Person
	Name   string
	Made   int        // letters before
	Living *time.Time // when one was made that still works; nil for none
	Until  *time.Time // of the living one
	Sent   bool       // a text message is out, whose link dies
}

// The refusals of letters.
func errNoLetters() error  { return fault.New(fault.Forbidden, "invite.letter.off") }
func errAbove() error      { return fault.New(fault.Forbidden, "invite.letter.above") }
func errMailed() error     { return fault.New(fault.Conflict, "invite.letter.mailed") }
func errNumberless() error { return fault.New(fault.Conflict, "invite.letter.number") }
func errMade(at time.Time) error {
	return fault.New(fault.Conflict, "invite.letter.made", "When", at)
}

// PlanLetter tells what MakeLetter would do, and changes nothing. Errors are its
// own, but for the one of two at once.
func (s *Service) PlanLetter(ctx context.Context, person uuid.UUID) (p LetterPlan, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		c, err := s.lettered(ctx, person)
		if p.Person, p.Name = c.who, c.Name; err != nil {
			return err
		}
		i, err := pendingOf(ctx, person)
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		p.Made = i.Letters
		if i.LetterAt != nil && !i.expired(s.DB.Now()) {
			p.Living, p.Until = i.LetterAt, i.ExpiresAt
		}
		p.Sent = i.LetterAt == nil && i.TokenHash != nil
		return err
	})
	return p, wrap("plan a letter", err)
}

// MakeLetter makes an invitation's code for a letter that HR hands over, and has
// it set; whatever was sent or printed before works no longer. made is how many
// letters the maker has seen: of two at once one is made, and the other is told.
// The person's phone, if there is one, is told.
//
// db.ErrNotFound; Forbidden "invite.letter.off", "invite.letter.above"; Conflict
// "invite.has_account", "invite.ended", "invite.letter.mailed",
// "invite.letter.number", "invite.letter.made" (Args When).
func (s *Service) MakeLetter(ctx context.Context, person uuid.UUID, made int, set func(Letter) ([]byte, error)) (page []byte, err error) {
	refused := error(nil)
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := s.lettered(ctx, person)
		if refused = err; fault.KindOf(err) == fault.Forbidden {
			return noted(ctx, "invite.letter_refused", person) // written down, and nothing else
		}
		if err != nil {
			return err
		}
		page, err = s.makeLetter(ctx, c, made, set)
		return err
	})
	if err == nil {
		err = refused
	}
	return page, wrap("make a letter", err)
}

// addressee is a candidate for a letter.
type addressee struct {
	candidate

	who people.Person
}

// lettered is the person as a letter needs them, or why there is none.
func (s *Service) lettered(ctx context.Context, person uuid.UUID) (a addressee, err error) {
	t := tenant.MustFrom(ctx)
	found, err := s.candidates(ctx, []uuid.UUID{person}, s.today(t))
	if err != nil {
		return a, err
	}
	c, there := found[person]
	if !there {
		return a, db.ErrNotFound
	}
	a.candidate = c
	if a.who, err = people.ByID(ctx, person); err != nil {
		return a, err
	}
	above, err := outranks(ctx, person)
	_, _, kind := c.mail()
	switch {
	case err != nil:
		return a, err
	case !t.Invitation.Letters():
		return a, errNoLetters()
	case above:
		return a, errAbove()
	case c.HasAccount:
		return a, errAccount()
	case c.FirstDay == "":
		return a, errEnded()
	case kind != "":
		return a, errMailed()
	case c.Name == "":
		return a, errNumberless()
	}
	return a, nil
}

// outranks tells whether a person has a role that the actor may not give.
func outranks(ctx context.Context, person uuid.UUID) (bool, error) {
	roles, err := people.Granted(ctx, person)
	return slices.ContainsFunc(roles, func(role string) bool { return !people.MayGrant(authz.From(ctx), role) }), err
}

func (s *Service) makeLetter(ctx context.Context, c addressee, made int, set func(Letter) ([]byte, error)) ([]byte, error) {
	t := tenant.MustFrom(ctx)
	i, err := pendingOf(ctx, c.PersonID)
	if errors.Is(err, db.ErrNotFound) {
		i = s.fresh(c.candidate, t)
		i.DueAt = nil // on paper, not by any channel
		_, err = s.add(ctx, []Invitation{i}, nil, outbox.Normal)
	}
	if err != nil {
		return nil, err
	}
	if err := s.Messages.Withdraw(ctx, []uuid.UUID{i.ID}); err != nil {
		return nil, err
	}
	i.reach(c.candidate)
	m, p, err := s.mint(t.ID, i.ID, true)
	if err != nil {
		return nil, err
	}
	l := Letter{Person: c.who, Name: i.Name, Code: p.Code, Made: s.DB.Now(), Until: s.DB.Now().Add(t.Invitation.LetterLife)}
	err = printed(ctx, i, m, made, l.Until)
	if errors.Is(err, db.ErrNotFound) {
		return nil, s.overtaken(ctx, c.PersonID)
	}
	if err != nil {
		return nil, err
	}
	if c.Texted != "" {
		if err := s.Messages.Send(ctx, message.New{Kind: message.LetterMade, PersonID: c.PersonID, To: c.Texted, Language: c.Language}); err != nil {
			return nil, err
		}
	}
	if err := audit.Record(ctx, about("invite.letter_made", i)); err != nil {
		return nil, err
	}
	return set(l)
}

// overtaken says when the letter was made that came first.
func (s *Service) overtaken(ctx context.Context, person uuid.UUID) error {
	i, err := pendingOf(ctx, person)
	if err != nil || i.LetterAt == nil {
		return errMade(s.DB.Now())
	}
	return errMade(*i.LetterAt)
}

func noted(ctx context.Context, action string, person uuid.UUID) error {
	err := audit.Record(ctx, audit.Event{Action: action, Subject: audit.Subject{Kind: "person", ID: person}})
	if err != nil {
		return fmt.Errorf("note refusal: %w", err)
	}
	return nil
}
