package identity

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/secret"
)

// Level is how sure a provider is of a person (eIDAS, Regulation (EU) 910/2014
// article 8).
type Level string

// The levels, from the weakest.
const (
	Low         Level = "low"
	Substantial Level = "substantial"
	High        Level = "high"
)

// AtLeast tells whether a level is as good as another.
func (l Level) AtLeast(other Level) bool { return l.rank() >= other.rank() }

func (l Level) rank() int {
	switch l {
	case High:
		return 3
	case Substantial:
		return 2
	case Low:
		return 1
	}
	return 0
}

// The times, ours.
const (
	Life       = 10 * time.Minute    // of a proof, from the answer
	UndoWithin = 72 * time.Hour      // how long a move can be taken back
	keptProof  = 24 * time.Hour      // how long proofs stay after their end
	keptOld    = 90 * 24 * time.Hour // how long decided reviews and moves stay
)

// Linked is an identity that an account is tied to.
type Linked struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	AccountID   uuid.UUID
	Connector   string // its key in the tenant's file
	SubjectHash []byte
	NationalKey []byte // as people.NationalKey makes it; nil when the provider named none
	Level       Level
	Proven      bool
	LinkedAt    time.Time
	LastUsedAt  time.Time
}

// TableName implements gorm's Tabler.
func (Linked) TableName() string { return "linked_identities" }

// LogValue shows the id alone.
func (l Linked) LogValue() slog.Value { return slog.StringValue(l.ID.String()) }

// Result is what a provider said of a person, once all of it was found right.
type Result struct {
	Subject  []byte // SubjectKey
	National []byte // people.NationalKey; nil when the provider names none
	Level    Level
}

// Proof is a visit to a provider, bound to an attempt.
type Proof struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	AttemptID   uuid.UUID
	StateHash   []byte
	Connector   string
	Purpose     string // what it was asked for, a word of the flow's
	SubjectHash []byte
	NationalKey []byte
	Level       Level
	CreatedAt   time.Time
	ExpiresAt   time.Time
	ProvenAt    *time.Time
	TakenAt     *time.Time
}

// TableName implements gorm's Tabler.
func (Proof) TableName() string { return "identity_proofs" }

// LogValue shows the id alone.
func (p Proof) LogValue() slog.Value { return slog.StringValue(p.ID.String()) }

// Move is a link that went from one account to another.
type Move struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	Connector   string
	SubjectHash []byte
	FromAccount uuid.UUID
	ToAccount   uuid.UUID
	WasProven   bool // at the account that it left
	MovedAt     time.Time
	UndoneAt    *time.Time
}

// TableName implements gorm's Tabler.
func (Move) TableName() string { return "identity_moves" }

// Until is when a move can no longer be taken back.
func (m Move) Until() time.Time { return m.MovedAt.Add(UndoWithin) }

// SubjectKey is the keyed hash of issuer and subject: what a provider calls a
// person is compared, never stored.
func SubjectKey(box *secret.Box, tenantID uuid.UUID, issuer, subject string) []byte {
	return box.Keyed("identity subject", tenantID, issuer+"\n"+subject)
}

// The codes of refusals.
const (
	CodeUsed      = "identity.used"      // this state has been used: the other half of a double click, or a replay
	CodeGone      = "identity.gone"      // no proof waits for this attempt
	CodeElsewhere = "identity.elsewhere" // another account has this identity
	CodeLate      = "identity.late"      // a move can no longer be taken back
)

func errUsed() error { return fault.New(fault.Expired, CodeUsed) }

func errGone() error { return fault.New(fault.Expired, CodeGone) }

func errElsewhere() error { return fault.New(fault.Conflict, CodeElsewhere) }

func errLate() error { return fault.New(fault.Expired, CodeLate) }

func errNoSuch() error { return fault.New(fault.NotFound, "http.not_found") }
