package account

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tilgang/internal/mailaddr"
)

// longestName is how many characters a typed employee number may have; the staff
// file's have 40, and an employer's key may stand behind.
const longestName = 80

// errName says that what was typed names nobody by its shape.
var errName = errors.New("neither an address nor a number")

// ParseName reads what somebody typed to say who they are: an e-mail address or,
// where numbers is set, an employee number. The Key of a number begins with "#"
// and holds no "@", so it is never an address's.
func ParseName(typed string, numbers bool) (mailaddr.Address, error) {
	typed = strings.TrimSpace(typed)
	if !numbers || strings.Contains(typed, "@") {
		return mailaddr.Parse(typed)
	}
	key := NumberKey(typed)
	if key == "" {
		return mailaddr.Address{}, errName
	}
	return mailaddr.Address{Display: typed, Key: key}, nil
}

// NumberKey is an employee number as it is compared: compatible forms count as
// one, capital and small letters alike, spaces not at all. Empty for what is no
// number.
func NumberKey(number string) string {
	if !utf8.ValidString(number) || utf8.RuneCountInString(number) > longestName || strings.Contains(number, "@") {
		return ""
	}
	key := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(number))
	if key == "" || strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsGraphic(r) }) || strings.Contains(key, "@") {
		return ""
	}
	return "#" + key
}

// IsNumber tells whether a key is that of an employee number.
func IsNumber(key string) bool { return strings.HasPrefix(key, "#") }
