package obs

import (
	"strings"
	"unicode"
)

// secretName tells whether an attribute of this name may hold a secret: one of its words is
// password, token, secret …, or it ends in code without being one of the harmless codes.
func secretName(name string) bool {
	if len(name) > longest {
		return true
	}
	all := words(name)
	for _, w := range all {
		switch w {
		case "password", "passwords", "passwd", "token", "tokens", "secret", "secrets", "cookie", "cookies",
			"authorization", "pepper", "keyset", "otp", "ssn":
			return true
		}
	}
	joined := strings.Join(all, "_")
	return strings.Contains(joined, "national_id") || strings.Contains(joined, "nationalid") || secretCode(all, joined)
}

func secretCode(all []string, joined string) bool {
	switch joined {
	case "status_code", "fault_code", "error_code", "exit_code", "country_code", "language_code":
		return false
	}
	if len(all) == 0 {
		return false
	}
	last := all[len(all)-1]
	return last == "code" || last == "codes"
}

// words splits reset_token, resetToken, reset-token and "Reset Token" alike.
func words(name string) []string {
	var b strings.Builder
	wasLower := false
	for _, r := range name {
		if unicode.IsUpper(r) && wasLower {
			b.WriteByte(' ')
		}
		wasLower = unicode.IsLower(r) || unicode.IsDigit(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
