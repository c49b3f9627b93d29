package notme

import (
	"context"
	"fmt"
	"time"

	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/limit"
	"tilgang/internal/message"
	"tilgang/internal/secret"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// Limiter bounds what one network sends; limit.Limiter is one.
type Limiter interface {
	Allow(ctx context.Context, r limit.Rule, key string) error
}

// Config is what the service needs.
type Config struct {
	DB       *db.DB
	Box      *secret.Box
	Messages *message.Service
	Sessions *session.Service
	Factors  *factor.Service
	Throttle *throttle.Service
	Limiter  Limiter
	Portal   func(*tenant.Tenant) string // origin of the staff portal, for links
	Country  func(network string) string // ISO code; empty when it is not known
}

// Service tells owners and hears them; it is safe for many goroutines.
type Service struct{ Config }

// perNetwork bounds the forms that one network sends, whatever their link.
func perNetwork() limit.Rule {
	return limit.Rule{Name: "notme.network", Rate: 60, Per: time.Minute, Burst: 60}
}

// NewService makes the service: from then on mails can be denied, and new
// browsers are told.
func NewService(c Config) *Service {
	s := &Service{Config: c}
	c.Messages.LetDeny(s.mint)
	c.Sessions.Watch(s.Opened)
	return s
}

// Sweep deletes notices whose links ended a week ago and tells how many.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx, s.DB.Now().Add(-kept)); return })
	if err != nil {
		return 0, fmt.Errorf("sweep notices: %w", err)
	}
	return n, nil
}

// SweepSightings forgets the browsers whose cookie ended by itself, which can be
// seen no more, but one of each account, and tells how many. Countries stay:
// they are few, and somebody may be back in one after years.
func (s *Service) SweepSightings(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		n, err = sweepSightings(ctx, s.DB.Now().Add(-session.DeviceLife))
		return err
	})
	return n, wrap("sweep sightings", err)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
