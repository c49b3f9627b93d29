package alumni

import (
	"time"

	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/people"
)

// The bounds of what HR gives and people ask (ours).
const (
	mostYears   = 10                  // ahead, for a day that HR gives: beyond it is a slip of the pen
	askAgain    = 7 * 24 * time.Hour  // after HR said no
	shownFor    = 90 * 24 * time.Hour // answered wishes on HR's page
	keptWishes  = 2 * 365 * 24 * time.Hour
	mostListed  = 500
	eachStep    = 100 // persons that a sweep looks at in one transaction
	monthsSlack = 3   // days by which a month's last day can shift the end of a window
)

// Answer is what HR said to a wish.
type Answer string

// The answers; empty while HR has given none.
const (
	Granted  Answer = "granted"
	Declined Answer = "declined"
)

// Wish is somebody's wish for more time.
type Wish struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	PersonID   uuid.UUID
	CreatedAt  time.Time
	AnsweredAt *time.Time
	Answer     Answer
	AnsweredBy *uuid.UUID
}

// TableName implements gorm's Tabler.
func (Wish) TableName() string { return "alumni_wishes" }

// Open tells whether HR has not answered yet.
func (w Wish) Open() bool { return w.ID != uuid.Nil && w.AnsweredAt == nil }

// notice is what was told before a day.
type notice struct {
	TenantID  uuid.UUID   `gorm:"primaryKey"`
	PersonID  uuid.UUID   `gorm:"primaryKey"`
	Kind      string      `gorm:"primaryKey"`
	Day       people.Date `gorm:"primaryKey"`
	Mark      int         `gorm:"primaryKey"`
	CreatedAt time.Time
}

// TableName implements gorm's Tabler.
func (notice) TableName() string { return "alumni_notices" }

// The refusals.
func errNowhere() error { return fault.New(fault.NotFound, "http.not_found") }
func errSelf() error    { return fault.New(fault.Forbidden, "alumni.self") }
func errOpen() error    { return fault.New(fault.Conflict, "alumni.not_ended") }
func errNoWish() error  { return fault.New(fault.Conflict, "alumni.no_wish") }
func errRaced() error   { return fault.New(fault.Conflict, "people.raced") }
func errBad() error     { return fault.Field("until", "alumni.until.bad") }
func errPast() error    { return fault.Field("until", "alumni.until.past") }
func errFar() error     { return fault.Field("until", "alumni.until.far", "Years", mostYears) }
func errShorter() error { return fault.Field("until", "alumni.until.shorter") }
