package workbook

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A spreadsheet keeps 15 digits of a number; its last day is 31 December 9999.
const (
	keptDigits = 15
	lastDay    = 2_958_465
	days1904   = 1462 // from 1 January 1900, counted as Excel does, to 2 January 1904
	leapBug    = 60   // 29 February 1900, which never was
)

// A bare number in a column of days counts as one between 1954 and 2119.
const (
	firstBare = 20_000
	lastBare  = 80_000
)

// number writes a number the way the spreadsheet shows it. In a column of days
// a number without a format may be one too.
func (b *Book) number(v string, f format, days bool) string {
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return v
	}
	if text, ok := b.day(n); ok && (f.day || days && b.from1904 && bareDay(n+days1904)) {
		return text
	}
	text := plain(v, n)
	if f.mask != nil && digitsOnly(text) {
		return masked(f.mask, text)
	}
	return text
}

func bareDay(n float64) bool { return n >= firstBare && n <= lastBare }

// day writes the day of a serial number, without the time of day.
func (b *Book) day(n float64) (string, bool) {
	whole := int(math.Floor(math.Max(-1, math.Min(n, lastDay+1)) + 1e-9))
	if b.from1904 {
		whole += days1904
	}
	switch {
	case whole < 1 || whole > lastDay:
		return "", false
	case whole < leapBug:
		whole++
	}
	return time.Date(1899, time.December, 30+whole, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
}

// plain writes a number without an exponent, unless digits of it were lost when
// it was typed: then the exponent says so.
func plain(v string, n float64) string {
	switch {
	case len(v) <= keptDigits && digitsOnly(v):
		return v
	case math.Abs(n) >= 1e15:
		return strconv.FormatFloat(n, 'E', keptDigits-1, 64)
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', keptDigits, 64), 64)
	if err != nil {
		return v
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

func digitsOnly(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
