package audit

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

func insert(ctx context.Context, rows []Row) error {
	if err := db.InsertAll(ctx, rows, db.Clash{}); err != nil {
		return fmt.Errorf("record audit: %w", err)
	}
	return nil
}

func list(ctx context.Context, about About, after Cursor, limit int) (rows []Row, err error) {
	q := db.From(ctx).Where("action IN ?", about.Actions).
		Where("(subject_id IN ? OR (subject_kind = 'session' AND actor_id = ?))", []uuid.UUID{about.AccountID, about.PersonID}, about.PersonID)
	if !after.At.IsZero() {
		q = q.Where("(at < ? OR (at = ? AND id < ?))", after.At, after.At, after.ID)
	}
	err = q.Order("at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}
