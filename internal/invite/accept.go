package invite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/limit"
	"tilgang/internal/password"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// The rates before a password is hashed: a whole shop's first day behind one
// network passes, a storm does not.
var (
	perNetwork = limit.Rule{Name: "invite.network", Rate: 60, Per: 10 * time.Minute, Burst: 60}
	perTenant  = limit.Rule{Name: "invite.tenant", Rate: 600, Per: time.Minute, Burst: 600}
)

// Look is what the holder of a living link may see.
type Look struct {
	Invitation Invitation
	Person     people.Person
	Mandatory  bool             // a second factor will be demanded
	Context    password.Context // what the password must not be
}

// Look finds the invitation of a link and changes nothing. Faults: Expired
// "invite.expired" (Args When) and "invite.unknown", Conflict "invite.used" and
// "invite.confirmed".
func (s *Service) Look(ctx context.Context, token string) (l Look, err error) {
	hash := secret.HashToken(token)
	if hash == nil {
		return l, errUnknown()
	}
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		if l.Invitation, err = byToken(ctx, hash); err != nil {
			return err
		}
		switch i := l.Invitation; {
		case i.State == accepted:
			return usedUp(ctx, i)
		case i.State != pending || i.ExpiresAt == nil:
			return errUnknown()
		case i.expired(s.DB.Now()):
			return errExpired(i)
		}
		return s.describe(ctx, &l)
	})
	if errors.Is(err, db.ErrNotFound) {
		return Look{}, errUnknown()
	}
	if err != nil {
		return Look{}, fmt.Errorf("look at invitation: %w", err)
	}
	return l, nil
}

// usedUp tells an address that was confirmed from a password that was chosen.
func usedUp(ctx context.Context, i Invitation) error {
	a, err := account.ByPerson(ctx, i.PersonID)
	if err == nil && a.PasswordHash == "" && !a.Anew() {
		return errConfirmed()
	}
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	return errUsed()
}

// describe adds the person, and refuses one who left so long ago that there is
// nothing to sign in to.
func (s *Service) describe(ctx context.Context, l *Look) error {
	t := tenant.MustFrom(ctx)
	o, err := people.View(ctx, l.Invitation.PersonID, s.DB.Now(), t)
	if err != nil {
		return err
	}
	subject, standing, err := people.SubjectOf(ctx, l.Invitation.PersonID, s.DB.Now(), t)
	if err != nil {
		return err
	}
	if standing == people.NoOne && len(o.Jobs) > 0 { // an administrator from outside never had an employment
		return errUnknown()
	}
	l.Person, l.Mandatory = o.Person, t.Mfa.For(subject, s.DB.Now()).Mandatory
	l.Context = contextOf(o, l.Invitation.Account(), t)
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

// AcceptForm is the password form with what came beside it.
type AcceptForm struct {
	Token    string
	Password string
	Confirm  string
	Host     string // of the request, for the attempt
	Network  string
}

// Accept consumes an invitation by its password: the account, with the address
// proven, and an attempt that goes on to the second factor. It gives the
// attempt's cookie. Faults: those of Look; Invalid with Fields password or
// password_confirm; Conflict "invite.address_taken"; TooMany; Unavailable.
func (s *Service) Accept(ctx context.Context, f AcceptForm) (cookie string, err error) {
	t := tenant.MustFrom(ctx)
	if err := errors.Join(s.Limits.Allow(ctx, perNetwork, f.Network), s.Limits.Allow(ctx, perTenant, t.ID.String())); err != nil {
		return "", err
	}
	l, err := s.Look(ctx, f.Token)
	if err != nil {
		return "", err
	}
	if err := s.check(ctx, f, l, t); err != nil {
		return "", err
	}
	hash, err := s.Pool.Hash(ctx, t.ID, f.Password)
	if err != nil {
		return "", err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) { cookie, err = s.consume(ctx, f, l.Invitation, hash); return err })
	switch {
	case errors.Is(err, db.ErrNotFound):
		return "", s.late(ctx, f.Token)
	case errors.Is(err, db.ErrDuplicate):
		return "", errTaken()
	case err != nil:
		return "", fmt.Errorf("accept invitation: %w", err)
	}
	return cookie, nil
}

// check notes that a form was sent, in a transaction of its own, and refuses
// what cannot be the password.
func (s *Service) check(ctx context.Context, f AcceptForm, l Look, t *tenant.Tenant) error {
	if f.Password == "" {
		return errEmpty()
	}
	if err := s.DB.Tx(ctx, func(ctx context.Context) error { return open(ctx, l.Invitation.ID) }); err != nil {
		return fmt.Errorf("note the opening: %w", err)
	}
	if err := password.Refuse("password", password.Check(t.Password, l.Mandatory, l.Context, f.Password)); err != nil {
		return err
	}
	if f.Password != f.Confirm {
		return errMismatch()
	}
	return nil
}

// consume is the one transaction of an acceptance.
func (s *Service) consume(ctx context.Context, f AcceptForm, i Invitation, hash string) (string, error) {
	a, err := s.become(ctx, i, hash)
	if err != nil {
		return "", err
	}
	if err := audit.Record(ctx, about("invite.accepted", i)); err != nil {
		return "", err
	}
	n := i.becomes(hash)
	cookie, _, err := s.Attempts.Start(ctx, attempt.New{
		Purpose: attempt.Activate, Address: n.Address, AddressKey: n.AddressKey, AccountID: a.ID,
		AMR: []string{attempt.Password}, Host: f.Host,
	})
	return cookie, err
}

// become uses an invitation up and makes the account that it was for.
func (s *Service) become(ctx context.Context, i Invitation, hash string) (account.Account, error) {
	if err := accept(ctx, i.ID, i.TokenHash); err != nil {
		return account.Account{}, err
	}
	a, err := account.Accept(ctx, i.becomes(hash))
	if err != nil {
		return account.Account{}, err
	}
	return a, s.Messages.Withdraw(ctx, []uuid.UUID{i.ID})
}

// late says what became of an invitation while the password was hashed.
func (s *Service) late(ctx context.Context, token string) error {
	if _, err := s.Look(ctx, token); err != nil {
		return err
	}
	return fault.New(fault.Unavailable, "http.unavailable").After(time.Second)
}
