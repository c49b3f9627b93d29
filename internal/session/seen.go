package session

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// seen remembers when sessions were last used and writes it down behind the
// answer, one write a session and interval however many requests come. This
// process judges by what it remembers; other replicas see it at most one
// interval later, which is far less than any idle time.
type seen struct {
	db  *db.DB
	log *slog.Logger

	mu     sync.Mutex
	known  map[uuid.UUID]*sight
	closed bool
	busy   sync.WaitGroup
}

// sight outlives its write by one interval: a request that read the row before
// the write must still find here what it missed.
type sight struct {
	tenant   uuid.UUID
	at       time.Time
	written  time.Time
	interval time.Duration
	timer    *time.Timer
}

func newSeen(d *db.DB, log *slog.Logger) *seen {
	return &seen{db: d, log: log, known: map[uuid.UUID]*sight{}}
}

// latest is the later of what is stored and what is remembered.
func (s *seen) latest(id uuid.UUID, stored time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.known[id]; w != nil && w.at.After(stored) {
		return w.at
	}
	return stored
}

// touch notes a use at now. It is written once the interval since the last
// write, which stored tells, has passed.
func (s *seen) touch(tenantID, id uuid.UUID, stored, now time.Time, interval time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.known[id]; w != nil && now.After(w.at) {
		w.at = now
	}
	if s.closed || s.known[id] != nil || !now.After(stored) {
		return
	}
	w := &sight{tenant: tenantID, at: now, written: stored, interval: interval}
	s.known[id] = w
	s.arm(id, w, stored.Add(interval).Sub(now))
}

// arm plans the next look at a session; s.mu is held.
func (s *seen) arm(id uuid.UUID, w *sight, after time.Duration) {
	s.busy.Add(1)
	w.timer = time.AfterFunc(after, func() {
		defer s.busy.Done()
		s.write(id, w)
	})
}

// write stores a use that is not stored yet, and forgets a session that was not
// used for an interval.
func (s *seen) write(id uuid.UUID, w *sight) {
	s.mu.Lock()
	at := w.at
	if at.Equal(w.written) {
		delete(s.known, id)
		s.mu.Unlock()
		return
	}
	w.written = at
	s.mu.Unlock()
	s.store(w.tenant, id, at)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.arm(id, w, w.interval)
	}
}

func (s *seen) store(tenantID, id uuid.UUID, at time.Time) {
	ctx, cancel := context.WithTimeout(db.WithTenant(context.Background(), tenantID), 10*time.Second) //nolint:forbidigo // a timer calls it, without a context
	defer cancel()
	err := s.db.Tx(ctx, func(ctx context.Context) error { return see(ctx, id, at) })
	if err != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "session's last use not stored", slog.String("error", err.Error()))
	}
}

// close writes everything that is not stored yet.
func (s *seen) close() {
	s.mu.Lock()
	s.closed = true
	for _, w := range s.known {
		if w.timer.Stop() {
			s.busy.Done()
		}
	}
	s.mu.Unlock()
	s.busy.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, w := range s.known {
		if !w.at.Equal(w.written) {
			s.store(w.tenant, id, w.at)
		}
	}
	clear(s.known)
}

// open goes on after close.
func (s *seen) open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = false
}
