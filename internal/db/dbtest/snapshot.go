package dbtest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"tilgang/internal/db"
)

// Snapshots keep how an SQLite database was, in memory, page by page; a page that
// did not change in between is kept once, and only those that did are written when
// it goes back. They are read and written by a connection of its own, under
// SQLite's own locks: whoever else has the file open sees it go back as any other
// change.
type Snapshots struct {
	conn *sql.DB
	wal  wal
	last [][]byte // the pages when last looked at
}

// NewSnapshots keeps those of a database of this package's.
func NewSnapshots(tb testing.TB, d *db.DB) *Snapshots {
	tb.Helper()
	var file string
	err := d.Shared(context.Background(), func(ctx context.Context) error {
		return db.SharedRows(ctx, &file, "SELECT file FROM pragma_database_list WHERE name = 'main'")
	})
	if err != nil {
		tb.Fatal(err)
	}
	conn, err := sql.Open("sqlite", db.SQLiteDSN(file, true))
	if err != nil {
		tb.Fatal(err)
	}
	conn.SetMaxOpenConns(1)
	tb.Cleanup(func() { _ = conn.Close() })
	return &Snapshots{conn: conn, wal: wal{file: file + "-wal"}}
}

// Take notes how the database is; back makes it so again, as often as it is
// called. Nobody may be inside a transaction then.
func (s *Snapshots) Take() (back func() error, err error) {
	if err := s.tx(s.look); err != nil {
		return nil, fmt.Errorf("take a snapshot: %w", err)
	}
	taken := s.last
	return func() error {
		if err := s.tx(func(tx *sql.Tx) error { return s.back(tx, taken) }); err != nil {
			return fmt.Errorf("go back to a snapshot: %w", err)
		}
		return nil
	}, nil
}

// tx keeps everybody else from writing meanwhile.
func (s *Snapshots) tx(fn func(tx *sql.Tx) error) error {
	tx, err := s.conn.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// look brings the pages up to date. SQLite's log names those that were written
// since; where it began anew, all are read.
func (s *Snapshots) look(tx *sql.Tx) error {
	var count int
	if err := tx.QueryRowContext(context.Background(), "SELECT page_count FROM pragma_page_count").Scan(&count); err != nil {
		return err
	}
	written, err := s.wal.written()
	if err != nil {
		return err
	}
	const get = "SELECT data FROM sqlite_dbpage WHERE pgno = ?"
	pages := make([][]byte, count)
	copy(pages, s.last)
	for n := range pages {
		if written != nil && !written[n+1] && pages[n] != nil {
			continue
		}
		var page []byte
		if err := tx.QueryRowContext(context.Background(), get, n+1).Scan(&page); err != nil {
			return err
		}
		if !bytes.Equal(pages[n], page) {
			pages[n] = page
		}
	}
	s.last = pages
	return nil
}

// back writes the pages of a snapshot that are not so now.
func (s *Snapshots) back(tx *sql.Tx, to [][]byte) error {
	if err := s.look(tx); err != nil {
		return err
	}
	const put = "INSERT INTO sqlite_dbpage (pgno, data) VALUES (?, ?)"
	for n, page := range to {
		if n < len(s.last) && bytes.Equal(s.last[n], page) {
			continue
		}
		if _, err := tx.ExecContext(context.Background(), put, n+1, page); err != nil {
			return err
		}
	}
	if len(s.last) <= len(to) {
		return nil
	}
	_, err := tx.ExecContext(context.Background(), put, len(to)+1, nil) // it ends before a page without data
	return err
}
