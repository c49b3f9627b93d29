package document

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tilgang/internal/db"
)

func insertDelivery(ctx context.Context, row *Delivery) error {
	return db.Done(db.From(ctx).Create(row))
}

func deliveryByID(ctx context.Context, id uuid.UUID) (row Delivery, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&row))
	return row, err
}

// brokenRun is the newest run over the same list that did not reach its end: of
// the command, or of a folder of the inbox.
func brokenRun(ctx context.Context, digest, inbox string) (row Delivery, err error) {
	err = db.Found(db.From(ctx).Where("digest = ? AND source = 'command' AND inbox_name = ? AND state = ?", digest, inbox, Applying).Order("created_at DESC").Limit(1).Find(&row))
	return row, err
}

func newestDeliveries(ctx context.Context, limit int) (rows []Delivery, err error) {
	err = db.From(ctx).Order("created_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}

// move changes a delivery that is in one of the given states; db.ErrNotFound
// when it is in none of them any more.
func move(ctx context.Context, id uuid.UUID, from []State, set map[string]any) error {
	set["updated_at"] = db.Now(ctx)
	return db.One(db.From(ctx).Model(&Delivery{}).Where("id = ? AND state IN ?", id, from).Updates(set))
}

// lease takes a delivery for a job: from a waiting state, or from a running one
// that nobody has moved along since the given time.
func lease(ctx context.Context, id uuid.UUID, waiting, running State, stale time.Time) error {
	return db.One(db.From(ctx).Model(&Delivery{}).
		Where("id = ? AND (state = ? OR (state = ? AND updated_at < ?))", id, waiting, running, stale).
		Updates(map[string]any{"state": running, "updated_at": db.Now(ctx)}))
}

// advance adds counts to a delivery that still stands where the job left it;
// otherwise another job has taken over.
func advance(ctx context.Context, id uuid.UUID, state State, at int64, add map[string]int64) error {
	set := map[string]any{"updated_at": db.Now(ctx)}
	for column, n := range add {
		set[column] = gorm.Expr(column+" + ?", n)
	}
	return db.One(db.From(ctx).Model(&Delivery{}).Where("id = ? AND state = ? AND rows_read = ?", id, state, at).Updates(set))
}

func insertProblems(ctx context.Context, rows []problemRow) error {
	return db.InsertAll(ctx, rows, db.Skip())
}

func problemsOf(ctx context.Context, id uuid.UUID, after int64, limit int) (rows []problemRow, err error) {
	err = db.From(ctx).Where("delivery_id = ? AND line > ?", id, after).Order("line").Limit(limit).Find(&rows).Error
	return rows, err
}

func dropProblems(ctx context.Context, id uuid.UUID) error {
	return db.From(ctx).Where("delivery_id = ?", id).Delete(&problemRow{}).Error
}

// forgotten are uploads that nobody confirmed, or that never became whole.
func forgotten(ctx context.Context, before time.Time, limit int) (rows []Delivery, err error) {
	err = db.From(ctx).Where("source = 'page' AND state IN ? AND updated_at < ?", []State{Received, Preview}, before).Limit(limit).Find(&rows).Error
	return rows, err
}
