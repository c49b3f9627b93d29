package sheet

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// phone reads a number into E.164 with the country for numbers without a
// prefix; a wrong one is dropped, for it is contact data and opens nothing.
func (b *builder) phone(country string) string {
	v := b.value[colPhone]
	if v == "" {
		return ""
	}
	if isRounded(v) {
		b.drop(colPhone, "sheet.cell.rounded", "Value", quote(v))
		return ""
	}
	number, ok := parsePhone(v, country)
	switch {
	case ok:
		return number
	case country == "" && v[0] != '+':
		b.drop(colPhone, "sheet.phone.country", "Value", quotePhone(v))
	default:
		b.drop(colPhone, "sheet.phone.invalid", "Value", quotePhone(v))
	}
	return ""
}

// quotePhone shows a wrong number unless it could be a national one.
func quotePhone(v string) string {
	if longestNumber(v) >= 10 {
		return concealed
	}
	return quote(v)
}

func parsePhone(v, country string) (string, bool) {
	var room [24]byte
	dialled, ok := strip(room[:0], v)
	if !ok {
		return "", false
	}
	if number, ok := mobile(dialled, country); ok {
		return number, true
	}
	n, err := phonenumbers.Parse(string(dialled), country)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// strip keeps digits and a leading plus; anything but the usual punctuation
// means that it is no telephone number. E.164 has at most 15 digits.
func strip(dst []byte, v string) ([]byte, bool) {
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case '0' <= c && c <= '9', c == '+' && len(dst) == 0:
			dst = append(dst, c)
		case strings.IndexByte(" -./()", c) < 0:
			return nil, false
		}
	}
	return dst, len(dst) >= 3 && len(dst) <= 20
}

// mobiles are the plain ranges of most numbers in our files. They only spare
// the way through the library's expressions, which takes 13 µs a number; a
// test holds every range against the library.
var mobiles = [...]struct {
	country, prefix, trunk string
	digits                 int
	first, second, third   string // what these digits may be
}{
	{"NO", "+47", "", 8, "9", "0123456789", "0123456789"},
	{"NO", "+47", "", 8, "4", "015678", "0123456789"},
	{"DK", "+45", "", 8, "234567", "0123456789", "123456789"},
	{"SE", "+46", "0", 9, "7", "02369", "0123456789"},
}

// mobile gives the E.164 form when the number lies in one of these ranges.
func mobile(dialled []byte, country string) (string, bool) {
	for _, m := range mobiles {
		rest, ok := afterPrefix(dialled, m.prefix)
		if !ok && m.country == country {
			rest, ok = afterPrefix(dialled, m.trunk)
		}
		if ok && len(rest) == m.digits && has(m.first, rest[0]) && has(m.second, rest[1]) && has(m.third, rest[2]) {
			return m.prefix + string(rest), true
		}
	}
	return "", false
}

func afterPrefix(b []byte, prefix string) ([]byte, bool) {
	if len(b) < len(prefix) || string(b[:len(prefix)]) != prefix {
		return nil, false
	}
	return b[len(prefix):], true
}

func has(digits string, d byte) bool { return strings.IndexByte(digits, d) >= 0 }
