package reset

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

func insert(ctx context.Context, r *Reset) error { return db.Done(db.From(ctx).Create(r)) }

const read = `SELECT r.*, COALESCE(a.status, '') AS status, COALESCE(a.session_epoch, 0) AS account_epoch, i.security_epoch AS instance_epoch,
	EXISTS (SELECT 1 FROM identifiers d WHERE d.tenant_id = @tenant AND d.account_id = r.account_id AND d.address_key = r.address_key
		AND (r.channel <> 'sms' OR d.phone_at IS NULL OR r.created_at > d.phone_at)) AS proven
	FROM resets r LEFT JOIN accounts a ON a.tenant_id = @tenant AND a.id = r.account_id JOIN instance i ON i.id = 1
	WHERE r.tenant_id = @tenant `

func byToken(ctx context.Context, hash []byte) (found, error) {
	return one(ctx, read+`AND r.token_hash = @hash`, sql.Named("hash", hash))
}

func byID(ctx context.Context, id uuid.UUID) (found, error) {
	return one(ctx, read+`AND r.id = @id`, sql.Named("id", id))
}

func one(ctx context.Context, text string, arg any) (f found, err error) {
	if err = db.Rows(ctx, &f, text, arg); err == nil && f.ID == uuid.Nil {
		err = db.ErrNotFound
	}
	return f, err
}

// ofAttempt is the newest wish that a flow's code belongs to: an earlier code of
// the flow is worth nothing from then on.
func ofAttempt(ctx context.Context, attempt uuid.UUID) (r Reset, err error) {
	err = db.Found(db.From(ctx).Where("attempt_id = ?", attempt).Order("created_at DESC, id DESC").Limit(1).Find(&r))
	return r, err
}

// countCode counts a typed code against the account; for nobody's no row.
func countCode(ctx context.Context, id uuid.UUID) error {
	_, err := db.Exec(ctx, `UPDATE resets SET code_tries = code_tries + 1 WHERE tenant_id = @tenant AND id = @id AND code_used_at IS NULL`, sql.Named("id", id))
	return err
}

// useCode is the single use of a code, while its link would work and the account
// has not had too many wrong ones in a day, in whatever flows and by whichever
// of its addresses. From then on there is time to choose.
func useCode(ctx context.Context, id uuid.UUID, hash []byte, most int, choose time.Duration) error {
	now := db.Now(ctx)
	n, err := db.Exec(ctx, `UPDATE resets SET code_used_at = @now, code_tries = code_tries - 1, expires_at = @until
		WHERE tenant_id = @tenant AND id = @id AND code_hash = @hash AND code_used_at IS NULL AND used_at IS NULL AND expires_at > @now
		AND (SELECT COALESCE(SUM(o.code_tries), 0) FROM resets o WHERE o.tenant_id = @tenant AND o.account_id = resets.account_id AND o.created_at > @since) <= @most
		AND `+working, sql.Named("now", now), sql.Named("until", now.Add(choose)), sql.Named("since", now.Add(-24*time.Hour)),
		sql.Named("most", most), sql.Named("id", id), sql.Named("hash", hash))
	if err == nil && n != 1 {
		err = db.ErrNotFound
	}
	return err
}

// wrongCodes are the wrong codes of an account since a moment.
func wrongCodes(ctx context.Context, account uuid.UUID, since time.Time) (n int, err error) {
	err = db.Rows(ctx, &n, `SELECT COALESCE(SUM(code_tries), 0) FROM resets WHERE tenant_id = @tenant AND account_id = @account AND created_at > @since`,
		sql.Named("account", account), sql.Named("since", since))
	return n, err
}

// epochs are what a new link is tied to.
type epochs struct{ SessionEpoch, SecurityEpoch int64 }

func epochsOf(ctx context.Context, account uuid.UUID) (e epochs, err error) {
	err = db.Rows(ctx, &e, `SELECT a.session_epoch, i.security_epoch FROM accounts a JOIN instance i ON i.id = 1
		WHERE a.tenant_id = @tenant AND a.id = @id`, sql.Named("id", account))
	return e, err
}

