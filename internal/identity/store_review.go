package identity

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// askAnew replaces a question that waits by a newer one.
func askAnew(ctx context.Context, r *Review) error {
	if err := db.From(ctx).Where("account_id = ? AND decided_at IS NULL", r.AccountID).Delete(&Review{}).Error; err != nil {
		return err
	}
	return db.Done(db.From(ctx).Create(r))
}

func reviewByID(ctx context.Context, id uuid.UUID) (r Review, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&r))
	return r, err
}

func newestReview(ctx context.Context, accountID uuid.UUID) (r Review, err error) {
	err = db.Found(db.From(ctx).Where("account_id = ?", accountID).Order("created_at DESC, id DESC").Limit(1).Find(&r))
	return r, err
}

func waitingReviews(ctx context.Context) (list []Review, err error) {
	err = db.From(ctx).Where("decided_at IS NULL").Order("created_at, id").Limit(200).Find(&list).Error
	return list, err
}

func waitingReview(ctx context.Context, person uuid.UUID) (r Review, err error) {
	err = db.Found(db.From(ctx).Where("person_id = ? AND decided_at IS NULL", person).Order("created_at, id").Limit(1).Find(&r))
	return r, err
}

func decide(ctx context.Context, id, by uuid.UUID, confirmed bool) error {
	return db.One(db.From(ctx).Model(&Review{}).Where("id = ? AND decided_at IS NULL", id).
		Updates(map[string]any{"decided_at": db.Now(ctx), "decided_by": by, "confirmed": confirmed}))
}
