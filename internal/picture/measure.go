package picture

import (
	"strings"
	"unicode"
)

// wide is about how wide a text is, in pixels, in the plain fonts that systems
// have; a little more than most, so that a line is broken early and never cut.
func wide(s string, size float64, bold bool) float64 {
	em := 0.0
	for _, r := range s {
		em += advance(r)
	}
	if bold {
		em *= 1.07
	}
	return em * size
}

// advance is a letter's width in parts of the font size.
func advance(r rune) float64 {
	switch {
	case strings.ContainsRune("iljtfrI.,:;!'’|()[]- ‹›", r):
		return 0.34
	case strings.ContainsRune("mwMW@—…", r):
		return 0.92
	case unicode.IsUpper(r):
		return 0.7
	}
	return 0.58
}

// lines breaks a text where it must; a word that is wider than the room breaks
// inside.
func lines(s string, room, size float64, bold bool) (list []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		for wide(word, size, bold) > room {
			head, tail := cut(word, room, size, bold)
			if line != "" {
				list, line = append(list, line), ""
			}
			list, word = append(list, head), tail
		}
		joined := strings.TrimSpace(line + " " + word)
		if wide(joined, size, bold) <= room {
			line = joined
			continue
		}
		list, line = append(list, line), word
	}
	if line != "" {
		list = append(list, line)
	}
	return list
}

// cut takes as many letters of a word as there is room for, at least one.
func cut(word string, room, size float64, bold bool) (head, tail string) {
	letters := []rune(word)
	n := 1
	for n < len(letters) && wide(string(letters[:n+1]), size, bold) <= room {
		n++
	}
	return string(letters[:n]), string(letters[n:])
}
