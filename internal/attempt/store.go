package attempt

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

type row struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	CookieHash  []byte
	Purpose     string
	AddressHash []byte
	Sealed      []byte
	AccountID   *uuid.UUID
	AMR         string `gorm:"column:amr"`
	Settled     string
	Trusts      bool
	Host        string
	DeviceID    *uuid.UUID
	Tries       int
	CreatedAt   time.Time
	ExpiresAt   time.Time
	FinishedAt  *time.Time
}

func (row) TableName() string { return "attempts" }

// kept is how long an attempt stays after its end, for work that follows it.
const kept = 48 * time.Hour

func insert(ctx context.Context, r *row) error { return db.Done(db.From(ctx).Create(r)) }

func byCookie(ctx context.Context, hash []byte) (r row, err error) {
	err = db.Found(db.From(ctx).Where("cookie_hash = ?", hash).Limit(1).Find(&r))
	return r, err
}

func byID(ctx context.Context, id uuid.UUID) (r row, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&r))
	return r, err
}

const running = "id = ? AND finished_at IS NULL AND expires_at > ?"

func bind(ctx context.Context, id, accountID uuid.UUID, hash []byte) error {
	return db.One(db.From(ctx).Model(&row{}).Where(running, id, db.Now(ctx)).
		Where("account_id IS NULL OR account_id = ?", accountID).
		Updates(map[string]any{"account_id": accountID, "cookie_hash": hash}))
}

// prove appends in the database, so that two proofs at once are both kept.
func prove(ctx context.Context, id uuid.UUID, method string) error {
	n, err := db.Exec(ctx, `UPDATE attempts SET amr = CASE WHEN amr = '' THEN @method ELSE amr || ' ' || @method END
		WHERE tenant_id = @tenant AND id = @id AND finished_at IS NULL AND expires_at > @now
		AND ' ' || amr || ' ' NOT LIKE '% ' || @method || ' %'`,
		sql.Named("method", method), sql.Named("id", id), sql.Named("now", db.Now(ctx)))
	if err != nil || n == 1 {
		return err
	}
	var r row
	err = db.Found(db.From(ctx).Where(running, id, db.Now(ctx)).Limit(1).Find(&r))
	if errors.Is(err, db.ErrNotFound) {
		return errGone()
	}
	return err
}

func prolong(ctx context.Context, id uuid.UUID, life time.Duration) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&row{}).Where(running, id, now).Where("account_id IS NULL").
		Updates(map[string]any{"created_at": now, "expires_at": now.Add(life)}))
}

// try counts in one statement that holds the row: of many at once no more pass
// than there are tries.
func try(ctx context.Context, id uuid.UUID, most int) (tries int, ok bool, err error) {
	var counted []int
	err = db.Rows(ctx, &counted, `UPDATE attempts SET tries = tries + 1
		WHERE tenant_id = @tenant AND id = @id AND finished_at IS NULL AND expires_at > @now AND tries < @most RETURNING tries`,
		sql.Named("id", id), sql.Named("now", db.Now(ctx)), sql.Named("most", most))
	if err != nil || len(counted) == 0 {
		return most, false, err
	}
	return counted[0], true, nil
}

func settle(ctx context.Context, id uuid.UUID, answer string) error {
	return db.One(db.From(ctx).Model(&row{}).Where(running, id, db.Now(ctx)).Updates(map[string]any{"settled": answer}))
}

func trusts(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Model(&row{}).Where(running, id, db.Now(ctx)).Updates(map[string]any{"trusts": true}))
}

func finish(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Model(&row{}).Where(running, id, db.Now(ctx)).Updates(map[string]any{"finished_at": db.Now(ctx)}))
}

func finishOf(ctx context.Context, accountID uuid.UUID) error {
	return db.From(ctx).Model(&row{}).
		Where("account_id = ? AND finished_at IS NULL AND expires_at > ?", accountID, db.Now(ctx)).
		Updates(map[string]any{"finished_at": db.Now(ctx)}).Error
}

func sweep(ctx context.Context) (int64, error) {
	res := db.From(ctx).Where("expires_at < ?", db.Now(ctx).Add(-kept)).Delete(&row{})
	return res.RowsAffected, res.Error
}
