package security

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

func insertPhone(ctx context.Context, p *phoneProof) error { return db.Done(db.From(ctx).Create(p)) }

func newestPhone(ctx context.Context, accountID, sessionID uuid.UUID) (p phoneProof, err error) {
	err = db.Found(db.From(ctx).Where("account_id = ? AND session_id = ?", accountID, sessionID).Order("created_at DESC, id DESC").Limit(1).Find(&p))
	return p, err
}

// touchPhone makes sends and tries at one phone wait for each other until the
// commit.
func touchPhone(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Model(&phoneProof{}).Where("id = ?", id).Updates(map[string]any{"touched_at": db.Now(ctx)}))
}

// useProven ends a proof, once: db.ErrNotFound when it was used or has ended.
func useProven(ctx context.Context, id uuid.UUID) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&phoneProof{}).Where("id = ? AND used_at IS NULL AND expires_at > ?", id, now).
		Updates(map[string]any{"used_at": now, "sealed": nil}))
}

func sweepPhones(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("created_at < ?", before).Delete(&phoneProof{})
	return res.RowsAffected, res.Error
}
