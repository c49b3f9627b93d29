package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"tilgang/internal/db"
)

// maxTries is after how many failures a row is given up, some six hours in: an
// outage of a mail server for an afternoon loses nothing.
const maxTries = 12

// delay is how long a row waits after its n-th failure, counted from 0: 1 s,
// three times as long each time, 2 h at most.
func delay(n int) time.Duration {
	d := time.Second
	for range min(n, maxTries) {
		d *= 3
	}
	return min(d, 2*time.Hour)
}

// task is what the queue carries.
type task struct {
	Tenant uuid.UUID   `json:"tenant"`
	Kind   string      `json:"kind"`
	IDs    []uuid.UUID `json:"ids"`
}

// Worker does the work of claimed rows.
type Worker struct {
	DB    *db.DB
	Kinds map[string]Kind
	// Enter puts the tenant itself into the context.
	Enter func(ctx context.Context, id uuid.UUID) (context.Context, error)
	Log   *slog.Logger
}

// ProcessTask implements asynq.Handler. It never fails towards the queue but
// for a lost database: what went wrong with a row is written on the row.
func (w *Worker) ProcessTask(ctx context.Context, t *asynq.Task) error {
	var job task
	if err := json.Unmarshal(t.Payload(), &job); err != nil {
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	return w.Do(ctx, job.Tenant, job.Kind, job.IDs)
}

// Do works on rows of one tenant and kind.
func (w *Worker) Do(ctx context.Context, tenant uuid.UUID, kind string, ids []uuid.UUID) error {
	ctx, err := w.Enter(db.WithTenant(ctx, tenant), tenant)
	if err != nil {
		return fmt.Errorf("enter tenant: %w", err)
	}
	var rows []Row
	if err := w.DB.Read(ctx, func(ctx context.Context) (err error) { rows, err = undone(ctx, ids); return }); err != nil {
		return fmt.Errorf("read outbox: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	k, known := w.Kinds[kind]
	switch {
	case !known:
		return w.refuse(ctx, rows, fmt.Errorf("nobody handles %s", kind))
	case k.Batch != nil:
		return w.batch(ctx, k, rows)
	}
	for _, row := range rows {
		if err := w.one(ctx, k, row); err != nil {
			return err
		}
	}
	return nil
}

func (w *Worker) one(ctx context.Context, k Kind, row Row) error {
	err := guard(func() error {
		return w.DB.Tx(ctx, func(ctx context.Context) error {
			mine, err := take(ctx, row.ID, k.Fleeting)
			if err != nil || !mine {
				return err
			}
			return k.Handle(ctx, row)
		})
	})
	if err == nil {
		return nil
	}
	return w.refuse(ctx, []Row{row}, err)
}

func (w *Worker) batch(ctx context.Context, k Kind, rows []Row) error {
	var failed map[uuid.UUID]error
	if err := guard(func() error { failed = k.Batch(ctx, rows); return nil }); err != nil {
		return w.refuse(ctx, rows, err)
	}
	var fine []uuid.UUID
	for _, row := range rows {
		if err, bad := failed[row.ID]; bad && err != nil {
			if err := w.refuse(ctx, []Row{row}, err); err != nil {
				return err
			}
			continue
		}
		fine = append(fine, row.ID)
	}
	if len(fine) == 0 {
		return nil
	}
	return w.DB.Tx(ctx, func(ctx context.Context) error { return done(ctx, fine, k.Fleeting) })
}

func (w *Worker) refuse(ctx context.Context, rows []Row, cause error) error {
	return w.DB.Tx(ctx, func(ctx context.Context) error {
		for _, row := range rows {
			w.Log.LogAttrs(ctx, slog.LevelWarn, "outbox row failed",
				slog.String("kind", row.Kind), slog.String("id", row.ID.String()), slog.Int("tries", row.Tries+1), slog.String("error", cause.Error()))
			if err := again(ctx, row, cause); err != nil {
				return fmt.Errorf("write failure down: %w", err)
			}
		}
		return nil
	})
}

// guard turns a panic into an error, so that one poisonous row cannot stop the
// others.
func guard(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return fn()
}
