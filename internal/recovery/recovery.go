package recovery

import (
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/fault"
)

// State is where a recovery stands at a moment.
type State string

// The states. Lapsed is an end too: nobody approved in time, or nobody came.
const (
	Waiting State = "waiting"
	Cooling State = "cooling"
	Open    State = "open"
	Lapsed  State = "lapsed"
	Over    State = "over"
)

// Ending says how a recovery ended.
type Ending string

// The endings. Used: a new factor took the place of those lost. Removed: they
// are gone and none is demanded. Stopped: by the person. Proven: a factor on
// file was proven, so it was not lost.
const (
	Used      Ending = "used"
	Removed   Ending = "removed"
	Refused   Ending = "refused"
	Cancelled Ending = "cancelled"
	Stopped   Ending = "stopped"
	Proven    Ending = "proven"
	Timeout   Ending = "lapsed"
)

// Recovery is a recovery as it is stored.
type Recovery struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	PersonID    uuid.UUID
	AccountID   uuid.UUID
	Reason      string
	StarterID   uuid.UUID // person
	StarterRole string    // in which part: manager, hr, admin
	CodeHash    []byte
	Sealed      []byte // the code that stops it
	Turn        int64
	// SecurityEpoch is the installation's at the start: what a restored backup
	// brings back does not open.
	SecurityEpoch int64
	ApprovedAt    *time.Time
	OpensAt       *time.Time
	ClosesAt      time.Time // before the approval: until when one is waited for
	EndedAt       *time.Time
	Ending        Ending
	EndedBy       *uuid.UUID // person; nil where nobody was signed in
	CreatedAt     time.Time
}

// TableName implements gorm's Tabler.
func (Recovery) TableName() string { return "recoveries" }

// LogValue shows the id alone.
func (r Recovery) LogValue() slog.Value { return slog.StringValue(r.ID.String()) }

// State is where the recovery stands; each state begins at its instant.
func (r Recovery) State(now time.Time) State {
	switch {
	case r.EndedAt != nil:
		return Over
	case !now.Before(r.ClosesAt):
		return Lapsed
	case r.ApprovedAt == nil || r.OpensAt == nil:
		return Waiting
	case now.Before(*r.OpensAt):
		return Cooling
	}
	return Open
}

// Running tells whether the recovery has not ended.
func (r Recovery) Running(now time.Time) bool {
	s := r.State(now)
	return s != Over && s != Lapsed
}

// Approval is one person's approval, and in which part it was given.
type Approval struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	RecoveryID uuid.UUID `gorm:"primaryKey"`
	ApproverID uuid.UUID `gorm:"primaryKey"`
	Role       string
	CreatedAt  time.Time
}

// TableName implements gorm's Tabler.
func (Approval) TableName() string { return "recovery_approvals" }

// Needed is how many approvals a recovery needs: two for a person with a role.
func Needed(privileged bool) int {
	if privileged {
		return 2
	}
	return 1
}

// Sufficient tells whether approvals open a recovery. Those of the person and of
// the starter count for nothing, a second one of the same approver neither, and
// where the person has a role those of administrators alone count.
func Sufficient(r Recovery, privileged bool, approvals []Approval) bool {
	var who []uuid.UUID
	for _, a := range approvals {
		counts := a.Role == authz.RoleAdmin || a.Role == authz.RoleHR && !privileged
		if counts && a.ApproverID != uuid.Nil && a.ApproverID != r.PersonID && a.ApproverID != r.StarterID && !slices.Contains(who, a.ApproverID) {
			who = append(who, a.ApproverID)
		}
	}
	return r.StarterID != r.PersonID && len(who) >= Needed(privileged)
}

// The bounds of starting.
const (
	perDay        = 3 // recoveries of one person in 24 h: each writes to every channel
	shortest      = 5 // characters of a reason
	longest       = 300
	keptAfter     = 90 * 24 * time.Hour // how long an ended one stays; the audit has its own
	codeCharacter = 10
)

// The refusals.
func errNowhere() error { return fault.New(fault.NotFound, "http.not_found") }
func errSelf() error    { return fault.New(fault.Forbidden, "recovery.self") }
func errAbove() error   { return fault.New(fault.Forbidden, "recovery.above") }
func errStarter() error { return fault.New(fault.Forbidden, "recovery.starter") }
func errAdmins() error  { return fault.New(fault.Forbidden, "recovery.admins") }
func errNew() error     { return fault.New(fault.Forbidden, "recovery.new_role") }
func errTwice() error   { return fault.New(fault.Conflict, "recovery.twice") }
func errRunning() error { return fault.New(fault.Conflict, "recovery.running") }
func errSettled() error { return fault.New(fault.Conflict, "recovery.settled") }
func errNothing() error { return fault.New(fault.Conflict, "recovery.nothing") }
func errClosed() error  { return fault.New(fault.Conflict, "recovery.closed") }
func errShut() error    { return fault.New(fault.Expired, "recovery.shut") }
func errReason() error  { return fault.Field("reason", "recovery.reason.missing", "Count", shortest) }
func errCode() error    { return fault.Field("code", "recovery.stop.wrong") }

func errOften(wait time.Duration) error {
	return fault.New(fault.TooMany, "recovery.often", "Count", perDay, "Wait", wait).After(wait)
}
