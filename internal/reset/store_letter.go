package reset

import (
	"cmp"
	"context"
	"database/sql"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// letters are those made for an account, the newest first.
func letters(ctx context.Context, account uuid.UUID) (rows []Reset, err error) {
	err = db.From(ctx).Where("account_id = ? AND channel = ?", account, byLetter).Order("created_at DESC, id DESC").Find(&rows).Error
	return rows, err
}

// killLetters ends those of an account that still work.
func killLetters(ctx context.Context, account uuid.UUID) error {
	now := db.Now(ctx)
	return db.From(ctx).Model(&Reset{}).Where("account_id = ? AND channel = ? AND used_at IS NULL AND expires_at > ?", account, byLetter, now).
		Updates(map[string]any{"expires_at": now, "code_hash": nil, "token_hash": nil, "sealed": nil}).Error
}

// tryLetter counts a typed code against the letter of a number that has tries
// left, and gives it.
func tryLetter(ctx context.Context, key string) (rows []Reset, err error) {
	err = db.Rows(ctx, &rows, `UPDATE resets SET code_tries = code_tries + 1 WHERE tenant_id = @tenant AND channel = 'letter' AND address_key = @key
		AND used_at IS NULL AND code_hash IS NOT NULL AND code_tries < @most RETURNING *`, sql.Named("key", cmp.Or(key, "-")), sql.Named("most", letterTries))
	return rows, err
}

// forgiveLetter takes back a try that was right.
func forgiveLetter(ctx context.Context, id uuid.UUID) error {
	_, err := db.Exec(ctx, `UPDATE resets SET code_tries = code_tries - 1 WHERE tenant_id = @tenant AND id = @id AND code_tries > 0`, sql.Named("id", id))
	return err
}

// recoveries counts those of an account that wait or are open.
func recoveries(ctx context.Context, account uuid.UUID) (n int, err error) {
	err = db.Rows(ctx, &n, `SELECT COUNT(*) FROM recoveries WHERE tenant_id = @tenant AND account_id = @account AND ended_at IS NULL AND closes_at > @now`,
		sql.Named("account", account), sql.Named("now", db.Now(ctx)))
	return n, err
}
