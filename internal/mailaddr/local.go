package mailaddr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// parseLocal checks the part before the @ and gives it as shown and as key.
func parseLocal(s string) (shown, key string, err error) {
	if s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return "", "", ErrShape
	}
	if ascii(s) {
		shown, key, err = s, strings.ToLower(s), atoms(s)
	} else {
		shown, key, err = wideLocal(s)
	}
	if err == nil && (len(shown) > maxLocalBytes || len(key) > maxLocalBytes) {
		err = ErrTooLong
	}
	return shown, key, err
}

// wideLocal handles a local part with letters beyond ASCII (RFC 6531). Forms
// that another program could fold into a different address are refused.
func wideLocal(s string) (shown, key string, err error) {
	if !utf8.ValidString(s) || !steadyForms(s) {
		return "", "", ErrCharacter
	}
	shown = norm.NFC.String(s)
	if err := atoms(shown); err != nil {
		return "", "", err
	}
	if !oneScript(shown) {
		return "", "", ErrScript
	}
	key = lower(shown)
	if !norm.NFKC.IsNormalString(shown) || !norm.NFKC.IsNormalString(key) || lower(key) != key {
		return "", "", ErrCharacter
	}
	return shown, key, nil
}

// lower maps rune by rune, without the language-dependent special cases.
func lower(s string) string { return norm.NFC.String(strings.Map(unicode.ToLower, s)) }

// steadyForms refuses runes that stand for another, such as the Kelvin sign or
// a full-width letter; a base letter followed by its accent may still compose.
func steadyForms(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf && !norm.NFKC.IsNormalString(string(r)) {
			return false
		}
	}
	return true
}

// atoms accepts the atext of RFC 5322 and, beyond ASCII, letters, marks and
// digits whose case folds there and back.
func atoms(s string) error {
	for _, r := range s {
		if r == '@' {
			return ErrShape
		}
		if !atom(r) {
			return ErrCharacter
		}
	}
	return nil
}

func atom(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return isWord(byte(r)) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", byte(r)) >= 0 //nolint:gosec // an ASCII letter fits
	case !unicode.In(r, unicode.L, unicode.M, unicode.Nd):
		return false
	}
	return steadyCase(r)
}

// steadyCase refuses letters such as the dotted capital I and the dotless i,
// whose other case is a different letter's (the trick behind CVE-2019-19844).
func steadyCase(r rune) bool {
	low := unicode.ToLower(r)
	return low >= utf8.RuneSelf && unicode.ToLower(unicode.ToUpper(r)) == low
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
