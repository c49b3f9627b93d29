package sheet

import (
	"time"

	"tilgang/internal/mailaddr"
)

// Row is one record of the file. Line is the line of the file on which it
// begins, counted from 1 with the header and empty lines included.
type Row struct {
	Line     int
	Fields   Person
	Problems []Problem
}

// Person is what a row says about one employment. Empty means an empty cell, a
// missing column (ask Reader.Has) or a Dropped value.
type Person struct {
	EmployeeNumber string
	GivenName      string
	FamilyName     string
	WorkEmail      mailaddr.Address
	PrivateEmail   mailaddr.Address
	Phone          string // E.164
	Language       string // one of the eight codes, the default where empty
	JobTitle       string
	OrgUnit        string
	LegalEmployer  string    // as spelt in Options, the default where empty
	Manager        string    // the line manager's employee number
	Start          time.Time // midnight UTC of the first day
	End            time.Time // midnight UTC of the last day, inclusive
	NationalID     NationalID
	Roles          []string // as spelt in Options.KnownRoles, without repeats
}

// Problem is one thing wrong with a row. Column is empty when it is the whole
// row; Code is a catalogue key; Args never hold a national number.
type Problem struct {
	Column  string
	Code    string
	Args    map[string]any
	Fatal   bool // keeps the row out
	Dropped bool // the value is not in Fields; leave what is stored
}

// Fatal says whether the row must be kept out.
func (r Row) Fatal() bool {
	for _, p := range r.Problems {
		if p.Fatal {
			return true
		}
	}
	return false
}

// Dropped says whether the column had a value that could not be used.
func (r Row) Dropped(name string) bool {
	for _, p := range r.Problems {
		if p.Column == name && p.Dropped {
			return true
		}
	}
	return false
}

// pairs turns name, value, name, value into a Problem's Args.
func pairs(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return m
}
