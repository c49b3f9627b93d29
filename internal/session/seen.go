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
// answer, one write a session and interval however many requests come. Until it
// is written, this process judges by what it remembers; other replicas see it
// at most one interval later, which is far less than any idle time.
type seen struct {
	db  *db.DB
	log *slog.Logger

	mu      sync.Mutex
	waiting map[uuid.UUID]*sight
	closed  bool
	busy    sync.WaitGroup
}

type sight struct {
	tenant uuid.UUID
	at     time.Time
	timer  *time.Timer

	interval time.Duration
}

func newSeen(d *db.DB, log *slog.Logger) *seen {
	return &seen{db: d, log: log, waiting: map[uuid.UUID]*sight{}}
}

// latest is the later of what is stored and what is remembered.
func (s *seen) latest(id uuid.UUID, stored time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.waiting[id]; w != nil && w.at.After(stored) {
		return w.at
	}
	return stored
}

// touch notes a use at now. It is written once the interval since the last
// write, which stored tells, has passed.
func (s *seen) touch(tenantID, id uuid.UUID, stored, now time.Time, interval time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || !now.After(stored) {
		return
	}
	if w := s.waiting[id]; w != nil {
		w.at = now
		return
	}
	w := &sight{tenant: tenantID, at: now, interval: interval}
	s.waiting[id] = w
	s.busy.Add(1)
	w.timer = time.AfterFunc(stored.Add(interval).Sub(now), func() { s.write(id) })
}

// write stores one session's moment. A use that came meanwhile waits for the
// next interval, or is stored at once when the service closes.
func (s *seen) write(id uuid.UUID) {
	defer s.busy.Done()
	s.mu.Lock()
	w := s.waiting[id]
	s.mu.Unlock()
	for {
		s.mu.Lock()
		at := w.at
		s.mu.Unlock()
		s.store(w.tenant, id, at)
		if s.settled(id, w, at) {
			return
		}
	}
}

func (s *seen) store(tenantID, id uuid.UUID, at time.Time) {
	ctx, cancel := context.WithTimeout(db.WithTenant(context.Background(), tenantID), 10*time.Second)
	defer cancel()
	err := s.db.Tx(ctx, func(ctx context.Context) error { return see(ctx, id, at) })
	if err != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "session's last use not stored", slog.String("error", err.Error()))
	}
}

// settled tells whether there is nothing left to write now.
func (s *seen) settled(id uuid.UUID, w *sight, written time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case w.at.Equal(written):
		delete(s.waiting, id)
	case s.closed:
		return false
	default:
		s.busy.Add(1)
		w.timer = time.AfterFunc(w.interval, func() { s.write(id) })
	}
	return true
}

// close writes everything that waits.
func (s *seen) close() {
	s.mu.Lock()
	s.closed = true
	var now []uuid.UUID
	for id, w := range s.waiting {
		if w.timer.Stop() {
			now = append(now, id)
		}
	}
	s.mu.Unlock()
	for _, id := range now {
		s.write(id)
	}
	s.busy.Wait()
}
