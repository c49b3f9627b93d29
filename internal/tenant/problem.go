package tenant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a tenant's file or stored values.
type Problem struct {
	File         string // "havn/tenant.yaml"; for stored values the layer, "file" or "admin"
	Line, Column int    // from 1; 0 where there is no text to point at
	Path         string // "mfa.requirements[0].methods"
	Code         string // unknown_key, duplicate_key, wrong_type, empty, range, format, unknown_value, missing, contradiction, contrast, unsafe
	Text         string // what is wrong
	Suggestion   string // what to write instead; may be empty
}

// String is the line an operator reads: file:line:column: path: text; suggestion.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Text)
	if p.Suggestion != "" {
		b.WriteString("; " + p.Suggestion)
	}
	return b.String()
}

// Problems is all that is wrong, as one error of one line each.
type Problems []Problem

// Error joins the lines.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func sortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// didYouMean finds the allowed word nearest to a mistyped one, or lists them.
func didYouMean(word string, allowed []string) string {
	// A word of which nothing would stay is another word, not a mistyped one.
	best, distance := "", min(len(word), max(2, len(word)/3)+1)
	for _, a := range allowed {
		if d := editDistance(strings.ToLower(word), a); d < distance {
			best, distance = a, d
		}
	}
	if best != "" && len(word) <= longestWord {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "write one of: " + strings.Join(allowed, ", ")
}

// longestWord bounds the work and the echo of a mistyped word.
const longestWord = 40

// editDistance counts insertions, deletions and replacements (Levenshtein).
func editDistance(a, b string) int {
	if len(a) > longestWord {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost = 1 + min(diagonal, row[j], row[j-1])
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}

// shown quotes a piece of the file for a message, shortened.
func shown(s string) string {
	if r := []rune(s); len(r) > longestWord {
		s = string(r[:longestWord]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
