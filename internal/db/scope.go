package db

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// Shared is said by the few models that belong to no tenant.
type Shared interface{ SharedAcrossTenants() }

// scope is the gorm plugin that narrows every statement to the transaction's
// tenant and refuses what it cannot narrow.
type scope struct{}

// Name implements gorm.Plugin.
func (scope) Name() string { return "tenant scope" }

// Initialize implements gorm.Plugin.
func (s scope) Initialize(g *gorm.DB) error {
	cb := g.Callback()
	return errors.Join(
		cb.Create().Before("gorm:create").Register("tenant:create", s.create),
		cb.Query().Before("gorm:query").Register("tenant:query", s.narrow),
		cb.Row().Before("gorm:row").Register("tenant:row", s.narrowRow),
		cb.Update().Before("gorm:update").Register("tenant:update", s.change),
		cb.Delete().Before("gorm:delete").Register("tenant:delete", s.change),
		cb.Raw().Before("gorm:raw").Register("tenant:raw", s.raw),
	)
}

func refuse(g *gorm.DB, format string, args ...any) {
	_ = g.AddError(fmt.Errorf("db: "+format, args...))
}

// owner finds the tenant and the model's tenant column. The column is nil for
// shared models. ok is false when the statement was refused.
func (scope) owner(g *gorm.DB) (id uuid.UUID, field *schema.Field, ok bool) {
	tx, open := current(g.Statement.Context)
	if !open {
		refuse(g, "statement outside a transaction")
		return
	}
	if g.Statement.Schema == nil {
		refuse(g, "statement on %q without a model", g.Statement.Table)
		return
	}
	field = g.Statement.Schema.LookUpField("TenantID")
	_, shared := reflect.New(g.Statement.Schema.ModelType).Interface().(Shared)
	switch {
	case field == nil && !shared:
		refuse(g, "%s has no tenant and does not say that it is shared", g.Statement.Schema.Name)
		return
	case field != nil && tx.tenant == uuid.Nil:
		_ = g.AddError(ErrNoTenant)
		return
	}
	return tx.tenant, field, true
}

func (s scope) narrow(g *gorm.DB) {
	if g.Error != nil {
		return
	}
	if len(g.Statement.Joins) > 0 || len(g.Statement.Preloads) > 0 {
		refuse(g, "joins and preloads are not narrowed to the tenant; write SQL with Rows")
		return
	}
	id, field, ok := s.owner(g)
	if !ok || field == nil {
		return
	}
	g.Statement.AddClause(clause.Where{Exprs: []clause.Expression{tenantIs(g, field, id)}})
}

// narrowRow lets a finished SQL text pass: it came through this package's Rows,
// which checked it.
func (s scope) narrowRow(g *gorm.DB) {
	if g.Statement.SQL.Len() > 0 {
		s.raw(g)
		return
	}
	s.narrow(g)
}

func tenantIs(g *gorm.DB, field *schema.Field, id uuid.UUID) clause.Expression {
	wrapWhere(g)
	return clause.Eq{Column: clause.Column{Table: clause.CurrentTable, Name: field.DBName}, Value: id}
}

// wrapWhere puts what is asked so far in brackets; without them "a OR b AND
// tenant" would let every row of a pass.
func wrapWhere(g *gorm.DB) {
	c := g.Statement.Clauses["WHERE"]
	if where, ok := c.Expression.(clause.Where); ok && len(where.Exprs) > 0 {
		c.Expression = clause.Where{Exprs: []clause.Expression{bracketed{where}}}
		g.Statement.Clauses["WHERE"] = c
	}
}

type bracketed struct{ where clause.Where }

// Build writes the conditions in brackets.
func (b bracketed) Build(builder clause.Builder) {
	_ = builder.WriteByte('(')
	b.where.Build(builder)
	_ = builder.WriteByte(')')
}

// change guards UPDATE and DELETE: gorm's own guard against a missing WHERE
// would be defeated by the condition added here, so it is asked first.
func (s scope) change(g *gorm.DB) {
	if g.Error != nil {
		return
	}
	id, field, ok := s.owner(g)
	if !ok {
		return
	}
	if !hasCondition(g) {
		_ = g.AddError(gorm.ErrMissingWhereClause)
		return
	}
	if field == nil {
		return
	}
	if movesTenant(g, field, id) {
		refuse(g, "a row cannot move to another tenant")
		return
	}
	g.Statement.AddClause(clause.Where{Exprs: []clause.Expression{tenantIs(g, field, id)}})
}

func hasCondition(g *gorm.DB) bool {
	if c, ok := g.Statement.Clauses["WHERE"]; ok {
		if where, ok := c.Expression.(clause.Where); ok && len(where.Exprs) > 0 {
			return true
		}
	}
	return false
}

func movesTenant(g *gorm.DB, field *schema.Field, id uuid.UUID) bool {
	switch dest := g.Statement.Dest.(type) {
	case map[string]any:
		for _, name := range []string{field.DBName, field.Name} {
			if v, ok := dest[name]; ok && v != any(id) {
				return true
			}
		}
	default:
		v := reflect.Indirect(reflect.ValueOf(dest))
		if v.IsValid() && v.Type() == g.Statement.Schema.ModelType {
			got, zero := field.ValueOf(g.Statement.Context, v)
			return !zero && got != any(id)
		}
	}
	return false
}

// create fills the tenant in and refuses another one's.
func (s scope) create(g *gorm.DB) {
	if g.Error != nil {
		return
	}
	id, field, ok := s.owner(g)
	if !ok || field == nil {
		return
	}
	if _, isMap := g.Statement.Dest.(map[string]any); isMap {
		refuse(g, "create from a map")
		return
	}
	rv := g.Statement.ReflectValue
	switch rv.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range rv.Len() {
			s.fill(g, field, reflect.Indirect(rv.Index(i)), id)
		}
	case reflect.Struct:
		s.fill(g, field, rv, id)
	default:
		refuse(g, "create from %s", rv.Kind())
	}
}

func (scope) fill(g *gorm.DB, field *schema.Field, row reflect.Value, id uuid.UUID) {
	got, zero := field.ValueOf(g.Statement.Context, row)
	if !zero && got != any(id) {
		refuse(g, "create a row of another tenant")
		return
	}
	if err := field.Set(g.Statement.Context, row, id); err != nil {
		_ = g.AddError(err)
	}
}

// raw lets hand-written SQL through only inside a transaction, and only when it
// names the tenant: it came through Exec or Rows of this package.
func (scope) raw(g *gorm.DB) {
	if g.Error != nil {
		return
	}
	if _, open := current(g.Statement.Context); !open {
		refuse(g, "SQL outside a transaction")
		return
	}
	text := g.Statement.SQL.String()
	if strings.Contains(text, "set_config('app.tenant_id'") || strings.Contains(text, "tenant_id") || allowed(g) {
		return
	}
	refuse(g, "SQL that does not name tenant_id")
}

const allowKey = "tilgang:shared"

func allowed(g *gorm.DB) bool { v, ok := g.Get(allowKey); return ok && v == true }
