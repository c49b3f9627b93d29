package outbox_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/outbox"
)

const workers = 16

// together runs fn in sixteen goroutines that start at once.
func together(fn func()) {
	var ready, all sync.WaitGroup
	ready.Add(1)
	for range workers {
		all.Go(func() { ready.Wait(); fn() })
	}
	ready.Done()
	all.Wait()
}

func TestTheSameTaskInSixteenWorkersHasOneEffect(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: effect})
	h.put(h.a, "x", outbox.Normal, 40)
	var ids []uuid.UUID
	for _, row := range h.rows(h.a) {
		ids = append(ids, row.ID)
	}
	tenant, _ := db.TenantID(h.a)
	together(func() {
		if err := h.worker.Do(context.Background(), tenant, "x", ids); err != nil {
			t.Error(err)
		}
	})
	h.once(h.a, 40)
}

func TestSixteenRelaysAndWorkersDoEachRowOnce(t *testing.T) {
	var calls atomic.Int64
	h := newHouse(t, outbox.Kind{Name: "x", Handle: func(ctx context.Context, row outbox.Row) error {
		if err := effect(ctx, row); err != nil {
			return err
		}
		if calls.Add(1)%7 == 0 {
			return errors.New("a hiccup after the effect")
		}
		return nil
	}})
	h.put(h.a, "x", outbox.Normal, 120)
	h.put(h.b, "x", outbox.Bulk, 80)
	for range 12 {
		together(func() {
			if err := outbox.Drain(context.Background(), h.db, h.worker); err != nil {
				t.Error(err)
			}
		})
		h.clock.Move(time.Hour)
	}
	h.once(h.a, 120)
	h.once(h.b, 80)
}

// A process that dies between taking rows and putting them into the queue
// leaves them taken; the sweep gives them back, and only those.
func TestWhatACrashTookComesBack(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: effect})
	h.put(h.a, "x", outbox.Normal, 5)
	h.put(h.b, "x", outbox.Normal, 5)
	enter := h.worker.Enter
	h.worker.Enter = func(context.Context, uuid.UUID) (context.Context, error) { return nil, errors.New("killed") }
	if err := outbox.Drain(context.Background(), h.db, h.worker); err == nil {
		t.Fatal("the crash was survived")
	}
	h.worker.Enter = enter
	h.drain()
	h.once(h.a, 0)
	h.once(h.b, 0)

	taken := h.clock.Now()
	h.requeue(taken)
	h.drain()
	h.once(h.a, 0) // what was taken a moment ago is under way somewhere

	h.clock.Move(3 * time.Minute)
	h.requeue(h.clock.Now().Add(-2 * time.Minute))
	h.drain()
	h.once(h.a, 5)
	h.once(h.b, 5)

	h.requeue(h.clock.Now().Add(time.Hour))
	h.drain()
	h.once(h.a, 5) // done rows stay done
}

func (h *house) requeue(before time.Time) {
	h.t.Helper()
	if err := outbox.Requeue(context.Background(), h.db, before); err != nil {
		h.t.Fatal(err)
	}
}

// A tenant with a thousand welcome letters does not make another one wait for
// its single one.
func TestTenantsTakeTurns(t *testing.T) {
	h := newHouse(t)
	var order record
	h.worker.Kinds["x"] = outbox.Kind{Name: "x", Batch: func(ctx context.Context, rows []outbox.Row) map[uuid.UUID]error {
		id, _ := db.TenantID(ctx)
		order.add("%s", id)
		return nil
	}}
	h.put(h.a, "x", outbox.Bulk, 1500)
	h.clock.Move(time.Minute)
	h.put(h.b, "x", outbox.Bulk, 1)
	h.drain()
	small, _ := db.TenantID(h.b)
	got := order.all()
	if at := slices.Index(got, small.String()); at < 0 || at > 1 {
		t.Errorf("the small tenant's row came as number %d of %d batches", at+1, len(got))
	}
}
