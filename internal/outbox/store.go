package outbox

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tilgang/internal/db"
)

func insert(ctx context.Context, rows []Row) error {
	return db.InsertAll(ctx, rows, db.Skip())
}

// claimed is a row's routing.
type claimed struct {
	TenantID uuid.UUID
	ID       uuid.UUID
	Kind     string
}

// claim takes up to limit due rows of a lane, an equal share a waiting tenant.
func claim(ctx context.Context, d *db.DB, lane Lane, limit int) (rows []claimed, err error) {
	if d.Postgres() {
		err = d.Shared(ctx, func(ctx context.Context) error {
			return db.SharedRows(ctx, &rows, "SELECT * FROM tilgang_claim(?, ?, ?)", string(lane), d.Now(), limit)
		})
		return rows, err
	}
	err = d.Shared(ctx, func(ctx context.Context) error {
		var waiting []uuid.UUID
		if err := db.SharedRows(ctx, &waiting, `SELECT DISTINCT tenant_id FROM outbox
			WHERE lane = ? AND relayed_at IS NULL AND done_at IS NULL AND failed_at IS NULL AND due_at <= ?`, string(lane), d.Now()); err != nil {
			return err
		}
		for _, owner := range waiting {
			var part []claimed
			if err := db.SharedRows(ctx, &part, `UPDATE outbox SET relayed_at = ? WHERE (tenant_id, id) IN (
				SELECT tenant_id, id FROM outbox WHERE lane = ? AND tenant_id = ? AND relayed_at IS NULL AND done_at IS NULL
				AND failed_at IS NULL AND due_at <= ? ORDER BY due_at LIMIT ?) RETURNING tenant_id, id, kind`,
				d.Now(), string(lane), owner, d.Now(), max(1, limit/len(waiting))); err != nil {
				return err
			}
			rows = append(rows, part...)
		}
		return nil
	})
	return rows, err
}

// Requeue gives back what was relayed before the given time and never done.
func Requeue(ctx context.Context, d *db.DB, before time.Time) error {
	return d.Shared(ctx, func(ctx context.Context) error {
		if d.Postgres() {
			var n int64
			return db.SharedRows(ctx, &n, "SELECT tilgang_requeue(?)", before)
		}
		_, err := db.SharedExec(ctx, "UPDATE outbox SET relayed_at = NULL WHERE relayed_at < ? AND done_at IS NULL AND failed_at IS NULL", before)
		return err
	})
}

// Depth is how much of a lane waits and runs.
type Depth struct {
	Lane    Lane
	Waiting int64
	Running int64
}

// Depths counts the undone rows of all tenants, by lane.
func Depths(ctx context.Context, d *db.DB) (list []Depth, err error) {
	err = d.Shared(ctx, func(ctx context.Context) error {
		if d.Postgres() {
			return db.SharedRows(ctx, &list, "SELECT lane, waiting, running FROM tilgang_outbox_depth()")
		}
		return db.SharedRows(ctx, &list, `SELECT lane, count(*) FILTER (WHERE relayed_at IS NULL) AS waiting,
			count(*) FILTER (WHERE relayed_at IS NOT NULL) AS running FROM outbox WHERE done_at IS NULL AND failed_at IS NULL GROUP BY lane`)
	})
	return list, err
}

func undone(ctx context.Context, ids []uuid.UUID) (rows []Row, err error) {
	err = db.From(ctx).Where("id IN ? AND done_at IS NULL AND failed_at IS NULL", ids).Order("created_at, id").Find(&rows).Error
	return rows, err
}

// take marks a row done, or removes a fleeting one; false means that somebody
// else did.
func take(ctx context.Context, id uuid.UUID, fleeting bool) (bool, error) {
	if fleeting {
		res := db.From(ctx).Where("id = ? AND done_at IS NULL AND failed_at IS NULL", id).Delete(&Row{})
		return res.RowsAffected == 1, res.Error
	}
	res := db.From(ctx).Model(&Row{}).Where("id = ? AND done_at IS NULL AND failed_at IS NULL", id).
		Updates(map[string]any{"done_at": db.Now(ctx)})
	return res.RowsAffected == 1, res.Error
}

func done(ctx context.Context, ids []uuid.UUID, fleeting bool) error {
	if fleeting {
		return db.From(ctx).Where("id IN ?", ids).Delete(&Row{}).Error
	}
	return db.From(ctx).Model(&Row{}).Where("id IN ? AND done_at IS NULL", ids).Updates(map[string]any{"done_at": db.Now(ctx)}).Error
}

func release(ctx context.Context, ids []uuid.UUID) error {
	return db.From(ctx).Model(&Row{}).Where("id IN ? AND done_at IS NULL", ids).Updates(map[string]any{"relayed_at": nil}).Error
}

// again writes down a failure and when the row is due once more.
func again(ctx context.Context, row Row, cause error) error {
	now := db.Now(ctx)
	set := map[string]any{"tries": gorm.Expr("tries + 1"), "error": clip(cause.Error()), "relayed_at": nil, "due_at": now.Add(delay(row.Tries))}
	if row.Tries+1 >= maxTries || errors.Is(cause, errGiveUp) {
		set["failed_at"] = now
	}
	return db.From(ctx).Model(&Row{}).Where("id = ? AND done_at IS NULL", row.ID).Updates(set).Error
}

// clip makes an error's words fit the column. A cut rune or a NUL, which
// Postgres refuses, would keep the failure itself from being written down.
func clip(s string) string {
	const most = 500
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}

// keepDone is how long a done row stays, as a trace of what was done.
const keepDone = 30 * 24 * time.Hour

// Sweep removes the tenant's rows that were done long ago; what was given up
// stays to be looked at.
func Sweep(ctx context.Context, d *db.DB) (n int64, err error) {
	err = d.Tx(ctx, func(ctx context.Context) error {
		res := db.From(ctx).Where("done_at < ?", db.Now(ctx).Add(-keepDone)).Delete(&Row{})
		n = res.RowsAffected
		return res.Error
	})
	return n, err
}
