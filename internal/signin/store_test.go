package signin_test

import (
	"context"
	"sync"
	"testing"

	"gorm.io/gorm"

	"tilgang/internal/attempt"
	"tilgang/internal/db"
)

// statements are the SQL texts that the product sent, without their values.
type statements struct {
	mu   sync.Mutex
	list []string
}

// Reset forgets them.
func (s *statements) Reset() { s.Take() }

// Take gives them and forgets them.
func (s *statements) Take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

func (s *statements) add(g *gorm.DB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, g.Statement.SQL.String())
}

// watch listens to everything that is sent to the database from now on.
func watch(t *testing.T, w *world) *statements {
	t.Helper()
	s := &statements{}
	w.do(w.ctx, func(ctx context.Context) error {
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
	return s
}

func attemptOf(address string) attempt.New {
	return attempt.New{Purpose: attempt.Signin, Address: address, AddressKey: address, Host: "havn.localhost"}
}
