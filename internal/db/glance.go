package db

import (
	"context"
	"database/sql"
	"fmt"
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
	ask, err := d.numbered(ctx, text, args)
	if err != nil {
		return nil, err
	}
	var batch pgx.Batch
	batch.Queue("SELECT set_config('app.tenant_id', $1, true)", id.String())
	batch.Queue(ask.text, ask.bind(id, args)...)
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

// numberedText is a text whose arguments have numbers, and their names in order.
type numberedText struct {
	text  string
	names []string
}

// numbered gives arguments numbers in place of names, once for each text.
func (d *DB) numbered(ctx context.Context, text string, args map[string]any) (numberedText, error) {
	if known, there := d.texts.Load(text); there {
		ask, _ := known.(numberedText)
		return ask, nil
	}
	self := pgx.NamedArgs{"tenant": "tenant"} // each name stands for itself
	for name := range args {
		self[name] = name
	}
	plain, order, err := self.RewriteQuery(ctx, nil, text, nil)
	if err != nil {
		return numberedText{}, fmt.Errorf("number arguments: %w", err)
	}
	ask := numberedText{text: plain}
	for _, name := range order {
		word, _ := name.(string) // nil: an argument that nobody gave
		ask.names = append(ask.names, word)
	}
	d.texts.Store(text, ask)
	return ask, nil
}

// bind puts arguments in order. An id travels as its bytes: asked for its
// value, it would be written out in letters and read again.
func (n numberedText) bind(tenant uuid.UUID, args map[string]any) []any {
	list := make([]any, len(n.names))
	for i, name := range n.names {
		value := args[name]
		if name == "tenant" {
			value = tenant
		}
		if id, ok := value.(uuid.UUID); ok {
			value = [16]byte(id)
		}
		list[i] = value
	}
	return list
}

func named(args map[string]any) (list []any) {
	for name, value := range args {
		list = append(list, sql.Named(name, value))
	}
	return list
}
