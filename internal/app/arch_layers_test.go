package app_test

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// Inside a package a layer is a file name: whoever looks for a query opens
// store.go, whoever looks for a page opens pages.go.

// surface are the files that may speak HTTP, by the beginning of their name.
const surface = "routes pages admin manager api forms"

// steps are the further surface files of a package, named after the step of the
// flow that they answer.
func steps() map[string]string {
	return map[string]string{"signin": "identifier dispatch password next"}
}

// wholly are the packages that are nothing but pages or the request path.
const wholly = "httpkit app cmd/tilgang console help practice profile"

func TestOnlyStoresSpeakToTheDatabase(t *testing.T) {
	for _, f := range source(t) {
		if f.Package == "internal/db" || strings.HasPrefix(f.Name, "store") || forTests(short(f.Package)) {
			continue
		}
		for _, imported := range f.Imports {
			if strings.HasPrefix(imported, "gorm.io/") || imported == "database/sql" || strings.HasPrefix(imported, "github.com/jackc/pgx") {
				t.Errorf("%s imports %s: a query belongs into store.go", f.Path, imported)
			}
		}
		for _, name := range []string{"From", "Rows", "Exec", "SharedRows", "SharedExec"} {
			if uses(f.AST, "db", name) {
				t.Errorf("%s calls db.%s: a query belongs into store.go", f.Path, name)
			}
		}
	}
}

func TestOnlySurfacesSpeakHTTP(t *testing.T) {
	for _, f := range source(t) {
		own := short(f.Package)
		if slices.Contains(strings.Fields(wholly), own) || forTests(own) || speaksHTTP(own, f.Name) {
			continue
		}
		for _, imported := range f.Imports {
			switch {
			case imported == module+"internal/httpkit", strings.HasPrefix(imported, "github.com/gofiber/"), strings.HasPrefix(imported, "github.com/valyala/fasthttp"):
				t.Errorf("%s imports %s: only files named %s… do; a use case knows no request", f.Path, imported, strings.ReplaceAll(surface, " ", "… "))
			case imported == "net/http" && own != "obs" && own != "captcha/siteverify" && own != "federation/relying": // obs gives Prometheus' own handler, the others ask others
				t.Errorf("%s imports net/http", f.Path)
			}
		}
	}
}

func speaksHTTP(own, file string) bool {
	word := strings.TrimSuffix(file, path.Ext(file))
	first, _, _ := strings.Cut(word, "_")
	return slices.Contains(strings.Fields(surface), first) || slices.Contains(strings.Fields(steps()[own]), first)
}

// uses tells whether a file names package.name.
func uses(file *ast.File, pkg, name string) (found bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == name {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == pkg && id.Obj == nil {
				found = true
			}
		}
		return !found
	})
	return found
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	said := map[string]bool{}
	for _, f := range source(t) {
		if f.AST.Doc != nil && len(f.AST.Doc.Text()) > 20 {
			said[f.Package] = true
		} else if !said[f.Package] {
			said[f.Package] = false
		}
	}
	for folder, ok := range said {
		if !ok {
			t.Errorf("%s has no package comment: a doc.go says what it is, who may, and what always holds", folder)
		}
	}
}

func TestNamesThatSayNothingAreNotUsed(t *testing.T) {
	for _, f := range source(t) {
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "model", "models", "types", "misc"}, path.Base(f.Package)) {
			t.Errorf("%s: the package's name does not say what it is for", f.Path)
		}
	}
}
