package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"tilgang/internal/fault"
)

// ErrNotFound is returned when no row of this tenant matched.
var ErrNotFound = errors.New("db: not found")

// ErrDuplicate is returned when a unique key is taken.
var ErrDuplicate = errors.New("db: duplicate")

// Found turns a read's result into ErrNotFound when it matched nothing.
func Found(tx *gorm.DB) error {
	if errors.Is(tx.Error, gorm.ErrRecordNotFound) || (tx.Error == nil && tx.RowsAffected == 0) {
		return ErrNotFound
	}
	return duplicate(tx.Error)
}

// One turns a change's result into ErrNotFound unless it changed exactly one
// row: single use is a conditional UPDATE whose row count is looked at.
func One(tx *gorm.DB) error {
	if tx.Error != nil {
		return duplicate(tx.Error)
	}
	if tx.RowsAffected != 1 {
		return ErrNotFound
	}
	return nil
}

// Done gives a change's error, with ErrDuplicate for a taken unique key.
func Done(tx *gorm.DB) error { return duplicate(tx.Error) }

func duplicate(err error) error {
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return errors.Join(ErrDuplicate, err)
	}
	return err
}

// translate turns a lost, busy or full database into a refusal that a person
// can be told; everything else passes.
func translate(err error) error {
	if err == nil || isFault(err) {
		return err
	}
	if unavailable(err) {
		return fault.New(fault.Unavailable, "db.unavailable").After(5e9).Because(err)
	}
	return err
}

func isFault(err error) bool { _, ok := fault.As(err); return ok }

func unavailable(err error) bool {
	var netErr net.Error
	var connErr *pgconn.ConnectError
	var pgErr *pgconn.PgError
	switch {
	case errors.Is(err, context.Canceled):
		return false
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.As(err, &connErr), errors.As(err, &netErr):
		return true
	case errors.As(err, &pgErr):
		// Classes 08 connection, 53 resources, 57 operator intervention.
		return strings.HasPrefix(pgErr.Code, "08") || strings.HasPrefix(pgErr.Code, "53") || strings.HasPrefix(pgErr.Code, "57")
	}
	text := err.Error()
	return strings.Contains(text, "database is locked") || strings.Contains(text, "SQLITE_BUSY") ||
		strings.Contains(text, "closed pool") || strings.Contains(text, "unexpected EOF") || strings.Contains(text, "database is closed") ||
		strings.Contains(text, "conn closed") || strings.Contains(text, "unable to open database file")
}
