package once_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/testenv"
	"tilgang/migrations"
)

// opened is a fresh database, and what gives every value of every table of it.
func opened(t *testing.T, now clock.Clock) (d *db.DB, tables func(put func(string, []byte))) {
	t.Helper()
	opt := db.Options{Clock: now, Fast: true}
	if testenv.Dialect() == "postgres" {
		owner, app := testenv.NewDatabase(t, func(owner string) error {
			_, err := db.MigratePostgres(t.Context(), owner, migrations.Files)
			return err
		})
		opt.URL, tables = app, postgresTables(t, owner)
	} else {
		opt.File = filepath.Join(t.TempDir(), "kept.db")
		if _, err := db.MigrateSQLite(t.Context(), opt.File, migrations.Files); err != nil {
			t.Fatal(err)
		}
		tables = sqliteTables(t, opt.File)
	}
	d, err := db.Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d, tables
}

// sqliteTables reads the tables, and the file itself with what was deleted from
// its pages.
func sqliteTables(t *testing.T, file string) func(func(string, []byte)) {
	t.Helper()
	conn, err := sql.Open("sqlite", db.SQLiteDSN(file, true))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return func(put func(string, []byte)) {
		for _, name := range names(t, conn) {
			if err := sqliteRows(t.Context(), conn, name, put); err != nil {
				t.Fatal(err)
			}
		}
		for _, part := range []string{file, file + "-wal"} {
			body, err := os.ReadFile(part) //nolint:gosec // the test's own
			if err != nil {
				t.Fatal(err)
			}
			pages(part, body, put)
		}
	}
}

// pages puts the pages of the database's file one by one: most are the same
// from one look to the next. A log begins with 32 bytes and has 24 before each.
func pages(part string, body []byte, put func(string, []byte)) {
	at, step, page := 0, 4096, 4096
	if strings.HasSuffix(part, "-wal") {
		at, step = 32+24, page+24
	}
	for ; at < len(body); at += step {
		put("the file "+filepath.Base(part), body[at:min(len(body), at+page)])
	}
}

func names(t *testing.T, conn *sql.DB) (list []string) {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), "SELECT name FROM sqlite_schema WHERE type = 'table'")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		list = append(list, name)
	}
	if err := rows.Err(); err != nil || len(list) < 50 {
		t.Fatalf("%d tables, %v", len(list), err)
	}
	return list
}

func sqliteRows(ctx context.Context, conn *sql.DB, table string, put func(string, []byte)) error {
	rows, err := conn.QueryContext(ctx, `SELECT * FROM "`+table+`"`)
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	values := make([]sql.RawBytes, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", table, err)
		}
		for i, value := range values {
			put("the table "+table+", column "+columns[i], value)
		}
	}
	return rows.Err() //nolint:wrapcheck // told by the caller
}

// postgresTables reads the tables as somebody who sees every tenant's rows.
func postgresTables(t *testing.T, owner string) func(func(string, []byte)) {
	t.Helper()
	admin, err := url.Parse(testenv.AdminURL(t))
	if err != nil {
		t.Fatal(err)
	}
	own, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	admin.Path = own.Path
	conn, err := pgx.Connect(t.Context(), admin.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return func(put func(string, []byte)) {
		const every = `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`
		found, err := conn.Query(t.Context(), every)
		if err != nil {
			t.Fatal(err)
		}
		list, err := pgx.CollectRows(found, pgx.RowTo[string])
		if err != nil || len(list) < 50 {
			t.Fatalf("%d tables, %v", len(list), err)
		}
		for _, table := range list {
			if err := postgresRows(t.Context(), conn, table, put); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func postgresRows(ctx context.Context, conn *pgx.Conn, table string, put func(string, []byte)) error {
	rows, err := conn.Query(ctx, "SELECT * FROM "+table, pgx.QueryExecModeSimpleProtocol) // values as text
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	defer rows.Close()
	columns := rows.FieldDescriptions()
	for rows.Next() {
		for i, value := range rows.RawValues() {
			if columns[i].DataTypeOID == pgtype.ByteaOID {
				raw, err := hex.DecodeString(strings.TrimPrefix(string(value), `\x`))
				if err != nil {
					return fmt.Errorf("read %s: %w", table, err)
				}
				value = raw
			}
			put("the table "+table+", column "+columns[i].Name, value)
		}
	}
	return rows.Err() //nolint:wrapcheck // told by the caller
}

// files adds what lies in the data folder, what the log said, what the queue
// was told, and the figures. It comes last.
func (k *kept) files() {
	k.t.Helper()
	dir, n := k.App.Config.DataDir, 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			if path == "practice" { // the mailbox
				return fs.SkipDir
			}
			return err
		}
		body, err := os.ReadFile(filepath.Join(dir, path)) //nolint:gosec // the test's own
		n++
		k.pile.Put("the file "+path, body)
		return err //nolint:wrapcheck // told below
	})
	if err != nil || n < 3 {
		k.t.Fatalf("%d files, %v", n, err)
	}
	k.pile.Put("the log", k.log.bytes())
	for _, one := range k.queue.tapes() {
		k.pile.Put("the queue", one.bytes())
	}
	figures := httptest.NewRecorder()
	k.App.Metrics.Handler().ServeHTTP(figures, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	k.pile.Put("the figures", figures.Body.Bytes())
}

// tape keeps what is written.
type tape struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

// Write implements io.Writer.
func (a *tape) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.kept.Write(p)
}

func (a *tape) bytes() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return bytes.Clone(a.kept.Bytes())
}

// tapped is a Redis whose every word is kept: those to it and those from it.
type tapped struct {
	url  string
	mu   sync.Mutex
	list []*tape
}

func (q *tapped) tape() *tape {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.list = append(q.list, &tape{})
	return q.list[len(q.list)-1]
}

func (q *tapped) tapes() []*tape {
	q.mu.Lock()
	defer q.mu.Unlock()
	return append([]*tape(nil), q.list...)
}

// tap stands before the suite's Redis, or one of the test's own.
func tap(t *testing.T) *tapped {
	t.Helper()
	server := testenv.Redis(t)
	if server == "" {
		server = "redis://" + miniredis.RunT(t).Addr() + "/0"
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	target := u.Host
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	u.Host = l.Addr().String()
	q := &tapped{url: u.String()}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go q.carry(conn, target)
		}
	}()
	return q
}

func (q *tapped) carry(from net.Conn, target string) {
	defer func() { _ = from.Close() }()
	to, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", target)
	if err != nil {
		return
	}
	defer func() { _ = to.Close() }()
	go func() { _, _ = io.Copy(io.MultiWriter(from, q.tape()), to); _ = from.Close() }()
	_, _ = io.Copy(io.MultiWriter(to, q.tape()), from)
}
