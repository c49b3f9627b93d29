package register

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// The bounds, ours but where a source is named: OWASP Forgot Password for mails
// to one address, NIST SP 800-63B-4 for the life of a code by mail (at most a
// day) and for bounding its tries.
const (
	gap        = time.Minute // between two mails to one address
	anHour     = 5           // mails to one address in an hour
	aDay       = 10          // and in a day
	codeDigits = 6
	codeTries  = 5 // codes typed in one flow
	codeLife   = 15 * time.Minute
	restLife   = 45 * time.Minute    // for what follows the code
	kept       = 14 * 24 * time.Hour // how long rows stay: the audit has its own
)

// Outcome is what a registration came to.
type Outcome string

// The outcomes. Opened and Joined lead on to the sign-in.
const (
	Open    Outcome = ""        // not settled
	Opened  Outcome = "opened"  // a new account
	Joined  Outcome = "joined"  // the account that the person had
	Nobody  Outcome = "nobody"  // no employment of whoever proved themselves
	AtStaff Outcome = "staff"   // they work here, or soon will
	Closed  Outcome = "closed"  // their access has ended
	Stopped Outcome = "stopped" // their account is suspended
	Taken   Outcome = "taken"   // the address is the employer's, or another account's
	weak    Outcome = "weak"    // never written down: a stronger electronic ID may still come
)

// Registration is what one browser has proven so far.
type Registration struct {
	TenantID      uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	AttemptID     uuid.UUID
	AddressHash   []byte
	Known         bool // the address signs in already: its mail holds no code
	CodeHash      []byte
	CodeSealed    []byte // for a try of the mail that follows a failed one
	CodeTries     int
	SentAt        *time.Time
	CodeExpiresAt *time.Time
	CodeUsedAt    *time.Time
	PasswordHash  string
	PhoneID       *uuid.UUID
	PhoneSealed   []byte
	PhoneChannel  string
	PhoneProvenAt *time.Time
	TouchedAt     *time.Time
	Outcome       Outcome
	OutcomeOn     people.Date // the last day of access, of Closed
	PersonID      *uuid.UUID
	SettledAt     *time.Time
	CreatedAt     time.Time
}

// TableName implements gorm's Tabler.
func (Registration) TableName() string { return "registrations" }

// LogValue shows the id alone.
func (r Registration) LogValue() slog.Value { return slog.StringValue(r.ID.String()) }

// proven tells whether the address is proven.
func (r Registration) proven() bool { return r.CodeUsedAt != nil }

// lifeOf is how long a code works: as long as one for a new password, where the
// employer sends such.
func lifeOf(t *tenant.Tenant) time.Duration {
	if t.Reset.Mode == tenant.ByCode {
		return t.Reset.Life
	}
	return codeLife
}

// The refusals.
func errShape() error         { return fault.Field("code", "reset.code.shape", "Digits", codeDigits) }
func errWrong(left int) error { return fault.Field("code", "reset.code.wrong", "Left", left) }
func errOver() error          { return fault.New(fault.TooMany, codeOver, "Count", codeTries) }
func errDay(most int) error   { return fault.New(fault.TooMany, codeDay, "Count", most) }
func errTaken() error         { return fault.New(fault.Conflict, "register.taken") }

// errDone is the other half of a double click: it was done in this very flow.
func errDone() error { return fault.New(fault.Conflict, "register.done") }

// errWeak says that an account there is takes a stronger electronic ID.
func errWeak() error { return fault.New(fault.Conflict, "register.end.weak.title") }

// errProof says that an electronic ID has to come first.
func errProof() error { return fault.New(fault.Conflict, "register.proof") }

// errStep says that another page comes first.
func errStep() error { return fault.New(fault.Conflict, "register.step") }

// The codes of the page that looks at no further code.
const (
	codeOver = "register.code.over"
	codeDay  = "register.code.day"
)
