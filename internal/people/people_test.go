package people_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// house is a tenant with one legal employer.
func house(t *testing.T, d *db.DB, slug string) context.Context {
	t.Helper()
	ctx, _ := dbtest.Tenant(t, d, slug)
	err := d.Tx(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, "INSERT INTO legal_employers (tenant_id, id, key, name) VALUES (@tenant, @id, 'main', 'Main')", sqlNamed("id", uuid.Must(uuid.NewV7())))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

func apply(t *testing.T, d *db.DB, ctx context.Context, records ...people.Record) people.Outcome {
	t.Helper()
	var out people.Outcome
	ctx = tenant.With(ctx, &tenant.Tenant{Zone: time.UTC, Alumni: tenant.Defaults().Alumni})
	err := d.Tx(ctx, func(ctx context.Context) (err error) {
		start := db.Now(ctx)
		if out, err = people.Apply(ctx, records, 2); err != nil {
			return err
		}
		return people.ResolveManagers(ctx, start)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func actions(out people.Outcome) (list []people.Action) {
	for _, v := range out.Verdicts {
		list = append(list, v.Action)
	}
	return list
}

func anna() people.Record {
	return people.Record{
		LegalEmployer: "main", EmployeeNumber: "1001", GivenName: "Anna", FamilyName: "Ås", WorkEmail: "Anna@havn.example", WorkEmailKey: "anna@havn.example",
		JobTitle: "Butikschef", OrgUnit: "Nord > Aarhus", Start: "2024-01-01", Language: "da",
	}
}

func bo() people.Record {
	return people.Record{
		LegalEmployer: "main", EmployeeNumber: "1002", GivenName: "Bo", FamilyName: "Berg", WorkEmail: "bo@havn.example", WorkEmailKey: "bo@havn.example",
		Manager: "1001", Start: "2024-02-01",
	}
}

func TestTheSameRecordsTwiceChangeNothing(t *testing.T) {
	d, now := dbtest.New(t)
	ctx := house(t, d, "alfa")
	first := apply(t, d, ctx, anna(), bo())
	if diff := cmp.Diff([]people.Action{people.Create, people.Create}, actions(first)); diff != "" {
		t.Fatal(diff)
	}
	now.Move(1e9)
	second := apply(t, d, ctx, anna(), bo())
	if diff := cmp.Diff([]people.Action{people.Same, people.Same}, actions(second)); diff != "" {
		t.Error(diff)
	}
	if len(second.People) != 0 {
		t.Errorf("made %v", second.People)
	}
}

func TestManagersAreFoundByNumberInAnyOrder(t *testing.T) {
	d, now := dbtest.New(t)
	ctx := house(t, d, "alfa")
	out := apply(t, d, ctx, bo(), anna())
	err := d.Read(ctx, func(ctx context.Context) error {
		o, err := people.View(ctx, out.People[0], now.Now(), mustTenant(t))
		if err != nil {
			return err
		}
		if o.Jobs[0].Manager != "Anna Ås" {
			t.Errorf("manager is %q", o.Jobs[0].Manager)
		}
		boss, err := people.View(ctx, out.People[1], now.Now(), mustTenant(t))
		if diff := cmp.Diff([]string{"employee", "manager"}, boss.Roles); diff != "" {
			t.Error(diff)
		}
		if boss.Jobs[0].Unit.Path != "Nord > Aarhus" {
			t.Errorf("unit is %q", boss.Jobs[0].Unit.Path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatARecordDoes(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	with := func(r people.Record, change func(*people.Record)) people.Record { change(&r); return r }
	cases := map[string]struct {
		record people.Record
		want   people.Action
		code   string
	}{
		"a new title is a change":                     {with(anna(), func(r *people.Record) { r.JobTitle = "Regionschef" }), people.Change, ""},
		"an end date is a change":                     {with(anna(), func(r *people.Record) { r.End = "2026-12-31" }), people.Change, ""},
		"a silent column changes nothing":             {with(anna(), func(r *people.Record) { r.JobTitle, r.Silent = "", []string{"job_title"} }), people.Same, ""},
		"an empty address takes nothing away":         {with(anna(), func(r *people.Record) { r.WorkEmail, r.WorkEmailKey = "", "" }), people.Same, ""},
		"somebody else's address is refused":          {with(bo(), func(r *people.Record) { r.WorkEmail, r.WorkEmailKey = "Anna@havn.example", "anna@havn.example" }), people.Refuse, "people.address_taken"},
		"an unknown employer is refused":              {with(anna(), func(r *people.Record) { r.LegalEmployer = "nope" }), people.Refuse, "people.employer_unknown"},
		"an administrator never comes by file":        {with(anna(), func(r *people.Record) { r.Roles = []string{"admin"} }), people.Refuse, "people.admin_by_file"},
		"the same name and address is only proposed":  {with(anna(), func(r *people.Record) { r.EmployeeNumber = "9001" }), people.Propose, ""},
		"a confirmed proposal is a second employment": {with(anna(), func(r *people.Record) { r.EmployeeNumber, r.Same = "9001", true }), people.Create, ""},
		"a new start after the end is a rehire":       {with(bo(), func(r *people.Record) { r.Start = "2026-06-01" }), people.Rehire, ""},
		"a national number of another is refused":     {with(anna(), func(r *people.Record) { r.NationalKey = []byte("another-key-another-key-another-k") }), people.Refuse, "people.number_of_another"},
	}
	d, _ := dbtest.New(t)
	ctx := house(t, d, "alfa")
	first := anna()
	first.NationalKey = key
	ended := bo()
	ended.End = "2025-12-31"
	apply(t, d, ctx, first, ended)
	other := house(t, d, "beta")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			v := judge(t, d, ctx, c.record)
			if v.Action != c.want {
				t.Fatalf("got %s %v, want %s", v.Action, v.Problems, c.want)
			}
			if c.code != "" && (len(v.Problems) != 1 || v.Problems[0].Code != c.code) {
				t.Errorf("problems %v", v.Problems)
			}
		})
	}
	t.Run("another tenant knows nobody", func(t *testing.T) {
		if v := judge(t, d, other, anna()); v.Action != people.Create {
			t.Errorf("got %s", v.Action)
		}
		err := d.Read(other, func(ctx context.Context) error {
			n, err := people.Count(ctx)
			if n != 0 {
				t.Errorf("counts %d", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func judge(t *testing.T, d *db.DB, ctx context.Context, r people.Record) people.Verdict {
	t.Helper()
	var list []people.Verdict
	err := d.Read(ctx, func(ctx context.Context) (err error) { list, err = people.Judge(ctx, []people.Record{r}, 2); return })
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func TestOnePersonTwoEmploymentsByNationalNumber(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := house(t, d, "alfa")
	a, b := anna(), anna()
	a.NationalKey, b.NationalKey = []byte("k"), []byte("k")
	b.EmployeeNumber, b.WorkEmail, b.WorkEmailKey = "2001", "", ""
	out := apply(t, d, ctx, a, b)
	if len(out.People) != 2 || out.People[0] != out.People[1] {
		t.Errorf("people %v", out.People)
	}
}

func TestSearchFindsByAnyWordsBeginning(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := house(t, d, "alfa")
	other := house(t, d, "beta")
	apply(t, d, ctx, anna(), bo())
	for text, want := range map[string]int{"": 2, "ann": 1, "as": 1, "Ås": 1, "BER": 1, "1002": 1, "anna berg": 0, "x": 0} {
		for _, q := range []struct {
			ctx  context.Context
			want int
		}{{ctx, want}, {other, 0}} {
			err := d.Read(q.ctx, func(ctx context.Context) error {
				page, _, err := people.List(ctx, people.Query{Text: text, Today: "2026-11-22"})
				if len(page) != q.want {
					t.Errorf("%q finds %d, want %d", text, len(page), q.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func mustTenant(t *testing.T) *tenant.Tenant {
	t.Helper()
	d := tenant.Defaults()
	return &d
}
