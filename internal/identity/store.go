package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

func insertProof(ctx context.Context, p *Proof) error { return db.Done(db.From(ctx).Create(p)) }

func countProofs(ctx context.Context, attemptID uuid.UUID) (n int64, err error) {
	err = db.From(ctx).Model(&Proof{}).Where("attempt_id = ?", attemptID).Count(&n).Error
	return n, err
}

func completeProof(ctx context.Context, id uuid.UUID, r Result) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&Proof{}).Where("id = ? AND proven_at IS NULL AND expires_at > ?", id, now).
		Updates(map[string]any{"subject_hash": r.Subject, "national_key": r.National, "level": r.Level, "proven_at": now, "expires_at": now.Add(Life)}))
}

// waitingProof is the newest visit of an attempt, if it came to something: an
// earlier proof counts no more once another was tried for.
func waitingProof(ctx context.Context, attemptID uuid.UUID) (p Proof, err error) {
	err = db.Found(db.From(ctx).Where("attempt_id = ?", attemptID).Order("created_at DESC, id DESC").Limit(1).Find(&p))
	if err == nil && (p.ProvenAt == nil || p.TakenAt != nil || !db.Now(ctx).Before(p.ExpiresAt)) {
		err = db.ErrNotFound
	}
	return p, err
}

func takeProof(ctx context.Context, id uuid.UUID) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&Proof{}).Where("id = ? AND proven_at IS NOT NULL AND taken_at IS NULL AND expires_at > ?", id, now).
		Updates(map[string]any{"taken_at": now}))
}

func insertLinked(ctx context.Context, l *Linked) error { return db.Done(db.From(ctx).Create(l)) }

func linkedOf(ctx context.Context, accountID uuid.UUID) (list []Linked, err error) {
	err = db.From(ctx).Where("account_id = ?", accountID).Order("linked_at, id").Limit(50).Find(&list).Error
	return list, err
}

func bySubject(ctx context.Context, connector string, subject []byte) (l Linked, err error) {
	err = db.Found(db.From(ctx).Where("connector = ? AND subject_hash = ?", connector, subject).Limit(1).Find(&l))
	return l, err
}

func linkedByID(ctx context.Context, accountID, id uuid.UUID) (l Linked, err error) {
	err = db.Found(db.From(ctx).Where("id = ? AND account_id = ?", id, accountID).Limit(1).Find(&l))
	return l, err
}

// renew keeps a number that the provider names no longer.
func renew(ctx context.Context, l Linked, national []byte) error {
	set := map[string]any{"proven": l.Proven, "level": l.Level, "last_used_at": db.Now(ctx)}
	if len(national) > 0 {
		set["national_key"] = national
	}
	return db.One(db.From(ctx).Model(&Linked{}).Where("id = ? AND account_id = ?", l.ID, l.AccountID).Updates(set))
}

func touch(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Model(&Linked{}).Where("id = ?", id).Updates(map[string]any{"last_used_at": db.Now(ctx)}))
}

func dropLinked(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Where("id = ?", id).Delete(&Linked{}))
}

func dropConnector(ctx context.Context, accountID uuid.UUID, connector string) (int64, error) {
	res := db.From(ctx).Where("account_id = ? AND connector = ?", accountID, connector).Delete(&Linked{})
	return res.RowsAffected, res.Error
}

// moveLinked is one conditional UPDATE: of two moves at once one finds the link
// where it was.
func moveLinked(ctx context.Context, l Linked, accountID uuid.UUID, proven bool) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&Linked{}).Where("id = ? AND account_id = ?", l.ID, l.AccountID).
		Updates(map[string]any{"account_id": accountID, "proven": proven, "linked_at": now, "last_used_at": now}))
}

func insertMove(ctx context.Context, m *Move) error { return db.Done(db.From(ctx).Create(m)) }

func moveByID(ctx context.Context, id uuid.UUID) (m Move, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&m))
	return m, err
}

func movesSince(ctx context.Context, accountID uuid.UUID, since time.Time) (list []Move, err error) {
	err = db.From(ctx).Where("(from_account = ? OR to_account = ?) AND moved_at > ? AND undone_at IS NULL", accountID, accountID, since).
		Order("moved_at DESC, id DESC").Limit(20).Find(&list).Error
	return list, err
}

func undoMove(ctx context.Context, id uuid.UUID) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&Move{}).Where("id = ? AND undone_at IS NULL AND moved_at > ?", id, now.Add(-UndoWithin)).
		Updates(map[string]any{"undone_at": now}))
}

// sweep deletes proofs a day after their end, decided reviews and moves later.
// HR's word where there was nothing to link is all that says who somebody is, and
// stays.
func sweep(ctx context.Context) (n int64, err error) {
	now := db.Now(ctx)
	old := now.Add(-keptOld)
	proofs := db.From(ctx).Where("created_at < ?", now.Add(-keptProof)).Delete(&Proof{})
	if proofs.Error != nil {
		return 0, proofs.Error
	}
	reviews := db.From(ctx).Where("decided_at < ? AND NOT (confirmed AND connector = '')", old).Delete(&Review{})
	if reviews.Error != nil {
		return proofs.RowsAffected, reviews.Error
	}
	moves := db.From(ctx).Where("moved_at < ?", old).Delete(&Move{})
	return proofs.RowsAffected + reviews.RowsAffected + moves.RowsAffected, moves.Error
}
