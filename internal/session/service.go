package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Service keeps sessions. Close must be called before the database is closed.
type Service struct {
	db       *db.DB
	attempts *attempt.Service
	seen     *seen
	opened   func(ctx context.Context, ses Session, n New) error
}

// NewService makes the service.
func NewService(d *db.DB, attempts *attempt.Service, log *slog.Logger) *Service {
	return &Service{db: d, attempts: attempts, seen: newSeen(d, log)}
}

// Watch names who hears of each session that is opened, in its transaction; set
// before the first request.
func (s *Service) Watch(opened func(ctx context.Context, ses Session, n New) error) {
	s.opened = opened
}

// Close writes down when each session was last seen, and waits for it.
func (s *Service) Close() error { s.seen.close(); return nil }

// Settle is Close for a service that goes on: nothing is remembered that is not
// written down. For who keeps or puts back rows, while nobody asks for anything.
func (s *Service) Settle() error { s.seen.close(); s.seen.open(); return nil }

// Open signs an account in: a new session with a new token, and a device for a
// browser that has none. An account that may not sign in is the Unauthenticated
// fault "session.revoked".
func (s *Service) Open(ctx context.Context, n New) (cookie string, out Session, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		deviceID, device, err := deviceOf(ctx, n)
		if err != nil {
			return err
		}
		r, err := newRow(ctx, n, deviceID)
		if err != nil {
			return err
		}
		cookie, r.TokenHash = secret.Token()
		if err := insert(ctx, &r); err != nil {
			return err
		}
		out = r.session()
		out.Device = device
		if s.opened == nil {
			return nil
		}
		return s.opened(ctx, out, n)
	})
	if err != nil {
		return "", Session{}, fmt.Errorf("open session: %w", err)
	}
	return cookie, out, nil
}

// deviceOf recognises the browser by its cookie, or gives it a new one.
func deviceOf(ctx context.Context, n New) (id uuid.UUID, cookie string, err error) {
	if hash := secret.HashToken(n.Device); hash != nil {
		id, found, err := seeDevice(ctx, hash)
		if err != nil || found {
			return id, "", err
		}
	}
	cookie, hash := secret.Token()
	id = uuid.Must(uuid.NewV7())
	return id, cookie, insertDevice(ctx, id, hash, n.UserAgent)
}

func newRow(ctx context.Context, n New, deviceID uuid.UUID) (row, error) {
	e, err := epochsOf(ctx, n.AccountID)
	if err != nil {
		return row{}, err
	}
	if e.Status != account.Active {
		return row{}, errEnded(Revoked)
	}
	now := db.Now(ctx)
	proven := map[string]time.Time{}
	for _, m := range n.AMR {
		if m != link {
			proven[m] = now
		}
	}
	stepups, err := json.Marshal(proven)
	if err != nil {
		return row{}, fmt.Errorf("write step-ups: %w", err)
	}
	lasts := tenant.MustFrom(ctx).Session.Absolute
	if n.Most > 0 {
		lasts = min(lasts, n.Most)
	}
	return row{
		ID: uuid.Must(uuid.NewV7()), AccountID: n.AccountID, Kind: "browser", AAL: LevelOf(n.AMR), AMR: strings.Join(n.AMR, " "),
		AuthTime: now, StepUps: string(stepups), Epoch: e.SessionEpoch, SecurityEpoch: e.SecurityEpoch, FactorGeneration: e.FactorGeneration,
		DeviceID: &deviceID, Host: n.Host, Network: n.Network, UserAgent: cut(n.UserAgent),
		CreatedAt: now, LastSeenAt: now, ExpiresAt: now.Add(lasts),
	}, nil
}

// StepUp notes that a method was proven again, and gives the new cookie that
// takes the place of the former.
func (s *Service) StepUp(ctx context.Context, id uuid.UUID, method string) (cookie string, err error) {
	cookie, hash := secret.Token()
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		r, err := byID(ctx, id)
		if err != nil {
			return err
		}
		former := r.TokenHash
		if err := r.stepUp(method, db.Now(ctx)); err != nil {
			return err
		}
		r.TokenHash = hash
		return replace(ctx, r, former)
	})
	if err != nil {
		return "", fmt.Errorf("step up: %w", gone(err))
	}
	return cookie, nil
}

// End ends one session; why is one of this package's words. Ending it again
// changes nothing.
func (s *Service) End(ctx context.Context, id uuid.UUID, why string) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return end(ctx, id, why) })
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// Leave ends the session of a cookie, whatever Load would say to it, and gives
// its id; uuid.Nil when there is none that is open.
func (s *Service) Leave(ctx context.Context, cookie string) (id uuid.UUID, err error) {
	hash := secret.HashToken(cookie)
	if hash == nil {
		return uuid.Nil, nil
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if id, err = byToken(ctx, hash); err != nil {
			return err
		}
		return end(ctx, id, SignedOut)
	})
	if errors.Is(err, db.ErrNotFound) {
		return uuid.Nil, nil
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("leave session: %w", err)
	}
	return id, nil
}

// EndAll ends every session and every attempt of an account, except one session
// that goes on under the new epoch; uuid.Nil excepts none.
func (s *Service) EndAll(ctx context.Context, accountID, exceptID uuid.UUID) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if err := account.EndSessions(ctx, accountID); err != nil {
			return err
		}
		if err := endOthers(ctx, accountID, exceptID); err != nil {
			return err
		}
		if err := s.attempts.EndOf(ctx, accountID); err != nil {
			return err
		}
		e, err := epochsOf(ctx, accountID)
		if err != nil || exceptID == uuid.Nil {
			return err
		}
		return carryOn(ctx, accountID, exceptID, e)
	})
	if err != nil {
		return fmt.Errorf("end all sessions: %w", err)
	}
	return nil
}

// LastUsed is when an account was last seen signed in, to the minute or so, in
// the open transaction; zero when never.
func LastUsed(ctx context.Context, accountID uuid.UUID) (time.Time, error) {
	at, err := lastSeen(ctx, accountID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return at, fmt.Errorf("look for the last use: %w", err)
	}
	return at, nil
}

// KnownDevice tells whether an address has signed in on a browser before. It
// asks the database the same whatever the address; no cookie is a no.
func (s *Service) KnownDevice(ctx context.Context, device, addressKey string) (known bool, err error) {
	hash := secret.HashToken(device)
	if hash == nil {
		hash = []byte{}
	}
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { known, err = signedInOn(ctx, hash, addressKey); return })
	if err != nil {
		return false, fmt.Errorf("look for the device: %w", err)
	}
	return known, nil
}

// Sweep deletes sessions that ended, or could not go on, more than 90 days ago,
// and tells how many.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx, s.db.Now().Add(-90*24*time.Hour)); return })
	if err != nil {
		return 0, fmt.Errorf("sweep sessions: %w", err)
	}
	return n, nil
}

// cut keeps what a browser calls itself short.
func cut(s string) string {
	if len(s) > 300 {
		s = s[:300]
	}
	return strings.ToValidUTF8(s, "")
}
