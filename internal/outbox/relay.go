package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"tilgang/internal/db"
)

const (
	laneCap     = 1000 // rows of a lane that may wait in the queue at once
	batchSize   = 100  // rows of one tenant and kind in one task
	pollEvery   = 500 * time.Millisecond
	sweepEvery  = 30 * time.Second
	lostAfter   = 2 * time.Minute
	taskType    = "outbox"
	taskTimeout = 90 * time.Second
)

// Relay moves due rows from the outbox to the queue.
type Relay struct {
	DB    *db.DB
	Queue *Queue
	Log   *slog.Logger
}

// Run relays until ctx ends. A lost database or queue makes it wait, not stop.
func (r *Relay) Run(ctx context.Context) {
	poll, sweep := time.NewTicker(pollEvery), time.NewTicker(sweepEvery)
	defer poll.Stop()
	defer sweep.Stop()
	for {
		if err := r.Once(ctx); err != nil && ctx.Err() == nil {
			r.Log.LogAttrs(ctx, slog.LevelWarn, "relay waits", slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-r.DB.Signals():
		case <-poll.C:
		case <-sweep.C:
			if err := Requeue(ctx, r.DB, r.DB.Now().Add(-lostAfter)); err != nil && ctx.Err() == nil {
				r.Log.LogAttrs(ctx, slog.LevelWarn, "sweep failed", slog.String("error", err.Error()))
			}
		}
	}
}

// Once relays what is due now, as far as the lanes have room.
func (r *Relay) Once(ctx context.Context) error {
	for _, lane := range Lanes() {
		for {
			n, err := r.lane(ctx, lane)
			if err != nil {
				return fmt.Errorf("relay %s: %w", lane, err)
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}

func (r *Relay) lane(ctx context.Context, lane Lane) (int, error) {
	queued, err := r.Queue.rows(lane)
	if err != nil {
		return 0, err
	}
	if queued >= laneCap {
		return 0, nil
	}
	rows, err := claim(ctx, r.DB, lane, laneCap-queued)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	tasks := batches(rows)
	for i, t := range tasks {
		if err := r.Queue.put(ctx, lane, t); err != nil {
			return 0, errors.Join(err, r.giveBack(ctx, tasks[i:]))
		}
	}
	return len(rows), nil
}

// giveBack frees rows that the queue did not take, so that they need not wait
// for the sweep.
func (r *Relay) giveBack(ctx context.Context, tasks []task) error {
	for _, t := range tasks {
		err := r.DB.Tx(db.WithTenant(ctx, t.Tenant), func(ctx context.Context) error { return release(ctx, t.IDs) })
		if err != nil {
			return fmt.Errorf("give back: %w", err)
		}
	}
	return nil
}

// batches groups rows by tenant and kind and deals them out so that tenants
// take turns.
func batches(rows []claimed) []task {
	type group struct {
		tenant uuid.UUID
		kind   string
	}
	var order []group
	open := map[group][]uuid.UUID{}
	for _, row := range rows {
		g := group{row.TenantID, row.Kind}
		if _, seen := open[g]; !seen {
			order = append(order, g)
		}
		open[g] = append(open[g], row.ID)
	}
	var tasks []task
	for len(open) > 0 {
		for _, g := range order {
			ids, left := open[g]
			if !left {
				continue
			}
			n := min(batchSize, len(ids))
			tasks = append(tasks, task{Tenant: g.tenant, Kind: g.kind, IDs: ids[:n]})
			if open[g] = ids[n:]; len(open[g]) == 0 {
				delete(open, g)
			}
		}
	}
	return tasks
}

// Queue is asynq's client side.
type Queue struct {
	client    *asynq.Client
	inspector *asynq.Inspector
}

// NewQueue makes the client side over a Redis connection.
func NewQueue(conn asynq.RedisConnOpt) *Queue {
	return &Queue{client: asynq.NewClient(conn), inspector: asynq.NewInspector(conn)}
}

// Close ends the queue's connections.
func (q *Queue) Close() error { return errors.Join(q.client.Close(), q.inspector.Close()) }

// Ping asks the queue's Redis whether it is there.
func (q *Queue) Ping() error { return q.client.Ping() }

// rows estimates how many rows of a lane the queue holds, taking its tasks for
// half full.
func (q *Queue) rows(lane Lane) (int, error) {
	info, err := q.inspector.GetQueueInfo(string(lane))
	// asynq's inspector does not give its own ErrQueueNotFound here.
	if err != nil && strings.Contains(err.Error(), "does not exist") {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("ask the queue: %w", err)
	}
	return (info.Pending + info.Active + info.Retry) * batchSize / 2, nil
}

func (q *Queue) put(ctx context.Context, lane Lane, t task) error {
	body, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write task: %w", err)
	}
	_, err = q.client.EnqueueContext(ctx, asynq.NewTask(taskType, body), asynq.Queue(string(lane)), asynq.MaxRetry(3), asynq.Timeout(taskTimeout))
	if err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

// Drain claims and works in this goroutine, without a queue, until nothing is
// due: for commands that do their own work, and for tests.
func Drain(ctx context.Context, d *db.DB, w *Worker) error {
	for {
		worked := 0
		for _, lane := range Lanes() {
			rows, err := claim(ctx, d, lane, laneCap)
			if err != nil {
				return fmt.Errorf("drain: %w", err)
			}
			for _, t := range batches(rows) {
				if err := w.Do(ctx, t.Tenant, t.Kind, t.IDs); err != nil {
					return err
				}
				worked += len(t.IDs)
			}
		}
		if worked == 0 {
			return nil
		}
	}
}
