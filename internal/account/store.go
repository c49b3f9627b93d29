package account

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tilgang/internal/db"
)

// ByAddress finds the account that a canonical address names; db.ErrNotFound
// when there is none, for one that waits for a new invitation, and for the empty
// key.
func ByAddress(ctx context.Context, key string) (a Account, err error) {
	if key == "" {
		return a, db.ErrNotFound
	}
	err = db.Rows(ctx, &a, `SELECT a.* FROM identifiers i
		JOIN accounts a ON a.tenant_id = i.tenant_id AND a.id = i.account_id
		WHERE i.tenant_id = @tenant AND i.address_key = @key AND a.anew_at IS NULL`, sql.Named("key", key))
	if err != nil {
		return a, fmt.Errorf("find account by address: %w", err)
	}
	if a.ID == uuid.Nil {
		return a, db.ErrNotFound
	}
	return a, nil
}

// ByID finds an account; db.ErrNotFound when there is none.
func ByID(ctx context.Context, id uuid.UUID) (a Account, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&a))
	return a, wrap("find account", err)
}

// ByPerson finds a person's account; db.ErrNotFound when there is none.
func ByPerson(ctx context.Context, personID uuid.UUID) (a Account, err error) {
	err = db.Found(db.From(ctx).Where("person_id = ?", personID).Limit(1).Find(&a))
	return a, wrap("find account of a person", err)
}

// ByPersons gives the accounts of several persons, by person; those without one
// are left out.
func ByPersons(ctx context.Context, personIDs []uuid.UUID) (map[uuid.UUID]Account, error) {
	found := make(map[uuid.UUID]Account, len(personIDs))
	if len(personIDs) == 0 {
		return found, nil
	}
	var rows []Account
	if err := db.From(ctx).Where("person_id IN ?", personIDs).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("find accounts of persons: %w", err)
	}
	for _, a := range rows {
		found[a.PersonID] = a
	}
	return found, nil
}

// Identifiers are the addresses of an account, work before private: all that can
// be written to by mail.
func Identifiers(ctx context.Context, accountID uuid.UUID) (list []Identifier, err error) {
	err = db.From(ctx).Where("account_id = ? AND kind <> ?", accountID, Number).Order("kind DESC, address_key").Find(&list).Error
	return list, wrap("list identifiers", err)
}

// Names are all that can be typed to sign in to an account: its addresses, then
// its employee number.
func Names(ctx context.Context, accountID uuid.UUID) (list []Identifier, err error) {
	err = db.From(ctx).Where("account_id = ?", accountID).Order("kind DESC, address_key").Find(&list).Error
	return list, wrap("list names", err)
}

// PhoneOf is the number that text messages about an account go to; empty where
// none was proven.
func PhoneOf(ctx context.Context, accountID uuid.UUID) (string, error) {
	list, err := Names(ctx, accountID)
	for _, i := range list {
		if i.Phone != "" {
			return i.Phone, nil
		}
	}
	return "", err
}

// Create makes an active account with its first address. db.ErrDuplicate: the
// person has an account already, or the address names another one.
func Create(ctx context.Context, n New) (Account, error) {
	now := db.Now(ctx)
	a := Account{
		ID: uuid.Must(uuid.NewV7()), PersonID: n.PersonID, Status: Active, PasswordHash: n.PasswordHash,
		FactorGeneration: 1, SessionEpoch: 1, CreatedAt: now, UpdatedAt: now,
	}
	if n.PasswordHash != "" {
		a.PasswordChangedAt = &now
	}
	if err := db.Done(db.From(ctx).Create(&a)); err != nil {
		return Account{}, fmt.Errorf("create account: %w", err)
	}
	if n.AddressKey == "" {
		return a, nil
	}
	row := Identifier{AccountID: a.ID, Kind: n.Kind, Address: n.Address, AddressKey: n.AddressKey, Phone: n.Phone}
	return a, addIdentifier(ctx, row)
}

