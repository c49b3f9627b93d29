package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// Clash says what InsertAll does about a row that is there already; the zero
// Clash fails with ErrDuplicate.
type Clash struct {
	skip    bool
	replace []string
}

// Skip leaves the row that is there.
func Skip() Clash { return Clash{skip: true} }

// Replace writes the given columns into the row of the same tenant and id.
func Replace(columns ...string) Clash { return Clash{replace: columns} }

// fewVars keeps an INSERT below SQLite's limit of 32,766 values.
const fewVars = 30_000

// InsertAll stores rows of one model, at most some thousands. On Postgres it is
// one statement whose text is the same for any number of rows, since each
// column travels as one array: nothing is planned or remembered anew.
func InsertAll[T any](ctx context.Context, rows []T, clash Clash) error {
	if len(rows) == 0 {
		return nil
	}
	tx, ok := current(ctx)
	if !ok {
		return ErrNoTx
	}
	stmt := &gorm.Statement{DB: From(ctx)}
	if err := stmt.Parse(&rows); err != nil {
		return fmt.Errorf("db: read the model: %w", err)
	}
	if err := ownRows(ctx, tx, stmt.Schema, reflect.ValueOf(rows)); err != nil {
		return err
	}
	if !tx.parent.postgres {
		g := From(ctx)
		if c, any := clash.clause(); any {
			g = g.Clauses(c)
		}
		return Done(g.CreateInBatches(rows, max(1, fewVars/len(stmt.Schema.DBNames))))
	}
	return insertArrays(ctx, tx, stmt.Schema, reflect.ValueOf(rows), clash)
}

// ownRows refuses rows of another tenant, and those of none.
func ownRows(ctx context.Context, tx *openTx, s *schema.Schema, rows reflect.Value) error {
	owner := s.LookUpField("TenantID")
	if tx.tenant == uuid.Nil || owner == nil {
		return ErrNoTenant
	}
	for i := range rows.Len() {
		if id, zero := owner.ValueOf(ctx, reflect.Indirect(rows.Index(i))); !zero && id != any(tx.tenant) {
			return errors.New("db: create a row of another tenant")
		}
	}
	return nil
}

func (c Clash) clause() (on clause.OnConflict, any bool) {
	switch {
	case c.skip:
		return clause.OnConflict{DoNothing: true}, true
	case len(c.replace) > 0:
		return clause.OnConflict{Columns: []clause.Column{{Name: "tenant_id"}, {Name: "id"}}, DoUpdates: clause.AssignmentColumns(c.replace)}, true
	}
	return on, false
}

// text is the end of the statement.
func (c Clash) text() string {
	switch {
	case c.skip:
		return " ON CONFLICT DO NOTHING"
	case len(c.replace) > 0:
		set := make([]string, len(c.replace))
		for i, column := range c.replace {
			set[i] = fmt.Sprintf("%q = excluded.%q", column, column)
		}
		return " ON CONFLICT (tenant_id, id) DO UPDATE SET " + strings.Join(set, ", ")
	}
	return ""
}

func insertArrays(ctx context.Context, tx *openTx, s *schema.Schema, rows reflect.Value, clash Clash) error {
	types, err := tx.parent.columnTypes(ctx, tx.db, s.Table)
	if err != nil {
		return err
	}
	names, from, as, args := "", "", "", []any{tx.tenant}
	for _, f := range s.Fields {
		if f.DBName == "" || f.DBName == "tenant_id" {
			continue
		}
		column, arrayType, err := columnOf(ctx, f, rows, tx)
		if err != nil {
			return err
		}
		names += fmt.Sprintf(", %q", f.DBName)
		as += fmt.Sprintf(", CAST(u.%q AS %s)", f.DBName, types[f.DBName])
		from += ", CAST(? AS " + arrayType + "[])"
		args = append(args, array{column})
	}
	// The names stand a second time as the columns of u.
	text := fmt.Sprintf(`INSERT INTO %q (tenant_id%s) SELECT CAST(? AS uuid)%s FROM unnest(%s) AS u(%s)%s`, s.Table, names, as, from[2:], names[2:], clash.text())
	return Done(From(ctx).Exec(text, args...))
}

// array is a Go slice that travels as one Postgres array; gorm would make a
// list of it.
type array struct{ slice any }

// Value implements driver.Valuer.
func (a array) Value() (driver.Value, error) { return a.slice, nil }

var (
	uuidType = reflect.TypeFor[uuid.UUID]()
	timeType = reflect.TypeFor[time.Time]()
)

// errColumn says that a model has a field of a kind that no array is made of.
var errColumn = errors.New("db: no array of this type of column")

// columnOf gathers one field of all rows in a slice that pgx knows without
// asking each value, and tells the array's element type.
func columnOf(ctx context.Context, f *schema.Field, rows reflect.Value, tx *openTx) (slice any, element string, err error) {
	to, element := wireType(f.FieldType)
	if to == nil {
		return nil, "", fmt.Errorf("%w: %s", errColumn, f.Name)
	}
	now := reflect.ValueOf(tx.parent.Now())
	stamped := f.FieldType == timeType && (f.AutoCreateTime > 0 || f.AutoUpdateTime > 0)
	column := reflect.MakeSlice(reflect.SliceOf(to), rows.Len(), rows.Len())
	for i := range rows.Len() {
		v := f.ReflectValueOf(ctx, reflect.Indirect(rows.Index(i)))
		if stamped && v.IsZero() {
			v = now
		}
		column.Index(i).Set(v.Convert(to))
	}
	return column.Interface(), element, nil
}

// wireType is what a field's values are turned into, and its name in Postgres.
func wireType(t reflect.Type) (to reflect.Type, element string) {
	if t.Kind() == reflect.Pointer {
		if to, element = wireType(t.Elem()); to != nil {
			to = reflect.PointerTo(to)
		}
		return to, element
	}
	switch {
	case t == uuidType:
		return reflect.TypeFor[[16]byte](), "uuid"
	case t == timeType:
		return t, "timestamptz"
	case t.Kind() == reflect.String:
		return reflect.TypeFor[string](), "text"
	case t.Kind() == reflect.Bool:
		return reflect.TypeFor[bool](), "boolean"
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		return reflect.TypeFor[int64](), "bigint"
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return reflect.TypeFor[[]byte](), "bytea"
	}
	return nil, ""
}

// columnTypes gives the types of a table's columns, asked once a process.
func (d *DB) columnTypes(ctx context.Context, g *gorm.DB, table string) (types map[string]string, err error) {
	if known, there := d.tables.Load(table); there {
		types, _ = known.(map[string]string)
		return types, nil
	}
	rows, err := g.Statement.ConnPool.QueryContext(ctx,
		"SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped", table)
	if err != nil {
		return nil, fmt.Errorf("ask for columns: %w", err)
	}
	defer func() { _ = rows.Close() }()
	if types, err = readTypes(rows); err != nil {
		return nil, fmt.Errorf("ask for columns: %w", err)
	}
	d.tables.Store(table, types)
	return types, nil
}

func readTypes(rows *sql.Rows) (map[string]string, error) {
	types := map[string]string{}
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, err //nolint:wrapcheck // the caller says what it asked
		}
		types[name] = kind
	}
	return types, rows.Err() //nolint:wrapcheck // as above
}
