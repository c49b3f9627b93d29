package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// openRemembering opens an SQLite file whose connections remember statements.
func openRemembering(dsn string) (*sql.DB, error) {
	plain, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the address: %w", err)
	}
	return sql.OpenDB(remembering{plain}), nil
}

// remembering connects to SQLite and keeps each connection's compiled
// statements: compiling one costs more than running it. Neither gorm nor
// database/sql can keep them, since what is prepared inside a transaction ends
// with it, and all our statements are inside one.
type remembering struct{ driver.Connector }

// Connect implements driver.Connector.
func (r remembering) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := r.Connector.Connect(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // database/sql looks for errors of its own
	}
	plain, ok := c.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("db: unknown connection %T", c), c.Close())
	}
	return &rememberingConn{sqliteConn: plain, idle: map[string]compiled{}}, nil
}

// sqliteConn is what database/sql asks of a connection.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// rememberingConn is one connection. It needs no lock: database/sql lets one
// goroutine at a time use a connection and its rows.
type rememberingConn struct {
	sqliteConn
	idle map[string]compiled // by text; a statement at work is not among them
}

// ExecContext implements driver.ExecerContext.
func (c *rememberingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if !worthKeeping(text) {
		return c.sqliteConn.ExecContext(ctx, text, args) //nolint:wrapcheck // as the driver says it
	}
	s, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	res, err := s.ExecContext(ctx, args)
	if err != nil {
		_ = s.Close()   // err says more
		return nil, err //nolint:wrapcheck // as above
	}
	c.keep(text, s)
	return res, nil
}

// QueryContext implements driver.QueryerContext.
func (c *rememberingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if !worthKeeping(text) {
		return c.sqliteConn.QueryContext(ctx, text, args) //nolint:wrapcheck // as the driver says it
	}
	s, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	found, err := s.QueryContext(ctx, args)
	if err != nil {
		_ = s.Close()   // err says more
		return nil, err //nolint:wrapcheck // as above
	}
	return c.rowsOf(found, text, s)
}

// Close implements driver.Conn. SQLite holds the file open as long as one
// statement of a closed connection is left.
func (c *rememberingConn) Close() error {
	var failed error
	for _, s := range c.idle {
		failed = errors.Join(failed, s.Close())
	}
	clear(c.idle)
	return errors.Join(failed, c.sqliteConn.Close())
}
