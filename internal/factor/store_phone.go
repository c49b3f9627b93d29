package factor

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

type phoneCode struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	AccountID  uuid.UUID
	FactorID   uuid.UUID
	Flow       uuid.UUID
	Slot       int64
	Channel    string
	NumberKey  []byte
	BlockKey   []byte
	NetworkKey []byte
	CodeHash   []byte
	Sealed     []byte
	Tries      int
	CreatedAt  time.Time
	ExpiresAt  time.Time
	UsedAt     *time.Time
}

// TableName implements gorm's Tabler.
func (phoneCode) TableName() string { return "phone_codes" }

// touch makes sends and tries at one phone wait for each other until the commit.
func touch(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Model(&authenticator{}).Where("id = ?", id).Updates(map[string]any{"touched_at": db.Now(ctx)}))
}

func used(ctx context.Context, id uuid.UUID, channel string) error {
	return db.One(db.From(ctx).Model(&authenticator{}).Where("id = ?", id).Updates(map[string]any{"last_used_at": db.Now(ctx), "channel": channel}))
}

func confirmedOf(ctx context.Context, accountID uuid.UUID, kind string) (row authenticator, err error) {
	err = db.Found(db.From(ctx).Where("account_id = ? AND kind = ? AND confirmed_at IS NOT NULL", accountID, kind).Order("id DESC").Limit(1).Find(&row))
	return row, err
}

func insertCode(ctx context.Context, c phoneCode) error { return db.Done(db.From(ctx).Create(&c)) }

func codeByID(ctx context.Context, id uuid.UUID) (c phoneCode, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&c))
	return c, err
}

func newestCode(ctx context.Context, accountID, phoneID, flow uuid.UUID) (c phoneCode, err error) {
	err = db.Found(db.From(ctx).Where("account_id = ? AND factor_id = ? AND flow = ?", accountID, phoneID, flow).Order("created_at DESC, id DESC").Limit(1).Find(&c))
	return c, err
}

// lastInFlow is when a flow last sent to the number by a channel.
func lastInFlow(ctx context.Context, c phoneCode) (time.Time, error) {
	var last phoneCode
	err := db.Found(db.From(ctx).Select("created_at").Where("flow = ? AND number_key = ? AND channel = ?", c.Flow, c.NumberKey, c.Channel).Order("created_at DESC").Limit(1).Find(&last))
	return last.CreatedAt, err
}

// scope is what a bound counts: rows whose column has a value, all without one;
// calls alone, or texts and calls together.
type scope struct {
	column string
	value  any
	calls  bool
}

// nthNewest is when the n-th newest code of a scope was asked for;
// db.ErrNotFound when there are fewer.
func nthNewest(ctx context.Context, s scope, n int) (time.Time, error) {
	q := db.From(ctx).Select("created_at")
	switch s.column {
	case "account_id":
		q = q.Where("account_id = ?", s.value)
	case "number_key":
		q = q.Where("number_key = ?", s.value)
	case "network_key":
		q = q.Where("network_key = ?", s.value)
	case "block_key":
		q = q.Where("block_key = ?", s.value)
	}
	if s.calls {
		q = q.Where("channel = ?", Voice)
	}
	var row phoneCode
	err := db.Found(q.Order("created_at DESC").Offset(n - 1).Limit(1).Find(&row))
	return row.CreatedAt, err
}

// useText is the single use of a code: db.ErrNotFound when it is another, was
// used or has ended.
func useText(ctx context.Context, id uuid.UUID, hash []byte) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&phoneCode{}).Where("id = ? AND code_hash = ? AND used_at IS NULL AND expires_at > ?", id, hash, now).
		Updates(map[string]any{"used_at": now, "sealed": nil}))
}

func countWrong(ctx context.Context, id uuid.UUID) error {
	_, err := db.Exec(ctx, "UPDATE phone_codes SET tries = tries + 1 WHERE tenant_id = @tenant AND id = @id", sql.Named("id", id))
	return err
}

// wrongSince is how many wrong codes an account has typed.
func wrongSince(ctx context.Context, accountID uuid.UUID, since time.Time) (n int, err error) {
	err = db.Rows(ctx, &n, "SELECT coalesce(sum(tries), 0) FROM phone_codes WHERE tenant_id = @tenant AND account_id = @account AND created_at > @since",
		sql.Named("account", accountID), sql.Named("since", since))
	return n, err
}

func sweepCodes(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("created_at < ?", before).Delete(&phoneCode{})
	return res.RowsAffected, res.Error
}
