package limit

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"tilgang/internal/clock"
)

// patience is how long Redis may take to answer, retry how long it is left
// alone after it did not.
const (
	patience = 250 * time.Millisecond
	retry    = 2 * time.Second
)

// Limiter counts; it is safe for many goroutines.
type Limiter struct {
	redis  *redis.Client // nil: this process alone
	local  *buckets
	clock  clock.Clock
	log    *slog.Logger
	asleep atomic.Int64 // Redis is not asked before this moment, in Unix nanoseconds
}

// New makes a limiter; rdb may be nil, then this process counts alone.
func New(rdb *redis.Client, c clock.Clock, log *slog.Logger) *Limiter {
	return &Limiter{redis: rdb, local: newBuckets(), clock: c, log: log}
}

// Allow takes one try from a key's bucket; a TooMany fault "limit.reached" with
// Args Wait (time.Duration) when it is empty. It never fails otherwise.
func (l *Limiter) Allow(ctx context.Context, r Rule, key string) error {
	if r.Rate <= 0 {
		return nil
	}
	if wait := l.take(ctx, r, key, r.gap()); wait > 0 {
		return refuse(wait)
	}
	return nil
}

// Restore puts one try back, for what turned out well: people who sign in
// rightly do not use up the bucket of the network they share.
func (l *Limiter) Restore(ctx context.Context, r Rule, key string) {
	if r.Rate > 0 {
		l.take(ctx, r, key, -r.gap())
	}
}

// take fills the bucket by add and gives how long to wait when it is full.
func (l *Limiter) take(ctx context.Context, r Rule, key string, add time.Duration) time.Duration {
	name, now := bucketName(r, key), l.clock.Now()
	if l.redis == nil {
		return l.local.take(name, now, add, r.depth())
	}
	if time.Now().UnixNano() >= l.asleep.Load() {
		wait, err := askRedis(ctx, l.redis, name, now, add, r.depth())
		if err == nil {
			return wait
		}
		l.sleep(ctx, err)
	}
	small := r.tighter()
	if add > 0 {
		add = small.gap()
	} else {
		add = -small.gap()
	}
	return l.local.take(name, now, add, small.depth())
}

// sleep leaves Redis alone for a while; a caller that went away says nothing
// about Redis.
func (l *Limiter) sleep(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	if l.asleep.Swap(time.Now().Add(retry).UnixNano()) < time.Now().Add(-retry).UnixNano() {
		l.log.LogAttrs(ctx, slog.LevelWarn, "limits are kept in this process: redis does not answer", slog.String("error", err.Error()))
	}
}

// bucketName hides the key: a network is personal data.
func bucketName(r Rule, key string) string {
	sum := sha256.Sum256([]byte(key))
	return "limit:" + r.Name + ":" + base64.RawURLEncoding.EncodeToString(sum[:16])
}
