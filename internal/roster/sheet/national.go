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
// it; Digits is the only way in. The pointer keeps it out of %v of structs
// that hold it in an unexported field.
type NationalID struct{ number *national }

type national struct{ country, digits string }

// Country is the ISO 3166 code of the country that gave the number, or "".
func (n NationalID) Country() string {
	if n.number == nil {
		return ""
	}
	return n.number.country
}

// Digits is the number in its one form per country: 11 digits in Norway, 10 in
// Denmark, 12 in Sweden, 11 characters with the century sign in Finland.
func (n NationalID) Digits() string {
	if n.number == nil {
		return ""
	}
	return n.number.digits
}

// IsZero says whether there is none.
func (n NationalID) IsZero() bool { return n.number == nil }

// Equal compares the numbers; go-cmp uses it too.
func (n NationalID) Equal(o NationalID) bool {
	return n.Country() == o.Country() && n.Digits() == o.Digits()
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
	s = strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "\u00a0", "", "\u2013", "-").Replace(s))
	var fits []NationalID
	for _, k := range nationalKinds {
		digits, ok := k.parse(s, today)
		if !ok && k.country == country && k.zeroLost {
			digits, ok = k.parse("0"+s, today)
		}
		if !ok {
			continue
		}
		id := NationalID{&national{k.country, digits}}
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
