package session

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/tenant"
)

// Seen is an open session as its owner sees it.
type Seen struct {
	ID        uuid.UUID
	UserAgent string // what the browser called itself
	Network   string // from where it was opened
	Host      string
	Since     time.Time // when it was opened
	LastSeen  time.Time
}

// List are the open sessions of an account, the last used first; at most 100.
func (s *Service) List(ctx context.Context, accountID uuid.UUID) (list []Seen, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		e, err := epochsOf(ctx, accountID)
		if err != nil {
			return err
		}
		rows, err := open(ctx, accountID, e)
		for _, r := range rows {
			r.LastSeenAt = s.seen.latest(r.ID, r.LastSeenAt)
			if r.lives(s.db.Now(), tenant.MustFrom(ctx).Session) {
				list = append(list, Seen{ID: r.ID, UserAgent: r.UserAgent, Network: r.Network, Host: r.Host, Since: r.CreatedAt, LastSeen: r.LastSeenAt})
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return list, nil
}

// lives tells whether a row that nothing has ended is within its times.
func (r row) lives(now time.Time, p tenant.SessionPolicy) bool {
	ends := earlier(r.ExpiresAt, r.CreatedAt.Add(p.Absolute))
	return now.Before(earlier(r.LastSeenAt.Add(p.Idle), ends))
}

// EndOne ends one open session of an account from elsewhere, and every attempt
// of the account: what that session had begun must not open another. It is
// db.ErrNotFound when the account has no such open session.
func (s *Service) EndOne(ctx context.Context, accountID, id uuid.UUID) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if err := endOne(ctx, accountID, id); err != nil {
			return err
		}
		return s.attempts.EndOf(ctx, accountID)
	})
	if err != nil {
		return fmt.Errorf("end one session: %w", err)
	}
	return nil
}

// Agents are what the browsers of an account's sessions called themselves, by
// session; those that were swept are left out.
func (s *Service) Agents(ctx context.Context, accountID uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	found := make(map[uuid.UUID]string, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	err := s.db.Read(ctx, func(ctx context.Context) error {
		rows, err := agents(ctx, accountID, ids)
		for _, r := range rows {
			found[r.ID] = r.UserAgent
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for browsers: %w", err)
	}
	return found, nil
}
