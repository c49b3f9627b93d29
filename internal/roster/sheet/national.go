package sheet

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"tilgang/internal/fault"
)

const redacted = "[national id]"

// NationalID is a national number: fødselsnummer or D-nummer, CPR number,
// personnummer or samordningsnummer, henkilötunnus. No verb, log or JSON shows
// it; Digits is the only way in. It lies in a closure since fmt looks through
// pointers of fields that it may not ask for their Format.
type NationalID struct{ number func() national }

type national struct{ country, digits string }

func newNationalID(country, digits string) NationalID {
	n := national{country, digits}
	return NationalID{func() national { return n }}
}

func (n NationalID) reveal() national {
	if n.number == nil {
		return national{}
	}
	return n.number()
}

// Country is the ISO 3166 code of the country that gave the number, or "".
func (n NationalID) Country() string { return n.reveal().country }

// Digits is the number in its one form per country: 11 digits in Norway, 10 in
// Denmark, 12 in Sweden, 11 characters with the century sign in Finland.
func (n NationalID) Digits() string { return n.reveal().digits }

// IsZero says whether there is none.
func (n NationalID) IsZero() bool { return n.number == nil }

// Equal compares the numbers; go-cmp uses it too.
func (n NationalID) Equal(o NationalID) bool {
	return n.reveal() == o.reveal()
}

// String hides the number.
func (n NationalID) String() string { return redacted }

// Format hides the number from every verb of fmt.
func (n NationalID) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue hides the number from slog.
func (n NationalID) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides the number from JSON, XML and YAML.
func (n NationalID) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON hides the number from JSON.
func (n NationalID) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// ParseNationalID reads a number as people write it; country, which may be
// empty, decides where a number could be of two. Errors are fault.Fault and
// never hold the number.
func ParseNationalID(s, country string, today time.Time) (NationalID, error) {
	if isRounded(s) {
		return NationalID{}, fault.Field(NationalNumber, "sheet.national_id.rounded")
	}
	if len(s) > 40 {
		return NationalID{}, fault.Field(NationalNumber, "sheet.national_id.invalid")
	}
	s = strings.ToUpper(strings.Map(unspaced, s))
	var fits []NationalID
	for _, k := range nationalKinds {
		digits, ok := k.parse(s, today)
		if !ok && k.country == country && k.zeroLost {
			digits, ok = k.parse("0"+s, today)
		}
		if !ok {
			continue
		}
		id := newNationalID(k.country, digits)
		if k.country == country {
			return id, nil
		}
		fits = append(fits, id)
	}
	switch len(fits) {
	case 0:
		return NationalID{}, fault.Field(NationalNumber, "sheet.national_id.invalid")
	case 1:
		return fits[0], nil
	}
	return NationalID{}, fault.Field(NationalNumber, "sheet.national_id.country")
}

// unspaced drops what people put between the groups of a number.
func unspaced(r rune) rune {
	switch r {
	case ' ', '.', '\u00a0':
		return -1
	case '\u2013', '\u2212': // what word processors make of a hyphen
		return '-'
	}
	return r
}
