package dbtest

import (
	"context"
	"sync"
	"testing"

	"gorm.io/gorm"

	"tilgang/internal/db"
)

// Statements are the SQL texts that the product sent, without their values.
type Statements struct {
	mu   sync.Mutex
	list []string
}

// Take gives them, in order, and forgets them.
func (s *Statements) Take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

func (s *Statements) add(g *gorm.DB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, g.Statement.SQL.String())
}

// Watch listens to everything that is sent to the database from now on; ctx is
// any tenant's.
func Watch(tb testing.TB, ctx context.Context, d *db.DB) *Statements {
	tb.Helper()
	s := &Statements{}
	err := d.Tx(ctx, func(ctx context.Context) error {
		cb := db.From(ctx).Callback()
		for _, err := range []error{
			cb.Query().After("gorm:query").Register("test:query", s.add), cb.Row().After("gorm:row").Register("test:row", s.add),
			cb.Raw().After("gorm:raw").Register("test:raw", s.add), cb.Create().After("gorm:create").Register("test:create", s.add),
			cb.Update().After("gorm:update").Register("test:update", s.add), cb.Delete().After("gorm:delete").Register("test:delete", s.add),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
