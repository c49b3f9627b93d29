// Package dbtest gives each test a migrated database of its own: a copied
// SQLite file, or a Postgres database made from a template when TILGANG_TEST_DB
// says postgres.
package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/testenv"
	"tilgang/migrations"
)

// Start is where the fake clock of New stands: a Sunday noon.
var Start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// New is a fresh migrated database with a fake clock.
func New(tb testing.TB) (*db.DB, *clock.Fake) {
	tb.Helper()
	now := clock.NewFake(Start)
	return Open(tb, now), now
}

// Open is a fresh migrated database with a clock of the test's.
func Open(tb testing.TB, c clock.Clock) *db.DB {
	tb.Helper()
	opt := db.Options{Clock: c, Fast: true}
	if testenv.Dialect() == "postgres" {
		_, opt.URL = testenv.NewDatabase(tb, migratePostgres)
	} else {
		opt.File = copyTemplate(tb)
	}
	d, err := db.Open(context.Background(), opt)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	return d
}

func migratePostgres(ownerURL string) error {
	_, err := db.MigratePostgres(context.Background(), ownerURL, migrations.Files)
	return err
}

var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "tilgang-template")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "t.db")
	if _, err := db.MigrateSQLite(context.Background(), file, migrations.Files); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

func copyTemplate(tb testing.TB) string {
	tb.Helper()
	body, err := template()
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(tb.TempDir(), "tilgang.db")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		tb.Fatal(err)
	}
	return file
}

// Tenant adds a bare tenant row and gives a context of its.
func Tenant(tb testing.TB, d *db.DB, slug string) (context.Context, uuid.UUID) {
	tb.Helper()
	id := uuid.Must(uuid.NewV7())
	err := d.Shared(context.Background(), func(ctx context.Context) error {
		_, err := db.SharedExec(ctx, "INSERT INTO tenants (id, slug, name, status, created_at, updated_at) VALUES (?, ?, ?, 'active', ?, ?)",
			id, slug, slug, d.Now(), d.Now())
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return db.WithTenant(context.Background(), id), id
}
