package people

import (
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/org"
)

// Record is what HR says about one employment and its person, by file or form.
type Record struct {
	Line           int      `json:"line,omitempty"`
	LegalEmployer  string   `json:"employer"` // key
	EmployeeNumber string   `json:"number"`
	GivenName      string   `json:"given"`
	FamilyName     string   `json:"family"`
	WorkEmail      string   `json:"work,omitempty"`
	WorkEmailKey   string   `json:"work_key,omitempty"`
	PrivateEmail   string   `json:"private,omitempty"`
	PrivateKey     string   `json:"private_key,omitempty"`
	Phone          string   `json:"phone,omitempty"`
	Language       string   `json:"language,omitempty"`
	JobTitle       string   `json:"title,omitempty"`
	OrgUnit        string   `json:"unit,omitempty"`
	Manager        string   `json:"manager,omitempty"` // employee number at the same legal employer
	Start          Date     `json:"start"`
	End            Date     `json:"end,omitempty"`
	NationalKey    []byte   `json:"national,omitempty"`
	Roles          []string `json:"roles,omitempty"`

	// Silent names the columns about which nothing was said: the file has no
	// such column, or its value was not usable. What is stored stays.
	Silent []string `json:"silent,omitempty"`
	// Same answers a proposal: yes, this is the person found.
	Same bool `json:"same,omitempty"`
	// Other answers a proposal: no, this is somebody else.
	Other bool `json:"other,omitempty"`
	// Person says whom the record is about, where a page of that person was
	// filled in; a file cannot say it.
	Person uuid.UUID `json:"-"`
}

// says tells whether the record says anything about a column.
func (r Record) says(column string) bool { return !slices.Contains(r.Silent, column) }

// NaturalKey is legal employer and employee number as one text.
func (r Record) NaturalKey() string {
	return natural(r.LegalEmployer, r.EmployeeNumber)
}

// Name is the whole name.
func (r Record) Name() string { return r.GivenName + " " + r.FamilyName }

// Unit is the org unit's path in its one spelling.
func (r Record) Unit() string { return org.Clean(r.OrgUnit) }
