package password

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Context is what an attacker knows about the person, and what must therefore
// not be the password (ASVS 6.2.11). Each entry may be several words; case,
// accents and separators do not matter.
type Context struct {
	TenantNames []string // the employer's name, slug and legal names
	PersonWords []string // given and family name, local part of the address, words of the employment
}

// The bounds of the work that a context costs. A single letter says nothing.
const (
	minContextRunes = 2
	maxContextRunes = 64
	maxContextWords = 128
	maxContextBytes = 512 // of one entry; a longer one is no name
)

// words gives the folded words of the context and of the tenant's own list:
// each part of an entry, and the entry with its parts joined.
func (c Context) words(more []string) [][]rune {
	var all [][]rune
	seen := map[string]bool{}
	add := func(w string) {
		n := utf8.RuneCountInString(w)
		if seen[w] || n < minContextRunes || n > maxContextRunes || len(all) >= maxContextWords {
			return
		}
		seen[w] = true
		all = append(all, []rune(w))
	}
	for _, list := range [][]string{more, c.TenantNames, c.PersonWords} {
		for _, entry := range list {
			if len(entry) <= maxContextBytes && len(all) < maxContextWords {
				split(entry, add)
			}
		}
	}
	return all
}

// split tells add the parts of an entry in each spelling, and all joined.
func split(entry string, add func(string)) {
	for _, s := range spellings(entry) {
		parts := strings.FieldsFunc(s, isFillerSign)
		add(strings.Join(parts, ""))
		for _, p := range parts {
			add(p)
		}
	}
}

// isFillerSign is true for what separates words: neither letter nor digit.
func isFillerSign(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
