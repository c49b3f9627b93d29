package limit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Full tells whether the next try of a key would be refused, and takes none: for
// pages that show what a form will need.
func (l *Limiter) Full(ctx context.Context, r Rule, key string) bool {
	if r.Rate <= 0 {
		return false
	}
	name, now := bucketName(r, key), l.clock.Now()
	if l.redis != nil && time.Now().UnixNano() >= l.asleep.Load() {
		until, err := readRedis(ctx, l.redis, name)
		if err == nil {
			return until.Add(r.gap()).Sub(now) > r.depth()
		}
		l.sleep(ctx, err)
	}
	if l.redis != nil {
		r = r.tighter()
	}
	return l.local.until(name).Add(r.gap()).Sub(now) > r.depth()
}

// Quarter is a bucket of its own with a quarter of the rule's room, for those
// who are trusted less; what they use up is nobody else's.
func (r Rule) Quarter() Rule {
	r.Name, r.Per, r.Burst = r.Name+".quarter", r.Per*tight, max(r.Burst/tight, 1)
	return r
}

// until is the moment at which a bucket is empty again.
func (b *buckets) until(name string) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.full[name]
}

func readRedis(ctx context.Context, rdb *redis.Client, name string) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, err := rdb.Get(ctx, name).Result()
	if errors.Is(err, redis.Nil) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read a bucket: %w", err)
	}
	micro, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read a bucket: %w", err)
	}
	return time.UnixMicro(micro), nil
}
