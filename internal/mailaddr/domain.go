package mailaddr

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Limits of RFC 1035 section 2.3.4, in bytes.
const (
	maxLabelBytes  = 63
	maxDomainBytes = 253
)

// parseDomain gives the domain as people read it and as ASCII key.
func parseDomain(s string) (shown, key string, err error) {
	if plainDomain(s) {
		key = strings.ToLower(s)
		return key, key, topLevel(key)
	}
	if !utf8.ValidString(s) || strings.ContainsAny(s, "@\u3002\uff0e\uff61") {
		return "", "", ErrDomain
	}
	if !steadyForms(s) {
		return "", "", ErrCharacter
	}
	return wideDomain(norm.NFC.String(s))
}

// wideDomain runs IDNA (UTS 46, non-transitional) and asks that the way there
// and back ends where it began.
func wideDomain(s string) (shown, key string, err error) {
	p := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(),
		idna.CheckJoiners(true), idna.CheckHyphens(true), idna.StrictDomainName(true), idna.VerifyDNSLength(true))
	if key, err = p.ToASCII(s); err != nil {
		return "", "", ErrDomain
	}
	if shown, err = p.ToUnicode(key); err != nil {
		return "", "", ErrDomain
	}
	if again, err := p.ToASCII(shown); err != nil || again != key {
		return "", "", ErrDomain
	}
	for label := range strings.SplitSeq(shown, ".") {
		if !oneScript(label) {
			return "", "", ErrScript
		}
	}
	return shown, key, topLevel(key)
}

// plainDomain is true for letters, digits and hyphens only, with no label that
// IDNA would have a say in.
func plainDomain(s string) bool {
	if len(s) > maxDomainBytes {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if !plainLabel(label) {
			return false
		}
	}
	return true
}

func plainLabel(s string) bool {
	if s == "" || len(s) > maxLabelBytes || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if !isWord(s[i]) && s[i] != '-' {
			return false
		}
	}
	return len(s) < 4 || s[2:4] != "--"
}

// topLevel asks for a dot and a last label that is not a number, so that
// neither a bare host nor an IP address passes.
func topLevel(key string) error {
	dot := strings.LastIndexByte(key, '.')
	if dot <= 0 || len(key)-dot < 3 {
		return ErrDomain
	}
	for _, c := range key[dot+1:] {
		if c < '0' || c > '9' {
			return nil
		}
	}
	return ErrDomain
}
