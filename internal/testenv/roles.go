package testenv

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// The roles of an installation. They belong to the cluster, not to a database,
// so parallel test processes share them.
const (
	ownerRole = "tilgang_owner"
	appRole   = "tilgang_app"
	relayRole = "tilgang_relay"
	rolePass  = "tilgang-test" // guards databases that live for seconds
)

// rolesLock serialises the processes that find the roles missing.
const rolesLock = 7_311_001

// ensureRoles creates what is missing and leaves what exists alone.
func ensureRoles(ctx context.Context, conn *pgx.Conn) error {
	var found int
	const count = "SELECT count(*) FROM pg_roles WHERE rolname = ANY($1)"
	if err := conn.QueryRow(ctx, count, []string{ownerRole, appRole, relayRole}).Scan(&found); err != nil {
		return fmt.Errorf("look for roles: %w", err)
	}
	if found == 3 {
		return nil
	}
	return locked(ctx, conn, rolesLock, func() error { return createRoles(ctx, conn) })
}

// createRoles runs as one implicit transaction, so another process sees all
// three or none. The owner joins tilgang_relay so that a migration may hand it
// the function through which the relay reads across tenants.
func createRoles(ctx context.Context, conn *pgx.Conn) error {
	const create = `DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tilgang_owner') THEN
		CREATE ROLE tilgang_owner LOGIN NOBYPASSRLS PASSWORD '` + rolePass + `';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tilgang_app') THEN
		CREATE ROLE tilgang_app LOGIN NOBYPASSRLS PASSWORD '` + rolePass + `';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tilgang_relay') THEN
		CREATE ROLE tilgang_relay NOLOGIN NOBYPASSRLS;
	END IF;
	GRANT tilgang_relay TO tilgang_owner;
END $$`
	if _, err := conn.Exec(ctx, create); err != nil {
		return fmt.Errorf("create roles: %w", err)
	}
	return nil
}

// locked runs work under a session-level advisory lock of the whole cluster's
// admin database.
func locked(ctx context.Context, conn *pgx.Conn, key int64, work func() error) error {
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", key); err != nil {
		return fmt.Errorf("advisory lock: %w", err)
	}
	defer func() { _, _ = conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", key) }()
	return work()
}
