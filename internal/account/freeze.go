package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/fault"
)

// CodeFrozen is the Conflict fault of whatever a freeze stops, with Args When.
const CodeFrozen = "account.frozen"

// Lift is why changes are possible again.
type Lift string

// The ways out of a freeze.
const (
	Undone   Lift = "undone"   // who reported took it back
	Returned Lift = "returned" // the owner chose a password by mail and proved the factor on file
	ByHR     Lift = "hr"       // HR knows the person
)

// UndoWithin is how long a report can be taken back (ours: a long weekend).
const UndoWithin = 72 * time.Hour

// Freeze is a report that somebody else may be in an account. While one is open
// nothing changes about how the account is signed in to; reading goes on.
type Freeze struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	AccountID  uuid.UUID
	NoticeID   uuid.UUID // the mail by which it was said
	FrozenAt   time.Time
	PasswordAt *time.Time // a new password was chosen by mail since
	LiftedAt   *time.Time
	LiftedWhy  Lift
	LiftedBy   *uuid.UUID // the person of HR
}

// TableName implements gorm's Tabler.
func (Freeze) TableName() string { return "freezes" }

// Open tells whether it still stops anything.
func (f Freeze) Open() bool { return f.ID != uuid.Nil && f.LiftedAt == nil }

// MayChange is the gate of everything that changes how an account is signed in
// to, or gives much of its data away at once: new factors, addresses, phones,
// recovery codes, a password that is not chosen by mail. The Conflict fault
// CodeFrozen while the account is frozen. It holds reports about the account
// back until the transaction ends, so that a report and a change have an order.
func MayChange(ctx context.Context, id uuid.UUID) error {
	if err := Lock(ctx, id); err != nil {
		return err
	}
	return CheckFrozen(ctx, id)
}

// CheckFrozen is MayChange without its lock: for pages, and for what is only the
// beginning of a change.
func CheckFrozen(ctx context.Context, id uuid.UUID) error {
	f, err := OpenFreeze(ctx, id)
	if err == nil && f.Open() {
		err = fault.New(fault.Conflict, CodeFrozen, "When", f.FrozenAt)
	}
	return err
}
