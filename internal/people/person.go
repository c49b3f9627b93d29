package people

import (
	"time"

	"github.com/google/uuid"
)

// Person is a human, known to one tenant.
type Person struct {
	TenantID        uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	GivenName       string
	FamilyName      string
	WorkEmail       string
	WorkEmailKey    string // canonical; what is compared
	PrivateEmail    string
	PrivateEmailKey string
	Phone           string     // contact data, never an authenticator
	Language        string     // BCP 47; empty: the tenant's first
	NationalKey     []byte     // keyed hash of the national identity number; nil when unknown
	ErasedAt        *time.Time // since when only what law keeps is here; nil again once hired anew
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// TableName implements gorm's Tabler.
func (Person) TableName() string { return "persons" }

// Name is the whole name; of whom nothing is kept any more, a number.
func (p Person) Name() string {
	if p.ErasedAt != nil && p.GivenName == "" && p.FamilyName == "" {
		return "#" + p.ID.String()[24:]
	}
	return p.GivenName + " " + p.FamilyName
}

// Address is where the person is written to: work e-mail, else private; kind is
// "work", "private" or empty when there is none.
func (p Person) Address() (address, key, kind string) {
	switch {
	case p.WorkEmailKey != "":
		return p.WorkEmail, p.WorkEmailKey, "work"
	case p.PrivateEmailKey != "":
		return p.PrivateEmail, p.PrivateEmailKey, "private"
	}
	return "", "", ""
}

// reach is what an open invitation follows: the address or, without one, the
// phone.
func (p Person) reach() string {
	if _, key, kind := p.Address(); kind != "" {
		return key
	}
	return p.Phone
}

// Employment is a contract of a person with a legal employer.
type Employment struct {
	TenantID        uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	PersonID        uuid.UUID
	LegalEmployerID uuid.UUID
	EmployeeNumber  string
	NumberKey       string // FoldNumber of it; what is compared
	OrgUnitID       *uuid.UUID
	JobTitle        string
	JobTitleKey     string // folded by tenant.FoldTitle; what requirements compare
	ManagerNumber   string // as the file gave it
	ManagerKey      string // FoldNumber of it
	ManagerPersonID *uuid.UUID
	AddedBy         *uuid.UUID // the line manager who took the person in; nil where HR did
	StartDate       Date
	EndDate         Date // inclusive; empty: open
	AccessUntil     Date // the last day of access that HR gave this person; empty: the employer's window alone
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// TableName implements gorm's Tabler.
func (Employment) TableName() string { return "employments" }

// Date is a day as ISO 8601 text; the zero value is "no date". Days compare as
// text.
type Date string

// DateOf is the day of t in a zone.
func DateOf(t time.Time, zone *time.Location) Date { return Date(t.In(zone).Format(time.DateOnly)) }

// Time is midnight of the day in a zone; the zero time for no date.
func (d Date) Time(zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Role is a permission granted to a person by hand or by file.
type Role struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	PersonID  uuid.UUID `gorm:"primaryKey"`
	Role      string    `gorm:"primaryKey"`
	GrantedAt time.Time
}

// TableName implements gorm's Tabler.
func (Role) TableName() string { return "person_roles" }

// Token is a folded word of a person's name, address or number, for search.
type Token struct {
	TenantID uuid.UUID `gorm:"primaryKey"`
	Token    string    `gorm:"primaryKey"`
	PersonID uuid.UUID `gorm:"primaryKey"`
}

// TableName implements gorm's Tabler.
func (Token) TableName() string { return "person_tokens" }
