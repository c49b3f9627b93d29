package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
)

type person struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	GivenName  string
	FamilyName string
	// PrivateEmailKey has an index, which the names do not.
	PrivateEmailKey string
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

func (person) TableName() string { return "persons" }

type nobody struct{ ID uuid.UUID }

func (nobody) TableName() string { return "persons" }

func add(t *testing.T, d *db.DB, ctx context.Context, name string) uuid.UUID {
	t.Helper()
	p := person{ID: uuid.Must(uuid.NewV7()), GivenName: name, FamilyName: "x", CreatedAt: d.Now(), UpdatedAt: d.Now()}
	if err := d.Tx(ctx, func(ctx context.Context) error { return db.From(ctx).Create(&p).Error }); err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func names(t *testing.T, d *db.DB, ctx context.Context) (list []string) {
	t.Helper()
	err := d.Read(ctx, func(ctx context.Context) error {
		return db.From(ctx).Model(&person{}).Order("given_name").Pluck("given_name", &list).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEveryWayToAnotherTenantsRowsIsClosed(t *testing.T) {
	d, _ := dbtest.New(t)
	a, idA := dbtest.Tenant(t, d, "alfa")
	b, idB := dbtest.Tenant(t, d, "beta")
	add(t, d, a, "Anna")
	bo := add(t, d, b, "Bo")
	tx := func(fn func(g *gorm.DB) error) error {
		return d.Tx(a, func(ctx context.Context) error { return fn(db.From(ctx)) })
	}
	count := func(g *gorm.DB) (n int64, err error) { err = g.Count(&n).Error; return }

	seen := map[string]func(g *gorm.DB) *gorm.DB{
		"a plain read":  func(g *gorm.DB) *gorm.DB { return g.Model(&person{}).Where("id = ?", bo) },
		"a primary key": func(g *gorm.DB) *gorm.DB { return g.Model(&person{ID: bo}).Where("id = ?", bo) },
		"an OR that is always true": func(g *gorm.DB) *gorm.DB {
			return g.Model(&person{}).Where("given_name = ?", "Bo").Or("1 = 1").Where("id = ?", bo)
		},
		"the other tenant's id": func(g *gorm.DB) *gorm.DB { return g.Model(&person{}).Where("tenant_id = ?", idB) },
	}
	for name, query := range seen {
		t.Run("sees nothing by "+name, func(t *testing.T) {
			err := tx(func(g *gorm.DB) error {
				n, err := count(query(g))
				if err == nil && n != 0 {
					t.Errorf("saw %d rows", n)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	t.Run("an OR stays inside its own tenant", func(t *testing.T) {
		_ = tx(func(g *gorm.DB) error {
			n, err := count(g.Model(&person{}).Where("given_name = ?", "Bo").Or("1 = 1"))
			if n != 1 || err != nil {
				t.Errorf("got %d, %v", n, err)
			}
			return nil
		})
	})
	refused := map[string]func(g *gorm.DB) error{
		"a table without a model":  func(g *gorm.DB) error { var n int64; return g.Table("persons").Count(&n).Error },
		"a model without a tenant": func(g *gorm.DB) error { return g.Find(&[]nobody{}).Error },
		"a foreign row": func(g *gorm.DB) error {
			return g.Create(&person{TenantID: idB, ID: uuid.New(), CreatedAt: d.Now(), UpdatedAt: d.Now()}).Error
		},
		"a move to another tenant": func(g *gorm.DB) error {
			return g.Model(&person{}).Where("1 = 1").Updates(map[string]any{"tenant_id": idB}).Error
		},
		"an update of everything": func(g *gorm.DB) error { return g.Model(&person{}).Updates(map[string]any{"given_name": "x"}).Error },
		"a delete of everything":  func(g *gorm.DB) error { return g.Delete(&person{}).Error },
		"SQL without the tenant":  func(g *gorm.DB) error { return g.Exec("DELETE FROM persons").Error },
		"a join": func(g *gorm.DB) error {
			return g.Model(&person{}).Joins("JOIN tenants ON true").Find(&[]person{}).Error
		},
		"a create from a map": func(g *gorm.DB) error { return g.Model(&person{}).Create(map[string]any{"id": uuid.New()}).Error },
	}
	for name, act := range refused {
		t.Run("refuses "+name, func(t *testing.T) {
			if err := tx(act); err == nil {
				t.Error("it passed")
			}
		})
	}
	t.Run("changes and deletes nothing of the other", func(t *testing.T) {
		err := tx(func(g *gorm.DB) error {
			up := g.Model(&person{}).Where("id = ?", bo).Updates(map[string]any{"given_name": "hacked"})
			del := g.Where("id = ?", bo).Delete(&person{})
			if up.RowsAffected != 0 || del.RowsAffected != 0 {
				t.Errorf("changed %d, deleted %d", up.RowsAffected, del.RowsAffected)
			}
			return errors.Join(up.Error, del.Error)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := names(t, d, b); len(got) != 1 || got[0] != "Bo" {
			t.Errorf("beta has %v", got)
		}
	})
	t.Run("no tenant, no work", func(t *testing.T) {
		if err := d.Tx(context.Background(), func(context.Context) error { return nil }); !errors.Is(err, db.ErrNoTenant) {
			t.Errorf("got %v", err)
		}
		err := d.Shared(context.Background(), func(ctx context.Context) error { return db.From(ctx).Find(&[]person{}).Error })
		if !errors.Is(err, db.ErrNoTenant) {
			t.Errorf("got %v", err)
		}
		if err := db.From(a).Find(&[]person{}).Error; !errors.Is(err, db.ErrNoTx) {
			t.Errorf("outside a transaction: %v", err)
		}
	})
	t.Run("a transaction inside another tenant's is refused", func(t *testing.T) {
		err := d.Tx(a, func(ctx context.Context) error {
			return d.Tx(db.WithTenant(ctx, idB), func(context.Context) error { return nil })
		})
		if err == nil {
			t.Error("it passed")
		}
	})
	_ = idA
}

func TestHandWrittenSQLNamesTheTenant(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	b, _ := dbtest.Tenant(t, d, "beta")
	add(t, d, a, "Anna")
	add(t, d, b, "Bo")
	err := d.Tx(a, func(ctx context.Context) error {
		var list []string
		if err := db.Rows(ctx, &list, "SELECT given_name FROM persons WHERE tenant_id = @tenant"); err != nil {
			return err
		}
		if len(list) != 1 || list[0] != "Anna" {
			t.Errorf("got %v", list)
		}
		if err := db.Rows(ctx, &list, "SELECT given_name FROM persons"); err == nil {
			t.Error("SQL without the tenant passed")
		}
		n, err := db.Exec(ctx, "UPDATE persons SET given_name = 'Ane' WHERE tenant_id = @tenant AND given_name = 'Anna'")
		if n != 1 {
			t.Errorf("changed %d", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, d, b); got[0] != "Bo" {
		t.Errorf("beta has %v", got)
	}
}

func TestAfterCommitRunsOnlyWhenCommitted(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	ran := 0
	_ = d.Tx(a, func(ctx context.Context) error { return db.AfterCommit(ctx, func() { ran++ }) })
	_ = d.Tx(a, func(ctx context.Context) error {
		_ = db.AfterCommit(ctx, func() { ran += 10 })
		return errors.New("no")
	})
	if ran != 1 {
		t.Errorf("ran %d", ran)
	}
}

func TestATakenKeyIsTold(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	id := add(t, d, a, "Anna")
	err := d.Tx(a, func(ctx context.Context) error {
		return db.Done(db.From(ctx).Create(&person{ID: id, CreatedAt: d.Now(), UpdatedAt: d.Now()}))
	})
	if !errors.Is(err, db.ErrDuplicate) {
		t.Errorf("got %v", err)
	}
}
