package app_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"tilgang/internal/db"
)

// sharedTables are all that belong to no tenant: they are read before anybody
// knows which tenant asks, and hold no personal data. A new one is a decision.
var sharedTables = [...]string{"goose_db_version", "instance", "tenant_hosts", "tenants"}

func TestWhatBelongsToNoTenantIsAShortList(t *testing.T) {
	e := newEstate(t)
	var shared []string
	for _, name := range slices.Sorted(maps.Keys(e.tables)) {
		if !e.tables[name].Owned() {
			shared = append(shared, name)
		}
	}
	if diff := cmp.Diff(sharedTables[:], shared); diff != "" {
		t.Error(diff)
	}
}

func TestEveryOwnedTableIsKeyedByTenant(t *testing.T) {
	e := newEstate(t)
	for _, name := range e.order {
		tab := e.tables[name]
		t.Run(name, func(t *testing.T) {
			if !slices.ContainsFunc(tab.Columns, func(c column) bool { return c.Name == "tenant_id" && c.NotNull && !c.HasDefault }) {
				t.Error("tenant_id may be left out")
			}
			if len(tab.Key) < 2 || tab.Key[0] != "tenant_id" {
				t.Errorf("the primary key is %v, it must begin with tenant_id and not end there", tab.Key)
			}
			for _, columns := range tab.Unique {
				if columns[0] != "tenant_id" {
					t.Errorf("the unique index on %v does not begin with tenant_id: a taken value would tell of another tenant", columns)
				}
			}
			for _, ref := range tab.Foreign {
				checkReference(t, e.tables, ref)
			}
		})
	}
}

func checkReference(t *testing.T, tables map[string]table, ref reference) {
	t.Helper()
	if !tables[ref.To].Owned() {
		if ref.To != "tenants" || !slices.Equal(ref.From, []string{"tenant_id"}) {
			t.Errorf("%v points at %s, which all tenants share", ref.From, ref.To)
		}
		return
	}
	if ref.From[0] != "tenant_id" || ref.At[0] != "tenant_id" || len(ref.From) < 2 {
		t.Errorf("%v points at %s%v without the tenant: it could point into another one", ref.From, ref.To, ref.At)
	}
}

