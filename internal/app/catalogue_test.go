package app_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// table is what the database itself says about a table.
type table struct {
	Name    string
	Columns []column
	Key     []string
	Unique  [][]string // every unique index, the primary key among them
	Foreign []reference
	Checks  string // the text of its CHECKs
	Secured bool   // row-level security is on and forced, on Postgres
}

type column struct {
	Name, Type string
	NotNull    bool
	HasDefault bool
}

// reference is a foreign key.
type reference struct {
	To       string
	From, At []string // columns here, columns there
}

// Owned tells whether the table's rows belong to a tenant.
func (t table) Owned() bool {
	return slices.ContainsFunc(t.Columns, func(c column) bool { return c.Name == "tenant_id" })
}

// allowed is the first value that a CHECK lets a column have, if one does.
func (t table) allowed(name string) (string, bool) {
	list := regexp.MustCompile(`\b` + name + `\b\)?\s*(?:=\s*ANY\s*\(\(?ARRAY\[|IN\s*\()\s*'([^']*)'`)
	m := list.FindStringSubmatch(t.Checks)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// readCatalogue asks the database for its tables, by name.
func readCatalogue(t *testing.T, conn *sql.DB, postgres bool) map[string]table {
	t.Helper()
	read := sqliteTable
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if postgres {
		read, list = postgresTable, "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
	}
	tables := map[string]table{}
	for _, row := range query(t, conn, list) {
		tables[row[0]] = read(t, conn, row[0])
	}
	if len(tables) < 20 {
		t.Fatalf("the database has %d tables only", len(tables))
	}
	return tables
}

func postgresTable(t *testing.T, conn *sql.DB, name string) table {
	t.Helper()
	out := table{Name: name}
	for _, r := range query(t, conn, `SELECT attname, format_type(atttypid, atttypmod), attnotnull, atthasdef FROM pg_attribute
		WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, name) {
		out.Columns = append(out.Columns, column{Name: r[0], Type: strings.ToUpper(r[1]), NotNull: r[2] == "true", HasDefault: r[3] == "true"})
	}
	const names = `(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(%s) WITH ORDINALITY k (att, n)
		JOIN pg_attribute a ON a.attrelid = %s AND a.attnum = k.att)`
	for _, r := range query(t, conn, "SELECT i.indisprimary, "+fmt.Sprintf(names, "i.indkey::int2[]", "i.indrelid")+
		" FROM pg_index i WHERE i.indrelid = $1::regclass AND i.indisunique", name) {
		out.Unique = append(out.Unique, strings.Split(r[1], ","))
		if r[0] == "true" {
			out.Key = strings.Split(r[1], ",")
		}
	}
	for _, r := range query(t, conn, "SELECT c.confrelid::regclass, "+fmt.Sprintf(names, "c.conkey", "c.conrelid")+", "+fmt.Sprintf(names, "c.confkey", "c.confrelid")+
		" FROM pg_constraint c WHERE c.conrelid = $1::regclass AND c.contype = 'f'", name) {
		out.Foreign = append(out.Foreign, reference{r[0], strings.Split(r[1], ","), strings.Split(r[2], ",")})
	}
	for _, r := range query(t, conn, "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'", name) {
		out.Checks += r[0] + "\n"
	}
	r := query(t, conn, "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = $1::regclass", name)
	out.Secured = r[0][0] == "true"
	return out
}

func sqliteTable(t *testing.T, conn *sql.DB, name string) table {
	t.Helper()
	out := table{Name: name, Key: []string{}}
	keys := map[string]string{}
	for _, r := range query(t, conn, `SELECT name, type, "notnull", dflt_value IS NOT NULL, pk FROM pragma_table_info(?) ORDER BY cid`, name) {
		out.Columns = append(out.Columns, column{Name: r[0], Type: strings.ToUpper(r[1]), NotNull: r[2] == "1", HasDefault: r[3] == "1"})
		keys[r[4]] = r[0]
	}
	for n := 1; keys[fmt.Sprint(n)] != ""; n++ {
		out.Key = append(out.Key, keys[fmt.Sprint(n)])
	}
	for _, r := range query(t, conn, `SELECT name FROM pragma_index_list(?) WHERE "unique" = 1`, name) {
		var columns []string
		for _, c := range query(t, conn, "SELECT name FROM pragma_index_info(?) ORDER BY seqno", r[0]) {
			columns = append(columns, c[0])
		}
		out.Unique = append(out.Unique, columns)
	}
	refs := map[string]*reference{}
	for _, r := range query(t, conn, `SELECT id, "table", "from", coalesce("to", 'id') FROM pragma_foreign_key_list(?) ORDER BY id, seq`, name) {
		if refs[r[0]] == nil {
			refs[r[0]] = &reference{To: r[1]}
		}
		refs[r[0]].From, refs[r[0]].At = append(refs[r[0]].From, r[2]), append(refs[r[0]].At, r[3])
	}
	for _, ref := range refs {
		out.Foreign = append(out.Foreign, *ref)
	}
	out.Checks = query(t, conn, "SELECT sql FROM sqlite_master WHERE name = ?", name)[0][0]
	return out
}

// query reads rows as texts; nothing becomes an empty text.
func query(t *testing.T, conn interface {
	Query(string, ...any) (*sql.Rows, error)
}, text string, args ...any,
) (list [][]string) {
	t.Helper()
	rows, err := conn.Query(text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		fields, into := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range fields {
			into[i] = &fields[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		row := make([]string, len(names))
		for i := range fields {
			row[i] = fields[i].String
		}
		list = append(list, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return list
}
