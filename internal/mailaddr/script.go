package mailaddr

import "unicode"

// The scripts that are written together in one word: the "highly restrictive"
// sets of UTS 39 section 5.2, without their Latin, since a Latin letter beside
// another script is what an impostor needs.
var together = [...][]*unicode.RangeTable{
	{unicode.Han, unicode.Hiragana, unicode.Katakana},
	{unicode.Han, unicode.Hangul},
	{unicode.Han, unicode.Bopomofo},
}

// The scripts most people write with, tried before the long list.
var usual = [...]*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic}

// oneScript says whether all letters of s are of one script or of a set that
// is written together. Digits, marks and signs belong to every script.
func oneScript(s string) bool {
	var first *unicode.RangeTable
	for _, r := range s {
		if unicode.In(r, unicode.Common, unicode.Inherited) {
			continue
		}
		if first == nil {
			if first = scriptOf(r); first == nil {
				return false
			}
			continue
		}
		if !unicode.Is(first, r) {
			return inOneSet(s)
		}
	}
	return true
}

func scriptOf(r rune) *unicode.RangeTable {
	for _, t := range usual {
		if unicode.Is(t, r) {
			return t
		}
	}
	for _, t := range unicode.Scripts {
		if unicode.Is(t, r) {
			return t
		}
	}
	return nil
}

func inOneSet(s string) bool {
	for _, set := range together {
		if within(s, set) {
			return true
		}
	}
	return false
}

func within(s string, set []*unicode.RangeTable) bool {
	for _, r := range s {
		if !unicode.In(r, unicode.Common, unicode.Inherited) && !unicode.In(r, set...) {
			return false
		}
	}
	return true
}
