package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Keys asks for the rows whose Column is one of many keys.
type Keys[K string | uuid.UUID] struct {
	Column string
	Of     []K
	And    string // a condition on the row, which is called x; begins with AND
	Order  string // columns of x; empty: any order
}

// ByKeys finds rows of T's table by keys. Its text is the same for any number
// of keys, and each is looked up by the column's index: a planner that knows
// nothing yet of a table that is being filled would read the whole tenant for
// every list.
func ByKeys[T any, K string | uuid.UUID](ctx context.Context, k Keys[K]) (rows []T, err error) {
	if len(k.Of) == 0 {
		return nil, nil
	}
	tx, ok := current(ctx)
	if !ok {
		return nil, ErrNoTx
	}
	stmt := &gorm.Statement{DB: From(ctx)}
	if err := stmt.Parse(&rows); err != nil {
		return nil, fmt.Errorf("db: read the model: %w", err)
	}
	list, err := keyList(tx.parent.postgres, k.Of)
	if err != nil {
		return nil, err
	}
	err = Rows(ctx, &rows, k.text(tx.parent.postgres, stmt.Schema.Table), sql.Named("keys", list))
	return rows, err
}

// text holds the planner, by OFFSET 0 and in SQLite by CROSS JOIN, to the order
// in which it is written.
func (k Keys[K]) text(postgres bool, table string) string {
	row := fmt.Sprintf("%s x WHERE x.tenant_id = @tenant AND x.%s = k.v %s", table, k.Column, k.And)
	text := "SELECT x.* FROM (SELECT DISTINCT value AS v FROM json_each(@keys)) k CROSS JOIN " + row
	if postgres {
		_, element := wireType(reflect.TypeFor[K]())
		text = fmt.Sprintf("SELECT x.* FROM (SELECT DISTINCT v FROM unnest(CAST(@keys AS %s[])) AS u(v)) k CROSS JOIN LATERAL (SELECT x.* FROM %s OFFSET 0) x", element, row)
	}
	if k.Order != "" {
		text += " ORDER BY " + k.Order
	}
	return text
}

func keyList[K string | uuid.UUID](postgres bool, keys []K) (any, error) {
	if !postgres {
		text, err := json.Marshal(keys)
		if err != nil {
			return nil, fmt.Errorf("db: write keys: %w", err)
		}
		return string(text), nil
	}
	ids, isIDs := any(keys).([]uuid.UUID)
	if !isIDs {
		return array{keys}, nil
	}
	plain := make([][16]byte, len(ids))
	for i, id := range ids {
		plain[i] = id
	}
	return array{plain}, nil
}
