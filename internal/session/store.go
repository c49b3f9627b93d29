package session

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
)

type epochs struct {
	Status           account.Status
	SessionEpoch     int64
	FactorGeneration int64
	SecurityEpoch    int64
}

func epochsOf(ctx context.Context, accountID uuid.UUID) (e epochs, err error) {
	err = db.Rows(ctx, &e, `SELECT a.status, a.session_epoch, a.factor_generation, i.security_epoch
		FROM accounts a JOIN instance i ON i.id = 1 WHERE a.tenant_id = @tenant AND a.id = @id`, sql.Named("id", accountID))
	if err == nil && e.Status == "" {
		err = db.ErrNotFound
	}
	return e, err
}

func insert(ctx context.Context, r *row) error { return db.Done(db.From(ctx).Create(r)) }

func byID(ctx context.Context, id uuid.UUID) (r row, err error) {
	err = db.Found(db.From(ctx).Where("id = ? AND ended_at IS NULL", id).Limit(1).Find(&r))
	return r, err
}

func byToken(ctx context.Context, hash []byte) (uuid.UUID, error) {
	var r row
	err := db.Found(db.From(ctx).Select("id").Where("token_hash = ? AND ended_at IS NULL", hash).Limit(1).Find(&r))
	return r.ID, err
}

// replace writes what a step-up changed, unless another one came between.
func replace(ctx context.Context, r row, former []byte) error {
	return db.One(db.From(ctx).Model(&row{}).Where("id = ? AND token_hash = ? AND ended_at IS NULL", r.ID, former).
		Updates(map[string]any{"token_hash": r.TokenHash, "stepups": r.StepUps, "amr": r.AMR, "aal": r.AAL}))
}

func end(ctx context.Context, id uuid.UUID, why string) error {
	return db.Done(db.From(ctx).Model(&row{}).Where("id = ? AND ended_at IS NULL", id).
		Updates(map[string]any{"ended_at": db.Now(ctx), "ended_why": why}))
}

func endOthers(ctx context.Context, accountID, exceptID uuid.UUID) error {
	return db.Done(db.From(ctx).Model(&row{}).Where("account_id = ? AND id <> ? AND ended_at IS NULL", accountID, exceptID).
		Updates(map[string]any{"ended_at": db.Now(ctx), "ended_why": Ended}))
}

func carryOn(ctx context.Context, accountID, id uuid.UUID, e epochs) error {
	return db.Done(db.From(ctx).Model(&row{}).Where("id = ? AND account_id = ? AND ended_at IS NULL", id, accountID).
		Updates(map[string]any{"epoch": e.SessionEpoch, "factor_generation": e.FactorGeneration}))
}

func see(ctx context.Context, id uuid.UUID, at time.Time) error {
	return db.Done(db.From(ctx).Model(&row{}).Where("id = ? AND ended_at IS NULL AND last_seen_at < ?", id, at).
		Updates(map[string]any{"last_seen_at": at}))
}

func lastSeen(ctx context.Context, accountID uuid.UUID) (time.Time, error) {
	var r row
	err := db.Found(db.From(ctx).Select("last_seen_at").Where("account_id = ?", accountID).Order("last_seen_at DESC").Limit(1).Find(&r))
	return r.LastSeenAt, err
}

func sweep(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("expires_at < ? OR ended_at < ?", before, before).Delete(&row{})
	return res.RowsAffected, res.Error
}

func seeDevice(ctx context.Context, hash []byte) (id uuid.UUID, found bool, err error) {
	var d deviceRow
	if err = db.Found(db.From(ctx).Where("cookie_hash = ?", hash).Limit(1).Find(&d)); errors.Is(err, db.ErrNotFound) {
		return uuid.Nil, false, nil
	}
	if err != nil {
		return uuid.Nil, false, err
	}
	return d.ID, true, db.One(db.From(ctx).Model(&deviceRow{}).Where("id = ?", d.ID).Updates(map[string]any{"last_seen_at": db.Now(ctx)}))
}

func insertDevice(ctx context.Context, id uuid.UUID, hash []byte, agent string) error {
	now := db.Now(ctx)
	return db.Done(db.From(ctx).Create(&deviceRow{ID: id, CookieHash: hash, UserAgent: cut(agent), FirstSeenAt: now, LastSeenAt: now}))
}

func signedInOn(ctx context.Context, device []byte, addressKey string) (bool, error) {
	var n int
	err := db.Rows(ctx, &n, `SELECT COUNT(*) FROM devices d
		JOIN sessions s ON s.tenant_id = d.tenant_id AND s.device_id = d.id
		JOIN identifiers i ON i.tenant_id = s.tenant_id AND i.account_id = s.account_id
		WHERE d.tenant_id = @tenant AND d.cookie_hash = @device AND i.address_key = @key`,
		sql.Named("device", device), sql.Named("key", addressKey))
	return n > 0, err
}

// open are the sessions of an account that nothing has ended, newest first.
func open(ctx context.Context, accountID uuid.UUID, e epochs) (rows []row, err error) {
	err = db.From(ctx).Where("account_id = ? AND ended_at IS NULL AND epoch = ? AND security_epoch = ? AND factor_generation = ?",
		accountID, e.SessionEpoch, e.SecurityEpoch, e.FactorGeneration).Order("last_seen_at DESC, id DESC").Limit(100).Find(&rows).Error
	return rows, err
}

func endOne(ctx context.Context, accountID, id uuid.UUID) error {
	return db.One(db.From(ctx).Model(&row{}).Where("id = ? AND account_id = ? AND ended_at IS NULL", id, accountID).
		Updates(map[string]any{"ended_at": db.Now(ctx), "ended_why": Ended}))
}

func agents(ctx context.Context, accountID uuid.UUID, ids []uuid.UUID) (rows []row, err error) {
	err = db.From(ctx).Select("id", "user_agent").Where("account_id = ? AND id IN ?", accountID, ids).Find(&rows).Error
	return rows, err
}
