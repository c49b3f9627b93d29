package roster_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/people"
	"tilgang/internal/roster"
	"tilgang/internal/secret"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/tenants"
)

type bench struct {
	d   *db.DB
	s   *roster.Service
	dir *tenancy.Directory
}

func newBench(t *testing.T) *bench {
	t.Helper()
	d, _ := dbtest.New(t)
	keys, err := secret.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	box, err := keys.Box()
	if err != nil {
		t.Fatal(err)
	}
	return &bench{d: d, s: roster.New(d, box, slog.New(slog.DiscardHandler)), dir: tenancy.New(d, "localhost")}
}

// enter applies a demonstration tenant and gives its context, as an operator.
func (b *bench) enter(t *testing.T, slug string) context.Context {
	t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.dir.Apply(context.Background(), spec); err != nil {
		t.Fatal(err)
	}
	tn, err := b.dir.BySlug(context.Background(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return authz.With(tenancy.Enter(context.Background(), tn), authz.Actor{Kind: authz.Command})
}

func (b *bench) run(t *testing.T, ctx context.Context, file string) roster.Import {
	t.Helper()
	body, err := tenants.FS.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b.runBytes(t, ctx, body)
}

func (b *bench) runBytes(t *testing.T, ctx context.Context, body []byte) roster.Import {
	t.Helper()
	row, err := b.s.Run(ctx, "file.csv", bytes.NewReader(body), false, func(roster.Import) {})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func (b *bench) problems(t *testing.T, ctx context.Context, id uuid.UUID) (lines []roster.Line) {
	t.Helper()
	lines, err := b.s.Lines(ctx, id, []people.Action{people.Refuse}, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestEveryDemonstrationTenantsFilesGoIn(t *testing.T) {
	b := newBench(t)
	for _, slug := range []string{"havn", "nordlys", "askvik", "skog", "fjord"} {
		t.Run(slug, func(t *testing.T) {
			ctx := b.enter(t, slug)
			staff := b.run(t, ctx, slug+"/staff.csv")
			for _, l := range b.problems(t, ctx, staff.ID) {
				t.Errorf("line %d: %v", l.Number, l.Problems)
			}
			if staff.State != roster.Done || staff.Created < 28 {
				t.Errorf("staff: %+v", staff)
			}
			hires := b.run(t, ctx, slug+"/new-hires.csv")
			bad := b.problems(t, ctx, hires.ID)
			if hires.Created != 11 || len(bad) != 1 {
				t.Errorf("new hires: created %d, problems %v", hires.Created, bad)
			}
			again := b.run(t, ctx, slug+"/new-hires.csv")
			if again.State != roster.Done || again.Created+again.Changed+again.Proposed != 0 || again.Same != 11 {
				t.Errorf("the same file again: %+v", again)
			}
		})
	}
}

func TestTheSameFileTwiceLeavesEveryTableAsItWas(t *testing.T) {
	b := newBench(t)
	ctx := b.enter(t, "havn")
	b.run(t, ctx, "havn/staff.csv")
	before := tables(t, b.d, ctx)
	b.run(t, ctx, "havn/staff.csv")
	for name, n := range tables(t, b.d, ctx) {
		if n != before[name] {
			t.Errorf("%s had %d rows and has %d", name, before[name], n)
		}
	}
}

func tables(t *testing.T, d *db.DB, ctx context.Context) map[string]int64 {
	t.Helper()
	counts := map[string]int64{}
	for _, name := range []string{"persons", "employments", "org_units", "person_tokens", "person_roles", "outbox", "audit_events", "invitations", "messages"} {
		var n int64
		err := d.Read(ctx, func(ctx context.Context) error {
			return db.Rows(ctx, &n, "SELECT count(*) FROM "+name+" WHERE tenant_id = @tenant")
		})
		if err != nil {
			t.Fatal(err)
		}
		counts[name] = n
	}
	return counts
}

const head = "employee_number,given_name,family_name,work_email,start_date,manager_employee_number,roles\n"

func TestAPoisonRowNeverStopsTheOthers(t *testing.T) {
	b := newBench(t)
	ctx := b.enter(t, "fjord")
	row := b.runBytes(t, ctx, []byte(head+
		"1,Ann,One,ann@fjord.example,2024-01-01,,\n"+
		"2,Bad,Two,not-an-address,2024-01-01,,\n"+
		"1,Twice,Three,three@fjord.example,2024-01-01,,\n"+
		"4,Root,Four,four@fjord.example,2024-01-01,,admin\n"+
		"5,Eve,Five,ann@fjord.example,2024-01-01,,\n"+
		"6,Kim,Six,six@fjord.example,2024-01-01,999,\n"))
	if row.Created != 2 || row.State != roster.Done {
		t.Errorf("%+v", row)
	}
	got := map[int64]string{}
	for _, l := range b.problems(t, ctx, row.ID) {
		got[l.Number] = l.Problems[0].Code
	}
	for line, code := range map[int64]string{4: "roster.number_twice", 5: "people.admin_by_file", 6: "roster.address_twice"} {
		if got[line] != code {
			t.Errorf("line %d: %q, want %q", line, got[line], code)
		}
	}
	if got[3] == "" {
		t.Error("the bad address is not told")
	}
}

func TestAnotherTenantSeesNoImport(t *testing.T) {
	b := newBench(t)
	ctx, other := b.enter(t, "havn"), b.enter(t, "fjord")
	row := b.run(t, ctx, "havn/new-hires.csv")
	if _, err := b.s.Find(other, row.ID); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("found: %v", err)
	}
	if err := b.s.Confirm(other, row.ID, nil, nil); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("confirmed: %v", err)
	}
	if err := b.s.Drop(other, row.ID); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("dropped: %v", err)
	}
	if lines, err := b.s.Lines(other, row.ID, []people.Action{people.Refuse}, 0, 10); len(lines) != 0 || err != nil {
		t.Errorf("lines: %v %v", lines, err)
	}
}

func TestTwoClicksApplyOnce(t *testing.T) {
	b := newBench(t)
	ctx := b.enter(t, "havn")
	body, _ := tenants.FS.ReadFile("havn/new-hires.csv")
	row, err := b.s.Run(ctx, "x.csv", bytes.NewReader(body), true, func(roster.Import) {})
	if err != nil || row.State != roster.Preview {
		t.Fatalf("%+v %v", row, err)
	}
	for range 2 {
		if err := b.s.Confirm(ctx, row.ID, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error, 2)
	for range 2 {
		go func() { done <- b.s.Apply(ctx, row.ID, func(roster.Import) {}) }()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := tables(t, b.d, ctx)["persons"]; n != 11 {
		t.Errorf("%d people", n)
	}
	if n := tables(t, b.d, ctx)["outbox"]; n != 2 { // confirmed (not worked here) and committed
		t.Errorf("%d outbox rows", n)
	}
}

func TestAnUnreadableFileIsToldAndLeavesNothing(t *testing.T) {
	b := newBench(t)
	ctx := b.enter(t, "havn")
	row := b.runBytes(t, ctx, []byte("%PDF-1.7 not a staff file"))
	if row.State != roster.Failed || row.Error == "" {
		t.Errorf("%+v", row)
	}
}

func TestTheDemonstrationsFilesHoldNoOtherFlaw(t *testing.T) {
	b := newBench(t)
	for _, slug := range []string{"havn", "nordlys", "askvik", "skog", "fjord"} {
		ctx := b.enter(t, slug)
		if staff := b.run(t, ctx, slug+"/staff.csv"); staff.Problems != 0 {
			t.Errorf("%s/staff.csv has %d problems", slug, staff.Problems)
		}
		if hires := b.run(t, ctx, slug+"/new-hires.csv"); hires.Problems != 1 {
			t.Errorf("%s/new-hires.csv has %d problems", slug, hires.Problems)
		}
	}
}
