package outbox_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/outbox"
)

func TestAnEventLivesAndDiesWithItsFact(t *testing.T) {
	h := newHouse(t)
	t.Run("outside a transaction it is refused", func(t *testing.T) {
		if err := outbox.Put(h.a, outbox.Event{Kind: "x"}); !errors.Is(err, db.ErrNoTx) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a fact taken back takes its event along", func(t *testing.T) {
		_ = h.db.Tx(h.a, func(ctx context.Context) error {
			if err := outbox.Put(ctx, outbox.Event{Kind: "x"}); err != nil {
				t.Error(err)
			}
			return errors.New("no")
		})
		if rows := h.rows(h.a); len(rows) != 0 {
			t.Errorf("%d rows", len(rows))
		}
	})
	t.Run("a key stands once a kind and tenant", func(t *testing.T) {
		for range 2 {
			h.events(h.a, outbox.Event{Kind: "x", Key: "k", Args: 1})
			h.events(h.a, outbox.Event{Kind: "y", Key: "k", Args: 1})
			h.events(h.b, outbox.Event{Kind: "x", Key: "k", Args: 1})
		}
		if a, b := len(h.rows(h.a)), len(h.rows(h.b)); a != 2 || b != 1 {
			t.Errorf("%d and %d rows", a, b)
		}
	})
	t.Run("the commit wakes the relay of this process", func(t *testing.T) {
		select {
		case <-h.db.Signals():
		default:
			t.Error("no signal")
		}
	})
}

func TestWorkWaitsUntilItIsDue(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: effect})
	h.events(h.a, outbox.Event{Kind: "x", DueAt: h.clock.Now().Add(time.Hour)})
	h.drain()
	h.once(h.a, 0)
	h.clock.Move(59*time.Minute + 59*time.Second)
	h.drain()
	h.once(h.a, 0)
	h.clock.Move(time.Second)
	h.drain()
	h.once(h.a, 1)
}

func TestAPoisonousRowIsGivenUpWhileOthersGoOn(t *testing.T) {
	bad := func(ctx context.Context, row outbox.Row) error {
		var n int
		if err := row.Into(&n); err != nil {
			return err
		}
		if err := effect(ctx, row); err != nil {
			return err
		}
		switch n {
		case 1:
			return errors.New("always æøå" + string(make([]byte, 3)))
		case 2:
			panic("a bug")
		}
		return nil
	}
	h := newHouse(t, outbox.Kind{Name: "x", Handle: bad})
	h.put(h.a, "x", outbox.Bulk, 5)
	start := h.clock.Now()
	h.drain()
	h.once(h.a, 3)
	for range 11 {
		if failed(h.rows(h.a)) != 0 {
			t.Fatalf("given up after %s", h.clock.Now().Sub(start))
		}
		h.clock.Move(2 * time.Hour)
		h.drain()
	}
	rows := h.rows(h.a)
	if failed(rows) != 2 {
		t.Errorf("%d rows given up", failed(rows))
	}
	for _, row := range rows {
		if row.FailedAt != nil && (row.Tries != 12 || row.Error == "" || row.DoneAt != nil) {
			t.Errorf("%d tries, %q, done at %v", row.Tries, row.Error, row.DoneAt)
		}
	}
	h.clock.Move(24 * time.Hour)
	h.drain()
	h.once(h.a, 3)
}

func failed(rows []outbox.Row) (n int) {
	for _, row := range rows {
		if row.FailedAt != nil {
			n++
		}
	}
	return n
}

func TestARowWaitsLongerAfterEachFailure(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: func(context.Context, outbox.Row) error { return errors.New("down") }})
	h.put(h.a, "x", outbox.Normal, 1)
	start, last := h.clock.Now(), time.Duration(0)
	for range 11 {
		h.drain()
		row := h.rows(h.a)[0]
		wait := row.DueAt.Sub(h.clock.Now())
		if wait < last || wait > 2*time.Hour || row.RelayedAt != nil {
			t.Errorf("waits %s after %s", wait, last)
		}
		last = wait
		h.clock.Move(wait)
	}
	if whole := h.clock.Now().Sub(start); whole < 5*time.Hour || whole > 8*time.Hour {
		t.Errorf("a provider may be away for %s; some six hours are promised", whole)
	}
}

func TestWhatNoRetryMendsIsGivenUpAtOnce(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: func(_ context.Context, row outbox.Row) error {
		var n struct{ Deep []int }
		return row.Into(&n)
	}})
	h.events(h.a, outbox.Event{Kind: "x", Args: "no object"})
	h.drain()
	if row := h.rows(h.a)[0]; row.FailedAt == nil || row.Tries != 1 {
		t.Errorf("failed at %v after %d tries", row.FailedAt, row.Tries)
	}
}

func TestWorkThatNobodyKnowsIsKept(t *testing.T) {
	h := newHouse(t)
	h.put(h.a, "later.version", outbox.Normal, 1)
	h.drain()
	if row := h.rows(h.a)[0]; row.FailedAt != nil || row.Tries != 1 || row.DoneAt != nil {
		t.Errorf("%+v", row)
	}
	h.worker.Kinds["later.version"] = outbox.Kind{Name: "later.version", Handle: effect}
	h.clock.Move(time.Minute)
	h.drain()
	h.once(h.a, 1)
}

