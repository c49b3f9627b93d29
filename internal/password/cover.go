package password

import (
	"slices"
	"unicode"
)

// A password is refused as a whole when nothing is left of it besides known
// words and filling: "Password1!", "H4vn2026!", "anna.hansen!". Filling is
// digits and signs; a passphrase that has a listed word among others is left
// alone, since its other words are neither.
const (
	maxFilling    = 6  // characters; more only where the words are longer still
	maxCoverRunes = 64 // longer passwords are not taken apart: bounds the work
	minCommon     = 4  // a shorter listed word says too little
	minCommonNum  = 6  // the same for entries of digits alone: 1234 is also half a date
	maxCommon     = 28 // the longest entry of the lists
)

// The states of a cover: which sorts of word it has used so far.
const (
	usedContext = 1 << iota
	usedCommon
	covers
)

// cover finds the ways to spell a folded password with known words. fill holds
// the least filling that a state needs up to a position, or -1.
type cover struct {
	raw, ell, eye []rune
	words         [][]rune
	list          commonList
	fill          [][covers]int
}

// known tells whether pw is one common word with filling, and whether it is
// made of context words, at most one common word, and filling.
func (l commonList) known(pw []rune, words [][]rune) (common, context bool) {
	n := len(pw)
	if n == 0 || n > maxCoverRunes {
		return l.has(string(pw)), false
	}
	c := cover{raw: pw, eye: unleet(pw, 0), ell: unleet(pw, 1), words: words, list: l}
	c.fill = make([][covers]int, n+1)
	for i := range c.fill {
		c.fill[i] = [covers]int{-1, -1, -1, -1}
	}
	c.fill[0][0] = 0
	for i := range n {
		if c.fill[i] != [covers]int{-1, -1, -1, -1} {
			c.step(i)
		}
	}
	context = c.whole(usedContext) || c.whole(usedContext|usedCommon)
	return c.whole(usedCommon) || l.has(string(pw)), context
}

// step extends every cover that ends at i by one character or word.
func (c *cover) step(i int) {
	if !unicode.IsLetter(c.raw[i]) {
		c.extend(i, i+1, 0, 1)
	}
	for _, w := range c.words {
		if c.spells(i, w) {
			c.extend(i, i+len(w), usedContext, 0)
		}
	}
	for j := i + minCommon; j <= min(i+maxCommon, len(c.raw)); j++ {
		if c.isCommon(i, j) {
			c.extend(i, j, usedCommon, 0)
		}
	}
}

// extend notes that a cover up to i also reaches j. A second common word is not
// taken: phrases of words are what we want people to choose.
func (c *cover) extend(i, j, use, filling int) {
	for state, have := range c.fill[i] {
		if have < 0 || (use == usedCommon && state&usedCommon != 0) {
			continue
		}
		to := &c.fill[j][state|use]
		if *to < 0 || have+filling < *to {
			*to = have + filling
		}
	}
}

// whole tells whether a cover of the state reaches the end with little filling.
func (c *cover) whole(state int) bool {
	n := len(c.raw)
	f := c.fill[n][state]
	return f >= 0 && f <= max(maxFilling, n-f)
}

// spells tells whether the password has word at i, signs read as letters.
func (c *cover) spells(i int, word []rune) bool {
	j := i + len(word)
	if j > len(c.raw) {
		return false
	}
	if slices.Equal(c.raw[i:j], word) {
		return true
	}
	for k, w := range word {
		if c.raw[i+k] != w && c.eye[i+k] != w && c.ell[i+k] != w {
			return false
		}
	}
	return readable(c.raw[i:j])
}

// isCommon tells whether the characters from i to j are a listed word.
func (c *cover) isCommon(i, j int) bool {
	part := c.raw[i:j]
	if c.list.has(string(part)) {
		return slices.ContainsFunc(part, unicode.IsLetter) || c.isNumber(i, j)
	}
	return readable(part) && (c.list.has(string(c.eye[i:j])) || c.list.has(string(c.ell[i:j])))
}

// isNumber tells whether i to j is a whole number, or one with a year after it.
// Listed numbers are so short that they can be found in any longer one.
func (c *cover) isNumber(i, j int) bool {
	end := j
	for end < len(c.raw) && unicode.IsDigit(c.raw[end]) {
		end++
	}
	rest := string(c.raw[j:end])
	year := len(rest) == 4 && (rest[:2] == "19" || rest[:2] == "20")
	return j-i >= minCommonNum && (i == 0 || !unicode.IsDigit(c.raw[i-1])) && (rest == "" || year)
}

// readable tells whether signs may be read as letters: where half are letters.
// 5014 is a number, not a word.
func readable(part []rune) bool {
	letters := 0
	for _, r := range part {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters < len(part) && letters*2 >= len(part)
}
