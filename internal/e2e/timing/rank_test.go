package timing_test

import (
	"math"
	"slices"
	"testing"
)

// auc is the chance that one of the first is larger than one of the second
// (Mann and Whitney); 0.5 where nothing tells them apart.
func auc(first, second []float64) float64 {
	type one struct {
		value float64
		first bool
	}
	var all []one
	for _, v := range first {
		all = append(all, one{v, true})
	}
	for _, v := range second {
		all = append(all, one{v, false})
	}
	slices.SortFunc(all, func(a, b one) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	ranks := 0.0
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].value == all[i].value {
			j++
		}
		middle := float64(i+j+1) / 2 // of the ranks i+1 to j
		for ; i < j; i++ {
			if all[i].first {
				ranks += middle
			}
		}
	}
	n, m := float64(len(first)), float64(len(second))
	return (ranks - n*(n+1)/2) / (n * m)
}

func TestTheMeasureTellsWhatDiffers(t *testing.T) {
	var low, high, same []float64
	for i := range 1000 {
		low, high, same = append(low, float64(i)), append(high, float64(i+5000)), append(same, float64(i))
	}
	for name, c := range map[string]struct{ got, want float64 }{
		"larger":          {auc(high, low), 1},
		"smaller":         {auc(low, high), 0},
		"the same":        {auc(low, same), 0.5},
		"all equal":       {auc([]float64{1, 1, 1}, []float64{1, 1}), 0.5},
		"a little larger": {auc([]float64{1, 2, 3, 4}, []float64{1, 2, 3, 3}), 0.5625},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}
