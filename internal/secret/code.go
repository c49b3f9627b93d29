package secret

import (
	"strings"
	"unicode"
)

// crockford is Crockford's base32 alphabet: no I, L, O or U, which people misread.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	inviteLength   = 10 // 50 bits; with 10 tries per invitation the odds are 10^-14
	inviteGroup    = 5
	linkLength     = 8 // 40 bits; with 5 tries a sign-in the odds are 10^-11
	linkGroup      = 4
	recoveryLength = 16 // 80 bits; NIST SP 800-63B-4 3.1.2 asks at least 64 for look-up secrets
	recoveryGroup  = 4
	longestCode    = 64 // characters that are looked at in what a person typed
)

// Code is n random decimal digits, each equally likely; it panics unless n is 4 to 12.
func Code(n int) string {
	if n < 4 || n > 12 {
		panic("secret: a code has 4 to 12 digits")
	}
	digits := make([]byte, 0, n)
	var raw [16]byte
	for len(digits) < n {
		fill(raw[:])
		for _, b := range raw {
			// 250 and above would make the digits 0 to 5 likelier.
			if b < 250 && len(digits) < n {
				digits = append(digits, '0'+b%10)
			}
		}
	}
	return string(digits)
}

// InviteCode is a typed invitation code of 50 random bits, shown as XXXXX-XXXXX.
func InviteCode() string { return grouped(base32Text(inviteLength), inviteGroup) }

// LinkCode is a typed code of 40 random bits, shown as XXXX-XXXX; LinkCodeLength
// characters without the hyphen.
func LinkCode() string { return grouped(base32Text(linkLength), linkGroup) }

// LinkCodeLength is the number of characters of a LinkCode, hyphen aside.
const LinkCodeLength = linkLength

// RecoveryCodes are n codes of 80 random bits each, shown as XXXX-XXXX-XXXX-XXXX.
func RecoveryCodes(n int) []string {
	codes := make([]string, n)
	for i := range codes {
		codes[i] = grouped(base32Text(recoveryLength), recoveryGroup)
	}
	return codes
}

// NormaliseCode is the one spelling of a typed code, to be hashed and compared: upper case,
// without spaces and hyphens, O as 0, I and L as 1. It is empty when the text holds any other
// character or more than 64 of them.
func NormaliseCode(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			continue
		}
		c := canonical(r)
		if c == 0 || b.Len() == longestCode {
			return ""
		}
		b.WriteByte(c)
	}
	return b.String()
}

// canonical is the alphabet's character for what was typed, 0 when there is none.
func canonical(r rune) byte {
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	switch r {
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	}
	if r < 128 && strings.IndexByte(crockford, byte(r)) >= 0 { //nolint:gosec // an ASCII letter fits
		return byte(r) //nolint:gosec // an ASCII letter fits
	}
	return 0
}

// base32Text is n random characters of 5 bits; 32 divides 256, so none is likelier.
func base32Text(n int) string {
	text := make([]byte, n)
	fill(text)
	for i := range text {
		text[i] = crockford[text[i]%32]
	}
	return string(text)
}

func grouped(s string, size int) string {
	var b strings.Builder
	for i := 0; i < len(s); i += size {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(s[i:min(i+size, len(s))])
	}
	return b.String()
}
