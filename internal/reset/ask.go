package reset

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/mailaddr"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// kindRequested is the event that somebody asked for an address.
const kindRequested = "reset.requested"

// Wish is a typed address with the browser that asks.
type Wish struct {
	Address mailaddr.Address
	Resume  string // the page first asked for
	Host    string
	Asker   attempt.Asker
	Tight   bool // the robot check was not proven: a quarter of the limits
}

// requested are the arguments of kindRequested; the address stays sealed on the
// attempt.
type requested struct {
	Attempt uuid.UUID `json:"attempt"`
}

// Ask notes that a password mail is wanted at an address and gives the cookie of
// the attempt, which the next page reads. It does and answers the same for every
// address. Beyond the limits of Address, Mails and Tenant it sends nothing and
// answers the same; a TooMany fault only for a network that floods.
func (s *Service) Ask(ctx context.Context, w Wish) (cookie string, err error) {
	if err := s.Limiter.Allow(ctx, s.Limits.Start, w.Asker.Network); err != nil {
		return "", err
	}
	mails := s.allowed(ctx, w)
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		var a attempt.Attempt
		cookie, a, err = s.Attempts.Start(ctx, attempt.New{
			Purpose: attempt.Reset, Address: w.Address.Display, AddressKey: w.Address.Key, Resume: w.Resume, Host: w.Host, Asker: w.Asker,
		})
		if err != nil || !mails {
			return err
		}
		if err := audit.Record(ctx, audit.Event{Action: kindRequested, Subject: audit.Subject{Kind: "attempt", ID: a.ID}}); err != nil {
			return err
		}
		return outbox.Put(ctx, outbox.Event{Kind: kindRequested, Key: a.ID.String(), Lane: outbox.Security, Args: requested{Attempt: a.ID}})
	})
	if err != nil {
		if mails {
			s.Limiter.Restore(ctx, s.Limits.Address, s.bucket(ctx, w))
		}
		return "", fmt.Errorf("ask for a new password: %w", err)
	}
	return cookie, nil
}

// allowed tells whether a wish may bring a mail.
func (s *Service) allowed(ctx context.Context, w Wish) bool {
	network, whole := w.Asker.Network, tenant.MustFrom(ctx).ID.String()
	if w.Tight && (s.Limiter.Allow(ctx, s.Limits.Mails.Quarter(), network) != nil || s.Limiter.Allow(ctx, s.Limits.Tenant.Quarter(), whole) != nil) {
		return false
	}
	return s.Limiter.Allow(ctx, s.Limits.Address, s.bucket(ctx, w)) == nil &&
		s.Limiter.Allow(ctx, s.Limits.Mails, network) == nil && s.Limiter.Allow(ctx, s.Limits.Tenant, whole) == nil
}

// bucket names an address of the tenant without telling it.
func (s *Service) bucket(ctx context.Context, w Wish) string {
	return string(attempt.AddressHash(s.Box, tenant.MustFrom(ctx).ID, w.Address.Display, w.Address.Key))
}
