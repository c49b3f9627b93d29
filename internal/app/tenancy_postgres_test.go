package app_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/testenv"
)

// The second belt exists on Postgres alone: what the program's login may do
// with SQL of its own, as after an injection. On SQLite the same questions are
// put to the one belt there is, so that no test here is ever skipped.

func TestASecondBeltHoldsWhateverSQLIsRun(t *testing.T) {
	e := newEstate(t)
	for _, name := range e.order {
		t.Run(name, func(t *testing.T) {
			if !e.postgres {
				e.refused(t, name)
				return
			}
			if !e.tables[name].Secured {
				t.Error("row-level security is not on and forced: was the table handed to tilgang_protect?")
			}
			e.attack(t, name)
		})
	}
	e.untouched(t)
}

// attack tries by SQL, as one tenant, every way to the other's row.
func (e *estate) attack(t *testing.T, name string) {
	t.Helper()
	other := e.row(e.b, e.tables[name], "planted")
	tries := map[string]struct {
		text    string
		refused bool // an error is wanted, else 0 rows
	}{
		"to change it":         {"UPDATE " + name + " SET tenant_id = tenant_id WHERE tenant_id = " + literalID(e.b), false},
		"to delete it":         {"DELETE FROM " + name + " WHERE tenant_id = " + literalID(e.b), false},
		"to push a row to it":  {"UPDATE " + name + " SET tenant_id = " + literalID(e.b), true},
		"to take the fence":    {"ALTER TABLE " + name + " DISABLE ROW LEVEL SECURITY", true},
		"to loosen the policy": {"ALTER POLICY tenant ON " + name + " USING (true)", true},
		"to empty the table":   {"TRUNCATE " + name + " CASCADE", true},
	}
	for what, try := range tries {
		n, err := e.exec(e.a.String(), try.text)
		if n != 0 || (try.refused && err == nil) || (!try.refused && err != nil && name != "audit_events") {
			t.Errorf("%s: %d rows, %v", what, n, err)
		}
	}
	if err := e.as(e.a.String(), func(tx *sql.Tx) error { return e.insert(tx, name, other) }); !denied(err) {
		t.Errorf("to plant a row: %v", err)
	}
	for who, tenant := range map[string]string{"the other": e.a.String(), "nobody": "", "an unknown": uuid.NewString()} {
		err := e.as(tenant, func(tx *sql.Tx) error {
			if n := query(t, tx, "SELECT count(*) FROM "+name+" WHERE tenant_id = "+literalID(e.b))[0][0]; n != "0" {
				t.Errorf("%s sees it", who)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if err := e.as("", func(tx *sql.Tx) error { return e.insert(tx, name, other) }); err == nil {
		t.Error("a row can be planted without a tenant")
	}
}

func (e *estate) exec(tenant, text string) (n int64, err error) {
	err = e.as(tenant, func(tx *sql.Tx) error {
		res, err := tx.Exec(text)
		if err == nil {
			n, err = res.RowsAffected()
		}
		return err
	})
	return n, err
}

// denied tells of Postgres' "insufficient privilege", row-level security's too.
func denied(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42501"
}

func TestOneRuleFencesEveryTable(t *testing.T) {
	e := newEstate(t)
	if !e.postgres {
		for _, name := range e.order {
			e.seesOwn(t, name)
		}
		return
	}
	const want = "(tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)"
	seen := map[string]bool{}
	for _, r := range query(t, e.raw, "SELECT tablename, policyname, roles::text, cmd, qual, coalesce(with_check, '') FROM pg_policies WHERE schemaname = 'public'") {
		if r[0] == "outbox" && r[1] == "relay" && r[2] == "{tilgang_relay}" {
			continue
		}
		if r[1] != "tenant" || r[2] != "{public}" || r[3] != "ALL" || r[4] != want || r[5] != want {
			t.Errorf("%s has an odd policy: %v", r[0], r[1:])
		}
		seen[r[0]] = true
	}
	for _, name := range e.order {
		if !seen[name] {
			t.Errorf("%s has no policy", name)
		}
	}
	if r := query(t, e.raw, "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm', 'f') AND relnamespace = 'public'::regnamespace"); len(r) > 0 {
		t.Errorf("views see through the fence of their owner: %v", r)
	}
}

func TestTheProgramsLoginIsBoundByTheFence(t *testing.T) {
	e := newEstate(t)
	if err := e.db.CheckAppRole(context.Background()); err != nil {
		t.Fatal(err)
	}
	if !e.postgres {
		return // CheckAppRole has nothing to ask of SQLite, and said so
	}
	r := query(t, e.raw, `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
		pg_has_role(current_user, 'tilgang_owner', 'MEMBER'), pg_has_role(current_user, 'tilgang_relay', 'MEMBER'),
		EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = pg_roles.oid),
		has_schema_privilege(current_user, 'public', 'CREATE')
		FROM pg_roles WHERE rolname = current_user`)
	if diff := cmp.Diff(slices.Repeat([]string{"false"}, 9), r[0]); diff != "" {
		t.Errorf("super, bypass, make roles, make databases, replicate, owner, relay, owns, creates:\n%s", diff)
	}
	for _, text := range []string{
		"SET ROLE tilgang_owner", "SET ROLE tilgang_relay", "SET SESSION AUTHORIZATION tilgang_owner",
		"SET session_replication_role = replica", "CREATE TABLE mine (x int)", "SELECT tilgang_protect('tenants')",
	} {
		if _, err := e.exec(e.a.String(), text); !denied(err) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := e.exec(e.a.String(), "SET row_security = off; SELECT count(*) FROM persons"); err == nil {
		t.Error("row_security = off was obeyed")
	}
}

func TestALoginThatTheFenceDoesNotBindIsRefused(t *testing.T) {
	if testenv.Dialect() != testenv.Postgres {
		d, _ := dbtest.New(t)
		if err := d.CheckAppRole(context.Background()); err != nil {
			t.Error(err)
		}
		return
	}
	owner, app := testenv.NewDatabase(t, migratePostgres)
	super, err := url.Parse(testenv.AdminURL(t))
	if err != nil {
		t.Fatal(err)
	}
	if here, err := url.Parse(app); err == nil {
		super.Path = here.Path
	}
	for who, address := range map[string]string{"the owner": owner, "a superuser": super.String()} {
		d, err := db.Open(context.Background(), db.Options{URL: address, Clock: clock.NewFake(dbtest.Start)})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.CheckAppRole(context.Background()); err == nil || !strings.Contains(err.Error(), "tilgang_app") {
			t.Errorf("%s: %v", who, err)
		}
		_ = d.Close()
	}
}

// What looks across tenants shows where work lies, and nothing of what it is.
func TestTheRelaySeesRoutingAlone(t *testing.T) {
	e := newEstate(t)
	if !e.postgres {
		for _, m := range models(t) { // on SQLite the outbox is an owned table like any other
			if m.Table == "outbox" && m.Shared {
				t.Error("the outbox's model is shared")
			}
		}
		return
	}
	want := [][]string{
		{"tilgang_claim", "tilgang_relay", "TABLE(tenant_id uuid, id uuid, kind text)"},
		{"tilgang_outbox_depth", "tilgang_relay", "TABLE(lane text, waiting bigint, running bigint, oldest timestamp with time zone)"},
		{"tilgang_requeue", "tilgang_relay", "bigint"},
	}
	got := query(t, e.raw, `SELECT proname, proowner::regrole, pg_get_function_result(oid) FROM pg_proc
		WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY proname`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what runs with another's rights:\n%s", diff)
	}
	if r := query(t, e.raw, `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
		AND (proconfig IS NULL OR NOT 'search_path=public, pg_temp' = ANY (proconfig) OR has_function_privilege('public', oid, 'EXECUTE'))`); len(r) > 0 {
		t.Errorf("open to everybody, or led astray by a search path: %v", r)
	}
	columns := query(t, e.raw, `SELECT a.attname FROM pg_attribute a WHERE a.attrelid = 'outbox'::regclass AND a.attnum > 0
		AND has_column_privilege('tilgang_relay', a.attrelid, a.attnum, 'SELECT') ORDER BY 1`)
	if diff := cmp.Diff([][]string{{"done_at"}, {"due_at"}, {"failed_at"}, {"id"}, {"kind"}, {"lane"}, {"relayed_at"}, {"tenant_id"}}, columns); diff != "" {
		t.Errorf("what the relay may read:\n%s", diff)
	}
	for _, name := range e.order {
		r := query(t, e.raw, "SELECT has_table_privilege('tilgang_relay', $1, 'SELECT'), has_any_column_privilege('tilgang_relay', $1, 'SELECT,INSERT,UPDATE')", name)
		if r[0][0] == "true" || (r[0][1] == "true" && name != "outbox") {
			t.Errorf("the relay reaches %s", name)
		}
	}
	r := query(t, e.raw, "SELECT rolcanlogin OR rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'tilgang_relay'")
	if r[0][0] != "false" {
		t.Error("the relay's role can sign in or steps over the fence")
	}
}
