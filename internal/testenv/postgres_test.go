package testenv

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func migrateNotes(ownerURL string) error {
	return run(ownerURL,
		"CREATE TABLE notes (tenant_id text, body text)",
		"ALTER TABLE notes ENABLE ROW LEVEL SECURITY",
		"ALTER TABLE notes FORCE ROW LEVEL SECURITY",
		"CREATE POLICY own ON notes USING (tenant_id = current_setting('app.tenant_id', true))",
		"GRANT SELECT, INSERT ON notes TO tilgang_app",
		"GRANT CREATE ON SCHEMA public TO tilgang_relay",
		"CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint'",
		"ALTER FUNCTION peek() OWNER TO tilgang_relay",
	)
}

func run(url string, statements ...string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func ask[T any](t *testing.T, url, query string, args ...any) T {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var answer T
	if err := conn.QueryRow(ctx, query, args...).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestNewDatabase(t *testing.T) {
	if Dialect() != Postgres {
		return // these run in the Postgres phase; SQLite needs no server
	}
	t.Run("two tests never see each other's rows", func(t *testing.T) {
		first, _ := NewDatabase(t, migrateNotes)
		second, _ := NewDatabase(t, migrateNotes)
		if err := run(first, "SET app.tenant_id = 'a'", "INSERT INTO notes VALUES ('a', 'mine')"); err != nil {
			t.Fatal(err)
		}
		if got := ask[int](t, second, "SELECT count(*) FROM notes"); got != 0 {
			t.Errorf("the second database has %d rows of the first", got)
		}
	})
	t.Run("the application's role is bound by row-level security", func(t *testing.T) {
		owner, app := NewDatabase(t, migrateNotes)
		if err := run(owner, "SET app.tenant_id = 'a'", "INSERT INTO notes VALUES ('a', 'secret')"); err != nil {
			t.Fatal(err)
		}
		if got := ask[int](t, app, "SELECT count(*) FROM notes"); got != 0 {
			t.Errorf("without a tenant the application sees %d rows", got)
		}
		bypass := ask[bool](t, app, "SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
		if bypass {
			t.Error("the application's role bypasses row-level security")
		}
	})
	t.Run("the relay's role owns a function and cannot log in", func(t *testing.T) {
		owner, _ := NewDatabase(t, migrateNotes)
		got := ask[string](t, owner, "SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'peek'")
		if diff := cmp.Diff(relayRole, got); diff != "" {
			t.Error(diff)
		}
		if ask[bool](t, owner, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'tilgang_relay'") {
			t.Error("tilgang_relay can log in")
		}
	})
	t.Run("nil gives an empty database", func(t *testing.T) {
		owner, _ := NewDatabase(t, nil)
		if got := ask[int](t, owner, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"); got != 0 {
			t.Errorf("%d tables in an empty database", got)
		}
	})
}

func TestTemplate(t *testing.T) {
	if Dialect() != Postgres {
		return // as above
	}
	t.Run("many parallel tests migrate once", func(t *testing.T) {
		admin := AdminURL(t)
		counted := &Template{Name: "counted", Fill: func(owner, _ string) error { return migrateCounted(owner) }}
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				name, err := create(admin, counted)
				if err != nil {
					t.Error(err)
					return
				}
				if err := drop(context.Background(), admin, name); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := countedRuns.Load(); got != 1 {
			t.Errorf("migrated %d times", got)
		}
	})
	t.Run("a failing migration is reported and leaves nothing", func(t *testing.T) {
		admin := AdminURL(t)
		broken := errors.New("syntax error at or near")
		_, err := create(admin, &Template{Name: "broken", Fill: func(string, string) error { return broken }})
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a database is gone when its test ends", func(t *testing.T) {
		var name string
		t.Run("inner", func(t *testing.T) {
			owner, _ := NewDatabase(t, nil)
			name = owner[strings.LastIndex(owner, "/")+1:]
			name, _, _ = strings.Cut(name, "?")
		})
		if ask[bool](t, AdminURL(t), "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name) {
			t.Errorf("%s is still there", name)
		}
	})
}

var countedRuns atomic.Int32

func migrateCounted(url string) error {
	countedRuns.Add(1)
	return run(url, "CREATE TABLE once (id int)")
}

func TestProcessesOfASuiteShareWhatIsSharedAlone(t *testing.T) {
	shared, own := &Template{Name: "x", Shared: true}, &Template{Name: "x"}
	t.Setenv("TEST_RUN", "1800000000_7")
	if got := shared.name(); !strings.HasPrefix(got, "tilgang_test_1800000000_7_tpl_") || shared.name() != got {
		t.Errorf("shared: %s", got)
	}
	if got := own.name(); !strings.HasPrefix(got, databasePrefix()) {
		t.Errorf("own: %s", got)
	}
	t.Setenv("TEST_RUN", "")
	if got := shared.name(); !strings.HasPrefix(got, databasePrefix()) {
		t.Errorf("without a suite: %s", got)
	}
}

func TestStale(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for name, want := range map[string]bool{
		"tilgang_test_1799970000_12_tpl_ab": true,
		"tilgang_test_1799999000_12_tpl_ab": false,
		"tilgang":                           false,
		"tilgang_test_x":                    false,
	} {
		if got := stale(name, now); got != want {
			t.Errorf("stale(%q) = %v", name, got)
		}
	}
}

func TestDatabaseURL(t *testing.T) {
	got := databaseURL("postgres://root:pw@db:5433/postgres?sslmode=require", appRole, "x")
	want := "postgres://tilgang_app:tilgang-test@db:5433/x?sslmode=require"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestChrome(t *testing.T) {
	t.Run("a wrong CHROME is named in the error", func(t *testing.T) {
		t.Setenv("CHROME", "/no/such/browser")
		if _, err := Chrome(); err == nil || !strings.Contains(err.Error(), "/no/such/browser") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no browser at all says what to install", func(t *testing.T) {
		t.Setenv("CHROME", "")
		t.Setenv("PATH", t.TempDir())
		if path, err := Chrome(); err == nil && !strings.HasPrefix(path, "/Applications") {
			t.Errorf("found %s", path)
		} else if err != nil && !errors.Is(err, ErrNoChrome) {
			t.Errorf("got %v", err)
		}
	})
}

func TestArtifacts(t *testing.T) {
	folder := t.TempDir() + "/left/behind"
	t.Setenv("TEST_ARTIFACTS", folder)
	if got := Artifacts(); got != folder {
		t.Errorf("Artifacts() = %s", got)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Error(err)
	}
}
