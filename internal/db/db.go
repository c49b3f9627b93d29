package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"tilgang/internal/clock"
)

// DB is an open database.
type DB struct {
	gorm     *gorm.DB
	pool     *pgxpool.Pool // nil on SQLite
	clock    clock.Clock
	postgres bool
	signals  chan struct{}
	texts    sync.Map // Postgres: a text of Glance with its arguments numbered
	tables   sync.Map // Postgres: a table's columns and their types
	close    func() error
}

// Signals tells of committed work for the relay; one signal may stand for many.
func (d *DB) Signals() <-chan struct{} { return d.signals }

// Signal announces, once the open transaction is committed, that there is work
// for the relay of this process.
func Signal(ctx context.Context) error {
	tx, ok := current(ctx)
	if !ok {
		return ErrNoTx
	}
	return AfterCommit(ctx, func() {
		select {
		case tx.parent.signals <- struct{}{}:
		default:
		}
	})
}

// Postgres tells whether the database is Postgres.
func (d *DB) Postgres() bool { return d.postgres }

// Now is the time by the injected clock.
func (d *DB) Now() time.Time { return d.clock.Now() }

// Clock is the injected clock.
func (d *DB) Clock() clock.Clock { return d.clock }

// Close ends all connections.
func (d *DB) Close() error { return d.close() }

// ErrNoTenant is returned for work that names no tenant.
var ErrNoTenant = errors.New("db: no tenant in the context")

// ErrNoTx is returned by work that must be part of a transaction and is not.
var ErrNoTx = errors.New("db: not inside a transaction")

type tenantKey struct{}

// WithTenant says whose work the context carries.
func WithTenant(ctx context.Context, id uuid.UUID) context.Context {
	return context.WithValue(ctx, tenantKey{}, id)
}

// TenantID is the tenant that the context carries.
func TenantID(ctx context.Context) (uuid.UUID, bool) {
	id, ok := ctx.Value(tenantKey{}).(uuid.UUID)
	return id, ok && id != uuid.Nil
}

type txKey struct{}

// openTx is a transaction under way: the tenant it belongs to and what to do
// once it is committed.
type openTx struct {
	db     *gorm.DB
	tenant uuid.UUID // Nil for shared work
	after  []func()
	parent *DB
}

func current(ctx context.Context) (*openTx, bool) {
	tx, ok := ctx.Value(txKey{}).(*openTx)
	return tx, ok && tx != nil
}

// InTx tells whether ctx is inside a transaction.
func InTx(ctx context.Context) bool { _, ok := current(ctx); return ok }

// From is the open transaction's handle, narrowed to its tenant. Outside a
// transaction every statement on it fails with ErrNoTx.
func From(ctx context.Context) *gorm.DB {
	tx, ok := current(ctx)
	if !ok {
		return outside(ctx)
	}
	return tx.db.Session(&gorm.Session{NewDB: true, Context: ctx})
}

// outside is a handle without a database: whatever is asked of it fails.
func outside(ctx context.Context) *gorm.DB {
	g, err := gorm.Open(nil, &gorm.Config{DryRun: true})
	if err != nil {
		g = &gorm.DB{Error: err}
	}
	g = g.Session(&gorm.Session{NewDB: true, Context: ctx, DryRun: true})
	_ = g.AddError(ErrNoTx)
	return g
}

// Now is the time by the clock of the open transaction's database.
func Now(ctx context.Context) time.Time {
	if tx, ok := current(ctx); ok {
		return tx.parent.Now()
	}
	return time.Time{}
}

// AfterCommit runs fn once the open transaction is committed, and not at all
// when it is rolled back.
func AfterCommit(ctx context.Context, fn func()) error {
	tx, ok := current(ctx)
	if !ok {
		return ErrNoTx
	}
	tx.after = append(tx.after, fn)
	return nil
}

// Tx runs fn in one transaction of the context's tenant. Inside an open
// transaction of the same tenant fn joins it.
func (d *DB) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	id, ok := TenantID(ctx)
	if !ok {
		return ErrNoTenant
	}
	return d.run(ctx, id, false, fn)
}

// Read is Tx for work that changes nothing.
func (d *DB) Read(ctx context.Context, fn func(ctx context.Context) error) error {
	id, ok := TenantID(ctx)
	if !ok {
		return ErrNoTenant
	}
	return d.run(ctx, id, true, fn)
}

// Shared runs fn in a transaction of no tenant, on models that are shared.
func (d *DB) Shared(ctx context.Context, fn func(ctx context.Context) error) error {
	return d.run(ctx, uuid.Nil, false, fn)
}

// Apart runs fn in a transaction of its own even inside an open one, for
// counters that must stay when the rest is rolled back. On SQLite an open
// writing transaction would block it for ever, so there it is refused.
func (d *DB) Apart(ctx context.Context, fn func(ctx context.Context) error) error {
	if InTx(ctx) {
		return errors.New("db: Apart inside a transaction")
	}
	return d.Tx(ctx, fn)
}

func (d *DB) run(ctx context.Context, id uuid.UUID, readOnly bool, fn func(ctx context.Context) error) error {
	if tx, ok := current(ctx); ok {
		if tx.tenant != id {
			return fmt.Errorf("db: a transaction of another tenant is open")
		}
		return fn(ctx)
	}
	open := &openTx{tenant: id, parent: d}
	if err := translate(d.inTx(ctx, open, readOnly, fn)); err != nil {
		return err
	}
	for _, after := range open.after {
		after()
	}
	return nil
}

func (d *DB) inTx(ctx context.Context, open *openTx, readOnly bool, fn func(ctx context.Context) error) error {
	return d.gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		open.db = tx
		inner := context.WithValue(ctx, txKey{}, open)
		if err := d.setTenant(inner, tx, open.tenant); err != nil {
			return err
		}
		return fn(inner)
	}, txOptions(readOnly))
}

// setTenant tells Postgres whose rows the transaction sees. It speaks to the
// connection itself: every transaction does, and gorm would build a statement.
func (d *DB) setTenant(ctx context.Context, tx *gorm.DB, id uuid.UUID) error {
	if !d.postgres || id == uuid.Nil {
		return nil
	}
	if _, err := tx.Statement.ConnPool.ExecContext(ctx, "SELECT set_config('app.tenant_id', $1, true)", id.String()); err != nil {
		return fmt.Errorf("set tenant: %w", err)
	}
	return nil
}
