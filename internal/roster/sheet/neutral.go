package sheet

import (
	"strings"
	"unicode/utf8"
)

// Neutralise makes a cell harmless in a spreadsheet by an apostrophe in front
// of what would start a formula (OWASP CSV injection; ASVS 5.0 1.2.10). A plus
// sign before a telephone number is left alone. Next takes the guard off again.
func Neutralise(cell string) string {
	if !armed(cell) || isDialled(cell) {
		return cell
	}
	return "'" + cell
}

// armed looks past leading spaces, as spreadsheets do.
func armed(s string) bool {
	s = strings.TrimLeft(s, " \u00a0\u200b\ufeff")
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20", first)
}

func isDialled(s string) bool {
	if len(s) < 2 || s[0] != '+' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && s[i] != ' ' {
			return false
		}
	}
	return true
}

// unguarded removes one guard that Neutralise put there.
func unguarded(s string) string {
	if len(s) > 1 && s[0] == '\'' && armed(s[1:]) {
		return s[1:]
	}
	return s
}
