package password

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The most that is accepted, after NFKC. NIST SP 800-63B-4 asks for at least 64
// code points and for no truncation; these bound the work of an attacker. A
// page must not use them as maxlength: a browser would cut a pasted password
// without a word.
const (
	MaxRunes = 256
	MaxBytes = 1024
)

// maxTyped bounds the work before NFKC. Decomposed typing may take three times
// the bytes of the composed form, so it is wider than MaxBytes.
const maxTyped = 4 * MaxBytes

// normalise gives the NFKC form, or the rule that pw breaks as a text.
func normalise(pw string) (string, *Rule) {
	if len(pw) > maxTyped {
		return "", new(maxRule())
	}
	if !utf8.ValidString(pw) || strings.ContainsRune(pw, 0) {
		return "", new(textRule())
	}
	pw = norm.NFKC.String(pw)
	if len(pw) > MaxBytes || utf8.RuneCountInString(pw) > MaxRunes {
		return "", new(maxRule())
	}
	return pw, nil
}
