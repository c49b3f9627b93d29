package sheet

import (
	"errors"
	"time"
)

// The limits that apply where Options leaves a zero.
const (
	DefaultMaxBytes = 64 << 20
	DefaultMaxRows  = 250_000
	DefaultMaxCell  = 4 << 10
)

// windowBytes is the memory a Reader holds of its file; a record must fit in
// it, and a single cell may take a quarter.
const windowBytes = 256 << 10

// Options says what the tenant accepts. Today is obligatory, everything else
// has a safe zero: no roles are known, any legal employer is accepted.
type Options struct {
	MaxBytes int64 // of the file as uploaded; zero is DefaultMaxBytes
	MaxRows  int   // of rows with content; zero is DefaultMaxRows
	MaxCell  int   // bytes of one cell, at most 64 KiB; zero is DefaultMaxCell

	Languages []string // codes the tenant offers; empty is all eight
	Language  string   // for rows that name none

	LegalEmployers []string          // accepted names; empty accepts any
	LegalEmployer  string            // for rows that name none
	Country        string            // ISO 3166 code: phone region and kind of national number
	Countries      map[string]string // legal employer's name to its own ISO 3166 code

	KnownRoles []string // what the file may grant; empty grants nothing

	Zone  *time.Location // in which Today is a date; nil is UTC
	Today time.Time
}

var errNoToday = errors.New("sheet: Options.Today is not set")

func (o Options) withDefaults() (Options, error) {
	if o.Today.IsZero() {
		return o, errNoToday
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	o.Today = day(o.Today.In(o.Zone).Date())
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MaxRows <= 0 {
		o.MaxRows = DefaultMaxRows
	}
	if o.MaxCell <= 0 {
		o.MaxCell = DefaultMaxCell
	}
	o.MaxCell = min(o.MaxCell, windowBytes/4)
	return o, nil
}

// day is a calendar day as this package and its users hold it: midnight UTC.
func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
