package people

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// lockAdmins holds other changes of administrators back until the transaction
// ends: two of them must not take each other's role away at once. SQLite has
// one writer anyway.
func lockAdmins(ctx context.Context, postgres bool) error {
	if !postgres {
		return nil
	}
	var ids []uuid.UUID
	return db.Rows(ctx, &ids, `SELECT person_id FROM person_roles WHERE tenant_id = @tenant AND role = 'admin' ORDER BY person_id FOR UPDATE`)
}

// otherAdmins counts those beside a person who can administer today: with the
// role, an account that works, and a running employment or none at all.
func otherAdmins(ctx context.Context, id uuid.UUID, today Date) (n int64, err error) {
	err = db.Rows(ctx, &n, `SELECT count(*) FROM person_roles r
		JOIN accounts a ON a.tenant_id = @tenant AND a.person_id = r.person_id AND a.status = 'active'
		WHERE r.tenant_id = @tenant AND r.role = 'admin' AND r.person_id <> @id
		  AND (NOT EXISTS (SELECT 1 FROM employments e WHERE e.tenant_id = @tenant AND e.person_id = r.person_id)
		    OR EXISTS (SELECT 1 FROM employments e WHERE e.tenant_id = @tenant AND e.person_id = r.person_id
		         AND e.start_date <= @today AND (e.end_date = '' OR e.end_date >= @today)))`,
		named("id", id), named("today", string(today)))
	return n, err
}

// accountsOf gives the status of the accounts of persons; those without one are
// left out.
func accountsOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	status := map[uuid.UUID]string{}
	for part := range slices.Chunk(ids, chunk) {
		var rows []struct {
			PersonID uuid.UUID
			Status   string
		}
		if err := db.Rows(ctx, &rows, `SELECT person_id, status FROM accounts WHERE tenant_id = @tenant AND person_id IN @ids AND anew_at IS NULL`, named("ids", part)); err != nil {
			return nil, err
		}
		for _, row := range rows {
			status[row.PersonID] = row.Status
		}
	}
	return status, nil
}

// lockPerson holds a person until the transaction ends, so that of two
// corrections the second reads what the first has stored; db.ErrNotFound
// without the person.
func lockPerson(ctx context.Context, id uuid.UUID) error {
	n, err := db.Exec(ctx, `UPDATE persons SET updated_at = updated_at WHERE tenant_id = @tenant AND id = @id`, named("id", id))
	if err == nil && n == 0 {
		return db.ErrNotFound
	}
	return err
}

// unerase ends an erasure: its person is on record again.
func unerase(ctx context.Context, persons []uuid.UUID) error {
	for part := range slices.Chunk(persons, chunk) {
		_, err := db.Exec(ctx, `UPDATE persons SET erased_at = NULL WHERE tenant_id = @tenant AND id IN @ids AND erased_at IS NOT NULL`, named("ids", part))
		if err != nil {
			return err
		}
	}
	return nil
}
