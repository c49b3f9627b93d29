package app_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/app"
	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

var update = flag.Bool("update", false, "write the golden files anew")

const routesGolden = "testdata/routes.golden"

// The list stands in the repository so that whoever reviews a change sees each
// new door, and who may go through it, as a line of the difference.
func TestRoutesAreAsReviewed(t *testing.T) {
	got := routeList(app.AllRoutes())
	if *update {
		if err := os.WriteFile(routesGolden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(routesGolden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the routes differ from %s; read who may go through each new door, then run\n\tgo test ./internal/app -run Routes -update\n%s", routesGolden, diff)
	}
}

func routeList(routes []httpkit.Route) string {
	lines := make([]string, len(routes))
	for i, r := range routes {
		lines[i] = routeLine(r)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// routeLine begins with the path, so that the list reads as the product does.
func routeLine(r httpkit.Route) string {
	side := string(r.Side)
	if side == "" {
		side = "tenant"
	}
	line := fmt.Sprintf("%-36s %-5s %-34s %-7s", r.Path, r.Method, r.Gate, side)
	if r.JSON {
		line += " json"
	}
	if r.Upload > 0 {
		line += fmt.Sprintf(" upload=%d", r.Upload)
	}
	if r.Data {
		line += " data"
		if len(r.Classes) > 0 {
			line += "(" + strings.Join(r.Classes, ",") + ")"
		}
	}
	if r.Programs {
		line += " programs"
	}
	if len(r.Many) > 0 {
		line += " repeats=" + strings.Join(r.Many, ",")
	}
	return strings.TrimRight(line, " ")
}

func TestEveryRouteSaysWhoMay(t *testing.T) {
	for _, r := range app.AllRoutes() {
		where := r.Method + " " + r.Path + " (" + r.Where() + ")"
		if r.Handle == nil {
			t.Errorf("%s has no handler", where)
		}
		if !strings.HasPrefix(r.Path, "/") {
			t.Errorf("%s is no path", where)
		}
		if !slices.Contains([]string{"GET", "POST"}, r.Method) {
			t.Errorf("%s: forms know GET and POST only", where)
		}
		if !slices.Contains([]httpkit.Side{"", httpkit.BaseSide, httpkit.EidSide, httpkit.Staff, httpkit.Alumni}, r.Side) {
			t.Errorf("%s is on the side %q, which no host has", where, r.Side)
		}
		switch r.Gate.Kind {
		case "public", "signed_in":
		case "attempt":
			if len(r.Gate.Purposes) == 0 {
				t.Errorf("%s lets in no flow at all", where)
			}
		case "may":
			knownPermission(t, where, r.Gate)
		default:
			t.Errorf("%s has no gate", where)
		}
	}
}

// knownPermission fails for an object or act that no role has: a slip of the
// pen would lock everybody out, and nobody would see a wrong policy.
func knownPermission(t *testing.T, where string, g httpkit.Gate) {
	t.Helper()
	policy, err := authz.LoadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	all := authz.Actor{Kind: authz.Person, Roles: []string{
		authz.RoleEmployee, authz.RoleManager, authz.RoleHR, authz.RoleAdmin, authz.RoleAuditor, authz.RoleAlumnus,
	}}
	if policy.May(all, g.Object, g.Act) == authz.None {
		t.Errorf("%s asks for %s on %s, which the policy gives to nobody", where, g.Act, g.Object)
	}
}

func TestNoTwoRoutesAnswerOneAddress(t *testing.T) {
	seen := map[string]string{}
	for _, r := range app.AllRoutes() {
		for _, side := range sides(r.Side) {
			key := r.Method + " " + r.Path + " on " + side
			if other, twice := seen[key]; twice {
				t.Errorf("%s is answered by %s and by %s", key, other, r.Where())
			}
			seen[key] = r.Where()
		}
	}
}

// The first route that fits an address answers it, so /invite/:token in front
// of /invite/code would take its visitors away.
func TestNoRouteStandsInTheShadowOfAnother(t *testing.T) {
	routes := app.AllRoutes()
	for i, later := range routes {
		for _, earlier := range routes[:i] {
			if earlier.Method == later.Method && earlier.Path != later.Path && meet(earlier.Side, later.Side) && fits(earlier.Path, later.Path) {
				t.Errorf("%s %s (%s) is never reached: %s (%s) stands before it", later.Method, later.Path, later.Where(), earlier.Path, earlier.Where())
			}
		}
	}
}

func meet(a, b httpkit.Side) bool {
	return slices.ContainsFunc(sides(a), func(s string) bool { return slices.Contains(sides(b), s) })
}

// fits tells whether every address of the second pattern fits the first.
func fits(pattern, path string) bool {
	a, b := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !strings.HasPrefix(a[i], ":") {
			return false
		}
	}
	return true
}

func sides(s httpkit.Side) []string {
	if s == "" {
		return []string{string(httpkit.Staff), string(httpkit.Alumni)}
	}
	return []string{string(s)}
}

// The parts of the address that administer are never open, whatever a route's
// author thought.
func TestNoAdminPageIsPublic(t *testing.T) {
	for _, r := range app.AllRoutes() {
		for _, prefix := range []string{"/admin", "/manager", "/api"} {
			if strings.HasPrefix(r.Path, prefix) && r.Gate.Kind != "may" {
				t.Errorf("%s %s is %s: it must ask for a permission", r.Method, r.Path, r.Gate)
			}
		}
		for _, prefix := range []string{"/security", "/profile", "/employment", "/document"} {
			if strings.HasPrefix(r.Path, prefix) && r.Gate.Kind != "signed_in" && r.Gate.Kind != "may" {
				t.Errorf("%s %s is %s: it must ask who it is", r.Method, r.Path, r.Gate)
			}
		}
	}
}

// What people see of themselves answers to those who have left by the class that
// the route names; a class that nobody knows would be open to nobody or all.
func TestOwnDataNamesItsClass(t *testing.T) {
	known := append(tenant.DataClasses(), httpkit.ClassAccount)
	for _, r := range app.AllRoutes() {
		if r.Data && r.Gate.Kind != "may" && len(r.Classes) == 0 {
			t.Errorf("%s %s (%s) shows people their own data: name its class, as ShowsData(tenant.ClassProfile) does", r.Method, r.Path, r.Where())
		}
		for _, class := range r.Classes {
			if !slices.Contains(known, class) {
				t.Errorf("%s %s (%s): the class %q is in no policy", r.Method, r.Path, r.Where(), class)
			}
		}
	}
}

// A page that shows personal data says so: such answers count in the audit and
// must never be public.
func TestPersonalDataIsNeverPublic(t *testing.T) {
	for _, r := range app.AllRoutes() {
		// The start page is one address for visitors and for those signed in.
		if r.Data && r.Gate.Kind == "public" && r.Path != "/" {
			t.Errorf("%s %s shows personal data to everybody", r.Method, r.Path)
		}
	}
}
