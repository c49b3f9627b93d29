package sheet

import (
	"strings"
	"unicode/utf8"
)

// quoteRunes is how much of a value a problem repeats.
const quoteRunes = 40

// secretDigits is the least number of digits in which a national number could
// hide: a Danish one whose leading zero a spreadsheet has eaten.
const secretDigits = 9

const concealed = "•••"

// quote repeats a value for a problem text: cut short, on one line, and hidden
// when it could be a national number that slipped into the wrong column.
func quote(v string) string {
	if longestNumber(v) >= secretDigits || holdsNational(v) {
		return concealed
	}
	v = strings.Map(printable, strings.ToValidUTF8(v, "\ufffd"))
	if utf8.RuneCountInString(v) <= quoteRunes {
		return v
	}
	return string([]rune(v)[:quoteRunes]) + "…"
}

func printable(r rune) rune {
	switch kindOf(r) { //nolint:exhaustive // the rest stays as it is
	case runeSpace, runeBreak:
		return ' '
	case runeSilent:
		return -1
	case runeControl:
		return '\ufffd'
	}
	return r
}

// longestNumber counts the digits of the longest number in s; one separator
// between two digits does not end a number.
func longestNumber(s string) int {
	most := 0
	eachNumber(s, func(digits []byte) bool {
		most = max(most, len(digits))
		return false
	})
	return most
}

// eachNumber calls f with the digits of each number in s until f says true,
// and tells whether it did.
func eachNumber(s string, f func(digits []byte) bool) bool {
	var room [64]byte
	digits, gap := room[:0], 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits, gap = append(digits, c), 0
			continue
		case len(digits) > 0 && gap == 0 && strings.IndexByte(" .-+/", c) >= 0:
			gap++
			continue
		}
		if len(digits) > 0 && f(digits) {
			return true
		}
		digits, gap = digits[:0], 0
	}
	return len(digits) > 0 && f(digits)
}
