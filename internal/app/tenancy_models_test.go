package app_test

import (
	"go/ast"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// model is a struct that gorm reads and writes rows with.
type model struct {
	Path, Name, Table string
	Struct            *ast.StructType
	Shared            bool
}

// models finds every type with a TableName method.
func models(t *testing.T) (list []*model) {
	t.Helper()
	found := map[string]*model{}
	of := func(f sourceFile, name string) *model {
		key := f.Package + "." + name
		if found[key] == nil {
			found[key] = &model{Path: f.Path, Name: name}
		}
		return found[key]
	}
	for _, f := range source(t) {
		for _, decl := range f.AST.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				name := receiver(d)
				switch {
				case name != "" && d.Name.Name == "TableName":
					of(f, name).Table = returned(d)
				case name != "" && d.Name.Name == "SharedAcrossTenants":
					of(f, name).Shared = true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok {
						if st, ok := ts.Type.(*ast.StructType); ok {
							of(f, ts.Name.Name).Struct = st
						}
					}
				}
			}
		}
	}
	for _, m := range found {
		if m.Table != "" {
			list = append(list, m)
		}
	}
	return list
}

func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) != 1 {
		return ""
	}
	e := d.Recv.List[0].Type
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// returned is the text that a one-line function gives; "?" when it is none.
func returned(d *ast.FuncDecl) string {
	if len(d.Body.List) == 1 {
		if ret, ok := d.Body.List[0].(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
			if lit, ok := ret.Results[0].(*ast.BasicLit); ok {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					return text
				}
			}
		}
	}
	return "?"
}

// tenantField tells whether the struct has a TenantID of its own, and whether
// that is part of the key.
func (m *model) tenantField() (there, key bool) {
	for _, field := range m.Struct.Fields.List {
		for _, name := range field.Names {
			if name.Name != "TenantID" {
				continue
			}
			tag := ""
			if field.Tag != nil {
				tag, _ = strconv.Unquote(field.Tag.Value)
			}
			return true, strings.Contains(reflect.StructTag(tag).Get("gorm"), "primaryKey")
		}
	}
	return false, false
}

// A model without a tenant reaches everybody's rows; only those few that say so
// by name may.
func TestEveryModelIsOneTenantsOrSaysThatItIsShared(t *testing.T) {
	e := newEstate(t)
	list := models(t)
	if len(list) < 5 {
		t.Fatalf("only %d models found", len(list))
	}
	for _, m := range list {
		there, key := m.tenantField()
		tab, exists := e.tables[m.Table]
		switch {
		case !exists:
			t.Errorf("%s: %s names the table %q, which the database does not have", m.Path, m.Name, m.Table)
		case there && m.Shared:
			t.Errorf("%s: %s has a tenant and says that it is shared", m.Path, m.Name)
		case !there && !m.Shared:
			t.Errorf("%s: %s has no TenantID and does not say that it is shared", m.Path, m.Name)
		case there && !key:
			t.Errorf("%s: %s: TenantID must be part of the primary key, or gorm takes a row by its id alone", m.Path, m.Name)
		case m.Shared && !slices.Contains(sharedTables[:], m.Table), m.Shared == tab.Owned():
			t.Errorf("%s: %s says that %s is shared, and it is not", m.Path, m.Name, m.Table)
		}
	}
}
