package magiclink

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/fault"
	"tilgang/internal/limit"
	"tilgang/internal/secret"
)

// The numbers are ours, but for the mails (OWASP Forgot Password: one a minute
// and address, five an hour).
const (
	life   = 10 * time.Minute
	gap    = time.Minute
	anHour = 5 // mails an hour that one person gets
	tries  = 5 // codes typed in one attempt
	kept   = 30 * 24 * time.Hour
)

// Link is a link to sign in by, as it is stored.
type Link struct {
	TenantID      uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	PersonID      uuid.UUID
	AccountID     uuid.UUID
	AttemptID     uuid.UUID // of the browser that asked
	Address       string    // where the link goes
	AddressKey    string
	Epoch         int64 // the account's session epoch when it was asked for
	SecurityEpoch int64 // the installation's
	TokenHash     []byte
	CodeHash      []byte
	Sealed        []byte     // token and code, for a try that follows a failed one and for another browser
	SentAt        *time.Time // of the minting; nil: not yet
	ExpiresAt     *time.Time
	UsedAt        *time.Time // by it or by another of the account
	CreatedAt     time.Time
}

// TableName implements gorm's Tabler.
func (Link) TableName() string { return "magiclinks" }

// LogValue shows the id alone.
func (l Link) LogValue() slog.Value { return slog.StringValue(l.ID.String()) }

// found is a Link with what decides whether it works.
type found struct {
	Link
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

// works is nil, or why the link does not.
func (f found) works(now time.Time) error {
	switch {
	case f.UsedAt != nil:
		return errUsed()
	case !f.stands():
		return errReplaced()
	case f.expired(now):
		return fault.New(fault.Expired, "magiclink.expired", "When", *f.ExpiresAt)
	}
	return nil
}

// The refusals.
func errUnknown() error  { return fault.New(fault.Expired, "magiclink.unknown") }
func errReplaced() error { return fault.New(fault.Expired, "magiclink.replaced") }
func errUsed() error     { return fault.New(fault.Conflict, "magiclink.used") }
func errOver() error     { return fault.New(fault.TooMany, "magiclink.code.over", "Count", tries) }

func errShape() error {
	return fault.Field("code", "magiclink.code.shape", "Characters", secret.LinkCodeLength)
}

func errWrong(left int) error { return fault.Field("code", "magiclink.code.wrong", "Left", left) }

// Limits are the rates of using links; those of asking are where one asks.
type Limits struct {
	Use    limit.Rule // links and codes used, by network
	Tenant limit.Rule // codes typed in one tenant
}

// DefaultLimits leave room for an office behind one network.
func DefaultLimits() Limits {
	return Limits{
		Use:    limit.Rule{Name: "magiclink.use", Rate: 60, Per: 10 * time.Minute, Burst: 60},
		Tenant: limit.Rule{Name: "magiclink.tenant", Rate: 600, Per: time.Hour, Burst: 300},
	}
}
