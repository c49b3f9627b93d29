package security

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/password"
	"tilgang/internal/people"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// fresh is how long a step-up counts (ours; ASVS 5.0 7.5.3 asks for one).
const fresh = 10 * time.Minute

// tryStepUp is the throttle's word for passwords typed on these pages.
const tryStepUp = "stepup"

// The codes of refusals.
const (
	codeCurrent = "security.current.wrong"
	codeRepeat  = "security.password.repeat"
	codeSame    = "security.password.same"
	codeSave    = "security.codes.save"
	codeStale   = "security.stale" // ten minutes are over
)

// Notices writes security mail to the owner of an account, in the open
// transaction.
type Notices interface {
	PasswordChanged(ctx context.Context, accountID uuid.UUID) error
	RecoveryMade(ctx context.Context, accountID uuid.UUID) error
	RecoveryUsed(ctx context.Context, accountID uuid.UUID, left int) error
	Locked(ctx context.Context, accountID uuid.UUID, lock throttle.Lock) error
}

// Deps are the parts that the pages are made of.
type Deps struct {
	DB        *db.DB
	Factors   *factor.Service
	Phones    *factor.Phones
	Attempts  *attempt.Service
	Sessions  *session.Service
	Throttle  *throttle.Service
	Passwords *password.Pool
	Notices   Notices
}

// Service is the pages' use cases.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// Overview is what a person has for signing in.
type Overview struct {
	Account     account.Account
	Addresses   []account.Identifier
	Person      people.Person
	Duty        tenant.MfaDuty
	Ways        []string // kinds of factor that can be set up now
	Factors     []factor.Authenticator
	Usable      []string // kinds of them that may be asked for, the default first
	Phone       string   // the phone on file, masked; empty for none
	Channels    []string // ways by which a code reaches it, the usual one first
	Left, Total int      // recovery codes
}

// Enrolled tells whether a factor is on file.
func (o Overview) Enrolled() bool { return len(o.Factors) > 0 }

// See gives the overview of an account.
func (s *Service) See(ctx context.Context, accountID uuid.UUID) (o Overview, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		if o.Account, err = account.ByID(ctx, accountID); err != nil {
			return err
		}
		if o.Addresses, err = account.Identifiers(ctx, accountID); err != nil {
			return err
		}
		if o.Person, err = people.ByID(ctx, o.Account.PersonID); err != nil {
			return err
		}
		if o.Factors, err = s.Factors.Confirmed(ctx, accountID); err != nil {
			return err
		}
		if o.Left, o.Total, err = s.Factors.Codes(ctx, accountID); err != nil {
			return err
		}
		o.Duty, err = s.duty(ctx, o.Account)
		policy := tenant.MustFrom(ctx).Mfa
		o.Ways = factor.Ways(o.Duty, policy)
		o.Usable = factor.Usable(kinds(o.Factors), policy)
		if err != nil || !slices.Contains(kinds(o.Factors), factor.Phone) {
			return err
		}
		on, err := s.Phones.OnFile(ctx, accountID)
		if o.Phone = on.Masked; err != nil {
			return err
		}
		o.Channels, err = s.Phones.Ways(ctx, accountID)
		return err
	})
	if err != nil {
		return Overview{}, fmt.Errorf("see the account: %w", err)
	}
	return o, nil
}

func (s *Service) duty(ctx context.Context, acc account.Account) (tenant.MfaDuty, error) {
	t, now := tenant.MustFrom(ctx), s.DB.Now()
	subject, _, err := people.SubjectOf(ctx, acc.PersonID, now, t)
	return t.Mfa.For(subject, now), err
}

// EndEverywhere signs the account out of every browser, this one too.
func (s *Service) EndEverywhere(ctx context.Context, accountID uuid.UUID) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.Sessions.EndAll(ctx, accountID, uuid.Nil); err != nil {
			return err
		}
		return audit.Record(ctx, event("security.signed_out_everywhere", accountID, nil))
	})
	if err != nil {
		return fmt.Errorf("sign out everywhere: %w", err)
	}
	return nil
}

func kinds(list []factor.Authenticator) (kinds []string) {
	for _, f := range list {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

// wordsOf is what an attacker knows of the person.
func (o Overview) wordsOf(t *tenant.Tenant) password.Context {
	c := password.Context{TenantNames: []string{t.Name, t.Slug}, PersonWords: []string{o.Person.GivenName, o.Person.FamilyName}}
	for _, l := range t.LegalEmployers {
		c.TenantNames = append(c.TenantNames, l.Name)
	}
	for _, a := range o.Addresses {
		local, _, _ := strings.Cut(a.Address, "@")
		c.PersonWords = append(c.PersonWords, local, a.Address)
	}
	return c
}

// second are the methods that count beside the password.
func second() []string { return append([]string{factor.Recovery}, tenant.Methods()...) }

// factorFresh tells whether the session proved a second factor just now.
func factorFresh(ses session.Session, now time.Time) bool {
	return slices.ContainsFunc(second(), func(m string) bool { return ses.Fresh(now, fresh, m) })
}

func event(action string, accountID uuid.UUID, detail map[string]any) audit.Event {
	return audit.Event{Action: action, Subject: audit.Subject{Kind: "account", ID: accountID}, Detail: detail}
}
