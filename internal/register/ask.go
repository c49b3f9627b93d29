package register

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/mailaddr"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// kindRequested is the event that somebody asked for a code at an address.
const kindRequested = "register.requested"

// Wish is a typed address with the browser that asks.
type Wish struct {
	Address mailaddr.Address
	Former  attempt.Attempt // what this browser was about before; the zero value for nothing
	Host    string
	Asker   attempt.Asker
	Tight   bool // the robot check was not proven: a quarter of the limits
}

// Asked is what a wish led to.
type Asked struct {
	Cookie string // of the attempt; empty: the browser keeps the one it has
	Life   time.Duration
	Soon   bool // this browser asked less than a minute ago, and nothing was done
}

// requested are the arguments of the event; the address stays sealed on the
// attempt.
type requested struct {
	Attempt uuid.UUID `json:"attempt"`
}

// Ask notes that a code is wanted at an address, in an attempt that the next
// pages read; asking again in the same browser goes on with the same attempt. It
// does and answers the same for every address. Beyond the limits of mails it
// sends nothing and answers the same; a TooMany fault only for a network that
// floods.
func (s *Service) Ask(ctx context.Context, w Wish) (asked Asked, err error) {
	if err := s.Limiter.Allow(ctx, s.Limits.Start, w.Asker.Network); err != nil {
		return asked, err
	}
	again := w.again()
	if again && s.DB.Now().Sub(w.Former.CreatedAt) < gap {
		return Asked{Soon: true}, nil
	}
	mails := s.allowed(ctx, w)
	asked.Life = lifeOf(tenant.MustFrom(ctx)) + restLife
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		a := w.Former
		if again {
			err = s.Attempts.Prolong(ctx, a.ID, asked.Life)
		} else {
			asked.Cookie, a, err = s.start(ctx, w, asked.Life)
		}
		if err != nil || !mails {
			return err
		}
		return s.note(ctx, a)
	})
	if err != nil {
		return Asked{}, fmt.Errorf("ask for a code: %w", err)
	}
	return asked, nil
}

// again tells whether this browser has asked for the address before.
func (w Wish) again() bool {
	return w.Former.Purpose == attempt.Register && w.Former.AddressKey == w.Address.Key
}

func (s *Service) start(ctx context.Context, w Wish, life time.Duration) (cookie string, a attempt.Attempt, err error) {
	w.Asker.Mail = true
	return s.Attempts.Start(ctx, attempt.New{
		Purpose: attempt.Register, Address: w.Address.Display, AddressKey: w.Address.Key, Host: w.Host, Asker: w.Asker, Life: life,
	})
}

// note stores the event and its audit row. The key has the minute, so that two
// clicks are one wish.
func (s *Service) note(ctx context.Context, a attempt.Attempt) error {
	if err := audit.Record(ctx, audit.Event{Action: kindRequested, Subject: audit.Subject{Kind: "attempt", ID: a.ID}}); err != nil {
		return err
	}
	key := fmt.Sprintf("%s %d", a.ID, s.DB.Now().Unix()/int64(gap.Seconds()))
	return outbox.Put(ctx, outbox.Event{Kind: kindRequested, Key: key, Lane: outbox.Security, Args: requested{Attempt: a.ID}})
}

// allowed tells whether a wish may bring a mail; how many an address gets is the
// worker's to count.
func (s *Service) allowed(ctx context.Context, w Wish) bool {
	network, whole := w.Asker.Network, tenant.MustFrom(ctx).ID.String()
	if w.Tight && (s.Limiter.Allow(ctx, s.Limits.Mails.Quarter(), network) != nil || s.Limiter.Allow(ctx, s.Limits.Tenant.Quarter(), whole) != nil) {
		return false
	}
	return s.Limiter.Allow(ctx, s.Limits.Mails, network) == nil && s.Limiter.Allow(ctx, s.Limits.Tenant, whole) == nil
}

func (s *Service) subject(tenantID uuid.UUID, a attempt.Attempt) []byte {
	return attempt.AddressHash(s.Box, tenantID, a.Address, a.AddressKey)
}
