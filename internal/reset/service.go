package reset

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/db"
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
	Restore(ctx context.Context, r limit.Rule, key string)
}

// Invitations sends invitations again, in the open transaction, for those who
// have no password to forget yet.
type Invitations interface {
	// Resend sends a person's invitation, or a first one; the Conflict fault
	// "invite.too_soon" within a minute of the last.
	Resend(ctx context.Context, person uuid.UUID) error
	// ResendTo does it for whoever is invited at an address, as often as a holder
	// of a dead link could ask for it, and tells nothing.
	ResendTo(ctx context.Context, addressKey string) error
}

// Counters forget failed sign-ins of an account whose owner has just proven the
// mailbox; those of second factors stay.
type Counters interface {
	Lift(ctx context.Context, accountID uuid.UUID) error
}

// Quotas count typed codes by address; throttle.Service is one.
type Quotas interface {
	Spend(ctx context.Context, q throttle.Quota, subject []byte) (throttle.Lock, error)
	Spent(ctx context.Context, q throttle.Quota, subject []byte) (bool, error)
	Forgive(ctx context.Context, purpose string, subject []byte, tried throttle.Lock) error
}

// Enrolments drop set-ups of second factors that were begun by whoever was
// signed in before the owner came back; factor.Service is one.
type Enrolments interface {
	Abandon(ctx context.Context, accountID uuid.UUID) error
}

// Notices writes security mail to the owner of an account, in the open
// transaction.
type Notices interface {
	PasswordChanged(ctx context.Context, accountID uuid.UUID) error
}

// Config is what the service needs.
type Config struct {
	DB           *db.DB
	Box          *secret.Box
	Messages     *message.Service
	Attempts     *attempt.Service
	Sessions     *session.Service
	Pool         *password.Pool
	Limiter      Limiter
	Robots       *captcha.Service
	Limits       Limits
	Invitations  Invitations
	Counters     Counters
	Quotas       Quotas
	Enrolments   Enrolments
	Notices      Notices
	Phones       Phones
	Texts        bool                        // the installation has a carrier of text messages
	Portal       func(*tenant.Tenant) string // origin of the staff portal, for links
	AlumniPortal func(*tenant.Tenant) string // origin of the portal for former employees
}

// Service brings people to new passwords; it is safe for many goroutines.
type Service struct{ Config }

// NewService makes the service and tells the messages its kinds of mail.
func NewService(c Config) *Service {
	s := &Service{Config: c}
	for _, name := range []string{kindSelf, kindCode, kindManager, kindHR} {
		c.Messages.Register(message.Kind{Name: name, Lane: outbox.Security, Prepare: s.prepare})
	}
	for _, name := range []string{kindText, kindTextCode} {
		c.Messages.Register(message.Kind{Name: name, Lane: outbox.Security, Text: s.text})
	}
	c.Messages.Register(message.Kind{Name: kindReceipt, Lane: outbox.Security, Prepare: s.prepareReceipt})
	return s
}

// Sweep deletes what was asked for more than 30 days ago and tells how many.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx, s.DB.Now().Add(-kept)); return })
	if err != nil {
		return 0, fmt.Errorf("sweep resets: %w", err)
	}
	return n, nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
