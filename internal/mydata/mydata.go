package mydata

import (
	"time"

	"github.com/google/uuid"
)

const (
	// keptFor is how long a copy that is ready can be fetched (ours).
	keptFor = 7 * 24 * time.Hour
	// lostAfter is when a copy that is not ready counts as lost, so that another
	// can be asked for; the outbox gives up well before.
	lostAfter = 24 * time.Hour
	// lastMailKept is how long the mail that told somebody of their erasure stays,
	// with its address: as long as it can bounce (ours).
	lastMailKept = 7 * 24 * time.Hour
	// maxWords is the length of a request and of its answer, in characters.
	maxWords = 1000
)

// Copy is a person's copy of their data.
type Copy struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	ID        uuid.UUID `gorm:"primaryKey"`
	PersonID  uuid.UUID
	Done      int64 // files made
	Total     int64 // files to make
	AskedAt   time.Time
	ReadyAt   *time.Time
	FetchedAt *time.Time
	ExpiresAt time.Time
}

// TableName implements gorm's Tabler.
func (Copy) TableName() string { return "mydata_copies" }

// file is one file of a copy, packed and sealed.
type file struct {
	TenantID uuid.UUID `gorm:"primaryKey"`
	CopyID   uuid.UUID `gorm:"primaryKey"`
	Name     string    `gorm:"primaryKey"`
	Sealed   []byte
}

func (file) TableName() string { return "mydata_files" }

// Kind is what a request asks for.
type Kind string

// The kinds.
const (
	Correction Kind = "correction"
	Erasure    Kind = "erasure"
)

// State is where a request stands.
type State string

// The states.
const (
	Open     State = "open"
	Done     State = "done"
	Declined State = "declined"
)

// Request is what a person asks of HR.
type Request struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	PersonID   uuid.UUID
	Kind       Kind
	Field      string // what is wrong; empty for an erasure
	Words      []byte // sealed
	State      State
	AskedAt    time.Time
	Answer     []byte // sealed; nil while open
	AnsweredBy *uuid.UUID
	AnsweredAt *time.Time
}

// TableName implements gorm's Tabler.
func (Request) TableName() string { return "mydata_requests" }

// Said is a request with its words.
type Said struct {
	Request
	Text, Reply string
	Name        string // the person's, for HR
	Answerer    string // the name of who answered; empty while open
}

// Rule is how long a class of documents is kept at an employer, and by which
// law.
type Rule struct {
	Payroll  bool // payslips and annual statements; else the staff file
	Years    int
	Law      string // its name; empty where we know none
	AfterEnd bool   // counted from the last day of work; else from the end of the year
}
