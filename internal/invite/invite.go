package invite

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// The stored states of an invitation.
const (
	pending  = "pending"
	accepted = "accepted"
	revoked  = "revoked"
)

// The limits of guessing and of asking for mails.
const (
	codeTries     = 10               // wrong codes of one invitation, until it is sent again
	resendAfter   = time.Minute      // between two mails of one invitation (OWASP Forgot Password)
	renewals      = 5                // mails that a dead link brings in an hour
	sendHour      = 8                // hour of the tenant's day at which planned invitations go out
	cookieLife    = 24 * time.Hour   // the longest life of a link (NIST SP 800-63B-4 4.2.1.2)
	deadLinkLife  = 15 * time.Minute // for asking for a new mail
	mostInOneStep = 500              // invitations in one transaction
	fewInOneStep  = 200              // the same on SQLite, whose one writer others wait for
)

// Invitation is an invitation as it is stored.
type Invitation struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	PersonID    uuid.UUID
	State       string
	Address     string // where it goes; empty: nowhere
	AddressKey  string
	AddressKind string // work, private, phone or empty
	Name        string // without an e-mail address: the employee number that will sign in
	NameKey     string // account.NumberKey of it
	TokenHash   []byte
	CodeHash    []byte
	CodeTries   int
	Sealed      []byte     // link and code, for a try that follows a failed one
	DueAt       *time.Time // when sending was asked for, or is planned; nil: not yet
	SentAt      *time.Time // last minting; nil: never
	ExpiresAt   *time.Time // nil: no link lives
	FetchedAt   *time.Time
	OpenedAt    *time.Time // first password form sent
	AcceptedAt  *time.Time
	LetterAt    *time.Time // when the living code was printed; nil: it was sent
	Letters     int        // how many letters were made
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TableName implements gorm's Tabler.
func (Invitation) TableName() string { return "invitations" }

// LogValue shows the id alone.
func (i Invitation) LogValue() slog.Value { return slog.StringValue(i.ID.String()) }

// byPhone is the kind of address of an invitation that goes out as a text message.
const byPhone = "phone"

// Account is what the person will sign in with: the address, or the employee
// number of who has none.
func (i Invitation) Account() string {
	if i.byNumber() {
		return i.Name
	}
	return i.Address
}

// byNumber tells whether the account will be named by an employee number.
func (i Invitation) byNumber() bool { return i.AddressKind == "" || i.AddressKind == byPhone }

// becomes is the account that an invitation makes. The phone counts as proven
// when the secret came there and nowhere else.
func (i Invitation) becomes(hash string) account.New {
	n := account.New{PersonID: i.PersonID, Kind: account.Kind(i.AddressKind), Address: i.Address, AddressKey: i.AddressKey, PasswordHash: hash}
	if !i.byNumber() {
		return n
	}
	n.Kind, n.Address, n.AddressKey = account.Number, i.Name, i.NameKey
	if i.AddressKind == byPhone && i.LetterAt == nil {
		n.Phone = i.Address
	}
	return n
}

// expired tells whether the link's life is over at now; the last instant is out.
func (i Invitation) expired(now time.Time) bool {
	return i.ExpiresAt == nil || !now.Before(*i.ExpiresAt)
}

// State is how far an invitation has come, as HR sees it.
type State string

// The states. Lettered is a code on paper that HR hands over; NotSent waits for HR to send it; Queued for its day or for the
// mail server; Opened means that a password form was sent, Confirmed that the
// address is proven and no password chosen yet.
const (
	NoAddress State = "no_address"
	NotSent   State = "not_sent"
	Queued    State = "queued"
	Sent      State = "sent"
	Opened    State = "opened"
	Expired   State = "expired"
	Accepted  State = "accepted"
	Confirmed State = "confirmed"
	Revoked   State = "revoked"
	Lettered  State = "letter"
	Bounced   State = "bounced"
	Failed    State = "failed"
)

// States are all states in the order in which they are shown.
func States() []State {
	return []State{NoAddress, NotSent, Queued, Sent, Lettered, Opened, Expired, Bounced, Failed, Confirmed, Accepted, Revoked}
}

// dueAt is when an invitation goes out by the policy; nil when HR sends it by
// hand. first is the first day of the employment to come or going on.
func dueAt(p tenant.InvitationPolicy, first people.Date, zone *time.Location, now time.Time) *time.Time {
	switch p.Send {
	case tenant.SendManual:
		return nil
	case tenant.SendDaysBefore:
		day := first.Time(zone)
		at := time.Date(day.Year(), day.Month(), day.Day()-p.DaysBeforeStart, sendHour, 0, 0, 0, zone).UTC()
		if !day.IsZero() && at.After(now) {
			return &at
		}
	case tenant.SendOnImport:
	}
	return &now
}

// errCode is the refusal of a typed code.
const errCode = "invite.code.wrong"

// The refusals.
func errUnknown() error   { return fault.New(fault.Expired, "invite.unknown") }
func errUsed() error      { return fault.New(fault.Conflict, "invite.used") }
func errTooSoon() error   { return fault.New(fault.Conflict, "invite.too_soon").After(resendAfter) }
func errAccount() error   { return fault.New(fault.Conflict, "invite.has_account") }
func errEnded() error     { return fault.New(fault.Conflict, "invite.ended") }
func errNowhere() error   { return fault.New(fault.Conflict, "invite.no_address") }
func errNoWay() error     { return fault.New(fault.Conflict, "invite.no_way") }
func errNothing() error   { return fault.New(fault.Conflict, "invite.nothing") }
func errTaken() error     { return fault.New(fault.Conflict, "invite.address_taken") }
func errSwitched() error  { return fault.New(fault.Conflict, "invite.switched") }
func errConfirmed() error { return fault.New(fault.Conflict, "invite.confirmed") }
func errNoMatch() error   { return fault.New(fault.Invalid, errCode) }
func errMismatch() error  { return fault.Field("password_confirm", "invite.confirm.mismatch") }
func errEmpty() error     { return fault.Field("password", "invite.password.required") }

func errExpired(i Invitation) error {
	return fault.New(fault.Expired, "invite.expired", "When", *i.ExpiresAt)
}
