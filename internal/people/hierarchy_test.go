package people_test

import (
	"testing"

	"pgregory.net/rapid"

	"tilgang/internal/people"
)

// The quick look finds a circle exactly where somebody can be reached from
// themselves, step by step.
func TestTheQuickLookFindsEveryCircle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		link := rapid.Custom(func(t *rapid.T) [2]int {
			return [2]int{rapid.IntRange(0, 8).Draw(t, "who"), rapid.IntRange(0, 8).Draw(t, "manager")}
		})
		links := rapid.SliceOfN(link, 0, 12).Draw(t, "links")
		h := people.NewHierarchy[int]()
		var reach [9][9]bool
		for _, l := range links {
			h.Add(l[0], l[1])
			reach[l[0]][l[1]] = true
		}
		for k := range reach {
			for i := range reach {
				for j := range reach {
					reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j])
				}
			}
		}
		want := false
		for i := range reach {
			want = want || reach[i][i]
		}
		if got := h.Circular(); got != want {
			t.Fatalf("%v: said %t", links, got)
		}
	})
}
