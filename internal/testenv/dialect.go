package testenv

import "os"

// The two databases that the suite runs on.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Dialect is SQLite or Postgres as TILGANG_TEST_DB says; unset is SQLite.
func Dialect() string {
	if os.Getenv("TILGANG_TEST_DB") == Postgres {
		return Postgres
	}
	return SQLite
}
