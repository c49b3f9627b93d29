package magiclink

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tilgang/internal/captcha"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/limit"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// Limiter bounds uses; limit.Limiter is one.
type Limiter interface {
	Allow(ctx context.Context, r limit.Rule, key string) error
}

// Invitations sends invitations again, in the open transaction, for those who
// have no account to sign in to yet.
type Invitations interface {
	ResendTo(ctx context.Context, addressKey string) error
}

// Config is what the service needs.
type Config struct {
	DB           *db.DB
	Box          *secret.Box
	Messages     *message.Service
	Attempts     *attempt.Service
	Limiter      Limiter
	Limits       Limits
	Invitations  Invitations
	Robots       *captcha.Service
	Portal       func(*tenant.Tenant) string // origin of the staff portal, for links
	AlumniPortal func(*tenant.Tenant) string // origin of the portal for former employees
}

// Service signs people in by links; it is safe for many goroutines.
type Service struct{ Config }

// NewService makes the service and tells the messages its kinds of mail.
func NewService(c Config) *Service {
	s := &Service{Config: c}
	c.Messages.Register(message.Kind{Name: kindLink, Lane: outbox.Security, Prepare: s.prepare})
	c.Messages.Register(message.Kind{Name: kindMoved, Lane: outbox.Security, Prepare: s.prepareMoved})
	return s
}

// Sweep deletes what was asked for more than 30 days ago and tells how many.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx, s.DB.Now().Add(-kept)); return })
	if err != nil {
		return 0, fmt.Errorf("sweep sign-in links: %w", err)
	}
	return n, nil
}

// party is a person as a link sees them: who, and by which address.
type party struct {
	o       people.Overview
	address account.Identifier
	known   bool // the address still is the person's
}

// partyOf looks a person up whose account an address names.
func (s *Service) partyOf(ctx context.Context, acc account.Account, key string) (p party, err error) {
	if p.o, err = people.View(ctx, acc.PersonID, s.DB.Now(), tenant.MustFrom(ctx)); err != nil {
		return p, err
	}
	list, err := account.Identifiers(ctx, acc.ID)
	i := slices.IndexFunc(list, func(i account.Identifier) bool { return i.AddressKey == key })
	if err == nil && i >= 0 {
		p.address, p.known = list[i], p.o.Holds(list[i])
	}
	return p, err
}

// admitted tells whether the staff host or that for former employees lets the
// person in.
func (p party) admitted(alumni bool) bool {
	return session.Admits(p.o.Standing, make([]people.Term, len(p.o.Jobs)), len(p.o.Roles) > 0, alumni)
}

// onAlumni tells whether a host is the one for former employees.
func (s *Service) onAlumni(t *tenant.Tenant, host string) bool {
	return strings.HasSuffix(s.AlumniPortal(t), "//"+host)
}

// place is where a sealed token belongs: one row only.
func place(owner, id uuid.UUID) []string {
	return []string{owner.String(), "magiclinks", "sealed", id.String()}
}

// open reads what a link keeps sealed.
func (s *Service) open(l Link) (token, code string, err error) {
	plain, err := s.Box.Open(l.Sealed, place(l.TenantID, l.ID)...)
	if err != nil {
		return "", "", fmt.Errorf("open link: %w", err)
	}
	token, code, _ = strings.Cut(string(plain), " ")
	return token, code, nil
}

// codeHash is what is stored of a code; it is worth nothing in another attempt.
func (s *Service) codeHash(tenantID, attemptID uuid.UUID, code string) []byte {
	return s.Box.Keyed("magiclink_code", tenantID, attemptID.String()+" "+code)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

func missing(err error) bool { return errors.Is(err, db.ErrNotFound) }
