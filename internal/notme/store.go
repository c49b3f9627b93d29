package notme

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"tilgang/internal/db"
)

func insert(ctx context.Context, n *Notice) error { return db.Done(db.From(ctx).Create(n)) }

func byID(ctx context.Context, id uuid.UUID) (n Notice, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&n))
	return n, err
}

func byToken(ctx context.Context, hash []byte) (n Notice, err error) {
	err = db.Found(db.From(ctx).Where("token_hash = ?", hash).Limit(1).Find(&n))
	return n, err
}

// prolong lets a link whose mail waited too long live from the sending.
func prolong(ctx context.Context, id uuid.UUID, expires time.Time) error {
	return db.One(db.From(ctx).Model(&Notice{}).Where("id = ?", id).Updates(map[string]any{"expires_at": expires}))
}

// report uses a notice, once: the row count of one conditional UPDATE tells who
// was first. The caller holds the account's lock.
func report(ctx context.Context, n Notice) (first bool, err error) {
	res := db.From(ctx).Model(&Notice{}).Where("id = ? AND token_hash = ? AND reported_at IS NULL AND expires_at > ?", n.ID, n.TokenHash, db.Now(ctx)).
		Updates(map[string]any{"reported_at": db.Now(ctx)})
	return res.RowsAffected == 1, res.Error
}

func sweep(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("expires_at < ?", before).Delete(&Notice{})
	return res.RowsAffected, res.Error
}

// The sorts of sighting.
const (
	byDevice  = "device"
	byCountry = "country"
)

type sighting struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	AccountID uuid.UUID `gorm:"primaryKey"`
	Sort      string    `gorm:"primaryKey"`
	Value     string    `gorm:"primaryKey"`
	SeenAt    time.Time
}

func (sighting) TableName() string { return "sightings" }

// sightings are the sorts that an account has any of.
func sightings(ctx context.Context, account uuid.UUID) (sorts []string, err error) {
	err = db.From(ctx).Model(&sighting{}).Distinct().Where("account_id = ?", account).Pluck("sort", &sorts).Error
	return sorts, err
}

// sight writes a sighting down and tells whether it is the first of its value:
// of several at once for one.
func sight(ctx context.Context, account uuid.UUID, sort, value string) (first bool, err error) {
	row := sighting{AccountID: account, Sort: sort, Value: value, SeenAt: db.Now(ctx)}
	res := db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	return res.RowsAffected == 1, res.Error
}

// sweepSightings deletes browsers seen before a moment, but the newest of each
// account: whoever has none is at the very first sign-in.
func sweepSightings(ctx context.Context, before time.Time) (int64, error) {
	return db.Exec(ctx, `DELETE FROM sightings WHERE tenant_id = @tenant AND sort = 'device' AND seen_at < @before AND EXISTS (
		SELECT 1 FROM sightings o WHERE o.tenant_id = @tenant AND o.account_id = sightings.account_id AND o.sort = 'device'
		AND (o.seen_at > sightings.seen_at OR o.seen_at = sightings.seen_at AND o.value > sightings.value))`, sql.Named("before", before))
}

func forget(ctx context.Context, account uuid.UUID, sort, value string) error {
	return db.Done(db.From(ctx).Where("account_id = ? AND sort = ? AND value = ?", account, sort, value).Delete(&sighting{}))
}
