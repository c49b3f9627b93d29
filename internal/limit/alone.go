package limit

import "maps"

// Alone lets this process count by itself from now on, with whole buckets, as
// where there is no Redis; before the first try.
func (l *Limiter) Alone() { l.redis = nil }

// Mark notes what this process has counted; back makes it so again, as often as
// it is called. For who puts the clock back. What Redis counts is not in it.
func (l *Limiter) Mark() (back func()) { return l.local.mark() }

func (b *buckets) mark() (back func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	full := maps.Clone(b.full)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.full = maps.Clone(full)
	}
}
