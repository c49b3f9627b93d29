package password_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/password"
)

var rootCtx = context.Background()

var tenantA, tenantB, tenantC = uuid.UUID{1}, uuid.UUID{2}, uuid.UUID{3}

// bench is a pool whose hashes take a second of the bubble's time and are
// noted in the order in which they begin.
type bench struct {
	*password.Pool
	mu      sync.Mutex
	served  []string
	running atomic.Int32
	most    atomic.Int32
	wg      sync.WaitGroup
	errs    map[string][]error
}

func newBench(c password.PoolConfig) *bench {
	c.Params = cheap
	b := &bench{Pool: password.NewPool(c), errs: map[string][]error{}}
	b.SetDerive(func(_ password.Params, text string) {
		n := b.running.Add(1)
		defer b.running.Add(-1)
		for m := b.most.Load(); n > m && !b.most.CompareAndSwap(m, n); m = b.most.Load() {
		}
		b.mu.Lock()
		b.served = append(b.served, text)
		b.mu.Unlock()
		time.Sleep(time.Second)
	})
	return b
}

// ask starts n requests of a tenant and waits until each runs, waits or failed.
func (b *bench) ask(ctx context.Context, n int, tenant uuid.UUID, name string) {
	for range n {
		b.wg.Go(func() {
			err := b.VerifyDecoy(ctx, tenant, name)
			b.mu.Lock()
			defer b.mu.Unlock()
			b.errs[name] = append(b.errs[name], err)
		})
		synctest.Wait()
	}
}

func (b *bench) count(name string) (served, busy int) {
	for _, err := range b.errs[name] {
		switch {
		case err == nil:
			served++
		case errors.Is(err, fault.New(fault.Unavailable, "password.busy")):
			busy++
		}
	}
	return served, busy
}

func idle(t *testing.T, p *password.Pool) {
	t.Helper()
	if s := p.Stats(); s.Running != 0 || s.Waiting != 0 || s.Tenants != 0 {
		t.Errorf("the pool is not empty afterwards: %+v", s)
	}
}

func TestNeverMoreHashesAtATimeThanWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(password.PoolConfig{Workers: 3, QueuePerWorker: 100, MaxWait: time.Hour})
		b.ask(rootCtx, 100, tenantA, "a")
		b.ask(rootCtx, 100, tenantB, "b")
		if s := b.Stats(); s.Running != 3 || s.Waiting != 197 || s.Tenants != 2 || s.Slots != 300 {
			t.Errorf("while busy: %+v", s)
		}
		b.wg.Wait()
		if b.most.Load() != 3 || len(b.served) != 200 || b.Stats().Hashes != 200 {
			t.Errorf("%d at a time, %d served", b.most.Load(), len(b.served))
		}
		idle(t, b.Pool)
	})
}

func TestAThousandWaitingRequestsDoNotHoldUpAnotherTenant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(password.PoolConfig{Workers: 2, QueuePerWorker: 1000, MaxWait: time.Hour})
		b.ask(rootCtx, 1002, tenantA, "storm")
		b.ask(rootCtx, 1, tenantB, "one")
		b.wg.Wait()
		if at := slices.Index(b.served, "one"); at > 4 {
			t.Errorf("served as number %d", at+1)
		}
		if ok, _ := b.count("storm"); ok != 1002 {
			t.Errorf("%d of the storm were served", ok)
		}
	})
}

func TestTenantsTakeTurnsAndEachIsServedInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(password.PoolConfig{Workers: 1, MaxWait: time.Hour})
		b.ask(rootCtx, 1, tenantA, "first")
		for _, name := range []string{"a1", "a2", "a3", "b1", "b2", "c1"} {
			b.ask(rootCtx, 1, map[byte]uuid.UUID{'a': tenantA, 'b': tenantB, 'c': tenantC}[name[0]], name)
		}
		b.wg.Wait()
		if d := cmp.Diff([]string{"first", "a1", "b1", "c1", "a2", "b2", "a3"}, b.served); d != "" {
			t.Error(d)
		}
	})
}

func TestOverflowIsRefusedWithATimeToComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(password.PoolConfig{Workers: 1, QueuePerWorker: 2})
		b.ask(rootCtx, 10, tenantA, "a")
		b.wg.Wait()
		if ok, busy := b.count("a"); ok != 3 || busy != 7 {
			t.Errorf("%d served, %d refused", ok, busy)
		}
		f, _ := fault.As(b.errs["a"][0])
		if f == nil || f.RetryAfter != 3*time.Second {
			t.Errorf("refused with %+v", f)
		}
		if b.Stats().Refused != 7 {
			t.Errorf("counted %d refusals", b.Stats().Refused)
		}
		idle(t, b.Pool)
	})
}

func TestAFullQueueMakesRoomForAnotherTenantUpToItsShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(password.PoolConfig{Workers: 1, QueuePerWorker: 7, MaxWait: time.Hour})
		b.ask(rootCtx, 8, tenantA, "a")
		b.ask(rootCtx, 6, tenantB, "b")
		b.wg.Wait()
		okA, busyA := b.count("a")
		okB, busyB := b.count("b")
		if d := cmp.Diff([]int{5, 3, 3, 3}, []int{okA, busyA, okB, busyB}); d != "" {
			t.Errorf("served and refused of A and B: %s", d)
		}
		idle(t, b.Pool)
	})
}

func TestWaitingTooLongIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(password.PoolConfig{Workers: 1, MaxWait: 2500 * time.Millisecond})
		began := time.Now()
		b.ask(rootCtx, 5, tenantA, "a")
		b.wg.Wait()
		if ok, busy := b.count("a"); ok != 3 || busy != 2 || b.Stats().TimedOut != 2 {
			t.Errorf("%d served, %d refused, %+v", ok, busy, b.Stats())
		}
		if d := time.Since(began); d != 3*time.Second {
			t.Errorf("it took %s", d)
		}
		idle(t, b.Pool)
	})
}

func TestACallerWhoGoesAwayLeavesTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(password.PoolConfig{Workers: 1})
		ctx, cancel := context.WithCancel(rootCtx)
		b.ask(rootCtx, 1, tenantA, "runs")
		b.ask(ctx, 5, tenantA, "gone")
		b.ask(rootCtx, 1, tenantA, "stays")
		cancel()
		synctest.Wait()
		if s := b.Stats(); s.Waiting != 1 || s.Left != 5 {
			t.Errorf("after they left: %+v", s)
		}
		b.ask(ctx, 1, tenantA, "gone")
		b.wg.Wait()
		if d := cmp.Diff([]string{"runs", "stays"}, b.served); d != "" {
			t.Error(d)
		}
		for _, err := range b.errs["gone"] {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("told %v", err)
			}
		}
	})
}

func TestNoTurnIsLostWhenCallersComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(password.PoolConfig{Workers: 2, QueuePerWorker: 4, MaxWait: 4 * time.Second})
		r := rand.New(rand.NewPCG(1, 2))
		for i := range 3000 {
			// Whole seconds, so that leaving, giving up and getting a turn meet.
			ctx, cancel := context.WithTimeout(rootCtx, time.Duration(r.IntN(6))*time.Second)
			b.wg.Go(func() {
				defer cancel()
				_ = b.VerifyDecoy(ctx, uuid.UUID{byte(i % 5)}, "x")
			})
			time.Sleep(time.Duration(r.IntN(2)) * time.Second / 2)
		}
		b.wg.Wait()
		idle(t, b.Pool)
		if b.most.Load() != 2 {
			t.Errorf("%d at a time", b.most.Load())
		}
		b.ask(rootCtx, 4, tenantA, "after")
		b.wg.Wait()
		if ok, _ := b.count("after"); ok != 4 {
			t.Errorf("%d of 4 are served afterwards", ok)
		}
	})
}

func TestAPanicIsAnErrorAndGivesTheTurnBack(t *testing.T) {
	p := password.NewPool(password.PoolConfig{Workers: 1, Params: cheap})
	p.SetDerive(func(password.Params, string) { panic("out of luck") })
	for range 3 {
		_, err := p.Hash(rootCtx, tenantA, "grønne gulerødder")
		if err == nil || strings.Contains(err.Error(), "gulerødder") {
			t.Errorf("got %v", err)
		}
	}
	if p.Stats().Panics != 3 {
		t.Errorf("counted %d panics", p.Stats().Panics)
	}
	idle(t, p)
}

func TestUnknownAccountsCostTheSameWork(t *testing.T) {
	p := cheapPool("0123456789abcdef")
	hash := mustHash(t, p, "grønne gulerødder")
	var costs []password.Params
	var lengths []int
	p.SetDerive(func(c password.Params, text string) { costs, lengths = append(costs, c), append(lengths, len(text)) })
	for name, try := range map[string]func() (bool, error){
		"wrong password": func() (bool, error) {
			ok, _, err := p.Verify(rootCtx, tenantA, hash, "gule gulerødder")
			return ok, err
		},
		"no password set": func() (bool, error) { ok, _, err := p.Verify(rootCtx, tenantA, "", "gule gulerødder"); return ok, err },
		"unusable text":   func() (bool, error) { ok, _, err := p.Verify(rootCtx, tenantA, hash, "\xff"); return ok, err },
		"unknown account": func() (bool, error) { return false, p.VerifyDecoy(rootCtx, tenantA, "gule gulerødder") },
	} {
		t.Run(name, func(t *testing.T) {
			costs, lengths = nil, nil
			ok, err := try()
			if ok || err != nil {
				t.Errorf("ok %t, err %v", ok, err)
			}
			if d := cmp.Diff([]password.Params{cheap}, costs); d != "" || lengths[0] != 32 {
				t.Errorf("hashes made: %s, of %v bytes", d, lengths)
			}
		})
	}
}

func TestFiveHundredSignInsWithKilobytePasswords(t *testing.T) {
	p := password.NewPool(password.PoolConfig{Workers: 2, QueuePerWorker: 16, Params: cheap})
	hash := mustHash(t, p, "grønne gulerødder")
	kilobyte := strings.Repeat("0123456789abcdef", 64)
	var wg sync.WaitGroup
	var refused atomic.Uint64
	for i := range 500 {
		wg.Go(func() {
			ok, _, err := p.Verify(rootCtx, uuid.UUID{byte(i % 3)}, hash, kilobyte)
			if err != nil && fault.KindOf(err) == fault.Unavailable {
				refused.Add(1)
			} else if ok || err != nil {
				t.Errorf("ok %t, err %v", ok, err)
			}
		})
	}
	wg.Wait()
	if s := p.Stats(); s.Hashes+refused.Load() != 501 {
		t.Errorf("%d hashes and %d refusals of 501", s.Hashes, refused.Load())
	}
	idle(t, p)
}
