package mailaddr

import (
	"errors"
	"strings"
)

// The limits of RFC 5321 section 4.5.3.1, in bytes; 254 is the path limit of
// 256 without its angle brackets.
const (
	MaxBytes      = 254
	maxLocalBytes = 64
)

// The reasons for which Parse refuses; each is wrapped by no other.
var (
	ErrEmpty     = errors.New("mailaddr: empty")
	ErrTooLong   = errors.New("mailaddr: longer than 254 bytes or 64 before the @")
	ErrShape     = errors.New("mailaddr: not of the form name@domain")
	ErrCharacter = errors.New("mailaddr: a character that we do not accept")
	ErrScript    = errors.New("mailaddr: letters of several scripts in one label")
	ErrDomain    = errors.New("mailaddr: not a domain name")
)

// Address is one e-mail address: Display is shown and written to, Key is
// compared and indexed. The zero Address is "no address".
type Address struct {
	Display string
	Key     string
}

// IsZero says whether there is no address.
func (a Address) IsZero() bool { return a.Key == "" }

// String is the display form; mask it with Mask before it is logged.
func (a Address) String() string { return a.Display }

// Parse reads one bare address and gives its display and key form, or one of
// the package's errors. It does not trim: white space anywhere is refused.
func Parse(s string) (Address, error) {
	if s == "" {
		return Address{}, ErrEmpty
	}
	if len(s) > MaxBytes {
		return Address{}, ErrTooLong
	}
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 {
		return Address{}, ErrShape
	}
	local, localKey, err := parseLocal(s[:at])
	if err != nil {
		return Address{}, err
	}
	domain, domainKey, err := parseDomain(s[at+1:])
	if err != nil {
		return Address{}, err
	}
	return join(s, local, domain, localKey, domainKey)
}

// join puts the halves together; typed is reused where nothing changed, which
// spares the two allocations in the usual case.
func join(typed, local, domain, localKey, domainKey string) (Address, error) {
	a := Address{Display: typed, Key: typed}
	if len(typed) != len(local)+1+len(domain) || typed[:len(local)] != local || typed[len(local)+1:] != domain {
		a.Display = local + "@" + domain
	}
	if a.Key = a.Display; local != localKey || domain != domainKey {
		a.Key = localKey + "@" + domainKey
	}
	if len(a.Key) > MaxBytes || len(a.Display) > MaxBytes {
		return Address{}, ErrTooLong
	}
	return a, nil
}