func TestABatchTriesAgainWhatFailedAlone(t *testing.T) {
	var sizes []int
	tries := 0
	batch := func(_ context.Context, rows []outbox.Row) map[uuid.UUID]error {
		sizes = append(sizes, len(rows))
		tries++
		if tries == 1 {
			return map[uuid.UUID]error{rows[3].ID: errors.New("refused")}
		}
		if tries == 2 {
			panic("a bug")
		}
		return nil
	}
	h := newHouse(t, outbox.Kind{Name: "x", Batch: batch})
	h.put(h.a, "x", outbox.Bulk, 10)
	for range 3 {
		h.drain()
		h.clock.Move(time.Minute)
	}
	if want := []int{10, 1, 1}; !slices.Equal(sizes, want) {
		t.Errorf("batches of %v, want %v", sizes, want)
	}
	for _, row := range h.rows(h.a) {
		if row.DoneAt == nil {
			t.Errorf("not done: %+v", row)
		}
	}
}

func TestABatchIsOfOneTenantAndAtMostAHundred(t *testing.T) {
	h := newHouse(t)
	var seen []int
	h.worker.Kinds["x"] = outbox.Kind{Name: "x", Batch: func(ctx context.Context, rows []outbox.Row) map[uuid.UUID]error {
		id, _ := db.TenantID(ctx)
		for _, row := range rows {
			if row.TenantID != id {
				t.Errorf("a row of %s in a batch of %s", row.TenantID, id)
			}
		}
		seen = append(seen, len(rows))
		return nil
	}}
	h.put(h.a, "x", outbox.Bulk, 250)
	h.put(h.b, "x", outbox.Bulk, 10)
	h.drain()
	slices.Sort(seen)
	if want := []int{10, 50, 100, 100}; !slices.Equal(seen, want) {
		t.Errorf("batches of %v, want %v", seen, want)
	}
}

func TestFleetingRowsVanishWhenDone(t *testing.T) {
	first := true
	h := newHouse(t,
		outbox.Kind{Name: "x", Fleeting: true, Handle: effect},
		outbox.Kind{Name: "y", Fleeting: true, Batch: func(_ context.Context, rows []outbox.Row) map[uuid.UUID]error {
			if first {
				first = false
				return map[uuid.UUID]error{rows[0].ID: errors.New("not yet")}
			}
			return nil
		}})
	h.put(h.a, "x", outbox.Normal, 3)
	h.put(h.a, "y", outbox.Normal, 3)
	h.drain()
	h.once(h.a, 3)
	if rows := h.rows(h.a); len(rows) != 1 || rows[0].Kind != "y" {
		t.Errorf("%d rows are left", len(rows))
	}
	h.clock.Move(time.Minute)
	h.drain()
	if rows := h.rows(h.a); len(rows) != 0 {
		t.Errorf("%d rows are left", len(rows))
	}
}

func TestAnotherTenantsRowsAreOutOfReach(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: effect})
	h.put(h.a, "x", outbox.Normal, 1)
	own := h.rows(h.a)[0]
	other, _ := db.TenantID(h.b)
	if err := h.worker.Do(context.Background(), other, "x", []uuid.UUID{own.ID}); err != nil {
		t.Fatal(err)
	}
	h.once(h.b, 0)
	if row := h.rows(h.a)[0]; row.DoneAt != nil || row.Tries != 0 {
		t.Errorf("touched: %+v", row)
	}
	if rows := h.rows(h.b); len(rows) != 0 {
		t.Errorf("beta sees %d rows", len(rows))
	}
}

func TestDepthsCountWhatWaitsAndRuns(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "done", Handle: effect})
	h.put(h.a, "done", outbox.Security, 2)
	h.drain()
	h.put(h.a, "wait", outbox.Bulk, 3)
	h.put(h.b, "wait", outbox.Bulk, 4)
	depths, err := outbox.Depths(context.Background(), h.db)
	if err != nil || len(depths) != 1 || depths[0].Lane != outbox.Bulk || depths[0].Waiting != 7 || depths[0].Running != 0 {
		t.Errorf("%+v, %v", depths, err)
	}
}

func TestWhatWasDoneLongAgoIsSweptAndWhatFailedStays(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: effect},
		outbox.Kind{Name: "bad", Handle: func(context.Context, outbox.Row) error { return outbox.GiveUp(errors.New("no")) }})
	h.put(h.a, "x", outbox.Normal, 2)
	h.put(h.a, "bad", outbox.Normal, 1)
	h.put(h.b, "x", outbox.Normal, 1)
	h.drain()
	h.clock.Move(31 * 24 * time.Hour)
	h.put(h.a, "x", outbox.Normal, 1)
	h.drain()
	n, err := outbox.Sweep(h.a, h.db)
	if err != nil || n != 2 {
		t.Errorf("swept %d, %v", n, err)
	}
	if a, b := h.rows(h.a), h.rows(h.b); len(a) != 2 || len(b) != 1 || failed(a) != 1 {
		t.Errorf("%d and %d rows are left", len(a), len(b))
	}
}
