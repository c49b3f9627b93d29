package register

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

func insert(ctx context.Context, r *Registration) error { return db.Done(db.From(ctx).Create(r)) }

func byID(ctx context.Context, id uuid.UUID) (r Registration, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&r))
	return r, err
}

// ofAttempt is the registration of an attempt: the one whose code was typed, else
// the newest; an earlier code of the flow is worth nothing from then on.
func ofAttempt(ctx context.Context, attempt uuid.UUID) (r Registration, err error) {
	err = db.Found(db.From(ctx).Where("attempt_id = ?", attempt).
		Order("CASE WHEN code_used_at IS NULL THEN 1 ELSE 0 END, created_at DESC, id DESC").Limit(1).Find(&r))
	return r, err
}

// times are when mails to an address were asked for since a moment.
func times(ctx context.Context, address []byte, since time.Time) (list []time.Time, err error) {
	err = db.From(ctx).Model(&Registration{}).Where("address_hash = ? AND created_at > ?", address, since).
		Order("created_at DESC").Limit(aDay).Pluck("created_at", &list).Error
	return list, err
}

// mint stores a code, once.
func mint(ctx context.Context, id uuid.UUID, hash, sealed []byte, expires time.Time) error {
	return db.One(db.From(ctx).Model(&Registration{}).Where("id = ? AND code_hash IS NULL", id).
		Updates(map[string]any{"code_hash": hash, "code_sealed": sealed, "sent_at": db.Now(ctx), "code_expires_at": expires}))
}

// prolong lets a code whose mail waited live from the sending.
func prolong(ctx context.Context, id uuid.UUID, expires time.Time) error {
	return db.One(db.From(ctx).Model(&Registration{}).Where("id = ? AND code_used_at IS NULL", id).
		Updates(map[string]any{"sent_at": db.Now(ctx), "code_expires_at": expires}))
}

// countCode counts a typed code; where there is no registration, no row.
func countCode(ctx context.Context, id uuid.UUID) error {
	_, err := db.Exec(ctx, `UPDATE registrations SET code_tries = code_tries + 1 WHERE tenant_id = @tenant AND id = @id AND code_used_at IS NULL`, sql.Named("id", id))
	return err
}

// useCode is the single use of a code, one in an attempt; db.ErrNotFound when it
// is another, was used or has ended.
func useCode(ctx context.Context, id uuid.UUID, hash []byte) error {
	now := db.Now(ctx)
	n, err := db.Exec(ctx, `UPDATE registrations SET code_used_at = @now, code_tries = code_tries - 1, code_sealed = NULL
		WHERE tenant_id = @tenant AND id = @id AND code_hash = @hash AND code_used_at IS NULL AND code_expires_at > @now
		AND NOT EXISTS (SELECT 1 FROM registrations o WHERE o.tenant_id = @tenant AND o.attempt_id = registrations.attempt_id AND o.code_used_at IS NOT NULL)`,
		sql.Named("now", now), sql.Named("id", id), sql.Named("hash", hash))
	if err == nil && n != 1 {
		err = db.ErrNotFound
	}
	return err
}

// open are the rows that can still change: proven and not settled.
const open = "id = ? AND code_used_at IS NOT NULL AND outcome = ''"

func setPassword(ctx context.Context, id uuid.UUID, hash string) error {
	return db.One(db.From(ctx).Model(&Registration{}).Where(open, id).Where("password_hash = ''").Updates(map[string]any{"password_hash": hash}))
}

func setPhone(ctx context.Context, id, phone uuid.UUID, sealed []byte) error {
	return db.One(db.From(ctx).Model(&Registration{}).Where(open, id).Where("phone_proven_at IS NULL").
		Updates(map[string]any{"phone_id": phone, "phone_sealed": sealed}))
}

func provePhone(ctx context.Context, id, phone uuid.UUID, channel string) error {
	return db.One(db.From(ctx).Model(&Registration{}).Where(open, id).Where("phone_proven_at IS NULL AND phone_id = ?", phone).
		Updates(map[string]any{"phone_proven_at": db.Now(ctx), "phone_channel": channel}))
}

// touch makes sends and tries at one phone, and settlings, wait for each other
// until the commit.
func touch(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Model(&Registration{}).Where("id = ?", id).Updates(map[string]any{"touched_at": db.Now(ctx)}))
}

// settle writes the outcome down, once, and empties what is no longer needed.
func settle(ctx context.Context, r Registration) error {
	return db.One(db.From(ctx).Model(&Registration{}).Where(open, r.ID).Updates(map[string]any{
		"outcome": r.Outcome, "outcome_on": r.OutcomeOn, "person_id": r.PersonID, "settled_at": db.Now(ctx),
		"password_hash": "", "phone_sealed": nil, "phone_id": nil,
	}))
}

// lockPerson holds back others who settle for the same person until the
// transaction ends. SQLite has one writer anyway.
func lockPerson(ctx context.Context, postgres bool, person uuid.UUID) error {
	if !postgres {
		return nil
	}
	var ids []uuid.UUID
	return db.Rows(ctx, &ids, `SELECT id FROM persons WHERE tenant_id = @tenant AND id = @id FOR UPDATE`, sql.Named("id", person))
}

func sweep(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("created_at < ?", before).Delete(&Registration{})
	return res.RowsAffected, res.Error
}
