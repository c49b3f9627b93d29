package register

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/limit"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/password"
	"tilgang/internal/secret"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// Limiter bounds wishes; limit.Limiter is one.
type Limiter interface {
	Allow(ctx context.Context, r limit.Rule, key string) error
}

// Quotas count typed codes by address; throttle.Service is one.
type Quotas interface {
	Spend(ctx context.Context, q throttle.Quota, subject []byte) (throttle.Lock, error)
	Spent(ctx context.Context, q throttle.Quota, subject []byte) (bool, error)
	Forgive(ctx context.Context, purpose string, subject []byte, tried throttle.Lock) error
}

// Invitations takes an invitation back that a registration stands for, in the
// open transaction; the Conflict fault "invite.nothing" where there is none.
type Invitations interface {
	Revoke(ctx context.Context, person uuid.UUID) error
}

// Counters forget failed sign-ins of an account whose owner is back.
type Counters interface {
	Lift(ctx context.Context, accountID uuid.UUID) error
}

// Notices writes security mail to the owner of an account, in the open
// transaction.
type Notices interface {
	PasswordChanged(ctx context.Context, accountID uuid.UUID) error
	FactorAdded(ctx context.Context, accountID uuid.UUID, kind string) error
	IdentityLinked(ctx context.Context, accountID uuid.UUID, connector string) error
	// AddressJoined tells every address but the new one, and others besides that
	// are the person's.
	AddressJoined(ctx context.Context, accountID uuid.UUID, added account.Identifier, besides ...string) error
}

// Config is what the service needs.
type Config struct {
	DB           *db.DB
	Box          *secret.Box
	Messages     *message.Service
	Attempts     *attempt.Service
	Sessions     *session.Service
	Factors      *factor.Service
	Phones       *factor.Phones
	Pool         *password.Pool
	Limiter      Limiter
	Robots       *captcha.Service
	Limits       Limits
	Quotas       Quotas
	Invitations  Invitations
	Counters     Counters
	Notices      Notices
	Portal       func(*tenant.Tenant) string // origin of the staff portal, for links
	AlumniPortal func(*tenant.Tenant) string // origin of the portal for former employees
}

// Service registers; it is safe for many goroutines.
type Service struct{ Config }

// NewService makes the service and tells the messages its kinds.
func NewService(c Config) *Service {
	s := &Service{Config: c}
	c.Messages.Register(message.Kind{Name: kindCode, Lane: outbox.Security, Prepare: s.prepareCode})
	c.Messages.Register(message.Kind{Name: kindKnown, Lane: outbox.Security, Prepare: s.prepareKnown})
	c.Messages.Register(message.Kind{Name: kindText, Lane: outbox.Security, Text: textOfJoined})
	return s
}

// Sweep deletes registrations of more than 14 days ago and tells how many.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx, s.DB.Now().Add(-kept)); return })
	return n, wrap("sweep registrations", err)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
