package invite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/limit"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// perRenewal bounds a network's asking for new mails.
var perRenewal = limit.Rule{Name: "invite.renew", Rate: 20, Per: 10 * time.Minute, Burst: 20}

// Renew sends the holder of an expired link a new one, to the stored address
// only, at most one a minute and five an hour. Whether it did so is not told:
// the answer for any other link is the same. A TooMany fault for a network that
// asks too often.
func (s *Service) Renew(ctx context.Context, token, network string) error {
	if err := s.Limits.Allow(ctx, perRenewal, network); err != nil {
		return err
	}
	hash := secret.HashToken(token)
	if hash == nil {
		return nil
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		i, err := byToken(ctx, hash)
		if err != nil {
			return err
		}
		return s.renew(ctx, i)
	})
	if errors.Is(err, db.ErrNotFound) || errors.Is(err, errRaced) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("renew invitation: %w", err)
	}
	return nil
}

func (s *Service) renew(ctx context.Context, i Invitation) error {
	if i.State != pending || !i.expired(s.DB.Now()) {
		return nil
	}
	return s.resendOne(ctx, i)
}

// ResendTo sends those invited at an address, whose mail went out before, a new
// one, under the limits of Renew: somebody there asked for a password who has
// none yet. An invitation whose day has not come stays where it is. It joins the
// open transaction and tells nothing.
func (s *Service) ResendTo(ctx context.Context, addressKey string) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		list, err := sentTo(ctx, addressKey)
		if err != nil {
			return err
		}
		for _, i := range list {
			if err := s.resendOne(ctx, i); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("send invitations to an address", err)
}

// resendOne sends one invitation again, unless its hour is full or its person
// needs none.
func (s *Service) resendOne(ctx context.Context, i Invitation) error {
	n, err := message.SentSince(ctx, i.ID, s.DB.Now().Add(-time.Hour))
	if err != nil || n >= renewals {
		return err
	}
	of, err := s.candidates(ctx, []uuid.UUID{i.PersonID}, s.today(tenant.MustFrom(ctx)))
	if err != nil {
		return err
	}
	if c := of[i.PersonID]; c.FirstDay == "" || c.HasAccount {
		return nil
	}
	return s.again(ctx, []Invitation{i}, of, outbox.Normal)
}
