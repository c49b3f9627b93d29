// Package dbtest gives each test a migrated database of its own, copied from one
// that was made once: a SQLite file, or a Postgres database when TILGANG_TEST_DB
// says postgres.
package dbtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/testenv"
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
	return bare.Open(tb, c)
}

var bare = NewTemplate("bare", nil)

// Template is a migrated database that was filled once in this process; tests
// get copies.
type Template struct {
	name string
	fill func(d *db.DB) error
	file func() ([]byte, error) // of SQLite
}

// NewTemplate is filled at its first use, on a database whose clock stands at
// Start and which is closed afterwards; nil leaves it migrated. The name is one
// in the process.
func NewTemplate(name string, fill func(d *db.DB) error) *Template {
	t := &Template{name: name, fill: fill}
	t.file = sync.OnceValues(t.makeFile)
	return t
}

// Open is a copy of the template.
func (t *Template) Open(tb testing.TB, c clock.Clock) *db.DB {
	tb.Helper()
	opt := db.Options{Clock: c, Fast: true}
	if testenv.Dialect() == testenv.Postgres {
		_, opt.URL = testenv.NewCopy(tb, t.database())
	} else {
		opt.File = t.copyFile(tb)
	}
	d, err := db.Open(context.Background(), opt)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	return d
}

// database is what Postgres copies: the migrated one itself, or one filled from it.
func (t *Template) database() *testenv.Template {
	if t.fill == nil {
		return migratedDatabase()
	}
	return &testenv.Template{Name: t.name, From: migratedDatabase(), Fill: func(_, appURL string) error {
		return t.fillIn(db.Options{URL: appURL})
	}}
}

func (t *Template) makeFile() ([]byte, error) {
	body, err := migratedFile()
	if err != nil || t.fill == nil {
		return body, err
	}
	dir, err := os.MkdirTemp("", "tilgang-template")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "t.db")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		return nil, err
	}
	if err := t.fillIn(db.Options{File: file, Fast: true}); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

func (t *Template) fillIn(opt db.Options) error {
	opt.Clock = clock.NewFake(Start)
	d, err := db.Open(context.Background(), opt)
	if err != nil {
		return err
	}
	return errors.Join(t.fill(d), d.Close())
}

func (t *Template) copyFile(tb testing.TB) string {
	tb.Helper()
	body, err := t.file()
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
