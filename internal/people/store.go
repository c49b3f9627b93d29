package people

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// chunk keeps a list of arguments below SQLite's limit of 32,766.
const chunk = 2000

// employmentsByNumber finds employments by number, in any case, newest first.
func employmentsByNumber(ctx context.Context, numbers []string) (rows []Employment, err error) {
	keys := make([]string, len(numbers))
	for i, n := range numbers {
		keys[i] = FoldNumber(n)
	}
	return db.ByKeys[Employment](ctx, db.Keys[string]{Column: "number_key", Of: keys, Order: "x.start_date DESC, x.id DESC"})
}

// personsBy finds persons by id, by either address or by national identity.
func personsBy(ctx context.Context, ids []uuid.UUID, addresses []string, nationals [][]byte) ([]Person, error) {
	found := map[uuid.UUID]Person{}
	keep := func(some []Person) {
		for _, p := range some {
			found[p.ID] = p
		}
	}
	some, err := db.ByKeys[Person](ctx, db.Keys[uuid.UUID]{Column: "id", Of: ids})
	if err != nil {
		return nil, err
	}
	keep(some)
	for _, column := range []string{"work_email_key", "private_email_key"} {
		// The second condition is the one under which the column is indexed.
		some, err := db.ByKeys[Person](ctx, db.Keys[string]{Column: column, Of: addresses, And: "AND x." + column + " <> ''"})
		if err != nil {
			return nil, err
		}
		keep(some)
	}
	for part := range slices.Chunk(nationals, chunk) {
		var some []Person
		if err := db.From(ctx).Where("national_key IN ?", part).Find(&some).Error; err != nil {
			return nil, err
		}
		keep(some)
	}
	list := make([]Person, 0, len(found))
	for _, p := range found {
		list = append(list, p)
	}
	return list, nil
}

func rolesOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]string, error) {
	roles := map[uuid.UUID][]string{}
	some, err := db.ByKeys[Role](ctx, db.Keys[uuid.UUID]{Column: "person_id", Of: ids, Order: "x.role"})
	for _, r := range some {
		roles[r.PersonID] = append(roles[r.PersonID], r.Role)
	}
	return roles, err
}

// numbersOf gives all employee numbers of persons.
func numbersOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]string, error) {
	numbers := map[uuid.UUID][]string{}
	some, err := db.ByKeys[Employment](ctx, db.Keys[uuid.UUID]{Column: "person_id", Of: ids})
	for _, e := range some {
		numbers[e.PersonID] = append(numbers[e.PersonID], e.EmployeeNumber)
	}
	return numbers, err
}

func dropTokens(ctx context.Context, ids []uuid.UUID) error {
	for part := range slices.Chunk(ids, chunk) {
		if err := db.From(ctx).Where("person_id IN ?", part).Delete(&Token{}).Error; err != nil {
			return err
		}
	}
	return nil
}

// updatePersons and updateEmployments write changed rows back set by set: an
// insert of a row that is there updates it, in both databases alike.
func updatePersons(ctx context.Context, rows []*Person) error {
	return db.InsertAll(ctx, rows, db.Replace("given_name", "family_name", "work_email", "work_email_key", "private_email", "private_email_key",
		"phone", "language", "national_key", "updated_at"))
}

func updateEmployments(ctx context.Context, rows []Employment) error {
	return db.InsertAll(ctx, rows, db.Replace("employee_number", "number_key", "org_unit_id", "job_title", "job_title_key", "manager_number", "manager_key", "manager_person_id",
		"start_date", "end_date", "updated_at"))
}

// dropRoles takes all roles from persons.
func dropRoles(ctx context.Context, persons []uuid.UUID) error {
	for part := range slices.Chunk(persons, chunk) {
		if err := db.From(ctx).Where("person_id IN ?", part).Delete(&Role{}).Error; err != nil {
			return err
		}
	}
	return nil
}

func replaceRoles(ctx context.Context, person uuid.UUID, roles []string) error {
	if err := db.From(ctx).Where("person_id = ?", person).Delete(&Role{}).Error; err != nil {
		return err
	}
	rows := make([]Role, len(roles))
	for i, role := range roles {
		rows[i] = Role{PersonID: person, Role: role, GrantedAt: db.Now(ctx)}
	}
	return db.InsertAll(ctx, rows, db.Clash{})
}
