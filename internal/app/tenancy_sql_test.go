package app_test

import (
	"go/ast"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Hand-written SQL passes the plugin when it names @tenant once. On SQLite there
// is no second belt, so each table that a statement touches must be held to the
// tenant, not only the first.

var (
	sqlStart = regexp.MustCompile(`^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b`)
	sqlTable = regexp.MustCompile(`\b(?:FROM|JOIN|UPDATE|INTO)\s+([a-z_]+)\b`)
)

func TestHandWrittenSQLHoldsEveryTableToItsTenant(t *testing.T) {
	tables := newEstate(t).tables
	seen := 0
	for _, f := range source(t) {
		// The outbox is the relay's, which looks across tenants on purpose.
		if f.Package == "internal/outbox" || forTests(short(f.Package)) || !strings.HasPrefix(f.Name, "store") {
			continue
		}
		for _, text := range sqlTexts(f.AST) {
			owned := 0
			for _, m := range sqlTable.FindAllStringSubmatch(text, -1) {
				if tables[m[1]].Owned() {
					owned++
				}
			}
			if owned == 0 {
				continue
			}
			seen++
			if named := strings.Count(text, "tenant_id"); named < owned {
				t.Errorf("%s touches %d tables of tenants and names tenant_id %d times:\n%s", f.Path, owned, named, text)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d statements found", seen)
	}
}

// sqlTexts are the statements of a file, those put together with + as one.
func sqlTexts(file *ast.File) (list []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		text, whole := textOf(e)
		if !whole {
			return true
		}
		if sqlStart.MatchString(text) {
			list = append(list, text)
		}
		return false
	})
	return list
}

// textOf is the text of a string or of a sum that begins with one; what is
// added and is no literal counts as nothing.
func textOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, ok := textOf(e.X)
		right, _ := textOf(e.Y)
		return left + right, ok
	}
	return "", false
}

// What reads across tenants is the relay and the directory, and nothing else.
func TestOnlyTheRelayAndTheDirectoryLookAcrossTenants(t *testing.T) {
	for _, f := range source(t) {
		own := short(f.Package)
		if own == "db" || own == "outbox" || own == "tenancy" || forTests(own) {
			continue
		}
		for _, name := range []string{"SharedRows", "SharedExec"} {
			if uses(f.AST, "db", name) {
				t.Errorf("%s calls db.%s: list the tenants, then make a transaction for each", f.Path, name)
			}
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Shared" && len(call.Args) == 2 {
					t.Errorf("%s opens a transaction of no tenant", f.Path)
				}
			}
			return true
		})
	}
}
