package alumni

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/people"
)

// insertWish adds a wish unless the person has an open one.
func insertWish(ctx context.Context, w Wish) (added bool, err error) {
	n, err := db.Exec(ctx, `INSERT INTO alumni_wishes (tenant_id, id, person_id, created_at) VALUES (@tenant, @id, @person, @at) ON CONFLICT DO NOTHING`,
		sql.Named("id", w.ID), sql.Named("person", w.PersonID), sql.Named("at", w.CreatedAt))
	return n == 1, err
}

func newestWish(ctx context.Context, person uuid.UUID) (w Wish, err error) {
	err = db.Found(db.From(ctx).Where("person_id = ?", person).Order("created_at DESC, id DESC").Limit(1).Find(&w))
	return w, none(err)
}

func openWish(ctx context.Context, person uuid.UUID) (w Wish, err error) {
	err = db.Found(db.From(ctx).Where("person_id = ? AND answered_at IS NULL", person).Limit(1).Find(&w))
	return w, none(err)
}

// none lets the zero value stand for nothing found.
func none(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}

// answer answers the open wish of a person: one conditional UPDATE, whose row
// count tells whether there was one.
func answer(ctx context.Context, person uuid.UUID, how Answer) (there bool, err error) {
	set := map[string]any{"answered_at": db.Now(ctx), "answer": how}
	if by := authz.From(ctx).PersonID; by != uuid.Nil {
		set["answered_by"] = by
	}
	res := db.From(ctx).Model(&Wish{}).Where("person_id = ? AND answered_at IS NULL", person).Updates(set)
	return res.RowsAffected == 1, res.Error
}

// prolong stores the last day, as long as the employment is as it was read.
func prolong(ctx context.Context, j people.Job, day people.Date) error {
	err := db.One(db.From(ctx).Model(&people.Employment{}).Where("id = ? AND access_until = ? AND end_date = ?", j.ID, j.AccessUntil, j.EndDate).
		Updates(map[string]any{"access_until": day, "updated_at": db.Now(ctx)}))
	if errors.Is(err, db.ErrNotFound) {
		return errRaced()
	}
	return err
}

func countOpen(ctx context.Context) (n int64, err error) {
	err = db.From(ctx).Model(&Wish{}).Where("answered_at IS NULL").Count(&n).Error
	return n, err
}

// asking is a wish with the name that a list shows.
type asking struct {
	Wish
	GivenName, FamilyName string
}

func listWishes(ctx context.Context, since time.Time) (list []asking, err error) {
	err = db.Rows(ctx, &list, `SELECT w.*, p.given_name, p.family_name FROM alumni_wishes w
		JOIN persons p ON p.tenant_id = @tenant AND p.id = w.person_id
		WHERE w.tenant_id = @tenant AND (w.answered_at IS NULL OR w.answered_at > @since)
		ORDER BY CASE WHEN w.answered_at IS NULL THEN 0 ELSE 1 END, w.created_at DESC, w.id DESC LIMIT @most`,
		sql.Named("since", since), sql.Named("most", mostListed))
	return list, err
}

// prolonged is an employment with a day that HR gave.
type prolonged struct {
	PersonID              uuid.UUID
	GivenName, FamilyName string
	Employer, Name        string // the legal employer's key and name
	StartDate             people.Date
	EndDate               people.Date
	AccessUntil           people.Date
}

func (p prolonged) term() people.Term {
	return people.Term{Employer: p.Employer, Start: p.StartDate, End: p.EndDate, Until: p.AccessUntil}
}

func listProlonged(ctx context.Context, today people.Date) (list []prolonged, err error) {
	err = db.Rows(ctx, &list, `SELECT e.person_id, p.given_name, p.family_name, l.key AS employer, l.name, e.start_date, e.end_date, e.access_until
		FROM employments e JOIN persons p ON p.tenant_id = @tenant AND p.id = e.person_id
		JOIN legal_employers l ON l.tenant_id = @tenant AND l.id = e.legal_employer_id
		WHERE e.tenant_id = @tenant AND e.access_until <> '' AND e.access_until >= @today AND e.end_date <> ''
		ORDER BY e.access_until, p.family_name, e.id LIMIT @most`, sql.Named("today", string(today)), sql.Named("most", mostListed))
	return list, err
}

// sweep deletes what was answered or told long ago.
func sweep(ctx context.Context, before time.Time) (int64, error) {
	notices := db.From(ctx).Where("created_at < ?", before).Delete(&notice{})
	if notices.Error != nil {
		return 0, notices.Error
	}
	wishes := db.From(ctx).Where("answered_at < ?", before).Delete(&Wish{})
	return notices.RowsAffected + wishes.RowsAffected, wishes.Error
}
