package captcha

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// used is an answer that has counted.
type used struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	ID        []byte    `gorm:"primaryKey"`
	ExpiresAt time.Time
}

func (used) TableName() string { return "captcha_answers" }

// use lets an answer count: of several at once, on whatever replica, the first.
func use(ctx context.Context, id []byte, until time.Time) (first bool, err error) {
	n, err := db.Exec(ctx, `INSERT INTO captcha_answers (tenant_id, id, expires_at) VALUES (@tenant, @id, @until)
		ON CONFLICT (tenant_id, id) DO NOTHING`, sql.Named("id", id), sql.Named("until", until.UTC()))
	return n == 1, err
}

func sweep(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("expires_at < ?", before).Delete(&used{})
	return res.RowsAffected, res.Error
}
