package tenancy_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/tenants"
)

const base = "people.example:8443"

// spec is a tenant's file: the given lines, and what every file must say.
func spec(t *testing.T, slug, yaml string) *tenant.Spec {
	t.Helper()
	for key, line := range map[string]string{
		"languages": "[en]", "time_zone": "Europe/Copenhagen", "legal_employers": "[{key: a1, name: Alfa AS, country: \"NO\"}]",
	} {
		if !strings.Contains(yaml, key+":") {
			yaml += key + ": " + line + "\n"
		}
	}
	s, problems := tenant.Parse(slug, []byte(yaml), nil)
	if len(problems) > 0 {
		t.Fatal(tenant.Problems(problems))
	}
	return s
}

func directory(t *testing.T) (*tenancy.Directory, *db.DB, *clock.Fake) {
	t.Helper()
	d, now := dbtest.New(t)
	return tenancy.New(d, base), d, now
}

func apply(t *testing.T, dir *tenancy.Directory, s *tenant.Spec) (what []string) {
	t.Helper()
	changes, err := dir.Apply(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return words(changes)
}

func words(changes []tenancy.Change) (list []string) {
	for _, c := range changes {
		list = append(list, c.What+" "+c.Section)
	}
	return list
}

func TestEveryShippedTenantAppliesOnceAndThenNothingChanges(t *testing.T) {
	dir, _, now := directory(t)
	for _, slug := range []string{"nordlys", "askvik", "havn", "skog", "fjord"} {
		s, err := tenant.ParseFile(tenants.FS, slug)
		if err != nil {
			t.Fatal(err)
		}
		if first := apply(t, dir, s); len(first) == 0 || first[0] != "create tenant" {
			t.Errorf("%s: %v", slug, first)
		}
		before, err := dir.BySlug(context.Background(), slug)
		if err != nil {
			t.Fatal(err)
		}
		now.Move(time.Minute)
		if again := apply(t, dir, s); len(again) != 0 {
			t.Errorf("%s a second time: %v", slug, again)
		}
		after, err := dir.BySlug(context.Background(), slug)
		if err != nil || after.Version != before.Version {
			t.Errorf("%s: version %d, then %d, %v", slug, before.Version, after.Version, err)
		}
		want := s.Tenant
		if after.Name != s.Name || !cmp.Equal(after.Password, want.Password) || !slices.Equal(after.Languages, want.Languages) || after.Zone.String() != want.Zone.String() {
			t.Errorf("%s does not come back as it was written", slug)
		}
	}
	list, err := dir.All(context.Background())
	if err != nil || len(list) != 5 || list[0].Slug != "askvik" {
		t.Errorf("%d tenants, %v", len(list), err)
	}
}

func TestAPlanTellsAndChangesNothing(t *testing.T) {
	dir, _, _ := directory(t)
	s := spec(t, "alfa", "name: Alfa\nlanguages: [en]\n")
	plan := func() []string {
		t.Helper()
		changes, err := dir.Plan(context.Background(), s)
		if err != nil {
			t.Fatal(err)
		}
		return words(changes)
	}
	want := []string{"create tenant", "set languages", "set legal_employers", "set time_zone"}
	if got := plan(); !slices.Equal(got, want) {
		t.Errorf("plans %v", got)
	}
	if _, err := dir.BySlug(context.Background(), "alfa"); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("the plan made it: %v", err)
	}
	if got := apply(t, dir, s); !slices.Equal(got, want) {
		t.Errorf("applies %v", got)
	}
	s = spec(t, "alfa", "name: Alfa\nlanguages: [da]\nreset: {mode: code}\n")
	want = []string{"change languages", "set reset"}
	if got := plan(); !slices.Equal(got, want) {
		t.Errorf("plans %v", got)
	}
	if got := apply(t, dir, s); !slices.Equal(got, want) {
		t.Errorf("applies %v", got)
	}
	if got := plan(); len(got) != 0 {
		t.Errorf("plans %v", got)
	}
	s = spec(t, "alfa", "name: Alfa\nlanguages: [da]\n")
	if got := apply(t, dir, s); !slices.Equal(got, []string{"remove reset"}) {
		t.Errorf("applies %v", got)
	}
}

