package throttle

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

type row struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	Purpose     string    `gorm:"primaryKey"`
	Subject     []byte    `gorm:"primaryKey"`
	Failures    int
	LastAt      time.Time
	LockedUntil *time.Time
}

func (row) TableName() string { return "throttles" }

func (r row) refuses(now time.Time) error {
	if r.Failures >= Most || (r.LockedUntil != nil && now.Before(*r.LockedUntil)) {
		until := now
		if r.LockedUntil != nil {
			until = *r.LockedUntil
		}
		return refusal(r.Failures, until, now)
	}
	return nil
}

const mine = "purpose = ? AND subject = ?"

func get(ctx context.Context, purpose string, subject []byte) (r row, err error) {
	err = db.Found(db.From(ctx).Where(mine, purpose, subject).Limit(1).Find(&r))
	return r, err
}

const upsert = `INSERT INTO throttles (tenant_id, purpose, subject, failures, last_at)
	VALUES (@tenant, @purpose, @subject, 1, @now)
	ON CONFLICT (tenant_id, purpose, subject) DO UPDATE SET failures = throttles.failures + 1, last_at = @now`

// countUnlocked counts in one statement that holds the row until the commit:
// a second try waits for it and then sees the lock that the first one set.
func countUnlocked(ctx context.Context, purpose string, subject []byte) (n int, passed bool, err error) {
	var counted []int
	err = db.Rows(ctx, &counted, upsert+`
		WHERE throttles.failures < @most AND (throttles.locked_until IS NULL OR throttles.locked_until <= @now)
		RETURNING failures`, append(named(ctx, purpose, subject), sql.Named("most", Most))...)
	if err != nil || len(counted) == 0 {
		return 0, false, err
	}
	return counted[0], true, nil
}

// countBoth counts those of two subjects that are not locked, and gives their
// failures. The account comes last in every transaction, so that two of them
// never wait for each other.
func countBoth(ctx context.Context, purpose string, subject, behind []byte) (map[string]int, error) {
	var rows []row
	args := append(named(ctx, purpose, subject), sql.Named("behind", behind), sql.Named("most", Most))
	err := db.Rows(ctx, &rows, `INSERT INTO throttles (tenant_id, purpose, subject, failures, last_at)
		VALUES (@tenant, @purpose, @subject, 1, @now), (@tenant, @purpose, @behind, 1, @now)
		ON CONFLICT (tenant_id, purpose, subject) DO UPDATE SET failures = throttles.failures + 1, last_at = @now
		WHERE throttles.failures < @most AND (throttles.locked_until IS NULL OR throttles.locked_until <= @now)
		RETURNING subject, failures`, args...)
	counts := map[string]int{}
	for _, r := range rows {
		counts[string(r.Subject)] = r.Failures
	}
	return counts, err
}

func count(ctx context.Context, purpose string, subject []byte) (int, error) {
	var counted []int
	if err := db.Rows(ctx, &counted, upsert+" RETURNING failures", named(ctx, purpose, subject)...); err != nil {
		return 0, err
	}
	if len(counted) == 0 {
		return 0, db.ErrNotFound
	}
	return counted[0], nil
}

// spend counts against a quota in one statement that holds the row until the
// commit; what is older than the quota's while is forgotten.
func spend(ctx context.Context, q Quota, subject []byte) (n int, left bool, err error) {
	var counted []int
	err = db.Rows(ctx, &counted, `INSERT INTO throttles (tenant_id, purpose, subject, failures, last_at)
		VALUES (@tenant, @purpose, @subject, 1, @now)
		ON CONFLICT (tenant_id, purpose, subject) DO UPDATE
		SET failures = CASE WHEN throttles.last_at <= @since THEN 1 ELSE throttles.failures + 1 END, last_at = @now
		WHERE throttles.failures < @most OR throttles.last_at <= @since
		RETURNING failures`, append(named(ctx, q.Purpose, subject), sql.Named("since", db.Now(ctx).Add(-q.Per)), sql.Named("most", q.Most))...)
	if err != nil || len(counted) == 0 {
		return 0, false, err
	}
	return counted[0], true, nil
}

func named(ctx context.Context, purpose string, subject []byte) []any {
	return []any{sql.Named("purpose", purpose), sql.Named("subject", subject), sql.Named("now", db.Now(ctx))}
}

// even writes only where nothing was written elsewhere; the statement is the
// same either way.
func even(ctx context.Context, postgres bool, purpose string, subject []byte, written bool) error {
	values := "@purpose, @subject, 1, @now"
	if postgres { // takes parameters of a SELECT for text; the blanks keep gorm from taking bytes for a list
		values = "CAST( @purpose AS TEXT), CAST( @subject AS BYTEA), 1, CAST( @now AS TIMESTAMPTZ)"
	}
	done := 0
	if written {
		done = 1
	}
	_, err := db.Exec(ctx, `INSERT INTO throttles (tenant_id, purpose, subject, failures, last_at)
		SELECT id, `+values+` FROM tenants WHERE id = @tenant AND 0 = @done
		ON CONFLICT (tenant_id, purpose, subject) DO UPDATE SET last_at = @now`, append(named(ctx, purpose, subject), sql.Named("done", done))...)
	return err
}

func lockUntil(ctx context.Context, purpose string, subject []byte, until time.Time) error {
	return db.One(db.From(ctx).Model(&row{}).Where(mine, purpose, subject).Updates(map[string]any{"locked_until": until}))
}

func forget(ctx context.Context, purpose string, subjects [][]byte) error {
	return db.Done(db.From(ctx).Where("purpose = ? AND subject IN ?", purpose, subjects).Delete(&row{}))
}

func takeBack(ctx context.Context, purpose string, subject []byte, failures int) error {
	return db.Done(db.From(ctx).Model(&row{}).Where(mine, purpose, subject).Where("failures = ? AND failures > 0", failures).
		Updates(map[string]any{"failures": failures - 1, "locked_until": nil}))
}

func sweep(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("last_at < ? AND failures < ?", before, Most).Delete(&row{})
	return res.RowsAffected, res.Error
}
