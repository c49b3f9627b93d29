package audit

import (
	"context"
	"fmt"

	"tilgang/internal/db"
)

func insert(ctx context.Context, rows []Row) error {
	if err := db.InsertAll(ctx, rows, db.Clash{}); err != nil {
		return fmt.Errorf("record audit: %w", err)
	}
	return nil
}
