package roster

import (
	"time"

	"github.com/google/uuid"

	"tilgang/internal/people"
)

// State is how far an import is.
type State string

// The states.
const (
	Received State = "received"
	Reading  State = "reading"
	Preview  State = "preview"
	Applying State = "applying"
	Done     State = "done"
	Failed   State = "failed"
	Dropped  State = "dropped"
)

// Import is one staff file taken in.
type Import struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	FileName    string
	Bytes       int64
	Digest      []byte
	Source      string // page or command
	State       State
	Lines       int64 // lines of the file, for the progress bar
	LinesRead   int64 // rows staged so far
	Applied     int64 // rows applied so far
	Created     int64
	Changed     int64
	Same        int64
	Proposed    int64
	Problems    int64
	Error       string // catalogue key
	ErrorArgs   string // its values, as JSON
	Notes       string // what to know about the whole file, as JSON
	RolesUpTo   int    // people.RoleRank of the importer
	ImporterID  *uuid.UUID
	CreatedAt   time.Time
	ConfirmedAt *time.Time
	FinishedAt  *time.Time
	UpdatedAt   time.Time
}

// TableName implements gorm's Tabler.
func (Import) TableName() string { return "imports" }

// Busy tells whether a job works on the import.
func (i Import) Busy() bool { return i.State == Received || i.State == Reading || i.State == Applying }

// ToApply is how many rows a confirmation applies.
func (i Import) ToApply() int64 { return i.Created + i.Changed }

// Progress is done and total of the running step, for a bar; total is at least
// one.
func (i Import) Progress() (done, total int64) {
	if i.State == Applying {
		return i.Applied, max(1, i.ToApply()+i.Proposed)
	}
	return min(i.LinesRead, i.Lines), max(1, i.Lines)
}

// Line is one staged row of a preview or report.
type Line struct {
	Number   int64
	Action   people.Action
	Record   people.Record
	Changed  []string         // columns
	Problems []people.Problem // with row and column
	Twin     string           // name of the person proposed
	Answer   string           // to a proposal: same, other or empty
	PersonID *uuid.UUID
}

// Committed is the event that a chunk of people is in; flows that greet them
// react to it.
type Committed struct {
	Import uuid.UUID   `json:"import"`
	People []uuid.UUID `json:"people"`
}

// The events of this package.
const (
	EventReceived  = "roster.received"
	EventConfirmed = "roster.confirmed"
	EventCommitted = "import.committed"
)

// job are the arguments of received and confirmed.
type job struct {
	Import uuid.UUID `json:"import"`
}

// rowRow is a staged row as stored.
type rowRow struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	ImportID  uuid.UUID `gorm:"primaryKey"`
	Line      int64     `gorm:"primaryKey"`
	Action    people.Action
	Sealed    []byte
	PersonID  *uuid.UUID
	Answer    string
	Flawed    bool // has something to tell; stays as the report
	AppliedAt *time.Time
}

func (rowRow) TableName() string { return "import_rows" }

// partRow is a sealed piece of a file; kind raw until it is read, then kept.
type partRow struct {
	TenantID uuid.UUID `gorm:"primaryKey"`
	ImportID uuid.UUID `gorm:"primaryKey"`
	Kind     string    `gorm:"primaryKey"`
	Part     int       `gorm:"primaryKey"`
	Sealed   []byte
}

func (partRow) TableName() string { return "import_parts" }

// staged is what a row seals.
type staged struct {
	Record   people.Record    `json:"record"`
	Changed  []string         `json:"changed,omitempty"`
	Problems []people.Problem `json:"problems,omitempty"`
	Twin     string           `json:"twin,omitempty"`
}
