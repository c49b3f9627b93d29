package factor

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

type trustedDevice struct {
	TenantID         uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	AccountID        uuid.UUID
	CookieHash       []byte
	UserAgent        string
	FactorGeneration int64
	SessionEpoch     int64
	SecurityEpoch    int64
	CreatedAt        time.Time
	ExpiresAt        time.Time
	UsedAt           *time.Time
}

// TableName implements gorm's Tabler.
func (trustedDevice) TableName() string { return "trusted_devices" }

// trust stores a device under the epochs of now; the same browser's former row
// goes.
func trust(ctx context.Context, row trustedDevice) error {
	var e struct{ FactorGeneration, SessionEpoch, SecurityEpoch int64 }
	err := db.Rows(ctx, &e, `SELECT a.factor_generation, a.session_epoch, i.security_epoch
		FROM accounts a JOIN instance i ON i.id = 1 WHERE a.tenant_id = @tenant AND a.id = @account`, sql.Named("account", row.AccountID))
	if err != nil {
		return err
	}
	row.FactorGeneration, row.SessionEpoch, row.SecurityEpoch = e.FactorGeneration, e.SessionEpoch, e.SecurityEpoch
	former := db.From(ctx).Where("account_id = ? AND cookie_hash = ?", row.AccountID, row.CookieHash).Delete(&trustedDevice{})
	if former.Error != nil {
		return former.Error
	}
	return db.Done(db.From(ctx).Create(&row))
}

// trustedOf are the devices whose every condition still holds.
func trustedOf(ctx context.Context, accountID uuid.UUID, since time.Time) (rows []trustedDevice, err error) {
	err = db.Rows(ctx, &rows, `SELECT d.* FROM trusted_devices d
		JOIN accounts a ON a.tenant_id = d.tenant_id AND a.id = d.account_id
		JOIN instance i ON i.id = 1
		WHERE d.tenant_id = @tenant AND d.account_id = @account AND d.expires_at > @now AND d.created_at > @since
		AND d.factor_generation = a.factor_generation AND d.session_epoch = a.session_epoch AND d.security_epoch = i.security_epoch
		ORDER BY d.created_at DESC, d.id DESC`,
		sql.Named("account", accountID), sql.Named("now", db.Now(ctx)), sql.Named("since", since))
	return rows, err
}

func useTrust(ctx context.Context, accountID uuid.UUID, hash []byte) error {
	return db.Done(db.From(ctx).Model(&trustedDevice{}).Where("account_id = ? AND cookie_hash = ?", accountID, hash).
		Updates(map[string]any{"used_at": db.Now(ctx)}))
}

func distrust(ctx context.Context, accountID, id uuid.UUID) error {
	res := db.From(ctx).Where("id = ? AND account_id = ?", id, accountID).Delete(&trustedDevice{})
	if res.Error == nil && res.RowsAffected == 0 {
		return db.ErrNotFound
	}
	return res.Error
}

func distrustAll(ctx context.Context, accountID uuid.UUID) (int64, error) {
	res := db.From(ctx).Where("account_id = ?", accountID).Delete(&trustedDevice{})
	return res.RowsAffected, res.Error
}

func sweepTrust(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("expires_at < ?", before).Delete(&trustedDevice{})
	return res.RowsAffected, res.Error
}
