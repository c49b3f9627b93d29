package sheet

import (
	"strings"
	"time"
)

// nationalKinds are the numbers we read. zeroLost: a spreadsheet that takes the
// number for an amount eats its leading zero, and that can be repaired.
var nationalKinds = [...]struct {
	country  string
	zeroLost bool
	parse    func(s string, today time.Time) (string, bool)
}{
	{"NO", true, norwegian}, {"DK", true, danish}, {"SE", false, swedish}, {"FI", false, finnish},
}

// norwegian reads a fødselsnummer or D-nummer (day + 40), also synthetic ones
// (month + 40 or + 80), by the check digits of the Norwegian Tax
// Administration.
func norwegian(s string, _ time.Time) (string, bool) {
	if len(s) == 12 && (s[6] == '-' || s[6] == ' ') {
		s = s[:6] + s[7:]
	}
	if len(s) != 11 || !digitsOnly(s) {
		return "", false
	}
	d, m := pair(s, 0), pair(s, 2)
	if d > 40 {
		d -= 40
	}
	if m > 80 {
		m -= 80
	} else if m > 40 {
		m -= 40
	}
	ok := dayExists(d, m, pair(s, 4)) && weighted(s, "3761894521")%11 == 0 && weighted(s, "54327654321")%11 == 0
	return s, ok
}

// danish reads a CPR number by its date only: the modulus 11 check was given
// up in 2007 (CPR-kontoret). The seventh digit tells the century; replacement
// numbers add 60 to the day.
func danish(s string, today time.Time) (string, bool) {
	if len(s) == 11 && s[6] == '-' {
		s = s[:6] + s[7:]
	}
	if len(s) != 10 || !digitsOnly(s) {
		return "", false
	}
	d, y := pair(s, 0), danishYear(int(s[6]-'0'), pair(s, 4))
	if d > 60 {
		d -= 60
	}
	return s, bornBy(y, pair(s, 2), d, today)
}

func danishYear(seventh, yy int) int {
	switch {
	case seventh <= 3:
		return 1900 + yy
	case (seventh == 4 || seventh == 9) && yy <= 36, seventh >= 5 && seventh <= 8 && yy <= 57:
		return 2000 + yy
	case seventh == 4 || seventh == 9:
		return 1900 + yy
	}
	return 1800 + yy
}

// swedish reads a personnummer or samordningsnummer (day + 60) with ten or
// twelve digits and gives twelve (SKV 704); a plus means 100 years or more.
func swedish(s string, today time.Time) (string, bool) {
	sign := byte('-')
	if n := len(s); (n == 11 || n == 13) && (s[n-5] == '-' || s[n-5] == '+') {
		sign, s = s[n-5], s[:n-5]+s[n-4:]
	}
	if len(s) != 10 && len(s) != 12 || !digitsOnly(s) || !luhn(s[len(s)-10:]) {
		return "", false
	}
	if len(s) == 10 {
		s = swedishCentury(s, sign, today) + s
	}
	d := pair(s, 6)
	if d > 60 {
		d -= 60
	}
	return s, bornBy(pair(s, 0)*100+pair(s, 2), pair(s, 4), d, today)
}

// swedishCentury is the latest one in which the person is born by today, one
// earlier behind a plus.
func swedishCentury(s string, sign byte, today time.Time) string {
	d := pair(s, 4)
	if d > 60 {
		d -= 60
	}
	years := [...]string{"20", "19", "18"}
	i := 0
	if !bornBy(2000+pair(s, 0), pair(s, 2), d, today) {
		i = 1
	}
	if sign == '+' {
		i++
	}
	return years[i]
}

// finnish reads a henkilötunnus with the century signs of 2023 (DVV).
func finnish(s string, today time.Time) (string, bool) {
	if len(s) != 11 || !digitsOnly(s[:6]) || !digitsOnly(s[7:10]) {
		return "", false
	}
	year := pair(s, 4)
	switch {
	case s[6] == '+':
		year += 1800
	case strings.IndexByte("-YXWVU", s[6]) >= 0:
		year += 1900
	case strings.IndexByte("ABCDEF", s[6]) >= 0:
		year += 2000
	default:
		return "", false
	}
	n := 0
	for _, c := range s[:6] + s[7:10] {
		n = n*10 + int(c-'0')
	}
	ok := s[10] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31] && bornBy(year, pair(s, 2), pair(s, 0), today)
	return s, ok
}

func pair(s string, i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }

func digitsOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func weighted(s, weights string) int {
	sum := 0
	for i := range len(weights) {
		sum += int(s[i]-'0') * int(weights[i]-'0')
	}
	return sum
}

// luhn is the check digit of ISO/IEC 7812-1 over ten digits.
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		n := int(s[i]-'0') * (2 - i%2)
		sum += n/10 + n%10
	}
	return sum%10 == 0
}

// dayExists leaves the century open: 29 February needs a year divisible by 4.
func dayExists(d, m, yy int) bool { return bornBy(2000+yy, m, d, time.Time{}) }

// bornBy says whether the day exists and is not after today, if that is set.
func bornBy(y, m, d int, today time.Time) bool {
	t := day(y, time.Month(m), d)
	return t.Year() == y && int(t.Month()) == m && t.Day() == d && (today.IsZero() || !t.After(today))
}
