package tenant

import (
	"bytes"
	"strconv"
	"strings"
)

// wordWidth is how many times as wide as high a logo is at least that writes the
// employer's name, and does not only draw a mark.
const wordWidth = 2

// Wordmark tells whether the logo is a name in letters, by its shape: such a logo
// with the name beside it would say everything twice.
func (b Branding) Wordmark() bool {
	_, rest, _ := bytes.Cut(b.Logo, []byte(`viewBox="`))
	box, _, _ := bytes.Cut(rest, []byte(`"`))
	sides := strings.FieldsFunc(string(box), func(r rune) bool { return r == ' ' || r == ',' })
	if len(sides) != 4 {
		return false
	}
	width, err := strconv.ParseFloat(sides[2], 64)
	if err != nil {
		return false
	}
	height, err := strconv.ParseFloat(sides[3], 64)
	return err == nil && height > 0 && width >= wordWidth*height
}