func TestNothingPointsAtAnotherTenantsRow(t *testing.T) {
	e := newEstate(t)
	for _, name := range e.order {
		for _, ref := range e.tables[name].Foreign {
			if !e.tables[ref.To].Owned() || ref.To == name {
				continue
			}
			t.Run(name+" at "+ref.To, func(t *testing.T) {
				row := e.row(e.a, e.tables[name], "other")
				for i, from := range ref.From[1:] {
					row[from] = e.rows[e.b][ref.To][ref.At[i+1]]
				}
				err := e.as(e.a.String(), func(tx *sql.Tx) error { return e.insert(tx, name, row) })
				if !foreign(err) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

func foreign(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23503"
	}
	return err != nil && strings.Contains(err.Error(), "FOREIGN KEY constraint failed")
}

// anyRow is any owned table's row to the plugin.
type anyRow struct{ TenantID uuid.UUID }

// The first belt: what the program's own handle lets through, on both databases.
func TestTheProgramReachesNoOtherTenantsRowOfAnyTable(t *testing.T) {
	e := newEstate(t)
	for _, name := range e.order {
		t.Run(name, func(t *testing.T) {
			t.Run("sees its own row alone", func(t *testing.T) { e.seesOwn(t, name) })
			t.Run("changes and deletes nothing of the other", func(t *testing.T) { e.changesNothing(t, name) })
			t.Run("is refused where it forgets the tenant", func(t *testing.T) { e.refused(t, name) })
		})
	}
	e.untouched(t)
}

func (e *estate) seesOwn(t *testing.T, name string) {
	err := e.inTenant(e.a, func(ctx context.Context) error {
		var all, others, said int64
		g := db.From(ctx)
		err := errors.Join(
			g.Table(name).Model(&anyRow{}).Where("1 = 0").Or("1 = 1").Count(&all).Error,
			g.Table(name).Model(&anyRow{}).Where("tenant_id = ?", e.b).Count(&others).Error,
			db.Rows(ctx, &said, "SELECT count(*) FROM "+name+" WHERE tenant_id = @tenant"))
		if all != 1 || others != 0 || said != 1 {
			t.Errorf("sees %d rows, %d of the other; by SQL %d", all, others, said)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func (e *estate) changesNothing(t *testing.T, name string) {
	err := e.inTenant(e.a, func(ctx context.Context) error {
		up := db.From(ctx).Table(name).Model(&anyRow{}).Where("tenant_id = ?", e.b).Updates(map[string]any{"tenant_id": e.a})
		del := db.From(ctx).Table(name).Where("tenant_id = ?", e.b).Delete(&anyRow{})
		if up.RowsAffected != 0 || del.RowsAffected != 0 {
			t.Errorf("changed %d and deleted %d", up.RowsAffected, del.RowsAffected)
		}
		if up.Error == nil && del.Error == nil {
			return nil
		}
		if name == "audit_events" { // not even its own
			return nil
		}
		return errors.Join(up.Error, del.Error)
	})
	if err != nil && name != "audit_events" {
		t.Error(err)
	}
}

func (e *estate) refused(t *testing.T, name string) {
	attacks := map[string]func(ctx context.Context) error{
		"a read that names no tenant": func(ctx context.Context) error {
			var n int64
			return db.Rows(ctx, &n, "SELECT count(*) FROM "+name)
		},
		"a change that names no tenant": func(ctx context.Context) error {
			_, err := db.Exec(ctx, "DELETE FROM "+name)
			return err
		},
		"a table without a model": func(ctx context.Context) error {
			var n int64
			return db.From(ctx).Table(name).Count(&n).Error
		},
		"a row for the other": func(ctx context.Context) error {
			return db.From(ctx).Table(name).Create(&anyRow{TenantID: e.b}).Error
		},
		"a move to the other": func(ctx context.Context) error {
			return db.From(ctx).Table(name).Model(&anyRow{}).Where("1 = 1").Updates(map[string]any{"tenant_id": e.b}).Error
		},
	}
	for what, attack := range attacks {
		if err := e.inTenant(e.a, attack); err == nil {
			t.Errorf("%s passed", what)
		}
	}
	err := e.db.Shared(context.Background(), func(ctx context.Context) error {
		var n int64
		return db.From(ctx).Table(name).Model(&anyRow{}).Count(&n).Error
	})
	if !errors.Is(err, db.ErrNoTenant) {
		t.Errorf("without a tenant: %v", err)
	}
}

// untouched fails unless both tenants still have one row of every table.
func (e *estate) untouched(t *testing.T) {
	t.Helper()
	for _, owner := range []uuid.UUID{e.a, e.b} {
		err := e.as(owner.String(), func(tx *sql.Tx) error {
			for _, name := range e.order {
				if n := query(t, tx, "SELECT count(*) FROM "+name+" WHERE tenant_id = "+literalID(owner))[0][0]; n != "1" {
					t.Errorf("%s has %s rows of %s", name, n, owner)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func literalID(id uuid.UUID) string { return fmt.Sprintf("'%s'", id) }

// One pooled connection serves everybody in turn; whatever way a tenant's
// transaction ends, the next one starts without it.
func TestAConnectionForgetsWhomItServed(t *testing.T) {
	e := newEstate(t)
	ends := map[string]func(ctx context.Context) error{
		"a commit":   func(context.Context) error { return nil },
		"a rollback": func(context.Context) error { return errors.New("changed my mind") },
		"a failed command": func(ctx context.Context) error {
			_, err := db.Exec(ctx, "SELECT nothing FROM nowhere WHERE tenant_id = @tenant")
			return err
		},
		"a cancelled request": func(ctx context.Context) error {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			_, err := db.Exec(ctx, "UPDATE persons SET given_name = 'x' WHERE tenant_id = @tenant")
			return err
		},
	}
	for how, end := range ends {
		t.Run("after "+how, func(t *testing.T) {
			_ = e.inTenant(e.a, end)
			e.forgot(t)
		})
	}
	t.Run("after a panic", func(t *testing.T) {
		func() {
			defer func() { _ = recover() }()
			_ = e.inTenant(e.a, func(context.Context) error { panic("a bug") })
		}()
		e.forgot(t)
	})
}

func (e *estate) forgot(t *testing.T) {
	t.Helper()
	if e.postgres {
		err := e.db.Shared(context.Background(), func(ctx context.Context) error {
			var n int64
			var left string
			err := errors.Join(
				db.SharedRows(ctx, &n, "SELECT count(*) FROM persons"),
				db.SharedRows(ctx, &left, "SELECT coalesce(current_setting('app.tenant_id', true), '')"))
			if n != 0 || left != "" {
				t.Errorf("work of no tenant sees %d rows as %q", n, left)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	err := e.inTenant(e.b, func(ctx context.Context) error {
		var owners []uuid.UUID
		err := db.From(ctx).Table("persons").Model(&anyRow{}).Pluck("tenant_id", &owners).Error
		if diff := cmp.Diff([]uuid.UUID{e.b}, owners); diff != "" {
			t.Error(diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheAuditCannotBeRewritten(t *testing.T) {
	e := newEstate(t)
	for _, text := range []string{"UPDATE audit_events SET action = 'nothing'", "DELETE FROM audit_events"} {
		t.Run(text, func(t *testing.T) {
			err := e.as(e.a.String(), func(tx *sql.Tx) error {
				_, err := tx.Exec(text + " WHERE tenant_id = " + literalID(e.a))
				return err
			})
			if err == nil {
				t.Error("it passed by SQL")
			}
			err = e.inTenant(e.a, func(ctx context.Context) error {
				_, err := db.Exec(ctx, text+" WHERE tenant_id = @tenant")
				return err
			})
			if err == nil {
				t.Error("it passed through the program")
			}
		})
	}
	e.untouched(t)
}
