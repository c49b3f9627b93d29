package mailaddr

import (
	"strings"
	"unicode/utf8"
)

const hidden = "***"

// Mask hides an address for pages and logs: "anna@havn.dk" becomes
// "a***@h***.dk". A name or domain of one letter shows nothing, and what is
// not an address becomes "***".
func Mask(s string) string {
	a, err := Parse(s)
	if err != nil {
		return hidden
	}
	at := strings.LastIndexByte(a.Display, '@')
	domain := a.Display[at+1:]
	dot := strings.LastIndexByte(domain, '.')
	return veil(a.Display[:at]) + "@" + veil(domain[:dot]) + domain[dot:]
}

func veil(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == len(s) {
		return hidden
	}
	return string(r) + hidden
}
