package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
)

func fresh(d *db.DB, n int) []person {
	rows := make([]person, n)
	for i := range rows {
		name := fmt.Sprintf("O'%d, \"{é}\"", i)
		rows[i] = person{ID: uuid.Must(uuid.NewV7()), GivenName: name, FamilyName: "NULL", PrivateEmailKey: name, CreatedAt: d.Now(), UpdatedAt: d.Now()}
	}
	return rows
}

func insert(d *db.DB, ctx context.Context, rows []person, clash db.Clash) error {
	return d.Tx(ctx, func(ctx context.Context) error { return db.InsertAll(ctx, rows, clash) })
}

func byName(t *testing.T, d *db.DB, ctx context.Context, names ...string) []person {
	t.Helper()
	return found(t, d, ctx, db.Keys[string]{Column: "given_name", Of: names, Order: "x.given_name"})
}

// byAddress finds many at once: names have no index.
func byAddress(t *testing.T, d *db.DB, ctx context.Context, keys ...string) []person {
	t.Helper()
	return found(t, d, ctx, db.Keys[string]{Column: "private_email_key", Of: keys, And: "AND x.private_email_key <> ''", Order: "x.given_name"})
}

func found(t *testing.T, d *db.DB, ctx context.Context, keys db.Keys[string]) (rows []person) {
	t.Helper()
	err := d.Read(ctx, func(ctx context.Context) (err error) {
		rows, err = db.ByKeys[person](ctx, keys)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestManyRowsAreStoredAndFoundAsTheyAre(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	b, _ := dbtest.Tenant(t, d, "beta")
	rows := fresh(d, 2500)
	if err := insert(d, a, rows, db.Clash{}); err != nil {
		t.Fatal(err)
	}
	keys, ids := []string{"nobody"}, []uuid.UUID{uuid.New()}
	for _, r := range rows {
		keys, ids = append(keys, r.PrivateEmailKey, r.PrivateEmailKey), append(ids, r.ID)
	}
	found := byAddress(t, d, a, keys...)
	if len(found) != len(rows) || !slices.IsSortedFunc(found, cmpNames) {
		t.Fatalf("found %d of %d, in order: %t", len(found), len(rows), len(found) == len(rows))
	}
	if one := byAddress(t, d, a, rows[7].PrivateEmailKey)[0]; one.ID != rows[7].ID || one.FamilyName != "NULL" || !one.CreatedAt.Equal(rows[7].CreatedAt) {
		t.Errorf("stored as %+v", one)
	}
	t.Run("another employer finds none of them", func(t *testing.T) {
		err := d.Read(b, func(ctx context.Context) error {
			found, err := db.ByKeys[person](ctx, db.Keys[uuid.UUID]{Column: "id", Of: ids})
			if len(found) != 0 {
				t.Errorf("found %d", len(found))
			}
			return err
		})
		if err != nil || len(byAddress(t, d, b, keys...)) != 0 {
			t.Errorf("by address or id: %v", err)
		}
	})
}

func cmpNames(x, y person) int { return strings.Compare(x.GivenName, y.GivenName) }

func TestARowThatIsThereFailsStaysOrIsReplaced(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	rows := fresh(d, 3)
	if err := insert(d, a, rows[:2], db.Clash{}); err != nil {
		t.Fatal(err)
	}
	if err := insert(d, a, rows, db.Clash{}); !errors.Is(err, db.ErrDuplicate) {
		t.Errorf("a second time: %v", err)
	}
	for i := range rows {
		rows[i].GivenName, rows[i].FamilyName = fmt.Sprint("new ", i), "Name"
	}
	if err := insert(d, a, rows[:1], db.Skip()); err != nil || len(byName(t, d, a, "new 0")) != 0 {
		t.Errorf("skipped: %v", err)
	}
	if err := insert(d, a, rows, db.Replace("given_name")); err != nil {
		t.Fatal(err)
	}
	found := byName(t, d, a, "new 0", "new 1", "new 2")
	if len(found) != 3 || found[0].FamilyName != "NULL" || found[2].FamilyName != "Name" {
		t.Errorf("replaced: %+v", found)
	}
}

func TestRowsOfAnotherTenantAreNotStored(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	b, idB := dbtest.Tenant(t, d, "beta")
	rows := fresh(d, 2)
	rows[1].TenantID = idB
	if err := insert(d, a, rows, db.Clash{}); err == nil || len(names(t, d, a))+len(names(t, d, b)) != 0 {
		t.Errorf("stored: %v, here %v, there %v", err, names(t, d, a), names(t, d, b))
	}
	if err := db.InsertAll(a, fresh(d, 1), db.Clash{}); !errors.Is(err, db.ErrNoTx) {
		t.Errorf("outside a transaction: %v", err)
	}
	err := d.Shared(a, func(ctx context.Context) error { return db.InsertAll(ctx, fresh(d, 1), db.Clash{}) })
	if !errors.Is(err, db.ErrNoTenant) {
		t.Errorf("of nobody: %v", err)
	}
}
