package reset

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

// The events that somebody asked for an address: this package answers the first,
// that of one-time sign-in links the second.
const (
	kindRequested     = "reset.requested"
	kindLinkRequested = "magiclink.requested"
)

// The pages that wait for the mail.
const (
	toSent = "/reset/sent"
	toCode = "/reset/code"
	toLink = "/magiclink"
)

// Wish is a typed address with the browser that asks.
type Wish struct {
	Address mailaddr.Address
	Link    bool            // a one-time sign-in link, in place of a new password
	Former  attempt.Attempt // what this browser was about before; the zero value for nothing
	Host    string
	Asker   attempt.Asker
	Tight   bool // the robot check was not proven: a quarter of the limits
}

// Asked is what a wish led to.
type Asked struct {
	Cookie string // of the attempt; empty: the browser keeps the one it has
	Life   time.Duration
	To     string // the page that waits for the mail
	Soon   bool   // this browser asked less than a minute ago, and nothing was done
}

// requested are the arguments of the events; the address stays sealed on the
// attempt.
type requested struct {
	Attempt uuid.UUID `json:"attempt"`
}

// Ask notes that a mail is wanted at an address, in an attempt that the next
// page reads; asking again in the same browser goes on with the same attempt. It
// does and answers the same for every address. Beyond the limits of Address,
// Mails and Tenant it sends nothing and answers the same; a TooMany fault only
// for a network that floods.
func (s *Service) Ask(ctx context.Context, w Wish) (asked Asked, err error) {
	if err := s.Limiter.Allow(ctx, s.Limits.Start, w.Asker.Network); err != nil {
		return asked, err
	}
	again := w.again()
	if again && s.DB.Now().Sub(w.Former.CreatedAt) < gap {
		asked.Soon = true
		asked.To, err = s.pageOf(ctx, w.Former)
		return asked, err
	}
	mails := s.allowed(ctx, w)
	a := w.Former
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		if again && w.Former.Purpose == w.purpose() {
			err = s.Attempts.Prolong(ctx, a.ID, lifeFor(tenant.MustFrom(ctx)))
		} else {
			asked.Cookie, a, err = s.start(ctx, w)
		}
		if err != nil || !mails {
			return err
		}
		return s.note(ctx, w, a)
	})
	if err != nil {
		if mails {
			s.Limiter.Restore(ctx, s.Limits.Address, s.bucket(ctx, w))
		}
		return Asked{}, fmt.Errorf("ask for a new password: %w", err)
	}
	asked.Life = lifeFor(tenant.MustFrom(ctx))
	asked.To, err = s.pageOf(ctx, a)
	return asked, err
}

// again tells whether this browser has asked for the address before.
func (w Wish) again() bool {
	return w.Former.Wished() && !w.Former.Known() && w.Former.AddressKey == w.Address.Key
}

// purpose is that of the attempt: a link ends in a sign-in, which the password
// page may as well go on with.
func (w Wish) purpose() string {
	if w.Link {
		return attempt.Signin
	}
	return attempt.Reset
}

// lifeFor leaves time to type a code that lives long, or comes late.
func lifeFor(t *tenant.Tenant) time.Duration {
	if t.Reset.Mode == tenant.ByCode {
		return t.Reset.Life + codeSlack
	}
	return attempt.Life
}

func (s *Service) start(ctx context.Context, w Wish) (cookie string, a attempt.Attempt, err error) {
	w.Asker.Mail = true
	return s.Attempts.Start(ctx, attempt.New{
		Purpose: w.purpose(), Address: w.Address.Display, AddressKey: w.Address.Key, Resume: w.Former.Resume, Host: w.Host, Asker: w.Asker,
		Life: lifeFor(tenant.MustFrom(ctx)),
	})
}

// note stores the event and its audit row. The key has the minute, so that two
// clicks are one wish.
func (s *Service) note(ctx context.Context, w Wish, a attempt.Attempt) error {
	kind := kindRequested
	if w.Link {
		kind = kindLinkRequested
	}
	if err := audit.Record(ctx, audit.Event{Action: kind, Subject: audit.Subject{Kind: "attempt", ID: a.ID}}); err != nil {
		return err
	}
	key := fmt.Sprintf("%s %d", a.ID, s.DB.Now().Unix()/int64(gap.Seconds()))
	return outbox.Put(ctx, outbox.Event{Kind: kind, Key: key, Lane: outbox.Security, Args: requested{Attempt: a.ID}})
}

// pageOf is the page on which an attempt waits for its mail. Whether codes are
// used up depends on what was typed, not on whose the address is.
func (s *Service) pageOf(ctx context.Context, a attempt.Attempt) (string, error) {
	if a.Purpose == attempt.Signin {
		return toLink, nil
	}
	t := tenant.MustFrom(ctx)
	if t.Reset.Mode != tenant.ByCode {
		return toSent, nil
	}
	spent, err := s.Quotas.Spent(ctx, codeQuota(), s.subject(t.ID, a.Address, a.AddressKey))
	if err != nil || spent {
		return toSent, err
	}
	return toCode, nil
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
	return string(s.subject(tenant.MustFrom(ctx).ID, w.Address.Display, w.Address.Key))
}

func (s *Service) subject(tenantID uuid.UUID, address, key string) []byte {
	return attempt.AddressHash(s.Box, tenantID, address, key)
}
