package people

// Hierarchy tells whether anybody is their own manager's manager, in some 40
// bytes a person: of a hundred thousand people the chart itself would be most
// of what an import holds, and it is hardly ever needed.
type Hierarchy[K comparable] struct {
	number   map[K]int32
	from, to []int32 // a link each, by number
}

// NewHierarchy makes one without anybody.
func NewHierarchy[K comparable]() *Hierarchy[K] { return &Hierarchy[K]{number: map[K]int32{}} }

// Add says that somebody reports to a manager; one may report to several.
func (h *Hierarchy[K]) Add(somebody, manager K) {
	h.from, h.to = append(h.from, h.of(somebody)), append(h.to, h.of(manager))
}

func (h *Hierarchy[K]) of(who K) int32 {
	n, known := h.number[who]
	if !known {
		n = int32(len(h.number)) //nolint:gosec // a tenant has far fewer people
		h.number[who] = n
	}
	return n
}

// Circular tells whether a line leads back to where it began. Whoever nobody
// reports to is taken out with their links, over and over: a circle remains.
func (h *Hierarchy[K]) Circular() bool {
	reports, links := make([]int32, len(h.number)), h.linksOf()
	for _, n := range h.to {
		reports[n]++
	}
	var free []int32
	for n, r := range reports {
		if r == 0 {
			free = append(free, int32(n))
		}
	}
	gone := 0
	for ; len(free) > 0; gone++ {
		n := free[len(free)-1]
		free = free[:len(free)-1]
		for _, manager := range links(n) {
			if reports[manager]--; reports[manager] == 0 {
				free = append(free, manager)
			}
		}
	}
	return gone < len(h.number)
}

// linksOf sorts the links by who they are of, by counting.
func (h *Hierarchy[K]) linksOf() func(int32) []int32 {
	first := make([]int32, len(h.number)+1)
	for _, n := range h.from {
		first[n+1]++
	}
	for n := range len(h.number) {
		first[n+1] += first[n]
	}
	managers, next := make([]int32, len(h.to)), append([]int32(nil), first...)
	for i, n := range h.from {
		managers[next[n]] = h.to[i]
		next[n]++
	}
	return func(n int32) []int32 { return managers[first[n]:first[n+1]] }
}
