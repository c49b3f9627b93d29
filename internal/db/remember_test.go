package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// bees opens a database of a few bees, and takes one connection to look into.
func bees(t *testing.T) (all *sql.DB, one *sql.Conn) {
	t.Helper()
	all, err := openRemembering(SQLiteDSN(filepath.Join(t.TempDir(), "bees.db"), true))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = all.Close() })
	one, err = all.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = one.Close() })
	do(t, one, "CREATE TABLE bees (id INTEGER PRIMARY KEY, name TEXT UNIQUE, born DATETIME)")
	for _, name := range []string{"Ada", "Bea", "Cy"} {
		do(t, one, "INSERT INTO bees (name, born) VALUES (?, ?)", name, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	}
	return all, one
}

type database interface {
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

func do(t *testing.T, d database, text string, args ...any) {
	t.Helper()
	if _, err := d.ExecContext(t.Context(), text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// each asks, and calls then for each name while the rows are open.
func each(t *testing.T, d database, then func(name string), text string, args ...any) {
	t.Helper()
	rows, err := d.QueryContext(t.Context(), text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		then(name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, d database, text string, args ...any) string {
	t.Helper()
	var names []string
	each(t, d, func(name string) { names = append(names, name) }, text, args...)
	return strings.Join(names, " ")
}

func drain(rows *sql.Rows) error {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
	}
	return rows.Err()
}

// kept is what the connection remembers.
func kept(t *testing.T, one *sql.Conn) (idle map[string]compiled) {
	t.Helper()
	err := one.Raw(func(c any) error {
		mine, ok := c.(*rememberingConn)
		if !ok {
			return fmt.Errorf("a connection of type %T", c)
		}
		idle = mine.idle
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return idle
}

const after = "SELECT name FROM bees WHERE name > ? ORDER BY name"

func TestAStatementIsCompiledOnceForManyTransactions(t *testing.T) {
	_, one := bees(t)
	var first compiled
	for _, ask := range []struct{ from, want string }{{"A", "Ada Bea Cy"}, {"B", "Bea Cy"}, {"Z", ""}, {"A", "Ada Bea Cy"}} {
		tx, err := one.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := list(t, tx, after, ask.from); got != ask.want {
			t.Errorf("after %s: %q, not %q", ask.from, got, ask.want)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		s := kept(t, one)[after]
		if s == nil || (first != nil && s != first) {
			t.Fatalf("after %s the statement is %v, at first it was %v", ask.from, s, first)
		}
		first = s
	}
}

func TestTheSameTextIsAskedWhileItsRowsAreOpen(t *testing.T) {
	_, one := bees(t)
	var told []string
	each(t, one, func(a string) {
		each(t, one, func(b string) { told = append(told, a+b+strings.ReplaceAll(list(t, one, after, b), " ", "")) }, after, a)
	}, after, "")
	if got := strings.Join(told, " "); got != "AdaBeaCy AdaCy BeaCy" {
		t.Errorf("told %q", got)
	}
	if got := list(t, one, after, "B"); got != "Bea Cy" || kept(t, one)[after] == nil {
		t.Errorf("afterwards: %q", got)
	}
}

func TestAStatementThatFailedWorksAgain(t *testing.T) {
	_, one := bees(t)
	for _, text := range []string{"INSERT INTO bees (name) VALUES (?)", "INSERT INTO bees (name) VALUES (?) RETURNING name"} {
		insert := func(name string) error {
			rows, err := one.QueryContext(t.Context(), text, name)
			if err != nil {
				return err
			}
			return drain(rows)
		}
		for i := range 3 {
			if err := insert("Ada"); err == nil || !strings.Contains(err.Error(), "UNIQUE constraint failed") {
				t.Errorf("a name that is taken: %v", err)
			}
			if _, err := one.ExecContext(t.Context(), text, "Ada"); err == nil {
				t.Error("a name that is taken was stored")
			}
			if err := insert(fmt.Sprint("Dee", len(text), i)); err != nil {
				t.Errorf("a new name after that: %v", err)
			}
			if _, err := one.ExecContext(t.Context(), text); err == nil {
				t.Error("stored without a name")
			}
		}
	}
}

func TestAnotherConnectionChangesTheSchema(t *testing.T) {
	all, one := bees(t)
	columns := func() string {
		rows, err := one.QueryContext(t.Context(), "SELECT * FROM bees WHERE id = ?", 1)
		if err != nil {
			return err.Error()
		}
		defer func() { _ = rows.Close() }()
		names, err := rows.Columns()
		if !rows.Next() || err != nil || rows.Err() != nil {
			t.Errorf("no row: %v, %v", err, rows.Err())
		}
		return strings.Join(names, " ")
	}
	steps := []struct{ change, want string }{
		{"ALTER TABLE bees ADD COLUMN sting TEXT", "id name born sting"},
		{"ALTER TABLE bees RENAME TO wasps", "no such table: bees"},
		{"CREATE VIEW bees AS SELECT id, name FROM wasps", "id name"},
	}
	if got := columns(); got != "id name born" {
		t.Fatalf("at first: %q", got)
	}
	for _, step := range steps {
		do(t, all, step.change)
		if got := columns(); !strings.Contains(got, step.want) {
			t.Errorf("after %s: %q", step.change, got)
		}
	}
}

func TestMoreTextsThanAreKept(t *testing.T) {
	_, one := bees(t)
	each(t, one, func(string) {
		for i := range keptStatements + 20 {
			if got := list(t, one, fmt.Sprintf("SELECT name FROM bees WHERE id = ? AND %d = %d", i, i), 1+i%3); got == "" {
				t.Fatalf("text %d found nothing", i)
			}
		}
	}, after, "B")
	if n := len(kept(t, one)); n != keptStatements {
		t.Errorf("%d are kept, %d may be", n, keptStatements)
	}
	if got := list(t, one, after, "B"); got != "Bea Cy" {
		t.Errorf("afterwards: %q", got)
	}
}

func TestWhatActsWhenCompiledIsNotKept(t *testing.T) {
	_, one := bees(t)
	before := len(kept(t, one))
	for range 3 {
		do(t, one, "PRAGMA foreign_keys = 0")
		off := list(t, one, "PRAGMA foreign_keys")
		do(t, one, "PRAGMA foreign_keys = 1")
		if on := list(t, one, "PRAGMA foreign_keys"); off+on != "01" {
			t.Errorf("switched off and on: %q", off+on)
		}
		do(t, one, "UPDATE bees SET name = name || '!' WHERE id = 1; UPDATE bees SET name = name || '?' WHERE id = 1")
		do(t, one, "UPDATE bees SET name = name WHERE name IN ('"+strings.Repeat("x", keptLength)+"')")
	}
	if got := list(t, one, after, "A"); got != "Ada!?!?!? Bea Cy" {
		t.Errorf("both of two statements, three times: %q", got)
	}
	if n := len(kept(t, one)); n != before+1 {
		t.Errorf("%d statements are kept instead of %d", n, before+1)
	}
}

// endless counts for as long as one lets it.
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT max(i) FROM n"

func TestACancelledStatementEndsAndWorksAgain(t *testing.T) {
	all, _ := bees(t)
	all.SetMaxOpenConns(2) // the other one is taken
	if got := list(t, all, endless, 7); got != "7" {
		t.Fatalf("counted to %q", got)
	}
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Millisecond, cancel)
		if err := all.QueryRowContext(ctx, endless, int64(1)<<40).Scan(new(int64)); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at work: %v", err)
		}
		if err := all.QueryRowContext(ctx, endless, 7).Scan(new(int64)); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before: %v", err)
		}
		if got := list(t, all, endless, 8); got != "8" {
			t.Errorf("afterwards counted to %q", got)
		}
	}
}

func TestATransactionIsCancelledWhileItsRowsAreOpen(t *testing.T) {
	all, _ := bees(t)
	all.SetMaxOpenConns(2) // who asks next waits until the transaction is rolled back
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		tx, err := all.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		do(t, tx, "DELETE FROM bees WHERE id = ?", 1)
		rows, err := tx.QueryContext(ctx, after, "")
		if err != nil || !rows.Next() {
			t.Fatalf("no rows: %v", err)
		}
		cancel()
		if err := drain(rows); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if got := list(t, all, after, ""); got != "Ada Bea Cy" {
			t.Errorf("afterwards: %q", got)
		}
	}
}

func TestColumnsKeepTheirTypes(t *testing.T) {
	_, one := bees(t)
	for range 2 {
		rows, err := one.QueryContext(t.Context(), "SELECT id, born FROM bees")
		if err != nil || !rows.Next() {
			t.Fatal(err)
		}
		types, err := rows.ColumnTypes()
		if err != nil || types[1].DatabaseTypeName() != "DATETIME" || types[0].ScanType() != reflect.TypeFor[int64]() {
			t.Errorf("the types are %v, %v", types, err)
		}
		if err := drain(rows); err != nil {
			t.Fatal(err)
		}
	}
}

func TestManyAskAtOnce(t *testing.T) {
	all, _ := bees(t)
	all.SetMaxOpenConns(4)
	var crowd sync.WaitGroup
	for i := range 8 {
		crowd.Go(func() {
			for range 5 {
				name := fmt.Sprint("Zoe", i)
				if _, err := all.ExecContext(t.Context(), "INSERT INTO bees (name) VALUES (?) ON CONFLICT DO NOTHING", name); err != nil {
					t.Error(err)
				}
				var got string
				if err := all.QueryRowContext(t.Context(), "SELECT name FROM bees WHERE name = ?", name).Scan(&got); err != nil || got != name {
					t.Errorf("%s is %q: %v", name, got, err)
				}
			}
		})
	}
	crowd.Wait()
}

// The last connection that ends removes the log beside the file, unless a
// statement was left that holds it open.
func TestAClosedDatabaseLeavesNothingOpen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bees.db")
	all, err := openRemembering(SQLiteDSN(file, true))
	if err != nil {
		t.Fatal(err)
	}
	do(t, all, "CREATE TABLE bees (name TEXT)")
	do(t, all, "INSERT INTO bees VALUES (?)", "Ada")
	if got := list(t, all, after, ""); got != "Ada" {
		t.Errorf("found %q", got)
	}
	if err := all.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file + "-wal"); !os.IsNotExist(err) {
		t.Errorf("the log is still there: %v", err)
	}
}
