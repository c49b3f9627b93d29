package e2e_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/db"
	"tilgang/internal/e2e"
)

// tables are the tables of the database that hold rows of tenants, by its
// catalogue, each with the column that names the tenant; the others have none.
func tables(t *testing.T, s *e2e.Stage) map[string]string {
	t.Helper()
	text := "SELECT m.name AS name, c.name AS owner FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
	if s.DB.Postgres() {
		text = "SELECT table_name AS name, column_name AS owner FROM information_schema.columns WHERE table_schema = 'public'"
	}
	var rows []struct{ Name, Owner string }
	if err := s.DB.Shared(context.Background(), func(ctx context.Context) error { return db.SharedRows(ctx, &rows, text) }); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, row := range rows {
		if row.Owner == "tenant_id" || found[row.Name] == "" {
			found[row.Name] = ""
		}
		if row.Owner == "tenant_id" {
			found[row.Name] = row.Owner
		}
	}
	return found
}

// contents is, for each table of tenants' rows, how many of a tenant it holds
// and a hash of them in no particular order.
func contents(t *testing.T, s *e2e.Stage, ctx context.Context) map[string]string {
	t.Helper()
	found := map[string]string{}
	for table, owner := range tables(t, s) {
		if owner == "" || table == "tenant_hosts" {
			continue
		}
		var rows []map[string]any
		err := s.DB.Read(ctx, func(ctx context.Context) error {
			return db.Rows(ctx, &rows, "SELECT * FROM "+table+" WHERE tenant_id = @tenant")
		})
		if err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		found[table] = digest(t, rows)
	}
	return found
}

func digest(t *testing.T, rows []map[string]any) string {
	t.Helper()
	var lines []string
	for _, row := range rows {
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	slices.Sort(lines)
	return fmt.Sprintf("%d rows %x", len(rows), sha256.Sum256([]byte(strings.Join(lines, "\n"))))
}

func TestTheSameFileAgainChangesNothingAndSendsNothing(t *testing.T) {
	s := e2e.New(t)
	ctx := s.Operator("havn")
	s.Import(ctx, newHires)
	s.Work()
	before := contents(t, s, ctx)
	if !strings.HasPrefix(before["persons"], "4") || len(before) < 20 {
		t.Fatal(before)
	}
	mails := len(s.App.Services.Mailbox.List(everything))
	s.Import(ctx, newHires)
	s.Work()
	after := contents(t, s, ctx)
	if before["imports"] == after["imports"] {
		t.Error("the history does not tell of the second time")
	}
	for _, history := range []string{"imports", "import_parts", "import_rows"} {
		delete(before, history)
		delete(after, history)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	if n := len(s.App.Services.Mailbox.List(everything)); n != mails {
		t.Errorf("%d mails more", n-mails)
	}
}

func TestTheSameFileAgainByThePageLeavesOnlyItsHistory(t *testing.T) {
	s := e2e.New(t)
	ctx := s.Operator("havn")
	b := s.Browser("havn")
	upload(s, b, newHires)
	b.Submit("@confirm", "1")
	s.Work()
	s.Who("havn", "hr")
	b.Get("/admin/roster")
	before := contents(t, s, ctx)
	p := e2e.Upload(b, "/admin/roster", "file", "new-hires.csv", s.File(newHires))
	s.Work()
	if p = b.Get(p.URL.Path); p.Field("confirm") != nil {
		b.Submit("@confirm", "1")
		s.Work()
	}
	after := contents(t, s, ctx)
	for _, history := range []string{"imports", "import_parts", "import_rows", "sessions"} {
		delete(before, history)
		delete(after, history)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
}
