package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
)

const (
	// keptStatements is half as many again as one connection of the whole product
	// comes to see; they take about 7 kB each.
	keptStatements = 256
	// keptLength leaves out rows stored by the hundred and long lists: each number
	// of them is another text, and their statements are large.
	keptLength = 2048
)

// compiled is a statement that can run again once it has run.
type compiled interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// worthKeeping leaves out what is no plain statement: a pragma may work while it
// is compiled, so that a compiled one does nothing; of several statements in one
// text the driver compiles each as it comes to it; the schema changes once.
func worthKeeping(text string) bool {
	if len(text) > keptLength || strings.Contains(text, ";") {
		return false
	}
	text = strings.TrimSpace(text)
	switch verb := strings.ToUpper(text[:min(6, len(text))]); verb {
	case "SELECT", "INSERT", "UPDATE", "DELETE":
		return true
	default:
		return strings.HasPrefix(verb, "WITH")
	}
}

// take gives a statement that nobody else has until it is back: the same text
// asked for while its rows are open is compiled a second time, for they are one
// cursor. SQLite compiles anew by itself what a change of the schema has dated.
func (c *rememberingConn) take(ctx context.Context, text string) (compiled, error) {
	if s, there := c.idle[text]; there {
		delete(c.idle, text)
		return s, nil
	}
	fresh, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err //nolint:wrapcheck // as the driver says it
	}
	s, ok := fresh.(compiled)
	if !ok {
		return nil, errors.Join(fmt.Errorf("db: unknown statement %T", fresh), fresh.Close())
	}
	return s, nil
}

// keep puts a statement back that ran without an error; one that failed is
// closed instead, whatever it may have left behind. When there are too many, any
// other makes room: which one matters little, and none needs to be counted.
// Closing an idle statement cannot fail.
func (c *rememberingConn) keep(text string, s compiled) {
	if _, there := c.idle[text]; there {
		_ = s.Close()
		return
	}
	for other, old := range c.idle {
		if len(c.idle) < keptStatements {
			break
		}
		delete(c.idle, other)
		_ = old.Close()
	}
	c.idle[text] = s
}

// columnRows are rows that know their columns' types, as gorm asks for them.
type columnRows interface {
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// keptRows give their statement back when they are closed.
type keptRows struct {
	columnRows
	conn *rememberingConn
	text string
	stmt compiled // nil when it is given back
}

// Close implements driver.Rows.
func (r *keptRows) Close() error {
	s := r.stmt
	if s == nil {
		return nil
	}
	r.stmt = nil
	if err := r.columnRows.Close(); err != nil {
		_ = s.Close() // err says more
		return err    //nolint:wrapcheck // as the driver says it
	}
	r.conn.keep(r.text, s)
	return nil
}

func (c *rememberingConn) rowsOf(found driver.Rows, text string, s compiled) (driver.Rows, error) {
	known, ok := found.(columnRows)
	if !ok {
		return nil, errors.Join(fmt.Errorf("db: unknown rows %T", found), found.Close(), s.Close())
	}
	return &keptRows{columnRows: known, conn: c, text: text, stmt: s}, nil
}
