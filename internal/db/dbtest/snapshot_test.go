package dbtest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/testenv"
)

// names are the tenants in a database, as the product's own connections see them.
func names(t *testing.T, d *db.DB) (list []string) {
	t.Helper()
	err := d.Shared(t.Context(), func(ctx context.Context) error {
		return db.SharedRows(ctx, &list, "SELECT slug FROM tenants ORDER BY slug")
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// whole asks SQLite itself whether the database is one.
func whole(t *testing.T, d *db.DB) {
	t.Helper()
	var found []string
	err := d.Shared(t.Context(), func(ctx context.Context) error {
		return db.SharedRows(ctx, &found, "SELECT * FROM pragma_integrity_check UNION ALL SELECT \"table\" FROM pragma_foreign_key_check")
	})
	if err != nil || !slices.Equal(found, []string{"ok"}) {
		t.Fatalf("%v %v", found, err)
	}
}

func TestADatabaseGoesBackToASnapshot(t *testing.T) {
	if testenv.Dialect() == testenv.Postgres {
		return // they are SQLite's alone
	}
	d, _ := dbtest.New(t)
	s := dbtest.NewSnapshots(t, d)
	take := func() func() {
		back, err := s.Take()
		if err != nil {
			t.Fatal(err)
		}
		return func() {
			t.Helper()
			if err := back(); err != nil {
				t.Fatal(err)
			}
			whole(t, d)
		}
	}
	has := func(want string) {
		t.Helper()
		if got := strings.Join(names(t, d), " "); got != want {
			t.Errorf("it holds %q, not %q", got, want)
		}
	}

	empty := take()
	dbtest.Tenant(t, d, "one")
	one := take()
	for n := range 2000 { // it grows
		dbtest.Tenant(t, d, fmt.Sprintf("more%d", n))
	}
	many := take()

	one()
	has("one")
	dbtest.Tenant(t, d, "two")
	has("one two")
	one()
	has("one")
	empty()
	has("")
	dbtest.Tenant(t, d, "other")
	has("other")
	many()
	if n := len(names(t, d)); n != 2001 {
		t.Errorf("it holds %d", n)
	}
	one()
	has("one")
}
