package account

import (
	"context"
	"database/sql"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// chunk keeps a list of arguments below SQLite's limit of 32,766.
const chunk = 2000

func startAnew(ctx context.Context, persons []uuid.UUID) error {
	for part := range slices.Chunk(persons, chunk) {
		for _, text := range []string{
			`UPDATE accounts SET anew_at = @now, password_hash = '', password_changed_at = @now, mfa_skipped = '', mfa_postponed = 0, mfa_offered_on = '',
				session_epoch = session_epoch + 1, factor_generation = factor_generation + 1, updated_at = @now WHERE tenant_id = @tenant AND person_id IN @persons`,
			`DELETE FROM authenticators WHERE tenant_id = @tenant AND account_id IN (SELECT id FROM accounts WHERE tenant_id = @tenant AND person_id IN @persons)`,
			`DELETE FROM recovery_codes WHERE tenant_id = @tenant AND account_id IN (SELECT id FROM accounts WHERE tenant_id = @tenant AND person_id IN @persons)`,
			`DELETE FROM identifiers WHERE tenant_id = @tenant AND kind = 'work'
				AND account_id IN (SELECT id FROM accounts WHERE tenant_id = @tenant AND person_id IN @persons)`,
		} {
			if _, err := db.Exec(ctx, text, sql.Named("now", db.Now(ctx)), sql.Named("persons", part)); err != nil {
				return err
			}
		}
	}
	return nil
}

// open gives a waiting account its password: one conditional UPDATE.
func open(ctx context.Context, a *Account, hash string) error {
	set := map[string]any{"anew_at": nil, "password_hash": hash, "updated_at": db.Now(ctx)}
	if hash != "" {
		set["password_changed_at"] = db.Now(ctx)
	}
	if err := db.One(db.From(ctx).Model(&Account{}).Where("id = ? AND anew_at IS NOT NULL", a.ID).Updates(set)); err != nil {
		return err
	}
	a.AnewAt, a.PasswordHash = nil, hash
	return nil
}

// proveAgain notes that an address of the account's own was proven just now; own
// is false when it has no such address.
func proveAgain(ctx context.Context, accountID uuid.UUID, n New) (own bool, err error) {
	res := db.From(ctx).Model(&Identifier{}).Where("account_id = ? AND address_key = ?", accountID, n.AddressKey).
		Updates(map[string]any{"kind": n.Kind, "phone": n.Phone, "verified_at": db.Now(ctx)})
	return res.RowsAffected == 1, res.Error
}
