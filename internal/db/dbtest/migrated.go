package dbtest

import (
	"context"
	"os"
	"path/filepath"

	"tilgang/internal/db"
	"tilgang/internal/testenv"
	"tilgang/migrations"
)

// migratedDatabase is made once for all processes of the suite: some forty would
// each read and run the same migrations.
func migratedDatabase() *testenv.Template {
	return &testenv.Template{Name: "migrated", Shared: true, Fill: func(ownerURL, _ string) error {
		_, err := db.MigratePostgres(context.Background(), ownerURL, migrations.Files)
		return err
	}}
}

// migratedFile is an SQLite file as migratedDatabase is one of Postgres. Of
// processes that begin at the same moment each may make it; the last one's stays.
func migratedFile() ([]byte, error) {
	shared := filepath.Join(os.TempDir(), "migrated-"+testenv.Run()+".db")
	if testenv.Run() != "" {
		if body, err := os.ReadFile(shared); err == nil { //nolint:gosec // see Run
			return body, nil
		}
	}
	dir, err := os.MkdirTemp("", "tilgang-migrated")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "t.db")
	if _, err := db.MigrateSQLite(context.Background(), file, migrations.Files); err != nil {
		return nil, err
	}
	body, err := os.ReadFile(file) //nolint:gosec // a folder of our own
	if err == nil && testenv.Run() != "" {
		err = os.Rename(file, shared)
	}
	return body, err
}
