package testenv

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	namePrefix = "tilgang_test_"
	emptySpace = "template0" // pristine: what an administrator added to template1 stays out
	leftover   = 6 * time.Hour
)

// started tells this process from an earlier one with the same id.
var started = time.Now().Unix()

// Run names the run of the suite that this process belongs to, as its start in
// Unix seconds and a number; empty where a test was started by itself.
func Run() string { return os.Getenv("TEST_RUN") }

// databasePrefix is common to all databases of this process and carries its
// start, in Unix seconds, by which leftovers of crashed runs are recognised.
func databasePrefix() string {
	return fmt.Sprintf("%s%d_%d_", namePrefix, started, os.Getpid())
}

// Template is a database that is filled once, at its first use, and then copied.
type Template struct {
	Name   string
	From   *Template // what it is filled from; nil: nothing
	Shared bool      // by all processes of the suite, for what each would fill alike
	Fill   func(ownerURL, appURL string) error
}

// name is the template's database: Postgres bounds its length.
func (t *Template) name() string {
	return fmt.Sprintf("%stpl_%x", t.prefix(), t.key())
}

func (t *Template) prefix() string {
	if run := Run(); t.Shared && run != "" {
		return namePrefix + run + "_"
	}
	return databasePrefix()
}

// key hashes the template's name and whose it is.
func (t *Template) key() uint32 {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, t.prefix(), t.Name)
	return h.Sum32()
}

// ensure returns the database to copy.
func (t *Template) ensure(ctx context.Context, conn *pgx.Conn, admin string) (string, error) {
	if t == nil {
		return emptySpace, nil
	}
	ready, err := exists(ctx, conn, t.name())
	if err != nil || ready {
		return t.name(), err
	}
	return t.name(), locked(ctx, conn, int64(t.key()), func() error {
		if ready, err := exists(ctx, conn, t.name()); err != nil || ready {
			return err
		}
		return t.build(ctx, conn, admin)
	})
}

// build fills under a temporary name: a database that bears its final name is
// finished.
func (t *Template) build(ctx context.Context, conn *pgx.Conn, admin string) error {
	if err := dropLeftovers(ctx, conn); err != nil {
		return err
	}
	source, err := t.From.ensure(ctx, conn, admin)
	if err != nil {
		return err
	}
	draft := freshName()
	if err := createDatabase(ctx, conn, draft, source); err != nil {
		return err
	}
	if err := t.Fill(databaseURL(admin, ownerRole, draft), databaseURL(admin, appRole, draft)); err != nil {
		_ = drop(ctx, admin, draft)
		return fmt.Errorf("fill template: %w", err)
	}
	return publish(ctx, conn, draft, t.name())
}

// publish ends stray connections first, because Postgres neither renames nor
// copies a database in use.
func publish(ctx context.Context, conn *pgx.Conn, draft, name string) error {
	const end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1"
	if _, err := conn.Exec(ctx, end, draft); err != nil {
		return fmt.Errorf("end connections to template: %w", err)
	}
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+quote(draft)+" RENAME TO "+quote(name)); err != nil {
		return fmt.Errorf("publish template: %w", err)
	}
	return nil
}

func exists(ctx context.Context, conn *pgx.Conn, name string) (bool, error) {
	var found bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&found)
	if err != nil {
		return false, fmt.Errorf("look for template: %w", err)
	}
	return found, nil
}

// dropLeftovers removes databases of runs that began hours ago: a template
// outlives its process, because Go tells nobody when a test process ends.
func dropLeftovers(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", namePrefix)
	if err != nil {
		return fmt.Errorf("look for leftovers: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for leftovers: %w", err)
	}
	for _, name := range names {
		if !stale(name, time.Now()) {
			continue
		}
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
			return fmt.Errorf("drop leftover %s: %w", name, err)
		}
	}
	return nil
}

// stale tells whether a database's process began more than six hours ago.
func stale(name string, now time.Time) bool {
	rest, ok := strings.CutPrefix(name, namePrefix)
	if !ok {
		return false
	}
	began, _, _ := strings.Cut(rest, "_")
	seconds, err := strconv.ParseInt(began, 10, 64)
	return err == nil && now.Sub(time.Unix(seconds, 0)) > leftover
}
