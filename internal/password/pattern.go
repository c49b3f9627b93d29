package password

import (
	"slices"
	"strings"
	"sync"
)

// keyLines are what a finger finds without thinking, on an English and on a
// Nordic keyboard, folded: rows, columns, and the signs above the digits.
const keyLines = `1234567890 qwertyuiop asdfghjkl zxcvbnm !@#$%^&*() !"#¤%&/()= ` +
	`1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm !qaz @wsx "wsx #edc $rfv ¤rfv %tgb`

// lines gives the key lines in both directions.
var lines = sync.OnceValue(func() [][]rune {
	var all [][]rune
	for line := range strings.FieldsSeq(keyLines) {
		back := []rune(line)
		slices.Reverse(back)
		all = append(all, []rune(line), back)
	}
	return all
})

const (
	minRun  = 3 // characters that make a repetition or a sequence
	minUnit = 8 // a repeated piece shorter than the shortest password is a pattern
)

// squeeze leaves the separators out, "havn butikker a/s" as "havnbutikkeras",
// where letters and digits make most of pw.
func squeeze(pw []rune) []rune {
	plain := slices.DeleteFunc(slices.Clone(pw), isFillerSign)
	if len(plain)*4 < len(pw)*3 {
		return pw
	}
	return plain
}

// repeated gives the shortest piece whose repetition is pw, or pw itself.
func repeated(pw []rune) []rune {
	if p := period(pw); p*2 <= len(pw) {
		return pw[:p]
	}
	return pw
}

// period is the least p such that every character equals the one p before it
// (the failure function of Knuth, Morris and Pratt).
func period(pw []rune) int {
	fail := make([]int, len(pw)+1)
	for i, k := 1, 0; i < len(pw); i++ {
		for k > 0 && pw[i] != pw[k] {
			k = fail[k]
		}
		if pw[i] == pw[k] {
			k++
		}
		fail[i+1] = k
	}
	return len(pw) - fail[len(pw)]
}

// sequence tells whether at least three quarters of pw are runs such as aaa,
// abc, 321 or qwe.
func sequence(pw []rune) bool {
	loose := 0
	for i := 0; i < len(pw); {
		if n := run(pw[i:]); n >= minRun {
			i += n
			continue
		}
		loose++
		i++
	}
	return loose*4 <= len(pw)
}

// run is the length of the longest run at the start of pw.
func run(pw []rune) int {
	longest := 0
	for step := rune(-1); step <= 1; step++ {
		longest = max(longest, stepRun(pw, step))
	}
	for _, line := range lines() {
		longest = max(longest, lineRun(pw, line))
	}
	return longest
}

// stepRun counts characters that each are step after the one before. Signs next
// to each other in the code table are chance, not a sequence.
func stepRun(pw []rune, step rune) int {
	n := 1
	for n < len(pw) && pw[n]-pw[n-1] == step && (step == 0 || !isFillerSign(pw[n]) && !isFillerSign(pw[n-1])) {
		n++
	}
	return n
}

// lineRun counts how far pw follows a line of keys, from anywhere in it.
func lineRun(pw, line []rune) int {
	at := slices.Index(line, pw[0])
	if at < 0 {
		return 0
	}
	n := 0
	for n < len(pw) && at+n < len(line) && pw[n] == line[at+n] {
		n++
	}
	return n
}
