package audit

import (
	"context"
	"fmt"

	"tilgang/internal/db"
)

func insert(ctx context.Context, rows []Row) error {
	if err := db.From(ctx).CreateInBatches(rows, 500).Error; err != nil {
		return fmt.Errorf("record audit: %w", err)
	}
	return nil
}
