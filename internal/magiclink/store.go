package magiclink

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

func insert(ctx context.Context, l *Link) error { return db.Done(db.From(ctx).Create(l)) }

const read = `SELECT m.*, COALESCE(a.status, '') AS status, COALESCE(a.session_epoch, 0) AS account_epoch, i.security_epoch AS instance_epoch,
	EXISTS (SELECT 1 FROM identifiers d WHERE d.tenant_id = @tenant AND d.account_id = m.account_id AND d.address_key = m.address_key) AS proven
	FROM magiclinks m LEFT JOIN accounts a ON a.tenant_id = @tenant AND a.id = m.account_id JOIN instance i ON i.id = 1
	WHERE m.tenant_id = @tenant `

func byToken(ctx context.Context, hash []byte) (found, error) {
	return one(ctx, read+`AND m.token_hash = @hash`, sql.Named("hash", hash))
}

func byID(ctx context.Context, id uuid.UUID) (found, error) {
	return one(ctx, read+`AND m.id = @id`, sql.Named("id", id))
}

// byCode finds the link of an attempt whose code was typed.
func byCode(ctx context.Context, attempt uuid.UUID, hash []byte) (found, error) {
	return one(ctx, read+`AND m.attempt_id = @attempt AND m.code_hash = @hash`, sql.Named("attempt", attempt), sql.Named("hash", hash))
}

func one(ctx context.Context, text string, args ...any) (f found, err error) {
	if err = db.Rows(ctx, &f, text, args...); err == nil && f.ID == uuid.Nil {
		err = db.ErrNotFound
	}
	return f, err
}

// epochs are what a new link is tied to.
type epochs struct{ SessionEpoch, SecurityEpoch int64 }

func epochsOf(ctx context.Context, account uuid.UUID) (e epochs, err error) {
	err = db.Rows(ctx, &e, `SELECT a.session_epoch, i.security_epoch FROM accounts a JOIN instance i ON i.id = 1
		WHERE a.tenant_id = @tenant AND a.id = @id`, sql.Named("id", account))
	return e, err
}

// lock holds back whoever else is about to get or use a link of the account.
// SQLite has one writer anyway.
func lock(ctx context.Context, postgres bool, account uuid.UUID) error {
	if !postgres {
		return nil
	}
	var ids []uuid.UUID
	return db.Rows(ctx, &ids, `SELECT id FROM accounts WHERE tenant_id = @tenant AND id = @id FOR UPDATE`, sql.Named("id", account))
}

// times are when a person's links were asked for since a moment, the newest
// first.
func times(ctx context.Context, person uuid.UUID, since time.Time) (list []time.Time, err error) {
	err = db.From(ctx).Model(&Link{}).Where("person_id = ? AND created_at > ?", person, since).
		Order("created_at DESC").Limit(anHour).Pluck("created_at", &list).Error
	return list, err
}

// mint stores a link's token and code, once.
func mint(ctx context.Context, id uuid.UUID, hash, code, sealed []byte, expires time.Time) error {
	return db.One(db.From(ctx).Model(&Link{}).Where("id = ? AND token_hash IS NULL AND used_at IS NULL", id).
		Updates(map[string]any{"token_hash": hash, "code_hash": code, "sealed": sealed, "sent_at": db.Now(ctx), "expires_at": expires}))
}

// prolong lets a link that died while its mail waited live from the sending.
func prolong(ctx context.Context, id uuid.UUID, expires time.Time) error {
	return db.One(db.From(ctx).Model(&Link{}).Where("id = ? AND used_at IS NULL", id).
		Updates(map[string]any{"sent_at": db.Now(ctx), "expires_at": expires}))
}

// use consumes a link: one conditional UPDATE, whose row count tells who was
// first. The caller holds the account's lock.
func use(ctx context.Context, id uuid.UUID) error {
	n, err := db.Exec(ctx, `UPDATE magiclinks SET used_at = @now, sealed = NULL
		WHERE tenant_id = @tenant AND id = @id AND used_at IS NULL AND expires_at > @now
		AND EXISTS (SELECT 1 FROM accounts a JOIN instance i ON i.id = 1 WHERE a.tenant_id = @tenant AND a.id = magiclinks.account_id
			AND a.status = 'active' AND a.session_epoch = magiclinks.epoch AND i.security_epoch = magiclinks.security_epoch)
		AND EXISTS (SELECT 1 FROM identifiers d WHERE d.tenant_id = @tenant AND d.account_id = magiclinks.account_id AND d.address_key = magiclinks.address_key)`,
		sql.Named("now", db.Now(ctx)), sql.Named("id", id))
	if err == nil && n != 1 {
		err = db.ErrNotFound
	}
	return err
}

// endOthers ends the other links of an account.
func endOthers(ctx context.Context, account uuid.UUID) error {
	return db.From(ctx).Model(&Link{}).Where("account_id = ? AND used_at IS NULL", account).
		Updates(map[string]any{"used_at": db.Now(ctx), "sealed": nil}).Error
}

func sweep(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("created_at < ?", before).Delete(&Link{})
	return res.RowsAffected, res.Error
}
