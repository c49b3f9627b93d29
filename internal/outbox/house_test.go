package outbox_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/outbox"
)

// house is a database with two tenants and a worker.
type house struct {
	t      *testing.T
	db     *db.DB
	clock  *clock.Fake
	a, b   context.Context
	worker *outbox.Worker
}

func newHouse(t *testing.T, kinds ...outbox.Kind) *house {
	t.Helper()
	d, now := dbtest.New(t)
	h := &house{t: t, db: d, clock: now}
	h.a, _ = dbtest.Tenant(t, d, "alfa")
	h.b, _ = dbtest.Tenant(t, d, "beta")
	h.worker = &outbox.Worker{
		DB: d, Kinds: map[string]outbox.Kind{}, Log: slog.New(slog.DiscardHandler),
		Enter: func(ctx context.Context, _ uuid.UUID) (context.Context, error) { return ctx, nil },
	}
	for _, k := range kinds {
		h.worker.Kinds[k.Name] = k
	}
	return h
}

// put stores n events of a kind for a tenant, each with its number as argument.
func (h *house) put(ctx context.Context, kind string, lane outbox.Lane, n int) {
	h.t.Helper()
	events := make([]outbox.Event, n)
	for i := range events {
		events[i] = outbox.Event{Kind: kind, Lane: lane, Args: i}
	}
	h.events(ctx, events...)
}

func (h *house) events(ctx context.Context, events ...outbox.Event) {
	h.t.Helper()
	if err := h.db.Tx(ctx, func(ctx context.Context) error { return outbox.Put(ctx, events...) }); err != nil {
		h.t.Fatal(err)
	}
}

// drain does what is due now.
func (h *house) drain() {
	h.t.Helper()
	if err := outbox.Drain(context.Background(), h.db, h.worker); err != nil {
		h.t.Fatal(err)
	}
}

// rows are a tenant's outbox rows, oldest first.
func (h *house) rows(ctx context.Context) (list []outbox.Row) {
	h.t.Helper()
	err := h.db.Read(ctx, func(ctx context.Context) error { return db.From(ctx).Order("id").Find(&list).Error })
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// effect counts, in the open transaction, that a row's work was done: it is as
// durable as the work of a real handler.
func effect(ctx context.Context, row outbox.Row) error {
	_, err := db.Exec(ctx, `INSERT INTO throttles (tenant_id, purpose, subject, failures, last_at) VALUES (@tenant, 'effect', @row, 1, @now)
		ON CONFLICT (tenant_id, purpose, subject) DO UPDATE SET failures = throttles.failures + 1`,
		sql.Named("row", row.ID[:]), sql.Named("now", db.Now(ctx)))
	return err
}

// effects gives how often each row's work was done.
func (h *house) effects(ctx context.Context) (counts []int) {
	h.t.Helper()
	err := h.db.Read(ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &counts, "SELECT failures FROM throttles WHERE tenant_id = @tenant AND purpose = 'effect'")
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return counts
}

// once fails unless the work of n rows was done, each once.
func (h *house) once(ctx context.Context, n int) {
	h.t.Helper()
	counts := h.effects(ctx)
	if len(counts) != n {
		h.t.Errorf("the work of %d rows was done, want %d", len(counts), n)
	}
	for _, c := range counts {
		if c != 1 {
			h.t.Errorf("a row's work was done %d times", c)
		}
	}
}

// until waits, within a bound, for something that other goroutines do.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("after 30 seconds: not yet %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// record notes names in the order in which they come.
type record struct {
	mu   sync.Mutex
	list []string
}

func (r *record) add(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, fmt.Sprintf(format, args...))
}

func (r *record) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.list...)
}
