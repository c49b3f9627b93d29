package testenv

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience bounds every wait for the server, a migration of a template included.
const patience = 2 * time.Minute

// NewDatabase makes a database of the test's own and drops it afterwards. It
// returns the URL of tilgang_owner, who owns it, and of tilgang_app, who is
// bound by row-level security. migrate fills a template once per process and
// must close its connections; nil gives an empty database.
func NewDatabase(tb testing.TB, migrate func(ownerURL string) error) (ownerURL, appURL string) {
	tb.Helper()
	if migrate == nil {
		return NewCopy(tb, nil)
	}
	name := fmt.Sprintf("migrated by %x", reflect.ValueOf(migrate).Pointer()) // a function's identity within one process
	return NewCopy(tb, &Template{Name: name, Fill: func(ownerURL, _ string) error { return migrate(ownerURL) }})
}

// NewCopy is NewDatabase for a template; nil gives an empty database.
func NewCopy(tb testing.TB, t *Template) (ownerURL, appURL string) {
	tb.Helper()
	admin := AdminURL(tb)
	name, err := create(admin, t)
	if err != nil {
		tb.Fatalf("new test database: %v", err)
	}
	tb.Cleanup(func() {
		if err := drop(context.Background(), admin, name); err != nil {
			tb.Errorf("drop test database: %v", err)
		}
	})
	return databaseURL(admin, ownerRole, name), databaseURL(admin, appRole, name)
}

// AdminURL is the superuser's URL to the test server, for tests that look at
// the cluster itself; the test fails when there is none.
func AdminURL(tb testing.TB) string {
	tb.Helper()
	admin := os.Getenv("TEST_POSTGRES_URL")
	if admin == "" {
		tb.Fatal("TEST_POSTGRES_URL is not set: run `make test`, or name a superuser's URL such as postgres://postgres@127.0.0.1:5432/postgres")
	}
	return admin
}

func create(admin string, t *Template) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", fmt.Errorf("connect to TEST_POSTGRES_URL: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := ensureRoles(ctx, conn); err != nil {
		return "", err
	}
	source, err := t.ensure(ctx, conn, admin)
	if err != nil {
		return "", err
	}
	name := freshName()
	return name, createDatabase(ctx, conn, name, source)
}

// createDatabase copies files as they are, at half the work of writing a log of
// each page.
func createDatabase(ctx context.Context, conn *pgx.Conn, name, source string) error {
	statement := "CREATE DATABASE " + quote(name) + " OWNER " + ownerRole + " TEMPLATE " + quote(source)
	if major(conn) >= 15 { // before, it was the only way
		statement += " STRATEGY FILE_COPY"
	}
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("create database from %s: %w", source, err)
	}
	return nil
}

// major is the server's major version; 0 where it does not tell.
func major(conn *pgx.Conn) int {
	digits, _, _ := strings.Cut(conn.PgConn().ParameterStatus("server_version"), ".")
	n, _ := strconv.Atoi(digits) // a release to come, such as 19beta1, counts as an old one
	return n
}

// drop uses a connection of its own: create's is gone by the time a test ends.
func drop(ctx context.Context, admin, name string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop %s: %w", name, err)
	}
	return nil
}

// databaseURL is the admin's URL with another user and database; host, port
// and options such as sslmode stay.
func databaseURL(admin, role, name string) string {
	u, err := url.Parse(admin)
	if err != nil {
		return admin
	}
	u.User = url.UserPassword(role, rolePass)
	u.Path = "/" + name
	return u.String()
}

func freshName() string {
	return databasePrefix() + "db_" + randomHex()
}

func randomHex() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails: it ends the process instead
	return hex.EncodeToString(b)
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
