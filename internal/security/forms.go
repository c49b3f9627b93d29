package security

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tilgang/internal/fault"
)

// longestName is how many characters the owner's name for a factor may have.
const longestName = 40

// parseName reads the name that a person gives a factor; empty takes it away.
func parseName(typed string) (string, error) {
	name := strings.Join(strings.Fields(typed), " ")
	if utf8.RuneCountInString(name) > longestName || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", fault.Field("name", codeName, "Count", longestName)
	}
	return name, nil
}
