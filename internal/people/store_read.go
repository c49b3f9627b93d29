package people

import (
	"context"
	"database/sql"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/org"
)

func named(name string, value any) sql.NamedArg { return sql.Named(name, value) }

func personByID(ctx context.Context, id uuid.UUID) (p Person, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&p))
	return p, err
}

func personByNational(ctx context.Context, key []byte) (p Person, err error) {
	err = db.Found(db.From(ctx).Where("national_key = ?", key).Limit(1).Find(&p))
	return p, err
}

func personsByPrivate(ctx context.Context, key string) (rows []Person, err error) {
	err = db.From(ctx).Where("private_email_key = ? AND private_email_key <> ''", key).Order("id").Limit(2).Find(&rows).Error
	return rows, err
}

func employmentsOf(ctx context.Context, person uuid.UUID) (rows []Employment, err error) {
	err = db.From(ctx).Where("person_id = ?", person).Order("start_date DESC, id DESC").Find(&rows).Error
	return rows, err
}

// placed is an employment with its employer and its unit.
type placed struct {
	Employment
	EmployerKey     string
	EmployerName    string
	EmployerCountry string
	UnitParentID    *uuid.UUID
	UnitName        string
	UnitPath        string
	UnitPathKey     string
}

func (p placed) employer() org.LegalEmployer {
	return org.LegalEmployer{TenantID: p.TenantID, ID: p.LegalEmployerID, Key: p.EmployerKey, Name: p.EmployerName, Country: p.EmployerCountry}
}

func (p placed) unit() org.Unit {
	return org.Unit{TenantID: p.TenantID, ID: *p.OrgUnitID, ParentID: p.UnitParentID, Name: p.UnitName, Path: p.UnitPath, PathKey: p.UnitPathKey}
}

// placesOf is employmentsOf with where each of them is, in one statement.
func placesOf(ctx context.Context, person uuid.UUID) (rows []placed, err error) {
	const text = `SELECT e.*, l.key AS employer_key, l.name AS employer_name, l.country AS employer_country,
			u.parent_id AS unit_parent_id, COALESCE(u.name, '') AS unit_name, COALESCE(u.path, '') AS unit_path, COALESCE(u.path_key, '') AS unit_path_key
		FROM employments e
		JOIN legal_employers l ON l.tenant_id = @tenant AND l.id = e.legal_employer_id
		LEFT JOIN org_units u ON u.tenant_id = @tenant AND u.id = e.org_unit_id
		WHERE e.tenant_id = @tenant AND e.person_id = @person
		ORDER BY e.start_date DESC, e.id DESC`
	err = db.Rows(ctx, &rows, text, named("person", person))
	return rows, err
}

func grantedTo(ctx context.Context, person uuid.UUID) (roles []string, err error) {
	err = db.From(ctx).Model(&Role{}).Where("person_id = ?", person).Order("role").Pluck("role", &roles).Error
	return roles, err
}

// listedRow is what a page of the people list needs of one person.
type listedRow struct {
	ID             uuid.UUID
	GivenName      string
	FamilyName     string
	WorkEmail      string
	PrivateEmail   string
	EmployeeNumber string
	JobTitle       string
	Unit           string
	Employer       string
	StartDate      Date
	EndDate        Date
	AddedBy        *uuid.UUID
}

// listColumns and listTables give people with the employment that begins last.
const (
	listColumns = `SELECT p.id, p.given_name, p.family_name, p.work_email, p.private_email,
			COALESCE(e.employee_number, '') AS employee_number, COALESCE(e.job_title, '') AS job_title, COALESCE(u.path, '') AS unit,
			COALESCE(l.name, '') AS employer, COALESCE(e.start_date, '') AS start_date, COALESCE(e.end_date, '') AS end_date, e.added_by`
	listTables = `
		FROM persons p
		LEFT JOIN employments e ON e.tenant_id = @tenant AND e.id = (
			SELECT x.id FROM employments x WHERE x.tenant_id = @tenant AND x.person_id = p.id ORDER BY x.start_date DESC, x.id DESC LIMIT 1)
		LEFT JOIN legal_employers l ON l.tenant_id = @tenant AND l.id = e.legal_employer_id
		LEFT JOIN org_units u ON u.tenant_id = @tenant AND u.id = e.org_unit_id
		WHERE p.tenant_id = @tenant`
)

// narrowed are the conditions of a query. A search word is a prefix of a token.
func (q Query) narrowed() (text string, args []any) {
	for i, word := range q.words() {
		name := "word" + string(rune('a'+i))
		text += ` AND p.id IN (SELECT t.person_id FROM person_tokens t WHERE t.tenant_id = @tenant AND t.token >= @` + name + ` AND t.token < @` + name + `_end)`
		args = append(args, named(name, word), named(name+"_end", word+"\U0010FFFF"))
	}
	filter, more := q.filters()
	text += ` AND (p.erased_at IS NULL OR p.family_name <> '' OR p.given_name <> '')` // of others only a number is left
	return text + filter, append(args, more...)
}

// list pages through people by family name, given name and id; before a cursor
// it goes backwards.
func list(ctx context.Context, q Query) (rows []listedRow, err error) {
	text, args := q.narrowed()
	order, cursor, than := ` ORDER BY p.family_name, p.given_name, p.id`, q.After, ">"
	if q.Before != "" {
		order, cursor, than = ` ORDER BY p.family_name DESC, p.given_name DESC, p.id DESC`, q.Before, "<"
	}
	if cursor != "" {
		text += ` AND (p.family_name ` + than + ` @family OR (p.family_name = @family AND (p.given_name ` + than + ` @given OR (p.given_name = @given AND p.id ` + than + ` @from))))`
		family, given, id := readCursor(cursor)
		args = append(args, named("family", family), named("given", given), named("from", id))
	}
	args = append(args, named("limit", q.Limit+1))
	err = db.Rows(ctx, &rows, listColumns+listTables+text+order+` LIMIT @limit`, args...)
	return rows, err
}

// countListed counts the people of a query, at most most.
func countListed(ctx context.Context, q Query, most int) (n int64, err error) {
	text, args := q.narrowed()
	err = db.Rows(ctx, &n, `SELECT count(*) FROM (SELECT 1`+listTables+text+` LIMIT @limit) AS found`, append(args, named("limit", most))...)
	return n, err
}

// listedBy gives people by id.
func listedBy(ctx context.Context, ids []uuid.UUID) (rows []listedRow, err error) {
	for part := range slices.Chunk(ids, chunk) {
		var some []listedRow
		if err := db.Rows(ctx, &some, listColumns+listTables+` AND p.id IN @ids`, named("ids", part)); err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	return rows, nil
}

func countPeople(ctx context.Context) (n int64, err error) {
	err = db.From(ctx).Model(&Person{}).Count(&n).Error
	return n, err
}

// titles lists the job titles in use.
func titles(ctx context.Context) (list []string, err error) {
	err = db.Rows(ctx, &list, `SELECT min(job_title) FROM employments WHERE tenant_id = @tenant AND job_title <> '' GROUP BY job_title_key ORDER BY 1 LIMIT 500`)
	return list, err
}

// reportEnds gives the end dates of the employments that name the person as
// line manager, at most one of each kind that matters.
func reportEnds(ctx context.Context, person uuid.UUID) (ends []Date, err error) {
	err = db.From(ctx).Model(&Employment{}).Distinct().Where("manager_person_id = ?", person).Limit(1000).Pluck("end_date", &ends).Error
	return ends, err
}
