package throttle

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/fault"
)

type bench struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Fake
	svc   *Service
	ctx   context.Context
	other context.Context
}

func setUp(t *testing.T) *bench {
	d, now := dbtest.New(t)
	b := &bench{t: t, db: d, clock: now, svc: New(d)}
	b.ctx, _ = dbtest.Tenant(t, d, "havn")
	b.other, _ = dbtest.Tenant(t, d, "skog")
	return b
}

var anna = []byte("keyed hash of anna")

func (b *bench) try() (Lock, error) { return b.svc.Try(b.ctx, "signin", anna) }

func (b *bench) mustTry() Lock {
	b.t.Helper()
	lock, err := b.try()
	if err != nil {
		b.t.Fatal(err)
	}
	return lock
}

// fail makes n failures, waiting out each lock.
func (b *bench) fail(n int) (last Lock) {
	b.t.Helper()
	for range n {
		if last = b.mustTry(); !last.Until.IsZero() {
			b.clock.Set(last.Until)
		}
	}
	return last
}

func TestEachFailureFromTheFifthOnWaitsTwiceAsLong(t *testing.T) {
	want := []time.Duration{0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900}
	var got []time.Duration
	for i := range want {
		got = append(got, WaitAfter(i+1)/time.Second)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestALockHoldsToTheSecond(t *testing.T) {
	b := setUp(t)
	b.fail(4)
	if err := b.svc.Check(b.ctx, "signin", anna); err != nil {
		t.Fatalf("locked after four: %v", err)
	}
	if lock := b.mustTry(); !lock.First() || !lock.Locked() || !lock.Until.Equal(b.clock.Now().Add(5*time.Second)) {
		t.Fatalf("the fifth led to %+v", lock)
	}
	b.clock.Move(4 * time.Second)
	for name, err := range map[string]error{"check": b.svc.Check(b.ctx, "signin", anna), "try": second(b.try())} {
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.TooMany || f.Code != CodeLocked || f.RetryAfter != time.Second {
			t.Errorf("%s a second before: %v", name, err)
		}
	}
	b.clock.Move(time.Second)
	if lock := b.mustTry(); lock.Failures != 6 || lock.First() {
		t.Errorf("the refused try was counted: %+v", lock)
	}
}

func second[T any](_ T, err error) error { return err }

func TestOneHundredFailuresStopAllTries(t *testing.T) {
	b := setUp(t)
	if lock := b.fail(100); !lock.Stopped || !lock.First() {
		t.Fatalf("the hundredth led to %+v", lock)
	}
	b.clock.Move(365 * 24 * time.Hour)
	f, _ := fault.As(second(b.try()))
	if f == nil || f.Code != CodeStopped {
		t.Fatalf("a year later: %v", f)
	}
	if n, err := b.svc.Sweep(b.ctx); n != 0 || err != nil {
		t.Errorf("a stop was swept: %d, %v", n, err)
	}
	if err := b.svc.Clear(b.ctx, "signin", anna); err != nil {
		t.Fatal(err)
	}
	if lock := b.mustTry(); lock.Failures != 1 {
		t.Errorf("after help: %+v", lock)
	}
}

func TestOfSixteenTriesAtOnceOnlyTheFreeOnesPass(t *testing.T) {
	b := setUp(t)
	b.fail(3)
	twin := New(b.db) // another replica
	var passed, refused atomic.Int32
	var all sync.WaitGroup
	for i := range 16 {
		svc := []*Service{b.svc, twin}[i%2]
		all.Go(func() {
			switch _, err := svc.Try(b.ctx, "signin", anna); {
			case err == nil:
				passed.Add(1)
			case fault.KindOf(err) == fault.TooMany:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if passed.Load() != 2 || refused.Load() != 14 {
		t.Errorf("%d passed, %d were refused; the fourth and the fifth may pass", passed.Load(), refused.Load())
	}
}

func TestEveryFailureOfSixteenAtOnceIsCounted(t *testing.T) {
	b := setUp(t)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := b.svc.Fail(b.ctx, "signin", anna); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if lock, err := b.svc.Fail(b.ctx, "signin", anna); lock.Failures != 17 || err != nil {
		t.Errorf("%+v, %v", lock, err)
	}
}

func TestACountStaysWhenTheRestIsRolledBack(t *testing.T) {
	b := setUp(t)
	t.Run("so it is refused inside a transaction", func(t *testing.T) {
		err := b.db.Tx(b.ctx, func(ctx context.Context) error { return second(b.svc.Try(ctx, "signin", anna)) })
		if err == nil {
			t.Error("counted inside a transaction")
		}
	})
	t.Run("but a success may join one and be rolled back with it", func(t *testing.T) {
		b.fail(2)
		_ = b.db.Tx(b.ctx, func(ctx context.Context) error {
			return errors.Join(b.svc.Clear(ctx, "signin", anna), errors.New("no session after all"))
		})
		if lock := b.mustTry(); lock.Failures != 3 {
			t.Errorf("%+v", lock)
		}
	})
}

func TestATryWithoutAComparisonIsGivenBack(t *testing.T) {
	b := setUp(t)
	b.fail(4)
	lock := b.mustTry()
	if err := b.svc.Forgive(b.ctx, "signin", anna, lock); err != nil {
		t.Fatal(err)
	}
	if again := b.mustTry(); again.Failures != 5 {
		t.Errorf("%+v", again)
	}
	t.Run("unless another one came between", func(t *testing.T) {
		b.clock.Move(time.Minute)
		b.mustTry()
		if err := b.svc.Forgive(b.ctx, "signin", anna, lock); err != nil {
			t.Fatal(err)
		}
		b.clock.Move(time.Minute)
		if again := b.mustTry(); again.Failures != 7 {
			t.Errorf("%+v", again)
		}
	})
}

func TestSubjectsPurposesAndTenantsCountApart(t *testing.T) {
	b := setUp(t)
	b.fail(5)
	b.mustTry()
	for name, check := range map[string]func() error{
		"another subject": func() error { return b.svc.Check(b.ctx, "signin", []byte("birger")) },
		"another purpose": func() error { return b.svc.Check(b.ctx, "totp", anna) },
		"another tenant":  func() error { return b.svc.Check(b.other, "signin", anna) },
	} {
		if err := check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := errors.Join(b.svc.Clear(b.other, "signin", anna), b.svc.Forgive(b.other, "signin", anna, Lock{Failures: 6})); err != nil {
		t.Fatal(err)
	}
	if err := b.svc.Check(b.ctx, "signin", anna); fault.KindOf(err) != fault.TooMany {
		t.Errorf("another tenant cleared it: %v", err)
	}
}

func TestASubjectAndWhatStandsBehindItAreCountedAtOnce(t *testing.T) {
	b := setUp(t)
	one, two, all := []byte("one address"), []byte("another address"), []byte("the account of both")
	both := func(subject []byte) (lock, behind Lock, err error) {
		return b.svc.TryBoth(b.ctx, "signin", subject, all)
	}
	for range 5 {
		if lock, behind, err := both(one); err != nil || lock != behind {
			t.Fatalf("%+v, %+v, %v", lock, behind, err)
		}
	}
	t.Run("a locked subject refuses, and counts on neither", func(t *testing.T) {
		if _, _, err := both(one); fault.KindOf(err) != fault.TooMany {
			t.Errorf("got %v", err)
		}
	})
	t.Run("what is locked behind another is quiet", func(t *testing.T) {
		lock, behind, err := both(two)
		if err != nil || lock.Failures != 1 || behind.Failures != 0 {
			t.Errorf("%+v, %+v, %v", lock, behind, err)
		}
	})
	b.clock.Move(FirstWait)
	t.Run("and goes on from where it was", func(t *testing.T) {
		if lock, behind, err := both(two); err != nil || lock.Failures != 2 || behind.Failures != 6 {
			t.Errorf("%+v, %+v, %v", lock, behind, err)
		}
	})
	t.Run("and of many at once no more pass than one may", func(t *testing.T) {
		b.clock.Move(time.Minute)
		var all sync.WaitGroup
		var passed atomic.Int32
		for i := range 16 {
			all.Go(func() {
				_, behind, err := both([]byte{byte(i)})
				if err != nil {
					t.Error(err)
				}
				if behind.Failures > 0 {
					passed.Add(1)
				}
			})
		}
		all.Wait()
		if passed.Load() != 1 {
			t.Errorf("%d passed", passed.Load())
		}
	})
	t.Run("and one call forgets several", func(t *testing.T) {
		if err := b.svc.Clear(b.ctx, "signin", one, all); err != nil {
			t.Fatal(err)
		}
		if lock, behind, err := both(one); err != nil || lock.Failures != 1 || behind.Failures != 1 {
			t.Errorf("%+v, %+v, %v", lock, behind, err)
		}
	})
}
