package people

import "strings"

// FoldNumber is an employee number as it is compared: a to z count like A to Z,
// nothing else is changed.
func FoldNumber(number string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - ('a' - 'A')
		}
		return r
	}, number)
}
