package outbox_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"tilgang/internal/outbox"
)

// running starts relay and servers on a queue; they end with the test.
func (h *house) running(conn asynq.RedisConnOpt) *outbox.Relay {
	h.t.Helper()
	servers, err := outbox.StartServers(conn, h.worker, 2)
	if err != nil {
		h.t.Fatal(err)
	}
	queue := outbox.NewQueue(conn)
	relay := &outbox.Relay{DB: h.db, Queue: queue, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	ctx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() { relay.Run(ctx) })
	h.t.Cleanup(func() {
		stop()
		wait.Wait()
		servers.Stop()
		if err := queue.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return relay
}

func embedded(t *testing.T) *outbox.Embedded {
	t.Helper()
	e := outbox.StartEmbedded()
	t.Cleanup(e.Close)
	return e
}

func TestSecurityWorkOvertakesBulk(t *testing.T) {
	release := make(chan struct{})
	var order, standing record
	h := newHouse(t,
		// A batch holds no transaction, so it can stand still on one-writer SQLite too.
		outbox.Kind{Name: "bulk", Batch: func(ctx context.Context, rows []outbox.Row) map[uuid.UUID]error {
			standing.add("bulk")
			select {
			case <-release:
			case <-ctx.Done():
			}
			for range rows {
				order.add("bulk")
			}
			return nil
		}},
		outbox.Kind{Name: "security", Handle: func(context.Context, outbox.Row) error { order.add("security"); return nil }})
	// Each tenant's bulk is one task: two tenants hold both workers of the rest.
	h.put(h.a, "bulk", outbox.Bulk, 3)
	h.put(h.b, "bulk", outbox.Bulk, 3)
	h.running(embedded(t))
	until(t, "every worker of the rest busy", func() bool { return len(standing.all()) == 2 })
	h.put(h.a, "security", outbox.Security, 1)
	h.put(h.b, "security", outbox.Security, 1)
	until(t, "both security rows done", func() bool { return count(order.all(), "security") == 2 })
	if n := count(order.all(), "bulk"); n != 0 {
		t.Errorf("%d bulk rows went before", n)
	}
	close(release)
	until(t, "all bulk done", func() bool { return count(order.all(), "bulk") == 6 })
}

func count(list []string, word string) (n int) {
	for _, w := range list {
		if w == word {
			n++
		}
	}
	return n
}

func TestTheQueueCarriesEveryLaneToTheEnd(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: effect})
	h.running(embedded(t))
	for _, lane := range outbox.Lanes() {
		h.put(h.a, "x", lane, 30)
		h.put(h.b, "x", lane, 30)
	}
	until(t, "all done", func() bool { return len(h.effects(h.a)) == 90 && len(h.effects(h.b)) == 90 })
	h.once(h.a, 90)
	h.once(h.b, 90)
}

// What the queue is given can be read by whoever reads Redis: routing alone.
func TestTheQueueCarriesNothingButIDs(t *testing.T) {
	h := newHouse(t)
	mini := miniredis.RunT(t)
	queue := outbox.NewQueue(asynq.RedisClientOpt{Addr: mini.Addr()})
	t.Cleanup(func() { _ = queue.Close() })
	h.events(h.a, outbox.Event{Kind: "x", Key: "kari@example.org", Args: map[string]string{"secret": "s3cret-word"}})
	relay := &outbox.Relay{DB: h.db, Queue: queue, Log: slog.New(slog.DiscardHandler)}
	if err := relay.Once(context.Background()); err != nil {
		t.Fatal(err)
	}
	dump := mini.Dump()
	for _, word := range []string{"s3cret-word", "kari@example.org"} {
		if len(dump) < 50 || strings.Contains(dump, word) {
			t.Errorf("Redis holds %q:\n%s", word, dump)
		}
	}
}

