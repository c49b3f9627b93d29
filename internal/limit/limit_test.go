package limit

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"tilgang/internal/clock"
	"tilgang/internal/fault"
)

var (
	start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	rule  = Rule{Name: "signin.network", Rate: 30, Per: time.Minute, Burst: 8}
)

type bench struct {
	clock *clock.Fake
	redis *miniredis.Miniredis
	log   bytes.Buffer
	lim   *Limiter
}

// twins gives the limiters of two replicas on one Redis.
func twins(t *testing.T) (*bench, *Limiter) {
	b := &bench{clock: clock.NewFake(start), redis: miniredis.RunT(t)}
	client := func() *redis.Client {
		c := redis.NewClient(&redis.Options{Addr: b.redis.Addr(), MaxRetries: -1})
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	log := slog.New(slog.NewTextHandler(&b.log, nil))
	b.lim = New(client(), b.clock, log)
	return b, New(client(), b.clock, log)
}

// passes tells how many of n tries pass.
func passes(l *Limiter, key string, n int) (passed int) {
	for range n {
		if l.Allow(context.Background(), rule, key) == nil {
			passed++
		}
	}
	return passed
}

func TestABucketEmptiesAndRefills(t *testing.T) {
	b, _ := twins(t)
	for name, l := range map[string]*Limiter{"in redis": b.lim, "in this process": New(nil, b.clock, nil)} {
		t.Run(name, func(t *testing.T) {
			b.clock.Set(start)
			if n := passes(l, "10.0.0.1", 20); n != 8 {
				t.Fatalf("%d passed at once", n)
			}
			err := l.Allow(context.Background(), rule, "10.0.0.1")
			if f, ok := fault.As(err); !ok || f.Kind != fault.TooMany || f.RetryAfter != 2*time.Second {
				t.Errorf("refused with %v", err)
			}
			if n := passes(l, "10.0.0.2", 1); n != 1 {
				t.Error("another network was refused")
			}
			b.clock.Move(2 * time.Second)
			if n := passes(l, "10.0.0.1", 5); n != 1 {
				t.Errorf("%d passed after two seconds", n)
			}
			b.clock.Move(time.Hour)
			if n := passes(l, "10.0.0.1", 20); n != 8 {
				t.Errorf("%d passed after an hour", n)
			}
		})
	}
}

func TestWhatTurnedOutWellIsPutBack(t *testing.T) {
	b, _ := twins(t)
	for name, l := range map[string]*Limiter{"in redis": b.lim, "in this process": New(nil, b.clock, nil)} {
		t.Run(name, func(t *testing.T) {
			for range 100 {
				if passes(l, "office", 1) != 1 {
					t.Fatal("refused")
				}
				l.Restore(context.Background(), rule, "office")
			}
			l.Restore(context.Background(), rule, "office")
			if n := passes(l, "office", 20); n != 8 {
				t.Errorf("more was put back than taken: %d passed", n)
			}
		})
	}
}

func TestTwoReplicasShareABucket(t *testing.T) {
	b, twin := twins(t)
	var passed atomic.Int32
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() { passed.Add(int32(passes([]*Limiter{b.lim, twin}[i%2], "10.0.0.1", 4))) })
	}
	all.Wait()
	if passed.Load() != 8 {
		t.Errorf("%d passed", passed.Load())
	}
}

func TestWithoutRedisTheBucketsAreTighter(t *testing.T) {
	b, _ := twins(t)
	b.redis.Close()
	if n := passes(b.lim, "10.0.0.1", 20); n != 2 {
		t.Errorf("%d passed, a quarter of eight is two", n)
	}
	if n := strings.Count(b.log.String(), "redis does not answer"); n != 1 {
		t.Errorf("said %d times: %s", n, b.log.String())
	}
	t.Run("and whole again once it is back", func(t *testing.T) {
		if err := b.redis.Restart(); err != nil {
			t.Fatal(err)
		}
		b.lim.asleep.Store(0)
		if n := passes(b.lim, "10.0.0.1", 20); n != 8 {
			t.Errorf("%d passed", n)
		}
	})
}

func TestARedisThatHangsDoesNotHoldPeopleUp(t *testing.T) {
	b, _ := twins(t)
	b.redis.SetError("LOADING Redis is loading the dataset in memory")
	begin := time.Now()
	passes(b.lim, "10.0.0.1", 50)
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("fifty tries took %v", took)
	}
}

func TestACallerWhoLeavesSaysNothingAboutRedis(t *testing.T) {
	b, _ := twins(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = b.lim.Allow(ctx, rule, "10.0.0.1")
	if b.lim.asleep.Load() != 0 || b.log.Len() > 0 {
		t.Errorf("redis was given up: %s", b.log.String())
	}
}

func TestRedisHoldsNoNetworkAndForgets(t *testing.T) {
	b, _ := twins(t)
	passes(b.lim, "10.0.0.1", 8)
	keys := b.redis.Keys()
	if len(keys) != 1 || strings.Contains(keys[0], "10.0.0.1") {
		t.Fatalf("keys %v", keys)
	}
	if ttl := b.redis.TTL(keys[0]); ttl <= 0 || ttl > 16*time.Second {
		t.Errorf("kept for %v; the bucket is empty after sixteen seconds", ttl)
	}
}

func TestMadeUpKeysTakeBoundedMemory(t *testing.T) {
	b := newBuckets()
	for i := range mostBuckets * 2 {
		b.take(string(rune(i%0x10000))+string(rune(i/0x10000)), start, time.Hour, 10*time.Hour)
	}
	if len(b.full) > mostBuckets {
		t.Errorf("%d buckets", len(b.full))
	}
}

func TestARuleOfNoRateAllowsEverything(t *testing.T) {
	l := New(nil, clock.NewFake(start), nil)
	for range 1000 {
		if err := l.Allow(context.Background(), Rule{Name: "off"}, "x"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFullBucketIsSeenWithoutATry(t *testing.T) {
	b, _ := twins(t)
	for name, l := range map[string]*Limiter{"in redis": b.lim, "in this process": New(nil, b.clock, nil)} {
		t.Run(name, func(t *testing.T) {
			full := func() bool { return l.Full(context.Background(), rule, "10.0.0.9") }
			for range 20 {
				if full() {
					t.Fatal("looking filled it")
				}
			}
			passes(l, "10.0.0.9", 7)
			if full() {
				t.Error("full one before")
			}
			passes(l, "10.0.0.9", 1)
			if !full() {
				t.Error("not full")
			}
			b.clock.Move(2 * time.Second)
			if full() {
				t.Error("still full after a refill")
			}
		})
	}
	t.Run("and while redis is gone", func(t *testing.T) {
		b.redis.Close()
		passes(b.lim, "10.0.0.8", 2)
		if !b.lim.Full(context.Background(), rule, "10.0.0.8") {
			t.Error("not full at a quarter")
		}
	})
}

func TestAQuarterIsABucketOfItsOwn(t *testing.T) {
	l := New(nil, clock.NewFake(start), nil)
	if n := passes(l, "k", 20); n != 8 {
		t.Fatalf("%d passed", n)
	}
	quarter := 0
	for range 20 {
		if l.Allow(context.Background(), rule.Quarter(), "k") == nil {
			quarter++
		}
	}
	if quarter != 2 || rule.Quarter().gap() != 4*rule.gap() {
		t.Errorf("%d passed, one every %s", quarter, rule.Quarter().gap())
	}
}
