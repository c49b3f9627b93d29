package recovery

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// startEID takes the place of one that ran out.
func startEID(ctx context.Context, r *byEID) error {
	err := db.From(ctx).Model(&byEID{}).Where("account_id = ? AND ended_at IS NULL", r.AccountID).
		Updates(map[string]any{"ended_at": db.Now(ctx), "ending": Timeout}).Error
	if err != nil {
		return err
	}
	return db.Done(db.From(ctx).Create(r))
}

func runningEID(ctx context.Context, accountID uuid.UUID) (r byEID, err error) {
	err = db.Found(db.From(ctx).Where("account_id = ? AND ended_at IS NULL AND closes_at > ?", accountID, db.Now(ctx)).Limit(1).Find(&r))
	return r, err
}

func finishEID(ctx context.Context, id uuid.UUID, how Ending) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&byEID{}).Where("id = ? AND ended_at IS NULL AND closes_at > ?", id, now).
		Updates(map[string]any{"ended_at": now, "ending": how}))
}

func eidSince(ctx context.Context, accountID uuid.UUID, since time.Time) (n int64, err error) {
	err = db.From(ctx).Model(&byEID{}).Where("account_id = ? AND created_at > ?", accountID, since).Count(&n).Error
	return n, err
}

func sweepEID(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("created_at < ?", before).Delete(&byEID{})
	return res.RowsAffected, res.Error
}
