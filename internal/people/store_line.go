package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// running is the condition that an employment, e, has not ended by @today: only
// such a one makes somebody a report.
const running = `(e.end_date = '' OR e.end_date >= @today)`

// resolveManagers turns the numbers of line managers into persons, for
// employments that changed or still wait for theirs. A manager may sit at
// another legal employer; one at the same comes first. It goes by thousands: one
// statement for a large employer would run into the database's time limit.
func resolveManagers(ctx context.Context, since time.Time) error {
	const open = ` AND ((manager_key <> '' AND manager_person_id IS NULL) OR updated_at >= @since) AND id > @after`
	for after := uuid.Nil; ; {
		var ids []uuid.UUID
		err := db.Rows(ctx, &ids, `SELECT id FROM employments WHERE tenant_id = @tenant`+open+` ORDER BY id LIMIT @most`,
			named("since", since), named("after", after), named("most", mostResolved))
		if err != nil || len(ids) == 0 {
			return err
		}
		last := ids[len(ids)-1]
		if _, err = db.Exec(ctx, `UPDATE employments SET manager_person_id = (
				SELECT m.person_id FROM employments m
				 WHERE m.tenant_id = @tenant AND m.number_key = employments.manager_key AND m.person_id <> employments.person_id
				 ORDER BY CASE WHEN m.legal_employer_id = employments.legal_employer_id THEN 0 ELSE 1 END, m.start_date DESC LIMIT 1)
			WHERE tenant_id = @tenant`+open+` AND id <= @last`, named("since", since), named("after", after), named("last", last)); err != nil {
			return err
		}
		if after = last; len(ids) < mostResolved {
			return nil
		}
	}
}

// mostResolved is how many employments one statement finds managers for.
const mostResolved = 1000

// link is one line from a person to a manager, by an employment.
type link struct {
	ID        uuid.UUID // of the employment
	PersonID  uuid.UUID
	ManagerID uuid.UUID
	UpdatedAt time.Time
}

// chart gives all links of employments that have not ended.
func chart(ctx context.Context, today Date) (links []link, err error) {
	err = db.Rows(ctx, &links, `SELECT e.id, e.person_id, e.manager_person_id AS manager_id, e.updated_at FROM employments e
		WHERE e.tenant_id = @tenant AND e.manager_person_id IS NOT NULL AND `+running, named("today", string(today)))
	return links, err
}

// hierarchy reads who reports to whom by employments that have not ended.
func hierarchy(ctx context.Context, today Date) (*Hierarchy[uuid.UUID], error) {
	h := NewHierarchy[uuid.UUID]()
	err := db.Each(ctx, `SELECT e.person_id, e.manager_person_id FROM employments e
		WHERE e.tenant_id = @tenant AND e.manager_person_id IS NOT NULL AND `+running, func(scan func(...any) error) error {
		var person, manager uuid.UUID
		if err := scan(&person, &manager); err != nil {
			return err
		}
		h.Add(person, manager)
		return nil
	}, named("today", string(today)))
	return h, err
}

// above gives the links from a person up to everybody above; UNION ends where a
// circle would go round again.
func above(ctx context.Context, person uuid.UUID, today Date) (links []link, err error) {
	err = db.Rows(ctx, &links, `WITH RECURSIVE up(person_id) AS (
			SELECT p.id FROM persons p WHERE p.tenant_id = @tenant AND p.id = @person
			UNION
			SELECT e.manager_person_id FROM up JOIN employments e ON e.tenant_id = @tenant AND e.person_id = up.person_id
			 WHERE e.manager_person_id IS NOT NULL AND `+running+`)
		SELECT e.id, e.person_id, e.manager_person_id AS manager_id, e.updated_at FROM up
		  JOIN employments e ON e.tenant_id = @tenant AND e.person_id = up.person_id
		 WHERE e.manager_person_id IS NOT NULL AND `+running, named("person", person), named("today", string(today)))
	return links, err
}

// unlink takes the manager from employments; the number that named one stays.
func unlink(ctx context.Context, employments []uuid.UUID) error {
	for part := range slices.Chunk(employments, chunk) {
		if err := db.From(ctx).Model(&Employment{}).Where("id IN ?", part).Update("manager_person_id", nil).Error; err != nil {
			return fmt.Errorf("unlink managers: %w", err)
		}
	}
	return nil
}

// levelOf is how many levels below a manager a person is, the fewest; 0 when
// not within depth. It climbs from the person and stops at depth, so a circle
// cannot hold it.
func levelOf(ctx context.Context, manager, person uuid.UUID, depth int, today Date) (level int, err error) {
	err = db.Rows(ctx, &level, `WITH RECURSIVE up(id, level) AS (
			SELECT e.manager_person_id, 1 FROM employments e
			 WHERE e.tenant_id = @tenant AND e.person_id = @person AND e.manager_person_id IS NOT NULL AND `+running+`
			UNION
			SELECT e.manager_person_id, up.level + 1 FROM up JOIN employments e ON e.tenant_id = @tenant AND e.person_id = up.id
			 WHERE up.level < @depth AND e.manager_person_id IS NOT NULL AND `+running+`)
		SELECT COALESCE(min(level), 0) FROM up WHERE id = @manager AND level <= @depth`,
		named("manager", manager), named("person", person), named("depth", depth), named("today", string(today)))
	return level, err
}

// below is the team of @manager down to @depth: employments, with whose they
// are and how far down. It stops at depth, so a circle cannot hold it.
const below = `WITH RECURSIVE team(employment_id, person_id, level) AS (
		SELECT e.id, e.person_id, 1 FROM employments e
		 WHERE e.tenant_id = @tenant AND e.manager_person_id = @manager AND ` + running + `
		UNION
		SELECT e.id, e.person_id, team.level + 1 FROM team JOIN employments e ON e.tenant_id = @tenant AND e.manager_person_id = team.person_id
		 WHERE team.level < @depth AND ` + running + `)`

