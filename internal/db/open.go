package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"tilgang/internal/clock"
)

// Options say which database to open.
type Options struct {
	URL      string // Postgres; empty: SQLite in File
	File     string // SQLite's file
	Fast     bool   // SQLite: leave the last transactions of a power cut to luck (demo only)
	MaxConns int    // Postgres; 0 is 20
	Clock    clock.Clock
}

// Open opens the database; it does not migrate it.
func Open(ctx context.Context, opt Options) (*DB, error) {
	if opt.Clock == nil {
		opt.Clock = &clock.System{}
	}
	if opt.URL != "" {
		return openPostgres(ctx, opt)
	}
	return openSQLite(opt)
}

func openPostgres(ctx context.Context, opt Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(opt.URL)
	if err != nil {
		return nil, errors.New("read TILGANG_DATABASE_URL: not a Postgres address")
	}
	cfg.MaxConns = int32(cmp.Or(opt.MaxConns, 20)) //nolint:gosec // a small setting
	cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	cfg.ConnConfig.RuntimeParams["application_name"] = "tilgang"
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = "20000"
	cfg.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open postgres: %w", err)
	}
	conn := stdlib.OpenDBFromPool(pool)
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: conn}), gormConfig())
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open postgres: %w", translate(err))
	}
	return finish(g, &DB{pool: pool, clock: opt.Clock, postgres: true, close: func() error {
		err := conn.Close()
		pool.Close()
		return err
	}})
}

func openSQLite(opt Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(opt.File), 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	conn, err := openRemembering(SQLiteDSN(opt.File, opt.Fast))
	if err != nil {
		return nil, fmt.Errorf("open sqlite: %w", err)
	}
	conn.SetMaxOpenConns(16)
	conn.SetMaxIdleConns(16)
	g, err := gorm.Open(translating{sqlite.New(sqlite.Config{DriverName: "sqlite", Conn: conn})}, gormConfig())
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("open sqlite %s: %w", opt.File, err)
	}
	return finish(g, &DB{clock: opt.Clock, close: conn.Close})
}

// SQLiteDSN is the data source name of an SQLite file. Transactions begin
// IMMEDIATE: a deferred one that reads first and writes later dies of "database
// is locked" however long it may wait.
func SQLiteDSN(file string, fast bool) string {
	sync := "FULL"
	if fast {
		sync = "NORMAL"
	}
	q := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)", "synchronous(" + sync + ")"}}
	q.Set("_txlock", "immediate")
	q.Set("_timezone", "UTC")
	q.Set("_time_format", "sqlite")
	return "file:" + file + "?" + q.Encode()
}

func gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		DisableAutomaticPing:   false,
		AllowGlobalUpdate:      false,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
	}
}

func finish(g *gorm.DB, d *DB) (*DB, error) {
	if err := g.Use(scope{}); err != nil {
		_ = d.close()
		return nil, fmt.Errorf("install tenant scope: %w", err)
	}
	d.gorm = g
	d.signals = make(chan struct{}, 1)
	return d, nil
}

func txOptions(readOnly bool) *sql.TxOptions {
	if readOnly {
		return &sql.TxOptions{ReadOnly: true}
	}
	return &sql.TxOptions{}
}

// Ping asks the database whether it is there, within two seconds.
func (d *DB) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := d.gorm.DB()
	if err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	return translate(conn.PingContext(ctx))
}

// SyncClock measures the database's clock and corrects the system clock by the
// offset; other clocks and SQLite are left alone. The middle of the question's
// travel time is taken for the moment of the answer.
func (d *DB) SyncClock(ctx context.Context) error {
	system, ok := d.clock.(*clock.System)
	if !ok || !d.postgres {
		return nil
	}
	var there time.Time
	before := time.Now()
	if err := d.pool.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&there); err != nil {
		return fmt.Errorf("ask the database's time: %w", translate(err))
	}
	took := time.Since(before)
	system.Correct(there.Sub(before.Add(took / 2)))
	return nil
}
