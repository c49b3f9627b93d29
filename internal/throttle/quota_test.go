package throttle

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tilgang/internal/fault"
)

func TestAQuotaIsSoManyInAWhile(t *testing.T) {
	b := setUp(t)
	q, subject := Quota{Purpose: "code", Most: 3, Per: 24 * time.Hour}, []byte("somebody")
	full := func(err error) bool {
		f, ok := fault.As(err)
		return ok && f.Code == CodeSpent && f.Kind == fault.TooMany
	}
	for n := range 3 {
		lock, err := b.svc.Spend(b.ctx, q, subject)
		if err != nil || lock.Failures != n+1 {
			t.Fatalf("%d: %+v %v", n, lock, err)
		}
		b.clock.Move(time.Hour)
	}
	if _, err := b.svc.Spend(b.ctx, q, subject); !full(err) {
		t.Fatalf("got %v", err)
	}
	if spent, err := b.svc.Spent(b.ctx, q, subject); !spent || err != nil {
		t.Errorf("%t %v", spent, err)
	}
	t.Run("another subject, purpose and tenant count for themselves", func(t *testing.T) {
		_, one := b.svc.Spend(b.ctx, q, []byte("somebody else"))
		_, two := b.svc.Spend(b.ctx, Quota{Purpose: "other", Most: 3, Per: time.Hour}, subject)
		_, three := b.svc.Spend(b.other, q, subject)
		if err := errors.Join(one, two, three); err != nil {
			t.Error(err)
		}
	})
	t.Run("refused ones do not prolong it", func(t *testing.T) {
		b.clock.Move(23*time.Hour - time.Second)
		if _, err := b.svc.Spend(b.ctx, q, subject); !full(err) {
			t.Errorf("a second before: %v", err)
		}
		b.clock.Move(time.Second)
		if spent, err := b.svc.Spent(b.ctx, q, subject); spent || err != nil {
			t.Errorf("%t %v", spent, err)
		}
		if lock, err := b.svc.Spend(b.ctx, q, subject); err != nil || lock.Failures != 1 {
			t.Errorf("%+v %v", lock, err)
		}
	})
	t.Run("a right one is given back", func(t *testing.T) {
		lock, err := b.svc.Spend(b.ctx, q, subject)
		if err := errors.Join(err, b.svc.Forgive(b.ctx, q.Purpose, subject, lock)); err != nil {
			t.Fatal(err)
		}
		if lock, err := b.svc.Spend(b.ctx, q, subject); err != nil || lock.Failures != 2 {
			t.Errorf("%+v %v", lock, err)
		}
	})
}

func TestOfFiftyAtOnceNoMorePassThanTheQuotaHas(t *testing.T) {
	b := setUp(t)
	q := Quota{Purpose: "code", Most: 10, Per: time.Hour}
	var passed atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := b.svc.Spend(b.ctx, q, []byte("somebody")); err == nil {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if passed.Load() != 10 {
		t.Errorf("%d passed", passed.Load())
	}
}
