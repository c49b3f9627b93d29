package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// errNoTenantName refuses SQL that forgets the tenant.
var errNoTenantName = errors.New("db: SQL must compare tenant_id with @tenant for every table it reads")

// Exec runs hand-written SQL of the open transaction's tenant. The text must
// compare tenant_id with @tenant, which is bound here; other arguments are
// named: sql.Named or a map.
func Exec(ctx context.Context, text string, args ...any) (int64, error) {
	res, err := bind(ctx, text, args, func(g *gorm.DB, text string, args []any) *gorm.DB { return g.Exec(text, args...) })
	if err != nil {
		return 0, err
	}
	return res.RowsAffected, duplicate(res.Error)
}

// Rows reads hand-written SQL into dest, a pointer to a slice of structs, a
// struct or a scalar, under the same rule as Exec.
func Rows(ctx context.Context, dest any, text string, args ...any) error {
	res, err := bind(ctx, text, args, func(g *gorm.DB, text string, args []any) *gorm.DB { return g.Raw(text, args...).Scan(dest) })
	if err != nil {
		return err
	}
	return res.Error
}

// Each reads hand-written SQL row by row, under the same rule as Exec: for
// results of a whole tenant, which would not fit. row scans the current one.
func Each(ctx context.Context, text string, row func(scan func(into ...any) error) error, args ...any) error {
	var found *sql.Rows
	res, err := bind(ctx, text, args, func(g *gorm.DB, text string, args []any) *gorm.DB {
		q := g.Raw(text, args...)
		found, _ = q.Rows() //nolint:rowserrcheck,sqlclosecheck // asked and closed below; q has the error
		return q
	})
	if err := errors.Join(err, failed(res)); err != nil {
		return err
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		if err := row(found.Scan); err != nil {
			return err
		}
	}
	return found.Err() //nolint:wrapcheck // translated where the transaction ends
}

func failed(res *gorm.DB) error {
	if res == nil {
		return nil
	}
	return res.Error
}

func bind(ctx context.Context, text string, args []any, run func(*gorm.DB, string, []any) *gorm.DB) (*gorm.DB, error) {
	tx, ok := current(ctx)
	if !ok {
		return nil, ErrNoTx
	}
	if tx.tenant == uuid.Nil {
		return nil, ErrNoTenant
	}
	if !strings.Contains(text, "@tenant") {
		return nil, errNoTenantName
	}
	return run(From(ctx), text, append([]any{sql.Named("tenant", tx.tenant)}, args...)), nil
}

// SharedExec runs SQL on shared tables or the relay's functions, inside Shared.
func SharedExec(ctx context.Context, text string, args ...any) (int64, error) {
	res := From(ctx).Set(allowKey, true).Exec(text, args...)
	return res.RowsAffected, res.Error
}

// SharedRows reads SQL on shared tables or the relay's functions, inside Shared.
func SharedRows(ctx context.Context, dest any, text string, args ...any) error {
	return From(ctx).Set(allowKey, true).Raw(text, args...).Scan(dest).Error
}
