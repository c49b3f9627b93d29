package factor

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

func rename(ctx context.Context, accountID, id uuid.UUID, name string) error {
	return db.One(db.From(ctx).Model(&authenticator{}).Where("id = ? AND account_id = ? AND confirmed_at IS NOT NULL", id, accountID).
		Updates(map[string]any{"name": name}))
}

func remove(ctx context.Context, row authenticator) error {
	return db.One(db.From(ctx).Where("id = ? AND account_id = ? AND confirmed_at IS NOT NULL", row.ID, row.AccountID).Delete(&authenticator{}))
}

func dropCodes(ctx context.Context, accountID uuid.UUID) error {
	return db.Done(db.From(ctx).Where("account_id = ?", accountID).Delete(&recoveryCode{}))
}
