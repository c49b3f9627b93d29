package password

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/fault"
)

// queue hands out turns. Tenants that wait take turns in a ring, each with its
// own line in order of arrival. When all slots are taken, the newest request of
// the longest line gives way to a tenant with a shorter one: alone, a tenant
// may fill the queue; beside others it ends at its fair share.
type queue struct {
	workers, slots int
	maxWait        time.Duration

	mu                      sync.Mutex
	running, waiting        int
	ring                    []*line // never holds an empty line
	refused, timedOut, left uint64
}

type line struct {
	tenant  uuid.UUID
	waiters []*waiter
}

// waiter gets exactly one message: nil for a turn, else the refusal.
type waiter struct{ answer chan error }

func newQueue(workers, slots int, maxWait time.Duration) *queue {
	return &queue{workers: workers, slots: slots, maxWait: maxWait}
}

// busy is the refusal when there is too much to do.
func (q *queue) busy() error {
	return fault.New(fault.Unavailable, "password.busy").After(q.maxWait)
}

// enter waits for a turn; every nil must be followed by leave.
func (q *queue) enter(ctx context.Context, tenant uuid.UUID) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait for a turn to hash: %w", err)
	}
	w, err := q.join(tenant)
	if w == nil {
		return err
	}
	timer := time.NewTimer(q.maxWait)
	defer timer.Stop()
	select {
	case err := <-w.answer:
		return err
	case <-timer.C:
		return q.giveUp(w, &q.timedOut, q.busy())
	case <-ctx.Done():
		return q.giveUp(w, &q.left, fmt.Errorf("wait for a turn to hash: %w", ctx.Err()))
	}
}

// join takes a turn at once (nil, nil), or a place in the tenant's line.
func (q *queue) join(tenant uuid.UUID) (*waiter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.running < q.workers {
		q.running++ // nobody waits while a worker is free: leave passes turns on
		return nil, nil
	}
	if q.waiting >= q.slots && !q.makeRoom(tenant) {
		q.refused++
		return nil, q.busy()
	}
	w := &waiter{answer: make(chan error, 1)}
	l := q.lineOf(tenant)
	if l == nil {
		l = &line{tenant: tenant}
		q.ring = append(q.ring, l)
	}
	l.waiters = append(l.waiters, w)
	q.waiting++
	return w, nil
}

// makeRoom sends the newest of the longest line away, if that line is longer
// than the tenant's own would become.
func (q *queue) makeRoom(tenant uuid.UUID) bool {
	own := 0
	if l := q.lineOf(tenant); l != nil {
		own = len(l.waiters)
	}
	longest := slices.MaxFunc(q.ring, func(a, b *line) int { return len(a.waiters) - len(b.waiters) })
	if len(longest.waiters) <= own+1 {
		return false
	}
	last := longest.waiters[len(longest.waiters)-1]
	q.remove(longest, last)
	q.refused++
	last.answer <- q.busy()
	return true
}

// leave gives the turn to the next line in the ring, or frees it.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.ring) == 0 {
		q.running--
		return
	}
	l := q.ring[0]
	next := l.waiters[0]
	q.remove(l, next)
	if len(l.waiters) > 0 {
		q.ring = append(q.ring[1:], l)
	}
	next.answer <- nil
}

// giveUp takes the waiter out. If its answer came first, that answer holds,
// except that a turn is passed on, since the caller will not use it.
func (q *queue) giveUp(w *waiter, count *uint64, why error) error {
	q.mu.Lock()
	*count++
	for _, l := range q.ring {
		if slices.Contains(l.waiters, w) {
			q.remove(l, w)
			q.mu.Unlock()
			return why
		}
	}
	q.mu.Unlock()
	if err := <-w.answer; err == nil {
		q.leave()
	}
	return why
}

// remove takes w out of l, and l out of the ring when it was the last.
func (q *queue) remove(l *line, w *waiter) {
	l.waiters = slices.DeleteFunc(l.waiters, func(x *waiter) bool { return x == w })
	q.waiting--
	if len(l.waiters) == 0 {
		q.ring = slices.DeleteFunc(q.ring, func(x *line) bool { return x == l })
	}
}

func (q *queue) lineOf(tenant uuid.UUID) *line {
	if i := slices.IndexFunc(q.ring, func(l *line) bool { return l.tenant == tenant }); i >= 0 {
		return q.ring[i]
	}
	return nil
}

func (q *queue) stats() Stats {
	q.mu.Lock()
	defer q.mu.Unlock()
	return Stats{
		Workers: q.workers, Running: q.running, Slots: q.slots, Waiting: q.waiting, Tenants: len(q.ring),
		Refused: q.refused, TimedOut: q.timedOut, Left: q.left,
	}
}
