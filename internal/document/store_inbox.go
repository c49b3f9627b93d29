package document

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"tilgang/internal/db"
)

// turn gives one process the look at an inbox, unless one looked since.
func turn(ctx context.Context, place string, since time.Time) (bool, error) {
	set := db.From(ctx).Model(&inboxLook{}).Where("place = ? AND looked_at < ?", place, since).Update("looked_at", db.Now(ctx))
	if set.Error != nil || set.RowsAffected == 1 {
		return set.Error == nil, set.Error
	}
	made := db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&inboxLook{Place: place, LookedAt: db.Now(ctx)})
	return made.RowsAffected == 1, made.Error
}

// answered writes down that an inbox answered; fails that it did not, keeping
// since when.
func answered(ctx context.Context, place string) error {
	return db.From(ctx).Model(&inboxLook{}).Where("place = ? AND failing_since IS NOT NULL", place).Update("failing_since", nil).Error
}

func fails(ctx context.Context, place string) error {
	return db.From(ctx).Model(&inboxLook{}).Where("place = ? AND failing_since IS NULL", place).Update("failing_since", db.Now(ctx)).Error
}

func lookAt(ctx context.Context, place string) (row inboxLook, err error) {
	err = db.Found(db.From(ctx).Where("place = ?", place).Limit(1).Find(&row))
	return row, err
}

// hold gives a delivery of the inbox to one holder: a new one, or one that
// nobody has moved along; db.ErrNotFound while another is at it.
func hold(ctx context.Context, name string, holder uuid.UUID, until time.Time) (row inboxRow, err error) {
	now := db.Now(ctx)
	taken := db.From(ctx).Model(&inboxRow{}).Where("name = ? AND held_until <= ?", name, now).Updates(map[string]any{"holder": holder, "held_until": until})
	if taken.Error != nil {
		return row, taken.Error
	}
	if taken.RowsAffected == 0 {
		row = inboxRow{Name: name, Holder: holder, HeldUntil: until, TakenAt: now}
		return row, db.One(db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row))
	}
	err = db.Found(db.From(ctx).Where("name = ? AND holder = ?", name, holder).Limit(1).Find(&row))
	return row, err
}

// held changes what a holder holds; db.ErrNotFound when it does not any more.
func held(ctx context.Context, row inboxRow, set map[string]any) error {
	return db.One(db.From(ctx).Model(&inboxRow{}).Where("name = ? AND holder = ?", row.Name, row.Holder).Updates(set))
}

// aside forgets a delivery that lies aside.
func aside(ctx context.Context, row inboxRow) error {
	return db.One(db.From(ctx).Where("name = ? AND holder = ?", row.Name, row.Holder).Delete(&inboxRow{}))
}

// decided are the deliveries that are to be moved aside and are held by nobody.
func decided(ctx context.Context) (list []string, err error) {
	err = db.From(ctx).Model(&inboxRow{}).Where("outcome <> '' AND held_until <= ?", db.Now(ctx)).Order("name").Limit(100).Pluck("name", &list).Error
	return list, err
}

// endedInInbox is the delivery of a folder of the inbox that ended, with the same
// list, since it was taken.
func endedInInbox(ctx context.Context, row inboxRow, digest string) (d Delivery, err error) {
	err = db.Found(db.From(ctx).Where("inbox_name = ? AND digest = ? AND created_at >= ? AND state IN ?", row.Name, digest, row.TakenAt, []State{Done, Failed}).
		Order("created_at DESC, id DESC").Limit(1).Find(&d))
	return d, err
}
