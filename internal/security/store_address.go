package security

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// lockAccount holds back whoever else changes the account's addresses. SQLite
// has one writer anyway.
func lockAccount(ctx context.Context, postgres bool, id uuid.UUID) error {
	if !postgres {
		return nil
	}
	var ids []uuid.UUID
	return db.Rows(ctx, &ids, `SELECT id FROM accounts WHERE tenant_id = @tenant AND id = @id FOR UPDATE`, sql.Named("id", id))
}

func insertProof(ctx context.Context, p *proof) error { return db.Done(db.From(ctx).Create(p)) }

func proofByID(ctx context.Context, id uuid.UUID) (p proof, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&p))
	return p, err
}

func newestProof(ctx context.Context, accountID, sessionID uuid.UUID) (p proof, err error) {
	err = db.Found(db.From(ctx).Where("account_id = ? AND session_id = ?", accountID, sessionID).Order("created_at DESC, id DESC").Limit(1).Find(&p))
	return p, err
}

// proofsSince are an account's, the newest first.
func proofsSince(ctx context.Context, accountID uuid.UUID, since time.Time) (list []proof, err error) {
	err = db.From(ctx).Where("account_id = ? AND created_at > ?", accountID, since).Order("created_at DESC, id DESC").Limit(100).Find(&list).Error
	return list, err
}

func countTo(ctx context.Context, key string, since time.Time) (n int64, err error) {
	err = db.From(ctx).Model(&proof{}).Where("address_key = ? AND created_at > ?", key, since).Count(&n).Error
	return n, err
}

// elsewhere tells whether an address signs in, or is about to sign in, somebody
// but the owner of an account.
func elsewhere(ctx context.Context, accountID uuid.UUID, key string) (bool, error) {
	var n int
	err := db.Rows(ctx, &n, `SELECT (SELECT COUNT(*) FROM identifiers i WHERE i.tenant_id = @tenant AND i.address_key = @key)
		+ (SELECT COUNT(*) FROM persons p WHERE p.tenant_id = @tenant AND p.work_email_key = @key
			AND p.id <> (SELECT a.person_id FROM accounts a WHERE a.tenant_id = @tenant AND a.id = @account))`,
		sql.Named("key", key), sql.Named("account", accountID))
	return n > 0, err
}

// mintProof stores a code, once; its life counts from here.
func mintProof(ctx context.Context, id uuid.UUID, hash, sealed []byte, expires time.Time) error {
	return db.One(db.From(ctx).Model(&proof{}).Where("id = ? AND code_hash IS NULL AND used_at IS NULL", id).
		Updates(map[string]any{"code_hash": hash, "sealed": sealed, "expires_at": expires}))
}

// useProof is the single use of a code: db.ErrNotFound when it is another one,
// was used, has ended or was never made.
func useProof(ctx context.Context, id uuid.UUID, hash []byte) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&proof{}).Where("id = ? AND code_hash = ? AND used_at IS NULL AND expires_at > ?", id, hash, now).
		Updates(map[string]any{"used_at": now, "sealed": nil}))
}

func sweepProofs(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("created_at < ?", before).Delete(&proof{})
	return res.RowsAffected, res.Error
}
