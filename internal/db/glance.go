package db

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Glance reads the rows of one statement of the context's tenant. On Postgres
// it takes one round trip, where Read takes four: for what every request asks.
// The text is under the rule of Rows; T is a struct, or an embedding of
// exported ones, whose fields are named like the columns. Inside an open
// transaction it is part of it.
func Glance[T any](ctx context.Context, d *DB, text string, args map[string]any) (rows []T, err error) {
	if !d.postgres || InTx(ctx) {
		err = d.Read(ctx, func(ctx context.Context) error { return Rows(ctx, &rows, text, named(args)...) })
		return rows, err
	}
	id, ok := TenantID(ctx)
	if !ok {
		return nil, ErrNoTenant
	}
	if !strings.Contains(text, "@tenant") {
		return nil, errNoTenantName
	}
	rows, err = glance[T](ctx, d, id, text, args)
	return rows, translate(err)
}

// glance sends the tenant's setting and the statement together. What is sent
// before one Sync is one transaction, at whose end the setting is gone; see
// "Pipelining" in the Postgres manual's Message Flow.
func glance[T any](ctx context.Context, d *DB, id uuid.UUID, text string, args map[string]any) (rows []T, err error) {
	bound := pgx.NamedArgs{"tenant": id}
	maps.Copy(bound, args)
	var batch pgx.Batch
	batch.Queue("SELECT set_config('app.tenant_id', $1, true)", id.String())
	batch.Queue(text, bound)
	answers := d.pool.SendBatch(ctx, &batch)
	defer func() {
		if e := answers.Close(); err == nil {
			err = e
		}
	}()
	if _, err := answers.Exec(); err != nil {
		return nil, fmt.Errorf("set tenant: %w", err)
	}
	found, err := answers.Query()
	if err != nil {
		return nil, err //nolint:wrapcheck // translated by Glance
	}
	return pgx.CollectRows(found, pgx.RowToStructByNameLax[T]) //nolint:wrapcheck // translated by Glance
}

func named(args map[string]any) (list []any) {
	for name, value := range args {
		list = append(list, sql.Named(name, value))
	}
	return list
}