func TestRedisMayGoAndComeBack(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: effect})
	mini := miniredis.RunT(t)
	relay := h.running(asynq.RedisClientOpt{Addr: mini.Addr(), DialTimeout: time.Second})
	h.put(h.a, "x", outbox.Normal, 5)
	until(t, "the first five done", func() bool { return len(h.effects(h.a)) == 5 })

	mini.Close()
	h.put(h.a, "x", outbox.Normal, 5)
	h.put(h.b, "x", outbox.Security, 5)
	if err := relay.Once(context.Background()); err == nil {
		t.Error("relaying without a queue went well")
	}
	for _, row := range h.rows(h.b) {
		if row.RelayedAt != nil {
			t.Error("a row that the queue did not take is not given back")
		}
	}
	if err := mini.Restart(); err != nil {
		t.Fatal(err)
	}
	until(t, "all done after the return", func() bool { return len(h.effects(h.a)) == 10 && len(h.effects(h.b)) == 5 })
	h.once(h.a, 10)
	h.once(h.b, 5)
}

// Redis may go just after the rows were taken for it.
func TestWhatTheQueueDoesNotTakeIsGivenBackAtOnce(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: effect})
	mini := miniredis.RunT(t)
	mini.Server().SetPreHook(func(peer *server.Peer, command string, _ ...string) bool {
		refused := strings.HasPrefix(strings.ToUpper(command), "EVAL")
		if refused {
			peer.WriteError("LOADING not yet")
		}
		return refused
	})
	queue := outbox.NewQueue(asynq.RedisClientOpt{Addr: mini.Addr()})
	t.Cleanup(func() { _ = queue.Close() })
	h.put(h.a, "x", outbox.Normal, 5)
	h.put(h.b, "x", outbox.Normal, 5)
	relay := &outbox.Relay{DB: h.db, Queue: queue, Log: slog.New(slog.DiscardHandler)}
	if err := relay.Once(context.Background()); err == nil || !strings.Contains(err.Error(), "enqueue") {
		t.Fatalf("got %v", err)
	}
	h.drain()
	h.once(h.a, 5)
	h.once(h.b, 5)
}

// A Redis that forgets everything costs two minutes, and nothing else.
func TestWhatRedisForgotIsDoneAllTheSame(t *testing.T) {
	h := newHouse(t, outbox.Kind{Name: "x", Handle: effect})
	mini := miniredis.RunT(t)
	conn := asynq.RedisClientOpt{Addr: mini.Addr()}
	queue := outbox.NewQueue(conn)
	relay := &outbox.Relay{DB: h.db, Queue: queue, Log: slog.New(slog.DiscardHandler)}
	h.put(h.a, "x", outbox.Normal, 20)
	if err := relay.Once(context.Background()); err != nil {
		t.Fatal(err)
	}
	_ = queue.Close()
	mini.FlushAll()
	h.clock.Move(3 * time.Minute)
	h.requeue(h.clock.Now().Add(-2 * time.Minute))
	h.running(conn)
	until(t, "all done", func() bool { return len(h.effects(h.a)) == 20 })
	h.once(h.a, 20)
}

func TestALaneHoldsBackWhenTheQueueIsFull(t *testing.T) {
	h := newHouse(t)
	mini := miniredis.RunT(t)
	queue := outbox.NewQueue(asynq.RedisClientOpt{Addr: mini.Addr()})
	t.Cleanup(func() { _ = queue.Close() })
	relay := &outbox.Relay{DB: h.db, Queue: queue, Log: slog.New(slog.DiscardHandler)}
	h.put(h.a, "x", outbox.Bulk, 5000)
	h.put(h.b, "x", outbox.Security, 1)
	for range 3 {
		if err := relay.Once(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	depths, err := outbox.Depths(context.Background(), h.db)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range depths {
		if d.Lane == outbox.Bulk && (d.Running < 900 || d.Running > 2000) {
			t.Errorf("%d bulk rows are in the queue", d.Running)
		}
		if d.Lane == outbox.Security && d.Running != 1 {
			t.Error("the full bulk lane holds security work back")
		}
	}
}
