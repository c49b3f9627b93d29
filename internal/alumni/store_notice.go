package alumni

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/people"
)

// span is whose employments a sweep looks at: those of a legal employer that
// ended within some days, and those whose day from HR lies within others.
type span struct {
	employer           string
	ended, endedTo     people.Date
	granted, grantedTo people.Date // empty: none
}

// within gives persons by id, after one.
func within(ctx context.Context, s span, after uuid.UUID) (ids []uuid.UUID, err error) {
	err = db.Rows(ctx, &ids, `SELECT DISTINCT e.person_id FROM employments e
		JOIN legal_employers l ON l.tenant_id = @tenant AND l.id = e.legal_employer_id AND l.key = @employer
		WHERE e.tenant_id = @tenant AND e.end_date <> '' AND e.person_id > @after
		AND (e.end_date >= @ended AND e.end_date <= @ended_to OR e.access_until <> '' AND e.access_until >= @granted AND e.access_until <= @granted_to)
		ORDER BY e.person_id LIMIT @most`,
		sql.Named("employer", s.employer), sql.Named("after", after), sql.Named("ended", string(s.ended)), sql.Named("ended_to", string(s.endedTo)),
		sql.Named("granted", string(s.granted)), sql.Named("granted_to", string(s.grantedTo)), sql.Named("most", eachStep))
	return ids, err
}

// told are the notices that persons got.
func told(ctx context.Context, persons []uuid.UUID) (list []notice, err error) {
	err = db.From(ctx).Where("person_id IN ?", persons).Find(&list).Error
	return list, err
}

// note writes a notice down; false: it was told before.
func note(ctx context.Context, n notice) (first bool, err error) {
	rows, err := db.Exec(ctx, `INSERT INTO alumni_notices (tenant_id, person_id, kind, day, mark, created_at) VALUES (@tenant, @person, @kind, @day, @mark, @at) ON CONFLICT DO NOTHING`,
		sql.Named("person", n.PersonID), sql.Named("kind", n.Kind), sql.Named("day", string(n.Day)), sql.Named("mark", n.Mark), sql.Named("at", db.Now(ctx)))
	return rows == 1, err
}
