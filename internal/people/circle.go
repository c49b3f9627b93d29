package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/roster/sheet"
)

// reaching is the day from which employments count when circles are looked for:
// yesterday in UTC, which is over nowhere before it is over here.
func reaching(now time.Time) Date { return DateOf(now.Add(-24*time.Hour), time.UTC) }

// ResolveManagers finds the line managers that records named by number; it
// follows Apply once all records of a file or form are in. A circle gives power
// to nobody: the link of it that was written last is taken away again.
func ResolveManagers(ctx context.Context, since time.Time) error {
	if err := resolveManagers(ctx, since); err != nil {
		return fmt.Errorf("resolve managers: %w", err)
	}
	today := reaching(db.Now(ctx))
	h, err := hierarchy(ctx, today)
	if err != nil {
		return fmt.Errorf("read the chart: %w", err)
	}
	if !h.Circular() {
		return nil
	}
	links, err := chart(ctx, today)
	if err != nil {
		return fmt.Errorf("read the links: %w", err)
	}
	return unlink(ctx, closing(links))
}

// closing are the employments whose links close circles, the newest of each.
func closing(links []link) (employments []uuid.UUID) {
	for {
		round := circle(links)
		if len(round) == 0 {
			return employments
		}
		newest := slices.MaxFunc(round, func(a, b link) int { return a.UpdatedAt.Compare(b.UpdatedAt) }).UpdatedAt
		cut := map[uuid.UUID]bool{}
		for _, l := range round {
			if l.UpdatedAt.Equal(newest) {
				cut[l.ID] = true
				employments = append(employments, l.ID)
			}
		}
		links = slices.DeleteFunc(links, func(l link) bool { return cut[l.ID] })
	}
}

// walk looks for a circle, each person once.
type walk struct {
	up   map[uuid.UUID][]link
	done map[uuid.UUID]bool
	path []link
	on   map[uuid.UUID]int // where on the path a person is
}

// circle gives the links of one circle, in order; none when there is none.
func circle(links []link) []link {
	w := &walk{up: map[uuid.UUID][]link{}, done: map[uuid.UUID]bool{}, on: map[uuid.UUID]int{}}
	for _, l := range links {
		w.up[l.PersonID] = append(w.up[l.PersonID], l)
	}
	for _, l := range links {
		if round := w.from(l.PersonID); round != nil {
			return round
		}
	}
	return nil
}

func (w *walk) from(person uuid.UUID) []link {
	if at, here := w.on[person]; here {
		return w.path[at:]
	}
	if w.done[person] {
		return nil
	}
	w.on[person] = len(w.path)
	for _, l := range w.up[person] {
		w.path = append(w.path, l)
		if round := w.from(l.ManagerID); round != nil {
			return round
		}
		w.path = w.path[:len(w.path)-1]
	}
	delete(w.on, person)
	w.done[person] = true
	return nil
}

// refuseCircle refuses a form that makes a person their own manager's manager,
// however far up, and names who stands in the circle.
func refuseCircle(ctx context.Context, person uuid.UUID, since time.Time) error {
	if err := resolveManagers(ctx, since); err != nil {
		return fmt.Errorf("resolve managers: %w", err)
	}
	links, err := above(ctx, person, reaching(db.Now(ctx)))
	if err != nil {
		return fmt.Errorf("look up the line: %w", err)
	}
	round := circle(links)
	if len(round) == 0 {
		return nil
	}
	names, err := roundNames(ctx, round)
	if err != nil {
		return err
	}
	return refused(sheet.ManagerNumber, "people.manager_circle", "Circle", names)
}

// roundNames are the names in a circle, from the first back to the first.
func roundNames(ctx context.Context, round []link) (string, error) {
	ids := make([]uuid.UUID, len(round))
	for i, l := range round {
		ids[i] = l.PersonID
	}
	found, err := Names(ctx, ids)
	if err != nil {
		return "", err
	}
	list := make([]string, 0, len(ids)+1)
	for _, id := range append(ids, ids[0]) {
		list = append(list, found[id])
	}
	return strings.Join(list, " → "), nil
}

// NumberLink is what the staff list says of somebody's line manager, by number.
type NumberLink struct{ Employer, Number, Manager string }

// NumberLinks tells all that the staff list says of line managers, where the
// employment has not ended, one at a time.
func NumberLinks(ctx context.Context, told func(NumberLink)) error {
	if err := numberLinks(ctx, reaching(db.Now(ctx)), told); err != nil {
		return fmt.Errorf("read the chart: %w", err)
	}
	return nil
}
