package authz

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/fault"
)

// roles are all there are; a role named in the policy and not here is a slip.
func roles() []string {
	return []string{RoleEmployee, RoleManager, RoleHR, RoleAdmin, RoleAuditor, RoleAlumnus, RoleOperator, RoleSupport}
}

var update = flag.Bool("update", false, "write the golden files anew")

// TestWhoMayWhat asks for every role, object and act; whatever is not in
// testdata/matrix.golden is a no. Whoever opens a door changes that list too.
func TestWhoMayWhat(t *testing.T) {
	p := policy(t)
	var yes []string
	objects, acts := words(t)
	for _, role := range roles() {
		for _, object := range objects {
			for _, act := range acts {
				if rel := p.May(Actor{Kind: Person, Roles: []string{role}}, object, act); rel != None {
					yes = append(yes, fmt.Sprintf("%s %s %s %s", role, object, act, rel))
				}
			}
		}
	}
	golden(t, "matrix.golden", yes)
}

// TestWhoMayNotWhat lists the closed doors by name: for everything that anybody
// may do, the roles that may not, and those that may not beyond their own.
func TestWhoMayNotWhat(t *testing.T) {
	p := policy(t)
	var no []string
	for _, door := range doors(t) {
		for _, role := range roles() {
			for _, least := range []Relation{Own, Chain, Unit, Any} {
				err := p.Require(Actor{Kind: Person, Roles: []string{role}}, door[0], door[1], least)
				if fault.KindOf(err) == fault.Forbidden {
					no = append(no, strings.TrimSuffix(fmt.Sprintf("%s %s %s beyond %s", door[0], door[1], role, p.May(Actor{Roles: []string{role}}, door[0], door[1])), " beyond "))
					break
				}
			}
		}
	}
	golden(t, "denied.golden", no)
}

// doors are the pairs of object and act that the policy opens to anybody.
func doors(t *testing.T) (list [][2]string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(policyCSV), "\n") {
		f := strings.Split(strings.ReplaceAll(line, " ", ""), ",")
		if door := [2]string{f[2], f[3]}; !slices.Contains(list, door) {
			list = append(list, door)
		}
	}
	return list
}

func policy(t *testing.T) *Policy {
	t.Helper()
	p, err := LoadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// golden compares lines with a reviewed list.
func golden(t *testing.T, name string, lines []string) {
	t.Helper()
	slices.Sort(lines)
	if *update {
		if err := os.WriteFile("testdata/"+name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	body, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(body)), "\n"), lines); diff != "" {
		t.Errorf("the policy opens other doors than reviewed; read them, then run go test ./internal/authz -update\n%s", diff)
	}
}

// words are all objects and acts of the policy's lines, which must have
// known roles and relations.
func words(t *testing.T) (objects, acts []string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(policyCSV), "\n") {
		f := strings.Split(strings.ReplaceAll(line, " ", ""), ",")
		if len(f) != 6 || f[0] != "p" || !slices.Contains(roles(), f[1]) || width(Relation(f[4])) == 0 || (f[5] != "allow" && f[5] != "deny") {
			t.Errorf("the policy's line %q is not sound", line)
			continue
		}
		objects, acts = append(objects, f[2]), append(acts, f[3])
	}
	slices.Sort(objects)
	slices.Sort(acts)
	return slices.Compact(objects), slices.Compact(acts)
}

func TestNobodyIsAllowedAnythingUnnamed(t *testing.T) {
	p := policy(t)
	objects, acts := words(t)
	for name, a := range map[string]Actor{
		"a visitor":                          {Kind: Nobody},
		"a person without roles":             {Kind: Person, PersonID: uuid.New()},
		"a role that is not known":           {Kind: Person, Roles: []string{"root"}},
		"a role written otherwise":           {Kind: Person, Roles: []string{"Admin", "admin ", "ADMIN", "p", "*", "", ".*"}},
		"a role that is a policy expression": {Kind: Person, Roles: []string{`admin" || "1"=="1`}},
	} {
		for _, object := range append(objects, "", "*", "unknown") {
			for _, act := range append(acts, "", "*", "unknown") {
				if rel := p.May(a, object, act); rel != None {
					t.Errorf("%s may %s %s (%s)", name, act, object, rel)
				}
				if err := p.Require(a, object, act, Own); fault.KindOf(err) != fault.Forbidden {
					t.Errorf("%s, %s %s: %v", name, act, object, err)
				}
			}
		}
	}
	admin := Actor{Kind: Person, Roles: []string{RoleAdmin}}
	if err := p.Require(admin, "people", "read", None); err == nil {
		t.Error("asking for no relation is a yes")
	}
}

func TestTheWidestRelationOfAllRolesCounts(t *testing.T) {
	p, err := parsePolicy("p, employee, thing, read, own, allow\np, manager, thing, read, chain, allow\np, hr, thing, read, any, allow")
	if err != nil {
		t.Fatal(err)
	}
	for want, list := range map[Relation][]string{
		Own: {RoleEmployee}, Chain: {RoleEmployee, RoleManager}, Any: {RoleHR, RoleEmployee, RoleManager}, None: {RoleAuditor},
	} {
		a := Actor{Kind: Person, Roles: list}
		if got := p.May(a, "thing", "read"); got != want {
			t.Errorf("%v: %q, want %q", list, got, want)
		}
		for _, least := range []Relation{Own, Chain, Unit, Any} {
			if ok := p.Require(a, "thing", "read", least) == nil; ok != (width(want) >= width(least)) {
				t.Errorf("%v has %q; required %q: %t", list, want, least, ok)
			}
		}
	}
}

func TestADenyWins(t *testing.T) {
	p, err := parsePolicy("p, hr, thing, read, any, allow\np, hr, thing, read, any, deny")
	if err != nil {
		t.Fatal(err)
	}
	if rel := p.May(Actor{Roles: []string{RoleHR}}, "thing", "read"); rel != None {
		t.Errorf("got %q", rel)
	}
}

func TestABrokenPolicyDoesNotLoad(t *testing.T) {
	for name, text := range map[string]string{
		"an empty one":     "",
		"a short line":     "p, hr, thing, read, any",
		"an open quote":    `p, hr, "thing, read, any, allow`,
		"a line of spaces": "   ",
	} {
		if _, err := parsePolicy(text); err == nil {
			t.Errorf("%s loads", name)
		}
	}
}

func TestAnActorIsNobodyUntilSomebodySaysSo(t *testing.T) {
	if a := From(t.Context()); a.Kind != Nobody || a.Signed() {
		t.Errorf("%+v", a)
	}
	session := Actor{Kind: Person, SessionID: uuid.New(), Roles: []string{RoleHR}}
	if a := From(With(t.Context(), session)); !a.Signed() || !a.Has(RoleHR) || a.Has(RoleAdmin) {
		t.Errorf("%+v", a)
	}
	for _, a := range []Actor{{Kind: Person}, {Kind: System, SessionID: uuid.New()}, {Kind: Command, SessionID: uuid.New()}, {SessionID: uuid.New()}} {
		if a.Signed() {
			t.Errorf("%+v counts as signed in", a)
		}
	}
}
