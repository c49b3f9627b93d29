package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
)

func TestAGlanceSeesItsTenantOnlyAndLeavesNothingOnTheConnection(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	b, _ := dbtest.Tenant(t, d, "beta")
	anna, bo := add(t, d, a, "Anna"), add(t, d, b, "Bo")
	const text = "SELECT id, given_name FROM persons WHERE tenant_id = @tenant AND given_name <> @no"
	for range 40 { // more than there are connections
		for name, who := range map[string]uuid.UUID{"Anna": anna, "Bo": bo} {
			ctx := map[string]func() ([]person, error){
				"Anna": func() ([]person, error) { return db.Glance[person](a, d, text, map[string]any{"no": ""}) },
				"Bo":   func() ([]person, error) { return db.Glance[person](b, d, text, map[string]any{"no": ""}) },
			}[name]
			rows, err := ctx()
			if err != nil || len(rows) != 1 || rows[0].ID != who || rows[0].GivenName != name {
				t.Fatalf("%s sees %v %v", name, rows, err)
			}
		}
	}
	if d.Postgres() {
		rows, err := db.Glance[person](a, d, "SELECT id FROM persons WHERE CAST(@tenant AS uuid) IS NOT NULL", nil)
		if err != nil || len(rows) != 1 {
			t.Errorf("row-level security shows %v %v", rows, err)
		}
		err = d.Shared(a, func(ctx context.Context) error {
			var n int64
			if err := db.SharedRows(ctx, &n, "SELECT count(*) FROM persons"); n != 0 {
				t.Errorf("the next on the connection sees %d rows", n)
				return err
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestAGlanceWithoutATenantIsRefused(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	if _, err := db.Glance[person](a, d, "SELECT id FROM persons", nil); err == nil {
		t.Error("SQL that forgets the tenant is run")
	}
	if _, err := db.Glance[person](t.Context(), d, "SELECT id FROM persons WHERE tenant_id = @tenant", nil); !errors.Is(err, db.ErrNoTenant) {
		t.Errorf("nobody's glance: %v", err)
	}
}
