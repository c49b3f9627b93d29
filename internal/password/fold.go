package password

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold makes spellings of one word equal: lower case, without marks, so that
// "Søren", "SÖREN" and "soren" are the same.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteString(base(r))
		}
	}
	return b.String()
}

// base spells the letters that NFKD does not take apart.
func base(r rune) string {
	switch r {
	case 'æ':
		return "ae"
	case 'ø':
		return "o"
	case 'œ':
		return "oe"
	case 'ß':
		return "ss"
	case 'ð', 'đ':
		return "d"
	case 'þ':
		return "th"
	case 'ł':
		return "l"
	case 'ı':
		return "i"
	}
	return string(r)
}

// spellings gives the folded forms under which a word may be typed: "søren" as
// "soren" and as "soeren".
func spellings(word string) []string {
	lower := norm.NFC.String(strings.ToLower(word))
	out := strings.NewReplacer("å", "aa", "ø", "oe", "ö", "oe", "ä", "ae", "ü", "ue").Replace(lower)
	return slices.Compact([]string{fold(word), fold(out)})
}

// leet tells which letters a digit or sign is commonly typed for. 2 for z is
// left out: it is rare, and it would make words of years.
func leet(r rune) string {
	switch r {
	case '4', '@':
		return "a"
	case '8':
		return "b"
	case '3', '€':
		return "e"
	case '6', '9':
		return "g"
	case '1', '!', '|':
		return "il"
	case '0':
		return "o"
	case '5', '$':
		return "s"
	case '7', '+':
		return "t"
	}
	return ""
}

// unleet reads signs as letters, the pick-th where there are two.
func unleet(rs []rune, pick int) []rune {
	out := slices.Clone(rs)
	for i, r := range rs {
		if l := leet(r); l != "" {
			out[i] = rune(l[min(pick, len(l)-1)])
		}
	}
	return out
}
