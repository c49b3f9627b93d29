package account

import (
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// Status says whether an account may sign in; only Active may.
type Status string

// The states of an account.
const (
	Active    Status = "active"
	Suspended Status = "suspended"
	Closed    Status = "closed"
)

// Kind says whose an address is.
type Kind string

// The kinds of address: the employer's and the person's own; and the employee
// number of who has neither, to which nobody can write.
const (
	Work    Kind = "work"
	Private Kind = "private"
	Number  Kind = "number"
)

// Account is how a person signs in.
type Account struct {
	TenantID          uuid.UUID `gorm:"primaryKey"`
	ID                uuid.UUID `gorm:"primaryKey"`
	PersonID          uuid.UUID
	Status            Status
	PasswordHash      string // PHC text; empty: no password, and none matches
	PasswordChangedAt *time.Time
	FactorGeneration  int64  // raised when factors on file were replaced by recovery
	SessionEpoch      int64  // sessions of an older epoch have ended
	MfaSkipped        string // fingerprint of the policy under which Skip was pressed
	MfaPostponed      int    // how often Later was pressed
	MfaOfferedOn      string // day of the last offer in the tenant's zone, ISO 8601
	CreatedAt         time.Time
	UpdatedAt         time.Time
	LastSigninAt      *time.Time
	AnewAt            *time.Time // since when it waits for a new invitation; nil: it does not
	RegisteredAt      *time.Time // when the person came in with an address of their own; nil: by invitation alone
}

// TableName implements gorm's Tabler.
func (Account) TableName() string { return "accounts" }

// LogValue shows the id alone: the hash never reaches a log.
func (a Account) LogValue() slog.Value { return slog.StringValue(a.ID.String()) }

// Identifier is a proven address that names an account, or an employee number
// that came with a secret.
type Identifier struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	AccountID  uuid.UUID
	Kind       Kind
	Address    string // as written to
	AddressKey string // as compared
	VerifiedAt time.Time
	Phone      string // of a number: where text messages go, E.164, proven by the invitation; or empty
}

// TableName implements gorm's Tabler.
func (Identifier) TableName() string { return "identifiers" }

// New is an account to be made. Address may be empty for an account without
// one; else it must have been proven by its owner just now, as must Phone.
type New struct {
	PersonID     uuid.UUID
	Kind         Kind
	Address      string
	AddressKey   string
	Phone        string // beside a number; may be empty
	PasswordHash string
}
