package security

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/identity"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/password"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// tryStepUp is the throttle's word for passwords typed on these pages.
const tryStepUp = "stepup"

// The codes of refusals.
const (
	codeCurrent = "security.current.wrong"
	codeRepeat  = "security.password.repeat"
	codeSame    = "security.password.same"
	codeSave    = "security.codes.save"
	codeStale   = "security.stale" // ten minutes are over

	codeLast = "security.factors.last" // the employer asks for a second factor
	codeName = "security.factors.name.bad"

	codeOwn         = "security.addresses.own"
	codeProofShape  = "security.addresses.code.shape"
	codeProofWrong  = "security.addresses.code.wrong"
	codeProofGone   = "security.addresses.code.gone"
	codeProofOften  = "security.addresses.often"
	codeTaken       = "security.addresses.taken" // said to whoever has the code from its mailbox
	codeLastAddress = "security.addresses.last"

	codeNoRecovery = "security.code.no_recovery" // a recovery code does not do here
)

// Notices writes security mail to the owner of an account, in the open
// transaction.
type Notices interface {
	PasswordChanged(ctx context.Context, accountID uuid.UUID) error
	RecoveryMade(ctx context.Context, accountID uuid.UUID) error
	RecoveryUsed(ctx context.Context, accountID uuid.UUID, left int) error
	Locked(ctx context.Context, accountID uuid.UUID, lock throttle.Lock) error
	FactorRemoved(ctx context.Context, accountID uuid.UUID, kind string) error
	// AddressAdded tells the addresses on file but the new one, which is in the list
	// by then.
	AddressAdded(ctx context.Context, accountID uuid.UUID, added account.Identifier) error
	// AddressRemoved tells the addresses that stay, and the one that went.
	AddressRemoved(ctx context.Context, accountID uuid.UUID, removed account.Identifier) error
	IdentityUnlinked(ctx context.Context, accountID uuid.UUID, connector string) error
	// IdentityMoved tells the owners of both accounts.
	IdentityMoved(ctx context.Context, m identity.Move) error
}

// Deps are the parts that the pages are made of.
type Deps struct {
	DB        *db.DB
	Box       *secret.Box
	Messages  *message.Service
	Factors   *factor.Service
	Phones    *factor.Phones
	Attempts  *attempt.Service
	Sessions  *session.Service
	Throttle  *throttle.Service
	Passwords *password.Pool
	Notices   Notices
	Portal    func(*tenant.Tenant) string // origin of the staff portal, for mails
	Country   func(network string) string // ISO code, empty when unknown
}

// Service is the pages' use cases.
type Service struct{ Deps }

// New makes the service and tells the messages its kind of mail.
func New(d Deps) *Service {
	s := &Service{d}
	d.Messages.Register(message.Kind{Name: kindProof, Lane: outbox.Security, Prepare: s.prepareProof})
	return s
}

// Overview is what a person has for signing in.
type Overview struct {
	Account     account.Account
	Addresses   []account.Identifier
	Name        account.Identifier // what signs in, an address before an employee number
	Number      string             // the employee number that signs in; empty for none
	Person      people.Person
	Standing    people.Standing
	Duty        tenant.MfaDuty
	Ways        []string // kinds of factor that can be set up now
	Factors     []factor.Authenticator
	Usable      []string // kinds of them that may be asked for, the default first
	Phone       string   // the phone on file, masked; empty for none
	Channels    []string // ways by which a code reaches it, the usual one first
	Left, Total int      // recovery codes
	Freeze      account.Freeze
	Identities  []identity.Linked
	Moves       []Moved // of identities, as long as they can be taken back
}

// Enrolled tells whether a factor is on file.
func (o Overview) Enrolled() bool { return len(o.Factors) > 0 }

// See gives the overview of an account.
func (s *Service) See(ctx context.Context, accountID uuid.UUID) (o Overview, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		if o.Account, err = account.ByID(ctx, accountID); err != nil {
			return err
		}
		if err := o.named(ctx, accountID); err != nil {
			return err
		}
		if err := o.identities(ctx); err != nil {
			return err
		}
		if o.Freeze, err = account.OpenFreeze(ctx, accountID); err != nil {
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
		o.Duty, o.Standing, err = s.duty(ctx, o.Account)
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

func (s *Service) duty(ctx context.Context, acc account.Account) (tenant.MfaDuty, people.Standing, error) {
	t, now := tenant.MustFrom(ctx), s.DB.Now()
	subject, standing, err := people.SubjectOf(ctx, acc.PersonID, now, t)
	return t.Mfa.For(subject, now), standing, err
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

// frozen refuses the beginning of a change at a frozen account.
func (s *Service) frozen(ctx context.Context, accountID uuid.UUID) error {
	return s.DB.Read(ctx, func(ctx context.Context) error { return account.CheckFrozen(ctx, accountID) })
}

func kinds(list []factor.Authenticator) (kinds []string) {
	for _, f := range list {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

// named loads what signs the account in.
func (o *Overview) named(ctx context.Context, accountID uuid.UUID) (err error) {
	if o.Addresses, err = account.Identifiers(ctx, accountID); err != nil {
		return err
	}
	list, err := account.Names(ctx, accountID)
	if len(list) > 0 {
		o.Name = list[0]
	}
	for _, i := range list {
		if i.Kind == account.Number {
			o.Number = i.Address
		}
	}
	return err
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

func record(ctx context.Context, action string, accountID uuid.UUID, detail map[string]any) error {
	return audit.Record(ctx, event(action, accountID, detail))
}

func event(action string, accountID uuid.UUID, detail map[string]any) audit.Event {
	return audit.Event{Action: action, Subject: audit.Subject{Kind: "account", ID: accountID}, Detail: detail}
}
