package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// MigratePostgres brings the schema up with the owner's login. It may run on
// several machines at once: one works, the others wait.
func MigratePostgres(ctx context.Context, ownerURL string, files fs.FS) (int, error) {
	cfg, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return 0, errors.New("read TILGANG_DATABASE_OWNER_URL: not a Postgres address")
	}
	conn := stdlib.OpenDB(*cfg)
	defer func() { _ = conn.Close() }()
	if err := needRoles(ctx, conn); err != nil {
		return 0, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return 0, fmt.Errorf("migration lock: %w", err)
	}
	return up(ctx, goose.DialectPostgres, conn, dialectFS{base: files, folder: "postgres"}, goose.WithSessionLocker(locker))
}

// MigrateSQLite brings the schema of an SQLite file up; it makes the file and
// its folder when they are not there.
func MigrateSQLite(ctx context.Context, file string, files fs.FS) (int, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return 0, fmt.Errorf("make the data folder: %w", err)
	}
	conn, err := sql.Open("sqlite", SQLiteDSN(file, false))
	if err != nil {
		return 0, fmt.Errorf("open sqlite: %w", err)
	}
	defer func() { _ = conn.Close() }()
	return up(ctx, goose.DialectSQLite3, conn, dialectFS{base: files, folder: "sqlite", types: sqliteTypes})
}

func up(ctx context.Context, dialect goose.Dialect, conn *sql.DB, files fs.FS, opts ...goose.ProviderOption) (int, error) {
	p, err := goose.NewProvider(dialect, conn, files, append(opts, goose.WithVerbose(false))...)
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("migrate: %w", err)
	}
	return len(done), nil
}

// needRoles makes the two roles that the schema grants to, where the owner may,
// and says what to run where it may not.
func needRoles(ctx context.Context, conn *sql.DB) error {
	for _, role := range []string{"tilgang_app", "tilgang_relay"} {
		var there bool
		if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)", role).Scan(&there); err != nil {
			return fmt.Errorf("look for role %s: %w", role, err)
		}
		if there {
			continue
		}
		_, err := conn.ExecContext(ctx, "CREATE ROLE "+role+" NOLOGIN NOBYPASSRLS")
		var pgErr *pgconn.PgError
		if errors.As(err, &pgErr) && pgErr.Code != "42501" {
			continue // made by another migrator a moment ago
		}
		if err != nil {
			return fmt.Errorf("the database role %s is missing and the owner may not make it; as a superuser run: CREATE ROLE %s NOLOGIN; GRANT tilgang_relay TO <owner>", role, role)
		}
	}
	return nil
}

// CheckAppRole refuses a login that row-level security does not bind: an owner
// of the tables, a superuser or a role with BYPASSRLS.
func (d *DB) CheckAppRole(ctx context.Context) error {
	if !d.postgres {
		return nil
	}
	var free, owner bool
	row := d.pool.QueryRow(ctx, `SELECT r.rolsuper OR r.rolbypassrls,
		EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = 'persons' AND pg_has_role(current_user, c.relowner, 'MEMBER'))
		FROM pg_roles r WHERE r.rolname = current_user`)
	if err := row.Scan(&free, &owner); err != nil {
		return fmt.Errorf("check the database role: %w", translate(err))
	}
	if free || owner {
		return errors.New("TILGANG_DATABASE_URL logs in as an owner, a superuser or a role with BYPASSRLS: tenants would not be kept apart; use a login that is a member of tilgang_app only, and keep the owner for TILGANG_DATABASE_OWNER_URL")
	}
	return nil
}
