package roster

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/people"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

// lines of reporting, by employee number at a legal employer: each node names
// one line manager.
type reporting struct {
	up    map[string]edge   // what counts: the file's word, else what is stored
	known map[string]edge   // what is stored
	bare  map[string]string // a number alone: the first employment that has it
}

type edge struct {
	line    int64  // in the file; 0 when only stored
	number  string // as it is written
	manager string // folded number
}

func newReporting() *reporting {
	return &reporting{up: map[string]edge{}, known: map[string]edge{}, bare: map[string]string{}}
}

// say notes what a row of the file says of somebody's line manager; an empty
// cell takes the stored one away.
func (g *reporting) say(r people.Record) {
	key := r.NaturalKey()
	g.note(key, r.EmployeeNumber)
	if !slices.Contains(r.Silent, sheet.ManagerNumber) {
		g.up[key] = edge{line: int64(r.Line), number: r.EmployeeNumber, manager: people.FoldNumber(r.Manager)}
	}
}

func (g *reporting) note(key, number string) {
	if bare := people.FoldNumber(number); g.bare[bare] == "" {
		g.bare[bare] = key
	}
}

// stored notes what the staff list says; the file's word goes before it.
func (g *reporting) stored(l people.NumberLink) {
	key := people.Record{LegalEmployer: l.Employer, EmployeeNumber: l.Number}.NaturalKey()
	g.note(key, l.Number)
	e := edge{number: l.Number, manager: people.FoldNumber(l.Manager)}
	g.known[key] = e
	if _, said := g.up[key]; !said {
		g.up[key] = e
	}
}

// above is the node of an edge's manager: at the same employer first.
func (g *reporting) above(key string, e edge) string {
	employer, _, _ := strings.Cut(key, "\x1f")
	if same := employer + "\x1f" + e.manager; g.up[same].number != "" {
		return same
	}
	return g.bare[e.manager]
}

// circle gives the nodes of the circle that a node's line leads into; none when
// the line ends, or joins one that was walked to its end before.
func (g *reporting) circle(from string, walked map[string]bool) []string {
	var path []string
	at := map[string]int{}
	for key := from; ; {
		if i, again := at[key]; again {
			return path[i:]
		}
		e, more := g.up[key]
		if !more || e.manager == "" || walked[key] {
			break
		}
		at[key] = len(path)
		path = append(path, key)
		key = g.above(key, e)
	}
	for _, key := range path {
		walked[key] = true
	}
	return nil
}

// words names who stands in a circle, by number, from the first back to the
// first.
func (g *reporting) words(round []string) string {
	numbers := make([]string, 0, len(round)+1)
	for _, key := range append(round, round[0]) {
		numbers = append(numbers, g.up[key].number)
	}
	return strings.Join(numbers, " → ")
}

// open takes the file's word on line managers out of a circle, back to what is
// stored, and gives the lines that said it.
func (g *reporting) open(round []string) (lines []int64) {
	for _, key := range round {
		if e := g.up[key]; e.line > 0 {
			lines = append(lines, e.line)
		}
	}
	for _, key := range round {
		stored, there := g.known[key]
		if g.up[key].line > 0 && there {
			g.up[key] = stored
		} else if g.up[key].line > 0 || len(lines) == 0 {
			delete(g.up, key)
		}
	}
	return lines
}

// warnCircles tells of rows that would make people their own managers' managers,
// with the numbers of all in the circle; what they say of managers is left out.
// Only when there is a circle is the file read once more, for its words.
func (s *Service) warnCircles(ctx context.Context, row Import, t *tenant.Tenant, told *claims) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := people.NumberLinks(ctx, told.stored); err != nil || !told.hierarchy().Circular() {
			return err
		}
		g, err := s.reread(ctx, row, t)
		if err != nil {
			return err
		}
		if err := people.NumberLinks(ctx, g.stored); err != nil {
			return err
		}
		return s.warnOf(ctx, row.ID, g)
	})
}

func (s *Service) warnOf(ctx context.Context, id uuid.UUID, g *reporting) error {
	walked := map[string]bool{}
	for _, key := range g.said() {
		for round := g.circle(key, walked); len(round) > 0; round = g.circle(key, walked) {
			if err := s.leaveOut(ctx, id, g, round); err != nil {
				return err
			}
		}
	}
	return nil
}

// reread gathers all that the file says of line managers.
func (s *Service) reread(ctx context.Context, row Import, t *tenant.Tenant) (*reporting, error) {
	reader, err := sheet.Open(s.openParts(ctx, row, "raw"), options(t, s.db.Now()))
	if err != nil {
		return nil, err
	}
	seen := newSeen()
	seen.line = newReporting()
	for {
		rows, err := take(reader, s.chunk())
		if err != nil || len(rows) == 0 {
			return seen.line, err
		}
		s.lines(reader, rows, t, seen)
	}
}

func (s *Service) leaveOut(ctx context.Context, id uuid.UUID, g *reporting, round []string) error {
	why := people.Problem{Column: sheet.ManagerNumber, Code: "roster.manager_circle", Args: map[string]any{"Circle": g.words(round)}}
	for _, line := range g.open(round) {
		if err := s.warnLine(ctx, id, line, why); err != nil {
			return err
		}
	}
	return nil
}

// said are the nodes that the file speaks of, in its order.
func (g *reporting) said() (keys []string) {
	for key, e := range g.up {
		if e.line > 0 {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(g.up[a].line, g.up[b].line) })
	return keys
}
