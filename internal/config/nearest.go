package config

import "strings"

// nearest is the name among known that takes the fewest edits to reach from name.
func nearest(name string, known []string) string {
	best, least := "", -1
	for _, k := range known {
		if d := edits(strings.ToUpper(name), k); least < 0 || d < least {
			best, least = k, d
		}
	}
	return best
}

// edits is the Levenshtein distance in bytes; names are ASCII and short.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
