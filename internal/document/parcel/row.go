package parcel

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxFile is the largest document, in bytes.
const MaxFile = 10 << 20

// Row is one line of the list: a document and whose it is.
type Row struct {
	Line     int // in the file, from 1; the header is line 1
	File     string
	Employer string // a legal employer's key
	Number   string // employee number
	Kind     string
	Date     string // ISO 8601
	Period   string // "2026-03" or "2026"; may be empty
	Language string // may be empty
	Title    string
	Pay      *Pay // nil: no lines
	Problems []Problem
}

// Pay are a payslip's lines, in hundredths of the currency.
type Pay struct {
	Currency string `json:"currency"`
	Gross    int64  `json:"gross"`
	Tax      int64  `json:"tax"`
	Net      int64  `json:"net"`
}

// Problem is what is wrong with a row: a catalogue key and its values.
type Problem struct {
	Column string         `json:"column"`
	Code   string         `json:"code"`
	Args   map[string]any `json:"args,omitempty"`
}

// Refuse adds a problem; kv come in pairs.
func (r *Row) Refuse(column, code string, kv ...any) {
	p := Problem{Column: column, Code: code}
	for i := 0; i+1 < len(kv); i += 2 {
		if p.Args == nil {
			p.Args = map[string]any{}
		}
		p.Args[kv[i].(string)] = kv[i+1] //nolint:forcetypeassert // our own names
	}
	r.Problems = append(r.Problems, p)
}

// Options are what a tenant's list may say.
type Options struct {
	Employers map[string]string // key and name, folded -> key
	Only      string            // the key where there is one employer; else empty
	Kinds     []string
	Languages []string
	Latest    string // no document is dated after this day
}

// The bounds of a row, in characters (ours).
const (
	maxTitle  = 120
	maxNumber = 40
)

var (
	period   = regexp.MustCompile(`^[0-9]{4}(-(0[1-9]|1[0-2]))?$`)
	currency = regexp.MustCompile(`^[A-Z]{3}$`)
	amount   = regexp.MustCompile(`^-?[0-9]{1,12}([.,][0-9]{2})?$`)
)

// read judges the cells of a line.
func (o Options) read(line int, cell func(column string) string) Row {
	r := Row{Line: line, File: cell("file"), Number: cell("employee_number"), Kind: cell("kind"), Date: cell("date"), Period: cell("period"), Language: cell("language"), Title: cell("title")}
	if why := badName(r.File); why != "" {
		r.Refuse("file", why)
	}
	o.employer(&r, cell("legal_employer"))
	if r.Number == "" || utf8.RuneCountInString(r.Number) > maxNumber {
		r.Refuse("employee_number", "document.row.number")
	}
	if !slices.Contains(o.Kinds, r.Kind) {
		r.Refuse("kind", "document.row.kind", "Kinds", strings.Join(o.Kinds, ", "))
	}
	o.dates(&r)
	if r.Language != "" && !slices.Contains(o.Languages, r.Language) {
		r.Refuse("language", "document.row.language", "Languages", strings.Join(o.Languages, ", "))
	}
	if n := utf8.RuneCountInString(r.Title); n == 0 || n > maxTitle || strings.ContainsFunc(r.Title, unicode.IsControl) {
		r.Refuse("title", "document.row.title", "Max", maxTitle)
	}
	r.pay(cell)
	return r
}

func (o Options) employer(r *Row, said string) {
	r.Employer = o.Only
	if said != "" {
		r.Employer = o.Employers[Fold(said)]
	}
	if r.Employer == "" {
		r.Refuse("legal_employer", "document.row.employer")
	}
}

func (o Options) dates(r *Row) {
	day, err := time.Parse(time.DateOnly, r.Date)
	switch {
	case err != nil || day.Year() < 1950:
		r.Refuse("date", "document.row.date")
	case r.Date > o.Latest:
		r.Refuse("date", "document.row.future", "Latest", o.Latest)
	}
	if r.Period != "" && !period.MatchString(r.Period) {
		r.Refuse("period", "document.row.period")
	}
}

// pay reads the lines of a payslip: all of them or none.
func (r *Row) pay(cell func(string) string) {
	words := []string{cell("currency"), cell("gross"), cell("tax"), cell("net")}
	if strings.Join(words, "") == "" {
		return
	}
	p := &Pay{Currency: words[0]}
	if !currency.MatchString(p.Currency) {
		r.Refuse("currency", "document.row.currency")
	}
	for i, into := range []*int64{&p.Gross, &p.Tax, &p.Net} {
		n, ok := hundredths(words[i+1])
		if !ok {
			r.Refuse([]string{"gross", "tax", "net"}[i], "document.row.amount")
		}
		*into = n
	}
	r.Pay = p
}

// hundredths reads "1234", "1234.50" and "1234,50".
func hundredths(word string) (n int64, ok bool) {
	if !amount.MatchString(word) {
		return 0, false
	}
	digits, part, _ := strings.Cut(strings.ReplaceAll(word, ",", "."), ".")
	if part == "" {
		part = "00"
	}
	for _, d := range strings.TrimPrefix(digits, "-") + part {
		n = n*10 + int64(d-'0')
	}
	if strings.HasPrefix(word, "-") {
		n = -n
	}
	return n, true
}

// Fold makes words equal that differ in case and outer space only.
func Fold(word string) string { return strings.ToLower(strings.TrimSpace(word)) }
