package app_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// A package-level variable is a constant that Go cannot express: a sentinel
// error, a compiled pattern, a table, an embedded file, a value made once. Two
// products in one process, as in the tests, would otherwise share state that
// neither set.

func TestNothingHappensWhenAPackageIsLoaded(t *testing.T) {
	for _, f := range source(t) {
		for _, decl := range f.AST.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function: call it from where it is needed", f.Path)
			}
		}
	}
}

func TestPackageVariablesNeverChange(t *testing.T) {
	byFolder := map[string][]sourceFile{}
	for _, f := range source(t) {
		if !forTests(short(f.Package)) {
			byFolder[f.Package] = append(byFolder[f.Package], f)
		}
	}
	for _, files := range byFolder {
		vars := map[string]bool{}
		for _, f := range files {
			for _, name := range declared(t, f) {
				vars[name] = true
			}
		}
		for _, f := range files {
			for _, name := range changed(f.AST, vars) {
				t.Errorf("%s changes the package variable %s: make it a field", f.Path, name)
			}
		}
	}
}

// declared are a file's package-level variables; one of a type that is made to
// change fails at once.
func declared(t *testing.T, f sourceFile) (names []string) {
	t.Helper()
	for _, decl := range f.AST.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			v := spec.(*ast.ValueSpec)
			for _, name := range v.Names {
				if name.Name == "_" {
					continue
				}
				names = append(names, name.Name)
				if kind := changeable(v); kind != "" {
					t.Errorf("%s: the package variable %s is a %s, which exists to change: make it a field", f.Path, name.Name, kind)
				}
			}
		}
	}
	return names
}

// changeable names what makes a variable's type one that changes; empty for a
// value. embed.FS is the one struct type without a value.
func changeable(v *ast.ValueSpec) string {
	found := ""
	look := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				full := id.Name + "." + n.Sel.Name
				once := strings.HasPrefix(full, "sync.OnceValue") || full == "sync.OnceFunc"
				if (id.Name == "sync" || id.Name == "atomic") && !once {
					found = full
				}
			}
		case *ast.ChanType:
			found = "channel"
		case *ast.MapType:
			found = "map"
		}
		return found == ""
	}
	if v.Type != nil {
		ast.Inspect(v.Type, look)
		if found == "" && len(v.Values) == 0 && !embedded(v.Type) {
			found = "variable without a value"
		}
	}
	for _, value := range v.Values {
		ast.Inspect(value, look)
	}
	return found
}

// embedded tells whether go:embed may fill a variable of the type.
func embedded(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.Sel.Name == "FS"
	case *ast.Ident:
		return e.Name == "string"
	case *ast.ArrayType:
		id, ok := e.Elt.(*ast.Ident)
		return ok && id.Name == "byte"
	}
	return false
}

// changed are the package variables that a file assigns to, counts up or
// deletes from. A local variable of the same name is none.
func changed(file *ast.File, vars map[string]bool) (list []string) {
	hit := func(e ast.Expr) {
		if id := base(e); id != nil && vars[id.Name] && !local(file, id) {
			list = append(list, id.Name)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, left := range n.Lhs {
					hit(left)
				}
			}
		case *ast.IncDecStmt:
			hit(n.X)
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear") && len(n.Args) > 0 {
				hit(n.Args[0])
			}
		}
		return true
	})
	return list
}

// base is the variable at the left of x.f[i].g.
func base(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// local tells whether the parser bound the name inside a function of the file;
// a package variable is bound at the file's top or, from another file, not.
func local(file *ast.File, id *ast.Ident) bool {
	return id.Obj != nil && file.Scope.Lookup(id.Name) != id.Obj
}