func TestANewNameIsAChange(t *testing.T) {
	dir, _, now := directory(t)
	apply(t, dir, spec(t, "alfa", "name: Alfa\n"))
	apply(t, dir, spec(t, "alfa", "name: Alfa Group\n"))
	now.Move(4 * time.Second)
	got, err := dir.BySlug(context.Background(), "alfa")
	if err != nil || got.Name != "Alfa Group" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestHostsLeadToTheirTenantAndNoFurther(t *testing.T) {
	dir, _, _ := directory(t)
	apply(t, dir, spec(t, "alfa", "name: Alfa\nhosts: [hr.alfa.example]\n"))
	apply(t, dir, spec(t, "beta", "name: Beta\n"))
	for host, want := range map[string]string{
		"alfa.people.example:8443": "alfa", "alumni.alfa.people.example:8443": "alfa alumni", "beta.people.example:8443": "beta",
		"hr.alfa.example": "alfa", "alumni.hr.alfa.example": "alfa alumni",
		"alfa.people.example": "", "people.example:8443": "", "alfa.evil.test": "", "": "", "alumni.people.example:8443": "",
		"x.alfa.people.example:8443": "", "alfa.people.example:8443.": "", "%": "", "alfa": "",
	} {
		h, ok, err := dir.Find(context.Background(), host)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if ok {
			got = h.Tenant.Slug
			if h.Alumni {
				got += " alumni"
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", host, got, want)
		}
	}
	alfa, err := dir.BySlug(context.Background(), "alfa")
	if err != nil {
		t.Fatal(err)
	}
	if got := []string{dir.HostOf(alfa), dir.AlumniHostOf(alfa)}; !slices.Equal(got, []string{"hr.alfa.example", "alumni.hr.alfa.example"}) {
		t.Errorf("its own hosts are %v", got)
	}
	beta, err := dir.BySlug(context.Background(), "beta")
	if err != nil {
		t.Fatal(err)
	}
	if got := []string{dir.HostOf(beta), dir.AlumniHostOf(beta)}; !slices.Equal(got, []string{"beta.people.example:8443", "alumni.beta.people.example:8443"}) {
		t.Errorf("its own hosts are %v", got)
	}
}

// Whoever writes another employer's host into a file takes nobody over, and
// what that file changed otherwise does not stay half done.
func TestAHostCannotBeTakenFromAnotherTenant(t *testing.T) {
	dir, _, now := directory(t)
	apply(t, dir, spec(t, "alfa", "name: Alfa\nhosts: [hr.alfa.example]\n"))
	apply(t, dir, spec(t, "beta", "name: Beta\n"))
	if _, err := dir.Apply(context.Background(), spec(t, "beta", "name: Beta\nhosts: [hr.alfa.example]\n")); !errors.Is(err, db.ErrDuplicate) {
		t.Errorf("got %v", err)
	}
	now.Move(time.Minute)
	for host, want := range map[string]string{"hr.alfa.example": "alfa", "beta.people.example:8443": "beta"} {
		if h, ok, err := dir.Find(context.Background(), host); err != nil || !ok || h.Tenant.Slug != want {
			t.Errorf("%s: %+v %t %v", host, h, ok, err)
		}
	}
	beta, err := dir.BySlug(context.Background(), "beta")
	if err != nil || len(beta.Hosts) != 0 {
		t.Errorf("beta runs by %v, %v", beta.Hosts, err)
	}
}

func TestASuspendedTenantIsGoneWithinFiveSeconds(t *testing.T) {
	dir, d, now := directory(t)
	replica := tenancy.New(d, base)
	apply(t, dir, spec(t, "alfa", "name: Alfa\n"))
	open := func(want bool) {
		t.Helper()
		_, ok, err := replica.Find(context.Background(), "alfa.people.example:8443")
		if err != nil || ok != want {
			t.Errorf("open %t, want %t, %v", ok, want, err)
		}
	}
	open(true)
	if err := dir.SetStatus(context.Background(), "alfa", "suspended"); err != nil {
		t.Fatal(err)
	}
	now.Move(5 * time.Second)
	open(false)
	if err := dir.SetStatus(context.Background(), "alfa", "active"); err != nil {
		t.Fatal(err)
	}
	now.Move(5 * time.Second)
	open(true)
	if err := dir.SetStatus(context.Background(), "gone", "active"); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if err := dir.SetStatus(context.Background(), "alfa", "deleted"); err == nil {
		t.Error("a status that does not exist went in")
	}
}

func TestEveryReplicaObeysAChangeWithinFiveSeconds(t *testing.T) {
	dir, d, now := directory(t)
	replica := tenancy.New(d, base)
	apply(t, dir, spec(t, "alfa", "name: Alfa\nlanguages: [en]\n"))
	before, err := replica.BySlug(context.Background(), "alfa")
	if err != nil {
		t.Fatal(err)
	}
	apply(t, dir, spec(t, "alfa", "name: Alfa\nlanguages: [da]\n"))
	now.Move(5 * time.Second)
	after, err := replica.Tenant(context.Background(), before.ID)
	if err != nil || after.Languages[0] != "da" || after.Version <= before.Version {
		t.Errorf("%v %d, %v", after.Languages, after.Version, err)
	}
	if before.Languages[0] != "en" {
		t.Error("a tenant in use changed under its user")
	}
}

func TestALegalEmployerKeepsItsPeopleWhenItsNameChanges(t *testing.T) {
	dir, d, _ := directory(t)
	const file = "name: Alfa\nlegal_employers:\n  - key: a1\n    name: %s\n    country: \"NO\"\n"
	employers := func() (list []string) {
		t.Helper()
		alfa, err := dir.BySlug(context.Background(), "alfa")
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(db.WithTenant(context.Background(), alfa.ID), func(ctx context.Context) error {
			var rows []struct{ ID, Key, Name string }
			err := db.Rows(ctx, &rows, "SELECT id, key, name FROM legal_employers WHERE tenant_id = @tenant")
			for _, r := range rows {
				list = append(list, r.ID+" "+r.Key+" "+r.Name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	apply(t, dir, spec(t, "alfa", fmt.Sprintf(file, "Alfa AS")))
	before := employers()
	apply(t, dir, spec(t, "alfa", fmt.Sprintf(file, "Alfa Holding AS")))
	after := employers()
	if len(before) != 1 || len(after) != 1 || before[0][:36] != after[0][:36] || after[0][36:] != " a1 Alfa Holding AS" {
		t.Errorf("%v, then %v", before, after)
	}
}

func TestTwoOperatorsMayApplyAtOnce(t *testing.T) {
	dir, d, _ := directory(t)
	other := tenancy.New(d, base)
	s := spec(t, "alfa", "name: Alfa\nlanguages: [en, da]\n")
	var wait sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		who := dir
		if i%2 == 1 {
			who = other
		}
		wait.Go(func() { _, errs[i] = who.Apply(context.Background(), s) })
	}
	wait.Wait()
	worked := 0
	for _, err := range errs {
		switch {
		case err == nil:
			worked++
		case !errors.Is(err, db.ErrDuplicate):
			t.Error(err)
		}
	}
	list, err := dir.All(context.Background())
	if worked == 0 || err != nil || len(list) != 1 {
		t.Errorf("%d worked; %d tenants, %v", worked, len(list), err)
	}
	if got := apply(t, dir, s); len(got) != 0 {
		t.Errorf("and left %v to do", got)
	}
}

func TestOneTenantsValuesAreNotAnothers(t *testing.T) {
	dir, _, _ := directory(t)
	apply(t, dir, spec(t, "alfa", "name: Alfa\nlanguages: [da]\n"))
	apply(t, dir, spec(t, "beta", "name: Beta\nlanguages: [en]\n"))
	for slug, want := range map[string]string{"alfa": "da", "beta": "en"} {
		got, err := dir.BySlug(context.Background(), slug)
		if err != nil || got.Languages[0] != want {
			t.Errorf("%s speaks %v, %v", slug, got.Languages, err)
		}
		ctx, err := dir.EnterID(context.Background(), got.ID)
		if err != nil {
			t.Fatal(err)
		}
		if id, ok := db.TenantID(ctx); !ok || id != got.ID || tenant.MustFrom(ctx).Slug != slug {
			t.Errorf("entering %s leads elsewhere", slug)
		}
	}
	if _, err := dir.EnterID(context.Background(), uuid.New()); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("nobody's id: %v", err)
	}
}
