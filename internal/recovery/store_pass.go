package recovery

import (
	"bytes"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

type pass struct {
	TenantID      uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	PersonID      uuid.UUID
	AccountID     uuid.UUID
	MakerID       uuid.UUID // person
	CodeHash      []byte
	SecurityEpoch int64 // the installation's when it was made
	CreatedAt     time.Time
	ExpiresAt     time.Time
	UsedAt        *time.Time
}

// TableName implements gorm's Tabler.
func (pass) TableName() string { return "access_passes" }

func insertPass(ctx context.Context, p pass) error { return db.Done(db.From(ctx).Create(&p)) }

// voidPasses ends what was made before.
func voidPasses(ctx context.Context, accountID uuid.UUID) error {
	now := db.Now(ctx)
	return db.From(ctx).Model(&pass{}).Where("account_id = ? AND used_at IS NULL AND expires_at > ?", accountID, now).
		Updates(map[string]any{"expires_at": now}).Error
}

// openPass is the account's one pass that still works.
func openPass(ctx context.Context, accountID uuid.UUID) (p pass, err error) {
	err = db.Found(db.From(ctx).Where("account_id = ? AND used_at IS NULL AND expires_at > ?", accountID, db.Now(ctx)).
		Order("created_at DESC, id DESC").Limit(1).Find(&p))
	return p, err
}

func passByID(ctx context.Context, id uuid.UUID) (p pass, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&p))
	return p, err
}

// spendPass is the single use of a pass: db.ErrNotFound for the second.
func spendPass(ctx context.Context, id uuid.UUID) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&pass{}).Where("id = ? AND used_at IS NULL AND expires_at > ?", id, now).Updates(map[string]any{"used_at": now}))
}

// The ways in which passes are counted.
const (
	passesOf = "person_id"
	passesBy = "maker_id"
)

// passTimes are when passes of a person, or by a maker, were made, newest first.
func passTimes(ctx context.Context, whose string, person uuid.UUID, since time.Time) (list []time.Time, err error) {
	q := db.From(ctx).Model(&pass{}).Where("person_id = ?", person)
	if whose == passesBy {
		q = db.From(ctx).Model(&pass{}).Where("maker_id = ?", person)
	}
	err = q.Where("created_at > ?", since).Order("created_at DESC").Limit(100).Pluck("created_at", &list).Error
	return list, err
}

// lockPersons makes counting wait for others who count the same, always in one
// order. SQLite has one writer anyway.
func lockPersons(ctx context.Context, postgres bool, ids ...uuid.UUID) error {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	for _, id := range ids {
		text := `SELECT id FROM persons WHERE tenant_id = @tenant AND id = @id`
		if postgres {
			text += ` FOR UPDATE`
		}
		var found []uuid.UUID
		if err := db.Rows(ctx, &found, text, sql.Named("id", id)); err != nil {
			return err
		}
		if len(found) == 0 {
			return db.ErrNotFound
		}
	}
	return nil
}