// lockPerson holds other wishes for the same person back until the transaction
// ends, so that two clicks see each other. SQLite has one writer anyway.
func lockPerson(ctx context.Context, postgres bool, person uuid.UUID) error {
	text := `SELECT id FROM persons WHERE tenant_id = @tenant AND id = @id`
	if postgres {
		text += ` FOR UPDATE`
	}
	var ids []uuid.UUID
	err := db.Rows(ctx, &ids, text, sql.Named("id", person))
	if err == nil && len(ids) == 0 {
		err = db.ErrNotFound
	}
	return err
}

// lockAccount holds back whoever else is about to use a link of the account.
func lockAccount(ctx context.Context, postgres bool, account uuid.UUID) error {
	if !postgres {
		return nil
	}
	var ids []uuid.UUID
	return db.Rows(ctx, &ids, `SELECT id FROM accounts WHERE tenant_id = @tenant AND id = @id FOR UPDATE`, sql.Named("id", account))
}

// times are when a person's wishes of one sort were made since a moment, the
// newest first.
func times(ctx context.Context, person uuid.UUID, own bool, since time.Time) (list []time.Time, err error) {
	sort := "cause <> ?"
	if own {
		sort = "cause = ?"
	}
	err = db.From(ctx).Model(&Reset{}).Where("person_id = ? AND created_at > ?", person, since).Where(sort, Self).
		Order("created_at DESC").Limit(100).Pluck("created_at", &list).Error
	return list, err
}

// mint stores a link's token and a code, once.
func mint(ctx context.Context, id uuid.UUID, hash, code, sealed []byte, expires time.Time) error {
	return db.One(db.From(ctx).Model(&Reset{}).Where("id = ? AND token_hash IS NULL AND used_at IS NULL", id).
		Updates(map[string]any{"token_hash": hash, "code_hash": code, "sealed": sealed, "sent_at": db.Now(ctx), "expires_at": expires}))
}

// prolong lets a link that died while its mail waited live from the sending.
func prolong(ctx context.Context, id uuid.UUID, expires time.Time) error {
	return db.One(db.From(ctx).Model(&Reset{}).Where("id = ? AND used_at IS NULL", id).
		Updates(map[string]any{"sent_at": db.Now(ctx), "expires_at": expires}))
}

// working holds in SQL what stands says in Go: the account may sign in, by the
// address, and nothing has ended its links, such as another phone in the place of
// the one that they went to.
const working = `EXISTS (SELECT 1 FROM accounts a JOIN instance i ON i.id = 1 WHERE a.tenant_id = @tenant AND a.id = resets.account_id
			AND a.status = 'active' AND a.session_epoch = resets.epoch AND i.security_epoch = resets.security_epoch)
		AND EXISTS (SELECT 1 FROM identifiers d WHERE d.tenant_id = @tenant AND d.account_id = resets.account_id AND d.address_key = resets.address_key
			AND (resets.channel <> 'sms' OR d.phone_at IS NULL OR resets.created_at > d.phone_at))`

// use consumes a link: one conditional UPDATE, whose row count tells who was
// first. The caller holds the account's lock.
func use(ctx context.Context, id uuid.UUID, hash []byte) error {
	n, err := db.Exec(ctx, `UPDATE resets SET used_at = @now, sealed = NULL
		WHERE tenant_id = @tenant AND id = @id AND token_hash = @hash AND used_at IS NULL AND expires_at > @now AND `+working,
		sql.Named("now", db.Now(ctx)), sql.Named("id", id), sql.Named("hash", hash))
	if err == nil && n != 1 {
		err = db.ErrNotFound
	}
	return err
}

func sweep(ctx context.Context, before time.Time) (int64, error) {
	res := db.From(ctx).Where("created_at < ?", before).Delete(&Reset{})
	return res.RowsAffected, res.Error
}
