package sheet

// The columns of a staff file, by the names that problems and catalogues use.
const (
	EmployeeNumber = "employee_number"
	GivenName      = "given_name"
	FamilyName     = "family_name"
	WorkEmail      = "work_email"
	PrivateEmail   = "private_email"
	Phone          = "phone"
	Language       = "language"
	JobTitle       = "job_title"
	OrgUnit        = "org_unit"
	LegalEmployer  = "legal_employer"
	ManagerNumber  = "manager_employee_number"
	StartDate      = "start_date"
	EndDate        = "end_date"
	NationalNumber = "national_id"
	Roles          = "roles"
)

// column is the place of a column in columnNames; ignored is one we do not know.
type column int8

const (
	ignored column = iota - 1
	colNumber
	colGiven
	colFamily
	colWork
	colPrivate
	colPhone
	colLanguage
	colTitle
	colUnit
	colEmployer
	colManager
	colStart
	colEnd
	colNational
	colRoles
	columnCount
)

// columnNames is in the order of the constants above, which is the template's.
var columnNames = [columnCount]string{
	EmployeeNumber, GivenName, FamilyName, WorkEmail, PrivateEmail, Phone, Language,
	JobTitle, OrgUnit, LegalEmployer, ManagerNumber, StartDate, EndDate, NationalNumber, Roles,
}

// obligatory columns must be in the header and filled in every row.
var obligatory = [...]column{colNumber, colGiven, colFamily}

// Columns lists all column names in the order of the template.
func Columns() []string { return append([]string(nil), columnNames[:]...) }

func (c column) String() string {
	if c < 0 || c >= columnCount {
		return ""
	}
	return columnNames[c]
}
