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
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// letterTries are the wrong codes of one letter, as of an invitation.
const letterTries = 10

// Letter is a way to a new password on paper, as its maker gets it, once: only the
// hash of the code is kept.
type Letter struct {
	Person people.Person
	Name   string // that signs the person in
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
}

// The refusals of letters.
func errNoLetters() error { return fault.New(fault.Forbidden, "reset.letter.off") }
func errAbove() error     { return fault.New(fault.Forbidden, "reset.letter.above") }
func errSelf() error      { return fault.New(fault.Forbidden, "reset.letter.self") }
func errNotIn() error     { return fault.New(fault.Conflict, "reset.letter.not_in") }
func errMailed() error    { return fault.New(fault.Conflict, "reset.letter.mailed") }
func errRecovery() error  { return fault.New(fault.Conflict, "reset.letter.recovery") }
func errNoMatch() error   { return fault.New(fault.Invalid, "reset.letter.wrong") }
func errMade(at time.Time) error {
	return fault.New(fault.Conflict, "reset.letter.made", "When", at)
}

// PlanLetter tells what MakeLetter would do, and changes nothing. Errors are its
// own, but for those of time.
func (s *Service) PlanLetter(ctx context.Context, person uuid.UUID) (l LetterPlan, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		p, err := s.lettered(ctx, person)
		if l.Person, l.Name = p.o.Person, p.identifier.Address; err != nil {
			return err
		}
		old, err := letters(ctx, p.account.ID)
		if l.Made = len(old); len(old) > 0 && old[0].UsedAt == nil && s.DB.Now().Before(*old[0].ExpiresAt) {
			l.Living, l.Until = old[0].SentAt, old[0].ExpiresAt
		}
		return err
	})
	return l, wrap("plan a letter", err)
}

// MakeLetter makes a code with which somebody without an e-mail address chooses a
// new password, and has the letter set that HR hands over; any letter before
// works no longer. It gives what a mail would give and no more: the factor on
// file is asked for as ever. made is how many letters the maker has seen: of two
// at once one is made. Every phone of the account is told.
//
// db.ErrNotFound; Forbidden "reset.letter.off", "reset.letter.self",
// "reset.letter.above"; Conflict "reset.letter.not_in", "reset.letter.mailed",
// "reset.letter.recovery", "reset.ended", "reset.closed", "reset.letter.made"
// (Args When); TooMany "reset.often".
func (s *Service) MakeLetter(ctx context.Context, person uuid.UUID, made int, set func(Letter) ([]byte, error)) (page []byte, err error) {
	refused := error(nil)
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := lockPerson(ctx, s.DB.Postgres(), person); err != nil {
			return err
		}
		p, err := s.lettered(ctx, person)
		if refused = err; fault.KindOf(err) == fault.Forbidden {
			return audit.Record(ctx, audit.Event{Action: "reset.letter_refused", Subject: audit.Subject{Kind: "person", ID: person}})
		}
		if err != nil {
			return err
		}
		page, err = s.makeLetter(ctx, p, made, set)
		return err
	})
	if err == nil {
		err = refused
	}
	return page, wrap("make a letter", err)
}

// lettered is the plan for a letter, or why there is none.
func (s *Service) lettered(ctx context.Context, person uuid.UUID) (p plan, err error) {
	t := tenant.MustFrom(ctx)
	if p.o, err = people.View(ctx, person, s.DB.Now(), t); err != nil {
		return p, err
	}
	roles, err := people.Granted(ctx, person)
	if err != nil {
		return p, err
	}
	a := authz.From(ctx)
	above := slices.ContainsFunc(roles, func(role string) bool { return !people.MayGrant(a, role) })
	switch {
	case !t.Invitation.Letters():
		return p, errNoLetters()
	case a.PersonID == person:
		return p, errSelf()
	case above:
		return p, errAbove()
	case s.hostOf(p.o, t) == "":
		return p, errEnded()
	}
	p.account, err = account.ByPerson(ctx, person)
	if errors.Is(err, db.ErrNotFound) {
		return p, errNotIn()
	}
	if err != nil {
		return p, err
	}
	return p, s.onPaper(ctx, &p)
}

// onPaper finds the number that a letter is for.
func (s *Service) onPaper(ctx context.Context, p *plan) error {
	if p.account.Status != account.Active {
		return errClosed()
	}
	names, err := account.Names(ctx, p.account.ID)
	if err != nil {
		return err
	}
	if len(names) != 1 || names[0].Kind != account.Number {
		return errMailed()
	}
	p.identifier, p.channel, p.to = names[0], byLetter, names[0].Phone
	n, err := recoveries(ctx, p.account.ID)
	if err == nil && n > 0 {
		err = errRecovery()
	}
	return err
}

