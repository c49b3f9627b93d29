package reset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/password"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Look is what the holder of a working link may see.
type Look struct {
	Reset     Reset
	Person    people.Person
	Mandatory bool             // a second factor will be demanded
	Context   password.Context // what the password must not be
}

// Look finds the wish of a link and changes nothing. Faults: Expired
// "reset.expired" (Args When), "reset.replaced" and "reset.unknown", Conflict
// "reset.used".
func (s *Service) Look(ctx context.Context, token string) (l Look, err error) {
	hash := secret.HashToken(token)
	if hash == nil {
		return l, errUnknown()
	}
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		f, err := byToken(ctx, hash)
		if err != nil {
			return err
		}
		if err := s.works(f); err != nil {
			return err
		}
		l.Reset = f.Reset
		return s.describe(ctx, &l)
	})
	if errors.Is(err, db.ErrNotFound) {
		return Look{}, errUnknown()
	}
	if err != nil {
		return Look{}, fmt.Errorf("look at the link: %w", err)
	}
	return l, nil
}

func (s *Service) works(f found) error {
	switch {
	case f.UsedAt != nil:
		return errUsed()
	case !f.stands():
		return errReplaced()
	case f.expired(s.DB.Now()):
		return errExpired(f)
	}
	return nil
}

// describe adds the person, and refuses one who has nothing left to sign in to.
func (s *Service) describe(ctx context.Context, l *Look) error {
	t, now := tenant.MustFrom(ctx), s.DB.Now()
	o, err := people.View(ctx, l.Reset.PersonID, now, t)
	if err != nil {
		return err
	}
	list, err := account.Names(ctx, *l.Reset.AccountID)
	if err != nil {
		return err
	}
	own := slices.ContainsFunc(list, func(i account.Identifier) bool { return i.AddressKey == l.Reset.AddressKey && o.Holds(i) })
	if s.hostOf(o, t) == "" || !own {
		return errUnknown()
	}
	subject, _, err := people.SubjectOf(ctx, l.Reset.PersonID, now, t)
	if err != nil {
		return err
	}
	l.Person, l.Mandatory, l.Context = o.Person, t.Mfa.For(subject, now).Mandatory, contextOf(o, l.Reset.Address, t)
	return nil
}

// contextOf is what a stranger could guess the password from.
func contextOf(o people.Overview, address string, t *tenant.Tenant) password.Context {
	local, _, _ := strings.Cut(address, "@")
	c := password.Context{TenantNames: []string{t.Name, t.Slug}, PersonWords: []string{o.Person.GivenName, o.Person.FamilyName, o.Person.Name(), local}}
	for _, e := range t.LegalEmployers {
		c.TenantNames = append(c.TenantNames, e.Name)
	}
	for _, j := range o.Jobs {
		c.PersonWords = append(c.PersonWords, j.EmployeeNumber, j.JobTitle, j.Unit.Name)
	}
	return c
}

// ChooseForm is the password form with what came beside it.
type ChooseForm struct {
	Token     string
	Password  string
	Confirm   string
	Host      string // of the request, for the attempt
	Network   string
	UserAgent string
}

// Choose uses a link by its password: every other link and every session of the
// account ends, and so does what is being set up; failed sign-ins are forgotten,
// the owner is told at each address.
// It signs nobody in: the cookie is that of a sign-in with the address filled
// in, where the second factor is asked for as ever. Faults: those of Look;
// Invalid with Fields password or password_confirm; TooMany; Unavailable.
func (s *Service) Choose(ctx context.Context, f ChooseForm) (cookie string, err error) {
	if err := s.Limiter.Allow(ctx, s.Limits.Choose, f.Network); err != nil {
		return "", err
	}
	t := tenant.MustFrom(ctx)
	l, err := s.Look(ctx, f.Token)
	if err != nil {
		return "", err
	}
	if err := check(f, l, t); err != nil {
		return "", err
	}
	hash, err := s.Pool.Hash(ctx, t.ID, f.Password)
	if err != nil {
		return "", err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		cookie, err = s.consume(as(ctx, f, l.Reset), f, l.Reset, hash)
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return "", s.late(ctx, f.Token)
	}
	if err != nil {
		return "", fmt.Errorf("choose a new password: %w", err)
	}
	return cookie, nil
}

