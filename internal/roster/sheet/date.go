package sheet

import "time"

// Days outside of these years are typing errors.
const (
	firstYear = 1900
	lastYear  = 2199
	openEnded = 9999 // what payroll systems write for "no end"
)

// A spreadsheet's serial number is the days since this one, the day before
// which its invented 29 February 1900 puts day 1. The bounds are 1954 to 2119.
const (
	firstSerial = 20_000
	lastSerial  = 80_000
)

func serialDay(n int) time.Time { return day(1899, time.December, 30+n) }

// date reads one date column; a wrong date keeps the row out.
func (b *builder) date(c column) time.Time {
	v := b.value[c]
	if v == "" {
		return time.Time{}
	}
	t, code := parseDate(v)
	if c == colEnd && code == "sheet.date.open" {
		return time.Time{}
	}
	if code == "sheet.date.open" {
		code = "sheet.date.invalid"
	}
	if code != "" {
		b.fail(c, code, "Value", quote(v))
		return time.Time{}
	}
	if c == colStart && (t.Year() < 1940 || t.After(b.rd.opt.Today.AddDate(5, 0, 0))) {
		b.warn(c, "sheet.date.far", "Value", quote(v))
	}
	return t
}

// parseDate reads a day in one of the forms of our countries, day before
// month, and gives the code of what is wrong with it.
func parseDate(s string) (time.Time, string) {
	var d dateParts
	if !d.split(withoutTime(s)) {
		return time.Time{}, "sheet.date.invalid"
	}
	switch d.n {
	case 1:
		return d.compact()
	case 2:
		if len(d.text[0]) == 5 && d.month < 0 { // a serial number with a time of day
			return d.compact()
		}
	case 3:
		return d.calendar()
	}
	return time.Time{}, "sheet.date.invalid"
}

// calendar reads day, month and year in their order.
func (d *dateParts) calendar() (time.Time, string) {
	y, m, dd := 2, 1, 0
	switch {
	case d.month == 2:
		return time.Time{}, "sheet.date.invalid"
	case d.month == 0:
		m, dd = 0, 1
	case len(d.text[0]) == 4:
		y, dd = 0, 2
	}
	if len(d.text[y]) == 2 {
		return time.Time{}, "sheet.date.short_year"
	}
	if len(d.text[y]) != 4 || len(d.text[dd]) > 2 || d.month < 0 && len(d.text[m]) > 2 {
		return time.Time{}, "sheet.date.invalid"
	}
	if d.num[m] > 12 && d.num[dd] <= 12 && y == 2 {
		return time.Time{}, "sheet.date.american"
	}
	return existing(d.num[y], d.num[m], d.num[dd])
}

// compact reads yyyymmdd or a serial number.
func (d *dateParts) compact() (time.Time, string) {
	n := d.num[0]
	switch {
	case d.month >= 0:
		return time.Time{}, "sheet.date.invalid"
	case len(d.text[0]) == 8:
		return existing(n/10_000, n/100%100, n%100)
	case n >= firstSerial && n <= lastSerial:
		return serialDay(n), ""
	}
	return time.Time{}, "sheet.date.invalid"
}

func existing(y, m, d int) (time.Time, string) {
	switch {
	case y == openEnded:
		return time.Time{}, "sheet.date.open"
	case y < firstYear || y > lastYear:
		return time.Time{}, "sheet.date.invalid"
	case !bornBy(y, m, d, time.Time{}):
		return time.Time{}, "sheet.date.none"
	}
	return day(y, time.Month(m), d), ""
}
