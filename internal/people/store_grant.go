package people

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"tilgang/internal/db"
)

// Grant gives a person a role; one that is there stays.
func Grant(ctx context.Context, person uuid.UUID, role string) error {
	row := Role{PersonID: person, Role: role, GrantedAt: db.Now(ctx)}
	if err := db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("grant role: %w", err)
	}
	return nil
}

// ByNumber gives the person of an employee number, the one hired last when two
// legal employers share it; db.ErrNotFound when nobody has it.
func ByNumber(ctx context.Context, number string) (Person, error) {
	rows, err := employmentsByNumber(ctx, []string{number})
	if err != nil {
		return Person{}, fmt.Errorf("find number: %w", err)
	}
	if len(rows) == 0 {
		return Person{}, db.ErrNotFound
	}
	return personByID(ctx, rows[0].PersonID)
}

// Add makes a person without an employment: an outside administrator.
func Add(ctx context.Context, p Person) (Person, error) {
	p.ID, p.CreatedAt, p.UpdatedAt = uuid.Must(uuid.NewV7()), db.Now(ctx), db.Now(ctx)
	if err := db.InsertAll(ctx, []Person{p}, db.Clash{}); err != nil {
		return p, fmt.Errorf("add person: %w", err)
	}
	if err := db.InsertAll(ctx, tokensOf(&p), db.Skip()); err != nil {
		return p, fmt.Errorf("index person: %w", err)
	}
	return p, nil
}

// SetLanguage keeps the language that a person wants to be written to in.
func SetLanguage(ctx context.Context, person uuid.UUID, language string) error {
	return db.One(db.From(ctx).Model(&Person{}).Where("id = ?", person).
		Updates(map[string]any{"language": language, "updated_at": db.Now(ctx)}))
}
