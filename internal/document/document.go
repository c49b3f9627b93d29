package document

import (
	"time"

	"github.com/google/uuid"

	"tilgang/internal/document/parcel"
	"tilgang/internal/people"
)

// Kind is what sort of document it is.
type Kind string

// The kinds.
const (
	Payslip     Kind = "payslip"
	Annual      Kind = "annual_statement"
	Contract    Kind = "contract"
	Certificate Kind = "certificate"
	Letter      Kind = "letter"
)

// Kinds are all of them, in the order in which pages list them.
func Kinds() []Kind { return []Kind{Payslip, Annual, Contract, Certificate, Letter} }

// Class is the data class by which an employer opens a kind to those who have
// left.
func (k Kind) Class() string {
	switch k {
	case Payslip, Annual, Contract:
		return string(k)
	case Certificate, Letter:
	}
	return "document"
}

// Document is one document of a person.
type Document struct {
	TenantID        uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	PersonID        uuid.UUID
	LegalEmployerID uuid.UUID
	Kind            Kind
	Dated           people.Date
	Period          string // "2026-03" or "2026"; may be empty
	Language        string
	Title           string
	Media           string // found by its bytes
	Bytes           int64
	ContentKey      string // keyed hash of the content
	NaturalKey      string // keyed hash of what names it
	Place           string // in the store
	Lines           []byte // sealed parcel.Pay; nil: none
	DeliveryID      *uuid.UUID
	Corrects        bool
	DeliveredAt     time.Time
	SupersededAt    *time.Time
}

// TableName implements gorm's Tabler.
func (Document) TableName() string { return "documents" }

// Year is the year that the document is about.
func (d Document) Year() string {
	if len(d.Period) >= 4 {
		return d.Period[:4]
	}
	return string(d.Dated)[:4]
}

// Held is a document with what a page shows beside it.
type Held struct {
	Document
	Employer string // the legal employer's name
	Pay      *parcel.Pay
}

// State is how far a delivery is.
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

// Delivery is one parcel taken in.
type Delivery struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	Name        string
	Source      string // page or command; an inbox delivers as a command does
	InboxName   string // of the folder in the inbox; empty: it came another way
	State       State
	Bytes       int64
	Digest      string // keyed hash of the list
	Total       int64
	RowsRead    int64
	Fresh       int64
	Replaced    int64
	Same        int64
	Problems    int64
	Error       string // catalogue key
	ErrorArgs   string // its values, as JSON
	ByID        *uuid.UUID
	CreatedAt   time.Time
	ConfirmedAt *time.Time
	FinishedAt  *time.Time
	UpdatedAt   time.Time
}

// TableName implements gorm's Tabler.
func (Delivery) TableName() string { return "document_deliveries" }

// Progress is done and total of the running step, for a bar; total is at least
// one.
func (d Delivery) Progress() (done, total int64) { return d.RowsRead, max(1, d.Total, d.RowsRead) }

// Trouble is a row that gave no document.
type Trouble struct {
	Line     int64            `json:"-"`
	File     string           `json:"file"`
	Number   string           `json:"number"`
	Problems []parcel.Problem `json:"problems"`
}

// problemRow is a Trouble as stored.
type problemRow struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	DeliveryID uuid.UUID `gorm:"primaryKey"`
	Line       int64     `gorm:"primaryKey"`
	Sealed     []byte
}

func (problemRow) TableName() string { return "document_problems" }

// leftover is a file that no document names, or not yet.
type leftover struct {
	TenantID uuid.UUID `gorm:"primaryKey"`
	Place    string    `gorm:"primaryKey"`
	DueAt    time.Time
}

func (leftover) TableName() string { return "document_leftovers" }

// Opening says that somebody else opened a document.
type Opening struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	DocumentID uuid.UUID
	ReaderID   uuid.UUID
	Reason     string
	OpenedAt   time.Time
}

// TableName implements gorm's Tabler.
func (Opening) TableName() string { return "document_openings" }

// Hold keeps all documents of a person from deletion while it is open.
type Hold struct {
	TenantID uuid.UUID `gorm:"primaryKey"`
	ID       uuid.UUID `gorm:"primaryKey"`
	PersonID uuid.UUID
	Reason   string
	SetBy    uuid.UUID
	SetAt    time.Time
	LiftedAt *time.Time
	LiftedBy *uuid.UUID
}

// TableName implements gorm's Tabler.
func (Hold) TableName() string { return "document_holds" }

// inboxRow is a delivery of the inbox that somebody is at, until it lies aside.
type inboxRow struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	Name       string    `gorm:"primaryKey"` // of its folder
	Holder     uuid.UUID // who is at it
	HeldUntil  time.Time // another may take over then
	TakenAt    time.Time
	Outcome    string // inbox.Outcome, once it is decided; else empty
	DeliveryID *uuid.UUID
}

func (inboxRow) TableName() string { return "document_inbox" }

// inboxLook is when an inbox was looked at last.
type inboxLook struct {
	TenantID     uuid.UUID `gorm:"primaryKey"`
	Place        string    `gorm:"primaryKey"` // tenant.Inbox, written
	LookedAt     time.Time
	FailingSince *time.Time // it has not answered since
}

func (inboxLook) TableName() string { return "document_inbox_looks" }
