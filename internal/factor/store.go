package factor

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

type authenticator struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	AccountID   uuid.UUID
	Kind        string
	Name        string
	Sealed      []byte
	LastStep    int64
	CreatedAt   time.Time
	ConfirmedAt *time.Time
	LastUsedAt  *time.Time
	TouchedAt   *time.Time
	Channel     string // of a phone: how the code came that proved it last
}

// TableName implements gorm's Tabler.
func (authenticator) TableName() string { return "authenticators" }

func (r authenticator) authenticator() Authenticator {
	a := Authenticator{ID: r.ID, Kind: r.Kind, Name: r.Name}
	if r.ConfirmedAt != nil {
		a.ConfirmedAt = *r.ConfirmedAt
	}
	if r.LastUsedAt != nil {
		a.LastUsedAt = *r.LastUsedAt
	}
	return a
}

func confirmed(ctx context.Context, accountID uuid.UUID) (rows []authenticator, err error) {
	err = db.From(ctx).Where("account_id = ? AND confirmed_at IS NOT NULL", accountID).Order("id").Find(&rows).Error
	return rows, err
}

func pending(ctx context.Context, accountID uuid.UUID, kind string, after time.Time) (row authenticator, err error) {
	err = db.Found(db.From(ctx).Where("account_id = ? AND kind = ? AND confirmed_at IS NULL AND created_at > ?", accountID, kind, after).
		Order("id DESC").Limit(1).Find(&row))
	return row, err
}

func start(ctx context.Context, row authenticator) error {
	old := db.From(ctx).Where("account_id = ? AND kind = ? AND confirmed_at IS NULL", row.AccountID, row.Kind).Delete(&authenticator{})
	if old.Error != nil {
		return old.Error
	}
	return db.Done(db.From(ctx).Create(&row))
}

func dropPending(ctx context.Context, accountID uuid.UUID) error {
	return db.Done(db.From(ctx).Where("account_id = ? AND confirmed_at IS NULL", accountID).Delete(&authenticator{}))
}

func activate(ctx context.Context, row authenticator, step int64) error {
	return db.One(db.From(ctx).Model(&authenticator{}).Where("id = ? AND account_id = ? AND confirmed_at IS NULL", row.ID, row.AccountID).
		Updates(map[string]any{"confirmed_at": db.Now(ctx), "last_step": step}))
}

func dropOthers(ctx context.Context, row authenticator) (int64, error) {
	res := db.From(ctx).Where("account_id = ? AND kind = ? AND id <> ?", row.AccountID, row.Kind, row.ID).Delete(&authenticator{})
	return res.RowsAffected, res.Error
}

// raiseStep is the single use of a code: db.ErrNotFound when its step, or a
// later one, was used before.
func raiseStep(ctx context.Context, row authenticator, step int64) error {
	return db.One(db.From(ctx).Model(&authenticator{}).
		Where("id = ? AND account_id = ? AND confirmed_at IS NOT NULL AND last_step < ?", row.ID, row.AccountID, step).
		Updates(map[string]any{"last_step": step, "last_used_at": db.Now(ctx)}))
}

type recoveryCode struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	ID        uuid.UUID `gorm:"primaryKey"`
	AccountID uuid.UUID
	CodeHash  []byte
	SavedAt   *time.Time
	UsedAt    *time.Time
	CreatedAt time.Time
}

// TableName implements gorm's Tabler.
func (recoveryCode) TableName() string { return "recovery_codes" }

func countCodes(ctx context.Context, accountID uuid.UUID) (left, total int, err error) {
	var rows []recoveryCode
	err = db.From(ctx).Select("id", "used_at").Where("account_id = ? AND saved_at IS NOT NULL", accountID).Find(&rows).Error
	for _, r := range rows {
		if r.UsedAt == nil {
			left++
		}
	}
	return left, len(rows), err
}

func holdsCode(ctx context.Context, accountID uuid.UUID, hash []byte) (bool, error) {
	var n int64
	err := db.From(ctx).Model(&recoveryCode{}).Where("account_id = ? AND code_hash = ?", accountID, hash).Count(&n).Error
	return n > 0, err
}

func replaceCodes(ctx context.Context, accountID uuid.UUID, hashes [][]byte) error {
	if err := db.From(ctx).Where("account_id = ?", accountID).Delete(&recoveryCode{}).Error; err != nil {
		return err
	}
	now := db.Now(ctx)
	rows := make([]recoveryCode, len(hashes))
	for i, h := range hashes {
		rows[i] = recoveryCode{ID: uuid.Must(uuid.NewV7()), AccountID: accountID, CodeHash: h, SavedAt: &now, CreatedAt: now}
	}
	return db.Done(db.From(ctx).Create(&rows))
}

// useCode is the single use of a recovery code: db.ErrNotFound when it is not
// one of the account, was used before or was never saved.
func useCode(ctx context.Context, accountID uuid.UUID, hash []byte) error {
	return db.One(db.From(ctx).Model(&recoveryCode{}).
		Where("account_id = ? AND code_hash = ? AND saved_at IS NOT NULL AND used_at IS NULL", accountID, hash).
		Updates(map[string]any{"used_at": db.Now(ctx)}))
}

// dropBeside deletes every authenticator but the confirmed ones of a kind, and
// all recovery codes.
func dropBeside(ctx context.Context, accountID uuid.UUID, kind string) (removed int64, err error) {
	if err := db.From(ctx).Where("account_id = ?", accountID).Delete(&recoveryCode{}).Error; err != nil {
		return 0, err
	}
	res := db.From(ctx).Where("account_id = ? AND (kind <> ? OR confirmed_at IS NULL)", accountID, kind).Delete(&authenticator{})
	return res.RowsAffected, res.Error
}
