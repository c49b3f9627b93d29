package sheet

import "unicode"

// runeKind says what becomes of a rune in a cell.
type runeKind int8

const (
	runeText    runeKind = iota
	runeSpace            // becomes one blank
	runeBreak            // becomes one blank, with a warning
	runeSilent           // left out: invisible marks that come with copy and paste
	runeControl          // spoils the cell
	runeLost             // stands for bytes that were no text
)

func kindOf(r rune) runeKind {
	switch {
	case r > ' ' && r < 0x7f:
		return runeText
	case r == ' ', r == '\t', r == '\u00a0':
		return runeSpace
	case r == '\n', r == '\r':
		return runeBreak
	case r < 0x7f:
		return runeControl
	}
	return wideKindOf(r)
}

// wideKindOf refuses what turns the direction of text around (CVE-2021-42574)
// and private or unassigned code points beside the control characters.
func wideKindOf(r rune) runeKind {
	switch {
	case r == 0xad, r == 0x200b, r == 0x200e, r == 0x200f, r == 0x2060, r == 0xfeff:
		return runeSilent
	case r == 0xfffd:
		return runeLost
	case unicode.IsControl(r), r == 0x2028, r == 0x2029, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069:
		return runeControl
	case unicode.Is(unicode.Zs, r):
		return runeSpace
	case unicode.Is(unicode.Co, r):
		return runeControl
	}
	return runeText
}