func (s *Service) makeLetter(ctx context.Context, p plan, made int, set func(Letter) ([]byte, error)) ([]byte, error) {
	old, err := letters(ctx, p.account.ID)
	if err != nil {
		return nil, err
	}
	if len(old) != made {
		at := s.DB.Now()
		if len(old) > 0 {
			at = *old[0].SentAt
		}
		return nil, errMade(at)
	}
	list, err := times(ctx, p.o.Person.ID, false, s.DB.Now().Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	if len(list) >= aDay {
		return nil, errOften(list[aDay-1].Add(24 * time.Hour).Sub(s.DB.Now()))
	}
	if err := killLetters(ctx, p.account.ID); err != nil {
		return nil, err
	}
	r, code, err := s.printed(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := s.tellOfLetter(ctx, p, r); err != nil {
		return nil, err
	}
	return set(Letter{Person: p.o.Person, Name: r.Address, Code: code, Made: *r.SentAt, Until: *r.ExpiresAt})
}

// printed stores the wish of a letter. The code stays nowhere; the link, which
// nobody is given, opens the page once the code was typed.
func (s *Service) printed(ctx context.Context, p plan) (r Reset, code string, err error) {
	t, actor, now := tenant.MustFrom(ctx), authz.From(ctx), s.DB.Now()
	e, err := epochsOf(ctx, p.account.ID)
	if err != nil {
		return r, "", err
	}
	token, hash := secret.Token()
	code, until := secret.InviteCode(), now.Add(t.Invitation.LetterLife)
	r = Reset{
		ID: uuid.Must(uuid.NewV7()), PersonID: p.o.Person.ID, AccountID: &p.account.ID, Cause: causeOf(actor), Channel: byLetter,
		Address: p.identifier.Address, AddressKey: p.identifier.AddressKey, Epoch: e.SessionEpoch, SecurityEpoch: e.SecurityEpoch,
		TokenHash: hash, SentAt: &now, ExpiresAt: &until, CreatedAt: now,
	}
	r.CodeHash = s.letterHash(t.ID, r.AddressKey, code)
	if actor.PersonID != uuid.Nil {
		r.AskerID = &actor.PersonID
	}
	if r.Sealed, err = s.Box.Seal([]byte(token), place(t.ID, r.ID)...); err != nil {
		return r, "", fmt.Errorf("seal link: %w", err)
	}
	return r, code, insert(ctx, &r)
}

// tellOfLetter writes the letter down and tells every phone of the account.
func (s *Service) tellOfLetter(ctx context.Context, p plan, r Reset) error {
	var numbers []string
	if p.to != "" && s.Texts {
		numbers = append(numbers, p.to)
	}
	if err := s.Phones.TellPhones(ctx, p.account.ID, message.LetterMade, r.ID, numbers...); err != nil {
		return err
	}
	return audit.Record(ctx, audit.Event{
		Action: "reset.letter_made", Subject: audit.Subject{Kind: "person", ID: r.PersonID}, Detail: map[string]any{"reset": r.ID.String(), "as": string(r.Cause)},
	})
}

func (s *Service) letterHash(tenantID uuid.UUID, key, code string) []byte {
	return s.Box.Keyed("reset_letter", tenantID, key+" "+secret.NormaliseCode(code))
}

// ByLetter gives the link's token for an employee number and the code of its
// letter. The try is committed before it is judged; ten wrong ones end a letter.
// A number that nobody has, one without a letter and a wrong code are the same
// fault: Invalid "reset.letter.wrong". TooMany "limit.reached".
func (s *Service) ByLetter(ctx context.Context, typed, code, network string) (token string, err error) {
	t := tenant.MustFrom(ctx)
	if err := errors.Join(s.Limiter.Allow(ctx, s.Limits.Typed, network), s.Limiter.Allow(ctx, s.Limits.Codes, t.ID.String())); err != nil {
		return "", err
	}
	a, err := account.ParseName(typed, t.Invitation.Letters())
	if err != nil {
		a.Key = ""
	}
	var tried []Reset
	if err := s.DB.Tx(ctx, func(ctx context.Context) (err error) { tried, err = tryLetter(ctx, a.Key); return err }); err != nil {
		return "", fmt.Errorf("count the code: %w", err)
	}
	hash := s.letterHash(t.ID, a.Key, code)
	for _, r := range tried {
		if !secret.Equal(r.CodeHash, hash) {
			continue
		}
		if token, _, err = s.open(t.ID, r); err != nil {
			return "", err
		}
		return token, wrap("forgive code", s.DB.Tx(ctx, func(ctx context.Context) error { return forgiveLetter(ctx, r.ID) }))
	}
	return "", errNoMatch()
}
