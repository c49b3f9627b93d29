package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/testenv"
	"tilgang/migrations"
)

// estate is a database in which two tenants own one row of every table that
// tenants own, whatever tables there are.
type estate struct {
	t        *testing.T
	postgres bool
	raw      *sql.DB // Postgres: the program's own login; SQLite: the file
	db       *db.DB  // what the program works with
	tables   map[string]table
	order    []string // owned tables, referenced ones first
	a, b     uuid.UUID
	rows     map[uuid.UUID]map[string]map[string]any // tenant, table, column
}

// odd gives a value for a column that its type and CHECKs do not tell.
func odd() map[string]any { return map[string]any{} }

func newEstate(t *testing.T) *estate {
	t.Helper()
	e := &estate{t: t, postgres: testenv.Dialect() == testenv.Postgres, rows: map[uuid.UUID]map[string]map[string]any{}}
	opt := db.Options{Clock: clock.NewFake(dbtest.Start), Fast: true, MaxConns: 1}
	var owner *sql.DB
	if e.postgres {
		ownerURL, appURL := testenv.NewDatabase(t, migratePostgres)
		opt.URL = appURL
		owner, e.raw = open(t, "pgx", ownerURL), open(t, "pgx", appURL)
	} else {
		opt.File = filepath.Join(t.TempDir(), "t.db")
		if _, err := db.MigrateSQLite(context.Background(), opt.File, migrations.Files); err != nil {
			t.Fatal(err)
		}
		e.raw = open(t, "sqlite", db.SQLiteDSN(opt.File, true))
		owner = e.raw
	}
	d, err := db.Open(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	e.db = d
	e.tables = readCatalogue(t, owner, e.postgres)
	e.order = ownedInOrder(t, e.tables)
	_, e.a = dbtest.Tenant(t, d, "alfa")
	_, e.b = dbtest.Tenant(t, d, "beta")
	e.fill(e.a)
	e.fill(e.b)
	return e
}

func migratePostgres(ownerURL string) error {
	_, err := db.MigratePostgres(context.Background(), ownerURL, migrations.Files)
	return err
}

func open(t *testing.T, driver, address string) *sql.DB {
	t.Helper()
	conn, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// ownedInOrder sorts the owned tables so that what is referenced comes first.
func ownedInOrder(t *testing.T, tables map[string]table) (order []string) {
	t.Helper()
	ready := func(tab table) bool {
		for _, ref := range tab.Foreign {
			if ref.To != tab.Name && tables[ref.To].Owned() && !slices.Contains(order, ref.To) {
				return false
			}
		}
		return true
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(tables)), func(n string) bool { return !tables[n].Owned() })
	for len(order) < len(names) {
		before := len(order)
		for _, name := range names {
			if !slices.Contains(order, name) && ready(tables[name]) {
				order = append(order, name)
			}
		}
		if len(order) == before {
			t.Fatalf("the foreign keys of %v go in a circle", names)
		}
	}
	return order
}

// fill gives a tenant one row of every owned table.
func (e *estate) fill(owner uuid.UUID) {
	e.t.Helper()
	e.rows[owner] = map[string]map[string]any{}
	err := e.as(owner.String(), func(tx *sql.Tx) error {
		for _, name := range e.order {
			row := e.row(owner, e.tables[name], "first")
			if err := e.insert(tx, name, row); err != nil {
				return fmt.Errorf("a row of its own in %s: %w\n%v", name, err, row)
			}
			e.rows[owner][name] = row
		}
		return errKeep
	})
	if err != nil {
		e.t.Fatal(err)
	}
}

// row makes the smallest row of a table: what must be there, and what it
// points at.
func (e *estate) row(owner uuid.UUID, tab table, fresh string) map[string]any {
	row := map[string]any{}
	for _, c := range tab.Columns {
		if c.NotNull && !c.HasDefault {
			row[c.Name] = value(tab, c, fresh)
		}
	}
	for _, ref := range tab.Foreign {
		if ref.To == tab.Name || !e.tables[ref.To].Owned() {
			continue
		}
		for i, from := range ref.From {
			row[from] = e.rows[owner][ref.To][ref.At[i]]
		}
	}
	row["tenant_id"] = owner.String()
	return row
}

func value(tab table, c column, fresh string) any {
	if v, ok := odd()[tab.Name+"."+c.Name]; ok {
		return v
	}
	if v, ok := tab.allowed(c.Name); ok {
		return v
	}
	switch {
	case strings.HasPrefix(c.Type, "TIMESTAMP"), strings.HasPrefix(c.Type, "DATE"):
		return dbtest.Start
	case c.Type == "UUID", c.Type == "TEXT" && (c.Name == "id" || strings.HasSuffix(c.Name, "_id")):
		return uuid.NewString() // SQLite keeps ids as text
	case c.Type == "BYTEA", c.Type == "BLOB":
		return []byte(fresh)
	case c.Type == "BOOLEAN":
		return false
	case strings.Contains(c.Type, "INT"):
		return 1
	}
	return fresh
}

func (e *estate) insert(tx *sql.Tx, name string, row map[string]any) error {
	columns := slices.Sorted(maps.Keys(row))
	marks, args := make([]string, len(columns)), make([]any, len(columns))
	for i, c := range columns {
		args[i], marks[i] = row[c], "?"
		if e.postgres {
			marks[i] = fmt.Sprintf("$%d", i+1)
		}
	}
	_, err := tx.Exec("INSERT INTO "+name+" ("+strings.Join(columns, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", args...)
	return err
}

// errKeep makes as commit.
var errKeep = fmt.Errorf("keep")

// as runs hand-written SQL as the program's login in a tenant's transaction and
// takes it back; "" sets no tenant.
func (e *estate) as(tenant string, fn func(tx *sql.Tx) error) error {
	e.t.Helper()
	tx, err := e.raw.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if e.postgres && tenant != "" {
		if _, err := tx.Exec("SELECT set_config('app.tenant_id', $1, true)", tenant); err != nil {
			return err
		}
	}
	if err = fn(tx); err == errKeep { //nolint:errorlint // our own mark, never wrapped
		return tx.Commit()
	}
	return err
}

// inTenant runs fn with the program's own handle, as the program does.
func (e *estate) inTenant(tenant uuid.UUID, fn func(ctx context.Context) error) error {
	return e.db.Tx(db.WithTenant(context.Background(), tenant), fn)
}