// AddIdentifier gives an account one more proven address; db.ErrDuplicate when
// the address names an account already, this one or another, and the Conflict
// fault CodeFrozen.
func AddIdentifier(ctx context.Context, accountID uuid.UUID, kind Kind, address, key string) error {
	if err := MayChange(ctx, accountID); err != nil {
		return err
	}
	return addIdentifier(ctx, Identifier{AccountID: accountID, Kind: kind, Address: address, AddressKey: key})
}

func addIdentifier(ctx context.Context, row Identifier) error {
	row.ID, row.VerifiedAt = uuid.Must(uuid.NewV7()), db.Now(ctx)
	return wrap("add identifier", db.Done(db.From(ctx).Create(&row)))
}

// RemoveIdentifier takes an address from an account; db.ErrNotFound when it has
// no such address, and the Conflict fault CodeFrozen.
func RemoveIdentifier(ctx context.Context, accountID, id uuid.UUID) error {
	if err := MayChange(ctx, accountID); err != nil {
		return err
	}
	return wrap("remove identifier", db.One(db.From(ctx).Where("id = ? AND account_id = ?", id, accountID).Delete(&Identifier{})))
}

// SetPassword stores the hash of a newly chosen password and ends every
// session of the account; the asker's own is kept by session.EndAll.
func SetPassword(ctx context.Context, id uuid.UUID, hash string) error {
	return change(ctx, "set password", id, map[string]any{
		"password_hash": hash, "password_changed_at": db.Now(ctx), "session_epoch": gorm.Expr("session_epoch + 1"),
	})
}

// Rehash replaces a hash by one of the same password with today's costs. It
// ends no session and is not a change of password; when the password was
// changed meanwhile, nothing happens.
func Rehash(ctx context.Context, id uuid.UUID, former, hash string) error {
	set := map[string]any{"password_hash": hash, "updated_at": db.Now(ctx)}
	res := db.From(ctx).Model(&Account{}).Where("id = ? AND password_hash = ?", id, former).Updates(set)
	return wrap("rehash password", res.Error)
}

// SetStatus suspends, closes or resumes an account and ends its sessions.
func SetStatus(ctx context.Context, id uuid.UUID, to Status) error {
	return change(ctx, "set account status", id, map[string]any{"status": to, "session_epoch": gorm.Expr("session_epoch + 1")})
}

// EndSessions raises the epoch, which ends every session opened before.
func EndSessions(ctx context.Context, id uuid.UUID) error {
	return change(ctx, "raise session epoch", id, map[string]any{"session_epoch": gorm.Expr("session_epoch + 1")})
}

// RenewFactors raises the factor generation: what was trusted because of the
// former factors is no longer.
func RenewFactors(ctx context.Context, id uuid.UUID) error {
	return change(ctx, "raise factor generation", id, map[string]any{"factor_generation": gorm.Expr("factor_generation + 1")})
}

// Registered writes down that the person came in with an address of their own.
func Registered(ctx context.Context, id uuid.UUID) error {
	return change(ctx, "note registration", id, map[string]any{"registered_at": db.Now(ctx)})
}

// SignedIn writes down when the account last opened a session.
func SignedIn(ctx context.Context, id uuid.UUID) error {
	return change(ctx, "note sign-in", id, map[string]any{"last_signin_at": db.Now(ctx)})
}

// SkipFactor notes that Skip was pressed under the policy of a fingerprint.
func SkipFactor(ctx context.Context, id uuid.UUID, policy string) error {
	return change(ctx, "skip factor", id, map[string]any{"mfa_skipped": policy})
}

// PostponeFactor counts a Later on a day (ISO 8601, the tenant's zone). A
// second one on the same day is not counted.
func PostponeFactor(ctx context.Context, id uuid.UUID, day string) error {
	set := map[string]any{"mfa_postponed": gorm.Expr("mfa_postponed + 1"), "mfa_offered_on": day, "updated_at": db.Now(ctx)}
	res := db.From(ctx).Model(&Account{}).Where("id = ? AND mfa_offered_on <> ?", id, day).Updates(set)
	return wrap("postpone factor", res.Error)
}

func change(ctx context.Context, what string, id uuid.UUID, set map[string]any) error {
	set["updated_at"] = db.Now(ctx)
	return wrap(what, db.One(db.From(ctx).Model(&Account{}).Where("id = ?", id).Updates(set)))
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
