package notme

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/fault"
	"tilgang/internal/message"
)

// The numbers, ours.
const (
	codeDigits = 6
	life       = 30 * 24 * time.Hour // of a link: longer than a holiday
	kept       = 7 * 24 * time.Hour  // how long rows stay after that
)

// Notice is a mail that can be denied, as it is stored.
type Notice struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"` // the message's
	AccountID  uuid.UUID
	Kind       string
	Args       string
	HappenedAt time.Time
	TokenHash  []byte
	CodeHash   []byte
	Sealed     []byte // token and code, for a try that follows a failed one
	ExpiresAt  time.Time
	ReportedAt *time.Time
	CreatedAt  time.Time
}

// TableName implements gorm's Tabler.
func (Notice) TableName() string { return "notices" }

// LogValue shows the id alone.
func (n Notice) LogValue() slog.Value { return slog.StringValue(n.ID.String()) }

// Stage is where a notice stands for whoever holds its link.
type Stage string

// The stages. Ended: the freeze that it brought is over.
const (
	Asking   Stage = "asking"   // it can be reported
	Undoable Stage = "undoable" // it was, and can be taken back
	Standing Stage = "standing" // it was, and is over by a new password or HR alone
	Ended    Stage = "ended"
)

// Look is what the holder of a link may see.
type Look struct {
	Notice Notice
	Origin message.Message // what the mail knew of when and where
	Stage  Stage
	Freeze account.Freeze // zero while Asking
}

// stageOf judges a notice whose link works; again tells whether another report
// of the account was taken back lately.
func stageOf(n Notice, f account.Freeze, now time.Time, again bool) Stage {
	switch {
	case n.ReportedAt == nil:
		return Asking
	case !f.Open():
		return Ended
	case again || !now.Before(f.FrozenAt.Add(account.UndoWithin)):
		return Standing
	}
	return Undoable
}

// The codes of refusals.
const (
	codeShape = "notme.code.shape" // not six digits; not counted
	codeWrong = "notme.code.wrong"
	codeSelf  = "notme.lift.self"
	codeAbove = "notme.lift.above"
	codeNone  = "notme.lift.none"
	codeHow   = "notme.lift.how"
)

func errUnknown() error { return fault.New(fault.Expired, "notme.unknown") }
func errExpired() error { return fault.New(fault.Expired, "notme.expired") }