// The job shown is the one by which somebody belongs to the team; other jobs
// are no business of this manager.
const (
	teamColumns = ` SELECT p.id, p.given_name, p.family_name, p.work_email, p.private_email, e.job_title, COALESCE(u.path, '') AS unit,
		l.name AS employer, e.start_date, e.end_date, COALESCE(b.given_name, '') AS boss_given, COALESCE(b.family_name, '') AS boss_family,
		(SELECT min(t.level) FROM team t WHERE t.person_id = p.id) AS level`
	teamTables = ` FROM persons p
		JOIN employments e ON e.tenant_id = @tenant AND e.id = (
			SELECT x.id FROM team t JOIN employments x ON x.tenant_id = @tenant AND x.id = t.employment_id
			 WHERE t.person_id = p.id ORDER BY t.level, x.start_date DESC, x.id DESC LIMIT 1)
		JOIN legal_employers l ON l.tenant_id = @tenant AND l.id = e.legal_employer_id
		LEFT JOIN org_units u ON u.tenant_id = @tenant AND u.id = e.org_unit_id
		LEFT JOIN persons b ON b.tenant_id = @tenant AND b.id = e.manager_person_id
		WHERE p.tenant_id = @tenant AND p.id <> @manager AND p.id IN (SELECT person_id FROM team)`
)

type reportRow struct {
	ID           uuid.UUID
	GivenName    string
	FamilyName   string
	WorkEmail    string
	PrivateEmail string
	JobTitle     string
	Unit         string
	Employer     string
	StartDate    Date
	EndDate      Date
	BossGiven    string
	BossFamily   string
	Level        int
}

func (q TeamQuery) args() []any {
	return []any{named("manager", q.Manager), named("depth", q.Depth), named("today", string(q.Today))}
}

// narrowed is the condition that each word begins one of the report's names.
func (q TeamQuery) narrowed() (string, []any) {
	var text strings.Builder
	args := q.args()
	for i, word := range (Query{Text: q.Text}).words() {
		name := "word" + string(rune('a'+i))
		text.WriteString(` AND p.id IN (SELECT t.person_id FROM person_tokens t WHERE t.tenant_id = @tenant AND t.token >= @` + name + ` AND t.token < @` + name + `_end)`)
		args = append(args, named(name, word), named(name+"_end", word+"\U0010FFFF"))
	}
	return text.String(), args
}

func team(ctx context.Context, q TeamQuery) (rows []reportRow, err error) {
	text, args := q.narrowed()
	if q.After != "" {
		text += ` AND (p.family_name > @family OR (p.family_name = @family AND (p.given_name > @given OR (p.given_name = @given AND p.id > @from))))`
		family, given, id := readCursor(q.After)
		args = append(args, named("family", family), named("given", given), named("from", id))
	}
	args = append(args, named("limit", q.Limit+1))
	err = db.Rows(ctx, &rows, below+teamColumns+teamTables+text+` ORDER BY p.family_name, p.given_name, p.id LIMIT @limit`, args...)
	return rows, err
}

func countTeam(ctx context.Context, q TeamQuery) (n int, err error) {
	text, args := q.narrowed()
	err = db.Rows(ctx, &n, below+` SELECT count(*)`+teamTables+text, args...)
	return n, err
}

func report(ctx context.Context, q TeamQuery, person uuid.UUID) (rows []reportRow, err error) {
	err = db.Rows(ctx, &rows, below+teamColumns+teamTables+` AND p.id = @person`, append(q.args(), named("person", person))...)
	return rows, err
}

// addedBy writes down which line manager took the person of an employment in.
func addedBy(ctx context.Context, employment, manager uuid.UUID) error {
	return db.One(db.From(ctx).Model(&Employment{}).Where("id = ? AND added_by IS NULL", employment).Updates(map[string]any{"added_by": manager}))
}

// setNumber gives an employment another number, unless somebody just did.
func setNumber(ctx context.Context, id uuid.UUID, from, to string) error {
	return db.One(db.From(ctx).Model(&Employment{}).Where("id = ? AND employee_number = ?", id, from).
		Updates(map[string]any{"employee_number": to, "number_key": FoldNumber(to), "updated_at": db.Now(ctx)}))
}

// numberLinks tells what the staff list says of line managers, by number; of a
// number that several employments have, the newest comes last.
func numberLinks(ctx context.Context, today Date, told func(NumberLink)) error {
	return db.Each(ctx, `SELECT l.key, e.employee_number, e.manager_number
		FROM employments e JOIN legal_employers l ON l.tenant_id = @tenant AND l.id = e.legal_employer_id
		WHERE e.tenant_id = @tenant AND e.manager_person_id IS NOT NULL AND e.manager_key <> '' AND `+running+`
		ORDER BY e.start_date`, func(scan func(...any) error) error {
		var l NumberLink
		if err := scan(&l.Employer, &l.Number, &l.Manager); err != nil {
			return err
		}
		told(l)
		return nil
	}, named("today", string(today)))
}

// provisionalOf gives the employments of persons that wait for their number.
func provisionalOf(ctx context.Context, persons []uuid.UUID) (map[uuid.UUID][]Employment, error) {
	found := map[uuid.UUID][]Employment{}
	rows, err := db.ByKeys[Employment](ctx, db.Keys[uuid.UUID]{Column: "person_id", Of: persons, And: "AND x.added_by IS NOT NULL", Order: "x.start_date, x.id"})
	for _, e := range rows {
		if e.Provisional() {
			found[e.PersonID] = append(found[e.PersonID], e)
		}
	}
	return found, err
}
