package account

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// Lock holds back whoever else wants to change the account until the
// transaction ends; an id that is nobody's here holds nobody back.
func Lock(ctx context.Context, id uuid.UUID) error {
	_, err := db.Exec(ctx, `UPDATE accounts SET updated_at = updated_at WHERE tenant_id = @tenant AND id = @id`, sql.Named("id", id))
	return wrap("lock account", err)
}

// OpenFreeze is the oldest freeze of an account that is open; zero for none.
func OpenFreeze(ctx context.Context, id uuid.UUID) (f Freeze, err error) {
	err = db.From(ctx).Where("account_id = ? AND lifted_at IS NULL", id).Order("frozen_at, id").Limit(1).Find(&f).Error
	return f, wrap("look for a freeze", err)
}

// FreezeOf is what became of the report by a notice; zero when there was none.
func FreezeOf(ctx context.Context, noticeID uuid.UUID) (f Freeze, err error) {
	err = db.From(ctx).Where("notice_id = ?", noticeID).Limit(1).Find(&f).Error
	return f, wrap("look for the freeze of a notice", err)
}

// FreezeFor freezes an account by a notice, after Lock.
func FreezeFor(ctx context.Context, accountID, noticeID uuid.UUID) error {
	f := Freeze{ID: uuid.Must(uuid.NewV7()), AccountID: accountID, NoticeID: noticeID, FrozenAt: db.Now(ctx)}
	return wrap("freeze account", db.Done(db.From(ctx).Create(&f)))
}

// ChoseByMail notes that the owner of the mailbox chose a new password.
func ChoseByMail(ctx context.Context, accountID uuid.UUID) error {
	return wrap("note the new password", db.Done(db.From(ctx).Model(&Freeze{}).Where("account_id = ? AND lifted_at IS NULL", accountID).
		Updates(map[string]any{"password_at": db.Now(ctx)})))
}

// Return lifts what was frozen before a password was chosen by mail, and tells
// whether there was any. The caller has just seen that password proven, and the
// factor on file where there is one.
func Return(ctx context.Context, accountID uuid.UUID) (bool, error) {
	return lift(ctx, Returned, uuid.Nil, "account_id = ? AND password_at IS NOT NULL", accountID)
}

// LiftAll lifts every freeze of an account in HR's name, and tells whether there
// was any.
func LiftAll(ctx context.Context, accountID, by uuid.UUID) (bool, error) {
	return lift(ctx, ByHR, by, "account_id = ?", accountID)
}

// Undo lifts the one freeze of a notice while it may be taken back: within
// UndoWithin, and when no other report of the account was taken back within that
// time. It tells whether it did. After Lock.
func Undo(ctx context.Context, noticeID uuid.UUID) (bool, error) {
	since := db.Now(ctx).Add(-UndoWithin)
	return lift(ctx, Undone, uuid.Nil, `notice_id = ? AND frozen_at > ? AND NOT EXISTS (SELECT 1 FROM freezes f
		WHERE f.tenant_id = freezes.tenant_id AND f.account_id = freezes.account_id AND f.lifted_why = 'undone' AND f.lifted_at > ?)`, noticeID, since, since)
}

// UndoneSince tells whether a report about an account was taken back since.
func UndoneSince(ctx context.Context, accountID uuid.UUID, since time.Time) (bool, error) {
	var n int64
	err := db.From(ctx).Model(&Freeze{}).Where("account_id = ? AND lifted_why = ? AND lifted_at > ?", accountID, Undone, since).Count(&n).Error
	return n > 0, wrap("look for an undone report", err)
}

func lift(ctx context.Context, why Lift, by uuid.UUID, which string, args ...any) (bool, error) {
	set := map[string]any{"lifted_at": db.Now(ctx), "lifted_why": why}
	if by != uuid.Nil {
		set["lifted_by"] = by
	}
	res := db.From(ctx).Model(&Freeze{}).Where("lifted_at IS NULL").Where(which, args...).Updates(set)
	if res.Error != nil {
		return false, fmt.Errorf("lift freeze: %w", res.Error)
	}
	return res.RowsAffected > 0, nil
}
