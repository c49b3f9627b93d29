package db

import (
	"strings"

	"gorm.io/gorm"
)

// translating teaches gorm's SQLite dialector the pure Go driver's words for a
// taken key; it only knows those of the C driver.
type translating struct{ gorm.Dialector }

// Translate implements gorm.ErrorTranslator.
func (translating) Translate(err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "UNIQUE constraint failed"), strings.Contains(text, "PRIMARY KEY constraint failed"):
		return gorm.ErrDuplicatedKey
	case strings.Contains(text, "FOREIGN KEY constraint failed"):
		return gorm.ErrForeignKeyViolated
	case strings.Contains(text, "CHECK constraint failed"):
		return gorm.ErrCheckConstraintViolated
	}
	return err
}

// SavePoint and RollbackTo pass through, so that gorm still sees them.
func (t translating) SavePoint(tx *gorm.DB, name string) error {
	return t.Dialector.(gorm.SavePointerDialectorInterface).SavePoint(tx, name)
}

// RollbackTo goes back to a savepoint.
func (t translating) RollbackTo(tx *gorm.DB, name string) error {
	return t.Dialector.(gorm.SavePointerDialectorInterface).RollbackTo(tx, name)
}
