package recovery

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

func insert(ctx context.Context, r *Recovery) error { return db.Done(db.From(ctx).Create(r)) }

func insertApproval(ctx context.Context, a Approval) error { return db.Done(db.From(ctx).Create(&a)) }

func byID(ctx context.Context, id uuid.UUID) (r Recovery, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&r))
	return r, err
}

func byCode(ctx context.Context, hash []byte) (r Recovery, err error) {
	err = db.Found(db.From(ctx).Where("code_hash = ?", hash).Limit(1).Find(&r))
	return r, err
}

// runningOf is the account's recovery that nobody has ended; the clock may have.
func runningOf(ctx context.Context, accountID uuid.UUID) (r Recovery, err error) {
	err = db.Found(db.From(ctx).Where("account_id = ? AND ended_at IS NULL", accountID).Limit(1).Find(&r))
	return r, err
}

// undecided are the running recoveries without their approvals that a person has not
// approved yet. A page of them is more than anybody looks after.
func undecided(ctx context.Context, approver uuid.UUID) (list []Recovery, err error) {
	err = db.From(ctx).Where("ended_at IS NULL AND approved_at IS NULL AND closes_at > ?", db.Now(ctx)).
		Where("id NOT IN (?)", db.From(ctx).Model(&Approval{}).Select("recovery_id").Where("approver_id = ?", approver)).
		Order("created_at").Limit(100).Find(&list).Error
	return list, err
}

// newestOf is a person's newest recovery.
func newestOf(ctx context.Context, person uuid.UUID) (r Recovery, err error) {
	err = db.Found(db.From(ctx).Where("person_id = ?", person).Order("created_at DESC, id DESC").Limit(1).Find(&r))
	return r, err
}

func approvalsOf(ctx context.Context, id uuid.UUID) (list []Approval, err error) {
	err = db.From(ctx).Where("recovery_id = ?", id).Order("created_at, approver_id").Find(&list).Error
	return list, err
}

func startsOf(ctx context.Context, person uuid.UUID, since time.Time) (list []time.Time, err error) {
	err = db.From(ctx).Model(&Recovery{}).Where("person_id = ? AND created_at > ?", person, since).
		Order("created_at DESC").Limit(100).Pluck("created_at", &list).Error
	return list, err
}

// lapse ends what the clock ended, so that another may begin.
func lapse(ctx context.Context, accountID uuid.UUID) error {
	return db.From(ctx).Model(&Recovery{}).Where("account_id = ? AND ended_at IS NULL AND closes_at <= ?", accountID, db.Now(ctx)).
		Updates(map[string]any{"ended_at": db.Now(ctx), "ending": Timeout}).Error
}

// takeTurn makes approvals of one recovery wait for each other until the commit;
// db.ErrNotFound when it waits for none any more.
func takeTurn(ctx context.Context, id uuid.UUID) error {
	n, err := db.Exec(ctx, `UPDATE recoveries SET turn = turn + 1
		WHERE tenant_id = @tenant AND id = @id AND ended_at IS NULL AND approved_at IS NULL AND closes_at > @now`,
		sql.Named("id", id), sql.Named("now", db.Now(ctx)))
	if err == nil && n != 1 {
		err = db.ErrNotFound
	}
	return err
}

func coolOff(ctx context.Context, id uuid.UUID, opens, closes time.Time) error {
	return db.One(db.From(ctx).Model(&Recovery{}).Where("id = ? AND ended_at IS NULL AND approved_at IS NULL", id).
		Updates(map[string]any{"approved_at": db.Now(ctx), "opens_at": opens, "closes_at": closes}))
}

// finish ends a running recovery: one conditional UPDATE, whose row count tells
// who was first.
func finish(ctx context.Context, id uuid.UUID, how Ending, by uuid.UUID) error {
	set := map[string]any{"ended_at": db.Now(ctx), "ending": how}
	if by != uuid.Nil {
		set["ended_by"] = by
	}
	return db.One(db.From(ctx).Model(&Recovery{}).Where("id = ? AND ended_at IS NULL AND closes_at > ?", id, db.Now(ctx)).Updates(set))
}

