package reset

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/fault"
	"tilgang/internal/tenant"
)

// Cause is who asked for a new password.
type Cause string

// The causes. Self is the person, or somebody who typed the person's address.
const (
	Self    Cause = "self"
	Manager Cause = "manager"
	HR      Cause = "hr"
	Admin   Cause = "admin"
)

// The limits of asking (OWASP Forgot Password: one mail a minute and address,
// five an hour; the day's number is ours).
const (
	gap       = time.Minute
	anHour    = 5 // mails an hour that a person's own wishes bring
	aDay      = 5 // mails a day that others have sent to one person
	doneFor   = 15 * time.Minute
	cookieDay = 24 * time.Hour      // the longest life of a link (NIST SP 800-63B-4 4.2.1.2)
	kept      = 30 * 24 * time.Hour // how long rows stay: the audit has its own
)

// Reset is a wish for a new password as it is stored.
type Reset struct {
	TenantID      uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	PersonID      uuid.UUID
	AccountID     *uuid.UUID // nil: an invitation went out instead
	Cause         Cause
	AskerID       *uuid.UUID // the person who asked for somebody else
	Address       string     // where the link goes
	AddressKey    string
	Epoch         int64 // the account's session epoch when it was asked for
	SecurityEpoch int64 // the installation's
	TokenHash     []byte
	Sealed        []byte     // the link's token and the code, for a try that follows a failed one
	SentAt        *time.Time // of the minting; nil: not yet
	ExpiresAt     *time.Time
	UsedAt        *time.Time
	CreatedAt     time.Time
	AttemptID     *uuid.UUID // of the browser that types the code; nil: the mail holds a link
	CodeHash      []byte
	CodeTries     int // codes typed, but for the right one
	CodeUsedAt    *time.Time
	Channel       string // byMail, byText or byLetter
}

// TableName implements gorm's Tabler.
func (Reset) TableName() string { return "resets" }

// LogValue shows the id alone.
func (r Reset) LogValue() slog.Value { return slog.StringValue(r.ID.String()) }

// found is a Reset with what decides whether its link works.
type found struct {
	Reset
	Status        account.Status
	AccountEpoch  int64
	InstanceEpoch int64
	Proven        bool // the address still names the account
}

// stands tells whether the link could still be used, its life set aside.
func (f found) stands() bool {
	return f.UsedAt == nil && f.Status == account.Active && f.Proven && f.Epoch == f.AccountEpoch && f.SecurityEpoch == f.InstanceEpoch
}

// expired tells whether the link's life is over at now; the last instant is out.
func (f found) expired(now time.Time) bool { return f.ExpiresAt == nil || !now.Before(*f.ExpiresAt) }

// The refusals.
func errUnknown() error  { return fault.New(fault.Expired, "reset.unknown") }
func errReplaced() error { return fault.New(fault.Expired, "reset.replaced") }
func errUsed() error     { return fault.New(fault.Conflict, "reset.used") }
func errMismatch() error { return fault.Field("password_confirm", "reset.confirm.mismatch") }
func errEmpty() error    { return fault.Field("password", "reset.password.required") }
func errEnded() error    { return fault.New(fault.Conflict, "reset.ended") }
func errClosed() error   { return fault.New(fault.Conflict, "reset.closed") }

// errNowhere names the letter where the employer has letters.
func errNowhere(t *tenant.Tenant) error {
	if t.Invitation.Letters() {
		return fault.New(fault.Conflict, "reset.no_way")
	}
	return fault.New(fault.Conflict, "reset.no_address")
}

func errExpired(f found) error {
	return fault.New(fault.Expired, "reset.expired", "When", *f.ExpiresAt)
}

func errOften(wait time.Duration) error {
	return fault.New(fault.TooMany, "reset.often", "Count", aDay, "Wait", wait).After(wait)
}