// check refuses what cannot be the password.
func check(f ChooseForm, l Look, t *tenant.Tenant) error {
	if f.Password == "" {
		return errEmpty()
	}
	if err := password.Refuse("password", password.Check(t.Password, l.Mandatory, l.Context, f.Password)); err != nil {
		return err
	}
	if f.Password != f.Confirm {
		return errMismatch()
	}
	return nil
}

// as is the context in which the holder of the link acts.
func as(ctx context.Context, f ChooseForm, r Reset) context.Context {
	who := authz.From(ctx)
	if f.Network != "" {
		who.Network, who.UserAgent = f.Network, f.UserAgent
	}
	who.Kind, who.AccountID, who.PersonID = authz.Person, *r.AccountID, r.PersonID
	return authz.With(ctx, who)
}

// consume is the one transaction of a new password.
func (s *Service) consume(ctx context.Context, f ChooseForm, r Reset, hash string) (string, error) {
	id := *r.AccountID
	if err := lockAccount(ctx, s.DB.Postgres(), id); err != nil {
		return "", err
	}
	if err := use(ctx, r.ID, r.TokenHash); err != nil {
		return "", err
	}
	if err := account.SetPassword(ctx, id, hash); err != nil {
		return "", err
	}
	if err := s.Sessions.EndAll(ctx, id, uuid.Nil); err != nil {
		return "", err
	}
	if err := s.chosen(ctx, r, id); err != nil {
		return "", err
	}
	if err := errors.Join(s.Counters.Lift(ctx, id), s.Enrolments.Abandon(ctx, id)); err != nil {
		return "", err
	}
	if err := s.Notices.PasswordChanged(ctx, id); err != nil {
		return "", err
	}
	if err := audit.Record(ctx, audit.Event{
		Action: "reset.completed", Subject: audit.Subject{Kind: "person", ID: r.PersonID}, Detail: map[string]any{"reset": r.ID.String(), "cause": string(r.Cause)},
	}); err != nil {
		return "", err
	}
	cookie, _, err := s.Attempts.Start(ctx, attempt.New{Purpose: attempt.Signin, Address: r.Address, AddressKey: r.AddressKey, Host: f.Host})
	return cookie, err
}

// chosen tells the phone of a password that was chosen with a letter, and counts
// one that was chosen by mail as the owner's first step back into a frozen account:
// neither a phone nor a letter of HR's is that.
func (s *Service) chosen(ctx context.Context, r Reset, id uuid.UUID) error {
	if r.Channel == byMail {
		return account.ChoseByMail(ctx, id)
	}
	to, err := account.PhoneOf(ctx, id)
	if err != nil || to == "" || r.Channel == byText || !s.Texts {
		return err
	}
	who, err := people.ByID(ctx, r.PersonID)
	if err != nil {
		return err
	}
	return s.Messages.Send(ctx, message.New{Kind: message.PasswordByText, PersonID: r.PersonID, To: to, Language: who.Language})
}

// late says what became of a link while the password was hashed.
func (s *Service) late(ctx context.Context, token string) error {
	if _, err := s.Look(ctx, token); err != nil {
		return err
	}
	return fault.New(fault.Unavailable, "http.unavailable").After(time.Second)
}

// Done tells whether a link was used just now, for the page that says so.
func (s *Service) Done(ctx context.Context, token string) (done bool, err error) {
	hash := secret.HashToken(token)
	if hash == nil {
		return false, nil
	}
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		f, err := byToken(ctx, hash)
		done = err == nil && f.UsedAt != nil && s.DB.Now().Sub(*f.UsedAt) < doneFor
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	return done, wrap("look at the used link", err)
}
