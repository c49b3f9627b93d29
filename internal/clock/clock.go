// Package clock is the one source of time. In production it is the machine's
// clock plus its measured offset to the database's, so that two replicas agree
// on what has expired; in tests it is a Fake that is moved by hand.
package clock

import (
	"sync"
	"sync/atomic"
	"time"
)

// Clock tells the time, always in UTC.
type Clock interface{ Now() time.Time }

// System is the machine's clock corrected by an offset.
type System struct{ offset atomic.Int64 }

// Now is the corrected time in UTC, rounded to microseconds as Postgres keeps it.
func (s *System) Now() time.Time {
	return time.Now().Add(time.Duration(s.offset.Load())).UTC().Truncate(time.Microsecond)
}

// Correct sets the offset to add to the machine's clock.
func (s *System) Correct(offset time.Duration) { s.offset.Store(int64(offset)) }

// Fake is a clock for tests; it stands still until moved.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake starts a fake clock at t.
func NewFake(t time.Time) *Fake { return &Fake{now: t.UTC().Truncate(time.Microsecond)} }

// Now is where the clock stands.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Move lets d pass.
func (f *Fake) Move(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

// Set puts the clock at t.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t.UTC().Truncate(time.Microsecond)
}
