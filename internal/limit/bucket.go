package limit

import (
	"sync"
	"time"
)

// mostBuckets bounds the memory that made-up keys can take.
const mostBuckets = 100_000

// buckets are kept in this process: the moment at which each is empty again.
type buckets struct {
	mu   sync.Mutex
	full map[string]time.Time
}

func newBuckets() *buckets { return &buckets{full: map[string]time.Time{}} }

// take fills a bucket by add, unless it would then be deeper than depth: then
// it gives the time until it would not.
func (b *buckets) take(name string, now time.Time, add, depth time.Duration) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	until := b.full[name]
	if until.Before(now) {
		until = now
	}
	until = until.Add(add)
	if wait := until.Sub(now) - depth; wait > 0 && add > 0 {
		return wait
	}
	if !until.After(now) {
		delete(b.full, name)
		return 0
	}
	b.makeRoom(now)
	b.full[name] = until
	return 0
}

// makeRoom drops empty buckets once there are too many, and then any.
func (b *buckets) makeRoom(now time.Time) {
	if len(b.full) < mostBuckets {
		return
	}
	for name, until := range b.full {
		if !until.After(now) {
			delete(b.full, name)
		}
	}
	for name := range b.full {
		if len(b.full) < mostBuckets/2 {
			return
		}
		delete(b.full, name)
	}
}
