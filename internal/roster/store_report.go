package roster

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tilgang/internal/db"
)

func (w Which) of(ctx context.Context, id uuid.UUID) *gorm.DB {
	q := db.From(ctx).Where("import_id = ?", id)
	if w.Flawed {
		return q.Where("flawed = ?", true)
	}
	return q.Where("action IN ?", w.Actions)
}

func rowsAfter(ctx context.Context, id uuid.UUID, w Which, after int64, limit int) (rows []rowRow, err error) {
	err = w.of(ctx, id).Where("line > ?", after).Order("line").Limit(limit).Find(&rows).Error
	return rows, err
}

// startBefore is the line after which the page before begins.
func startBefore(ctx context.Context, id uuid.UUID, w Which, after int64, limit int) (*int64, error) {
	var lines []int64
	err := w.of(ctx, id).Model(&rowRow{}).Where("line <= ?", after).Order("line DESC").Limit(limit+1).Pluck("line", &lines).Error
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	var from int64
	if len(lines) > limit {
		from = lines[limit]
	}
	return &from, nil
}
