package phone

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"tilgang/internal/fault"
)

// The codes of refusals; all are about the form field "phone".
const (
	CodeEmpty       = "phone.empty"
	CodeShape       = "phone.shape"       // no telephone number at all
	CodeUnallocated = "phone.unallocated" // its country has given out no such number
	CodeCountry     = "phone.country"     // not among the employer's countries
	CodeKind        = "phone.kind"        // takes no text messages, or costs extra
)

// longest is how many characters of typing are looked at; E.164 has 15 digits.
const longest = 40

// Number is a number that text messages may go to.
type Number struct {
	E164    string // +4740000100
	Country string // ISO 3166-1 alpha-2
}

// Parse reads a typed number with the country for those without a prefix (ISO
// 3166-1 alpha-2, or a calling code such as +47). allowed are the countries
// that may be texted.
func Parse(typed, country string, allowed []string) (Number, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return Number{}, fault.Field("phone", CodeEmpty)
	}
	if len(typed) > longest {
		return Number{}, fault.Field("phone", CodeShape)
	}
	n, err := phonenumbers.Parse(typed, region(country))
	if err != nil || n.GetExtension() != "" {
		return Number{}, fault.Field("phone", CodeShape)
	}
	if !phonenumbers.IsValidNumber(n) {
		return Number{}, fault.Field("phone", CodeUnallocated)
	}
	home := phonenumbers.GetRegionCodeForNumber(n)
	if !slices.Contains(allowed, home) {
		return Number{}, fault.Field("phone", CodeCountry)
	}
	if kind := phonenumbers.GetNumberType(n); kind != phonenumbers.MOBILE && kind != phonenumbers.FIXED_LINE_OR_MOBILE {
		return Number{}, fault.Field("phone", CodeKind)
	}
	return Number{E164: phonenumbers.Format(n, phonenumbers.E164), Country: home}, nil
}

// region is a country's code for what a form sent.
func region(country string) string {
	country = strings.ToUpper(strings.TrimSpace(country))
	if calling, err := strconv.Atoi(strings.TrimPrefix(country, "+")); err == nil {
		return phonenumbers.GetRegionCodeForCountryCode(calling)
	}
	return country
}

// CallingCode is a country's, such as 47; 0 for a country that is not known.
func CallingCode(country string) int { return phonenumbers.GetCountryCodeForRegion(country) }

// Mask shows a number's last four digits alone.
func Mask(e164 string) string {
	if len(e164) < 5 {
		return "XXX-XXX-XXXX"
	}
	return "XXX-XXX-" + e164[len(e164)-4:]
}

// Block is the block of a thousand numbers in which a number lies: fraud walks
// through a block.
func Block(e164 string) string { return e164[:max(0, len(e164)-3)] }
