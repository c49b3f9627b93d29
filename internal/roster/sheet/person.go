package sheet

import (
	"strings"
	"time"
	"unicode"
)

// The longest values, in runes: names as in RFC 7643 practice, labels as the
// database holds them.
const (
	maxNumber = 40
	maxName   = 100
	maxLabel  = 200
)

// person reads the values into b.row.Fields, the employer first since it
// settles the country.
func (b *builder) person() {
	p := &b.row.Fields
	b.number(p)
	p.GivenName, p.FamilyName = b.name(colGiven), b.name(colFamily)
	p.JobTitle, p.OrgUnit = b.value[colTitle], b.value[colUnit]
	p.LegalEmployer = b.employer()
	country := b.rd.lists.country(p.LegalEmployer)
	p.WorkEmail, p.PrivateEmail = b.email(colWork), b.email(colPrivate)
	if !p.WorkEmail.IsZero() && p.WorkEmail.Key == p.PrivateEmail.Key {
		b.warn(colPrivate, "sheet.email.same")
	}
	p.Phone = b.phone(country)
	p.Language = b.language()
	b.dates(p)
	p.NationalID = b.national(country)
	p.Roles = b.roles()
}

// number reads both employee numbers.
func (b *builder) number(p *Person) {
	p.EmployeeNumber = b.needed(colNumber)
	if isRounded(p.EmployeeNumber) {
		b.fail(colNumber, "sheet.cell.rounded", "Value", quote(p.EmployeeNumber))
		p.EmployeeNumber = ""
	}
	p.Manager = b.value[colManager]
	switch {
	case p.Manager == "":
	case isRounded(p.Manager):
		b.drop(colManager, "sheet.cell.rounded", "Value", quote(p.Manager))
		p.Manager = ""
	case strings.EqualFold(p.Manager, p.EmployeeNumber):
		b.drop(colManager, "sheet.manager.self")
		p.Manager = ""
	}
}

// needed gives an obligatory value and keeps the row out without it.
func (b *builder) needed(c column) string {
	if b.value[c] == "" && !b.sick[c] {
		b.fail(c, "sheet.cell.missing")
	}
	return b.value[c]
}

// name gives a name that mail programs make no link of: it stands in mails that
// the employer is said to have written.
func (b *builder) name(c column) string {
	name := b.needed(c)
	if looksLikeAddress(name) {
		b.fail(c, "sheet.name.address", "Value", quote(name))
		return ""
	}
	return name
}

// looksLikeAddress finds what is made a link of: St.John, J.R.R. and d'Arc are
// names, evil.example is none.
func looksLikeAddress(name string) bool {
	for _, word := range strings.Fields(name) {
		if strings.LastIndex(word, "@") > 0 || strings.Contains(word, "://") {
			return true
		}
		labels := strings.Split(word, ".")
		for i, label := range labels {
			letters := []rune(label)
			if i > 0 && labels[i-1] != "" && len(letters) > 1 && (!unicode.IsUpper(letters[0]) || unicode.IsUpper(letters[1])) {
				return true
			}
		}
	}
	return false
}

func (b *builder) dates(p *Person) {
	p.Start, p.End = b.date(colStart), b.date(colEnd)
	if !p.Start.IsZero() && !p.End.IsZero() && p.End.Before(p.Start) {
		b.fail(colEnd, "sheet.end_date.before_start", "Start", quote(b.value[colStart]), "End", quote(b.value[colEnd]))
		p.End = time.Time{}
	}
}

// isRounded recognises what a spreadsheet makes of a long number: "4,79123E+10".
func isRounded(s string) bool { //nolint:gocyclo // one condition after the other, none hidden
	digits, e := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
		case (c == 'E' || c == 'e') && digits > 0 && e == 0:
			e = i
		case (c == '.' || c == ',') && e == 0:
		case c == '+' && i == e+1 && e > 0:
		default:
			return false
		}
	}
	return e > 0 && e < len(s)-1 && s[e+1] == '+'
}