// finishOpen is finish for a recovery that is open at this very moment.
func finishOpen(ctx context.Context, id uuid.UUID, how Ending) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&Recovery{}).
		Where("id = ? AND ended_at IS NULL AND approved_at IS NOT NULL AND opens_at <= ? AND closes_at > ?", id, now, now).
		Updates(map[string]any{"ended_at": now, "ending": how}))
}

// epoch is the installation's, which is raised after a restore.
func epoch(ctx context.Context, accountID uuid.UUID) (n int64, err error) {
	err = db.Rows(ctx, &n, `SELECT i.security_epoch FROM accounts a JOIN instance i ON i.id = 1 WHERE a.tenant_id = @tenant AND a.id = @id`, sql.Named("id", accountID))
	return n, err
}

// heldBefore tells whether a person has held a role since before a moment.
func heldBefore(ctx context.Context, person uuid.UUID, role string, at time.Time) (bool, error) {
	var n int64
	err := db.Rows(ctx, &n, `SELECT count(*) FROM person_roles WHERE tenant_id = @tenant AND person_id = @person AND role = @role AND granted_at < @at`,
		sql.Named("person", person), sql.Named("role", role), sql.Named("at", at))
	return n > 0, err
}

// otherAdmins is how many people other than two could approve for a person with
// a role.
func otherAdmins(ctx context.Context, person, starter uuid.UUID) (n int, err error) {
	err = db.Rows(ctx, &n, `SELECT count(*) FROM person_roles r JOIN accounts a ON a.tenant_id = @tenant AND a.person_id = r.person_id AND a.status = 'active'
		WHERE r.tenant_id = @tenant AND r.role = 'admin' AND r.person_id <> @person AND r.person_id <> @starter`,
		sql.Named("person", person), sql.Named("starter", starter))
	return n, err
}

// line is a recovery with the names that a list shows.
type line struct {
	Recovery
	GivenName, FamilyName       string
	StarterGiven, StarterFamily string
	Approvals                   int
	Privileged                  bool
}

func (l line) name() string    { return l.GivenName + " " + l.FamilyName }
func (l line) starter() string { return l.StarterGiven + " " + l.StarterFamily }

// listed are the recoveries begun since a moment and those not ended, newest
// first.
func listed(ctx context.Context, since time.Time) (list []line, err error) {
	err = db.Rows(ctx, &list, `SELECT r.*, p.given_name, p.family_name, COALESCE(b.given_name, '') AS starter_given, COALESCE(b.family_name, '') AS starter_family,
			(SELECT count(*) FROM recovery_approvals x WHERE x.tenant_id = @tenant AND x.recovery_id = r.id) AS approvals,
			EXISTS (SELECT 1 FROM person_roles o WHERE o.tenant_id = @tenant AND o.person_id = r.person_id) AS privileged
		FROM recoveries r JOIN persons p ON p.tenant_id = @tenant AND p.id = r.person_id
		LEFT JOIN persons b ON b.tenant_id = @tenant AND b.id = r.starter_id
		WHERE r.tenant_id = @tenant AND (r.ended_at IS NULL OR r.created_at > @since) ORDER BY r.created_at DESC, r.id DESC LIMIT 200`, sql.Named("since", since))
	return list, err
}

func sweep(ctx context.Context, before time.Time) (int64, error) {
	if err := db.From(ctx).Where("created_at < ?", before).Delete(&pass{}).Error; err != nil {
		return 0, err
	}
	if _, err := sweepEID(ctx, before); err != nil {
		return 0, err
	}
	_, err := db.Exec(ctx, `DELETE FROM recovery_approvals WHERE tenant_id = @tenant AND recovery_id IN
		(SELECT id FROM recoveries WHERE tenant_id = @tenant AND closes_at < @before)`, sql.Named("before", before))
	if err != nil {
		return 0, err
	}
	res := db.From(ctx).Where("closes_at < ?", before).Delete(&Recovery{})
	return res.RowsAffected, res.Error
}
