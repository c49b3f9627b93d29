package people

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// MostCounted is where Browse stops counting.
const MostCounted = 10_000

// Found is a page of a list with the cursors around it, empty at the ends.
type Found struct {
	People        []Listed
	Before, After string
	Total         int // at most MostCounted
}

// Browse gives a page of people and how many there are; Query.Before asks for
// the page before a cursor.
func Browse(ctx context.Context, q Query) (f Found, err error) {
	if q.Limit <= 0 || q.Limit > 200 {
		q.Limit = 50
	}
	rows, err := list(ctx, q)
	if err != nil {
		return f, fmt.Errorf("list people: %w", err)
	}
	more := len(rows) > q.Limit
	rows = rows[:min(len(rows), q.Limit)]
	back := q.Before != ""
	if back {
		slices.Reverse(rows)
	}
	for _, row := range rows {
		f.People = append(f.People, Listed{row})
	}
	if n := len(rows); n > 0 && (more || back) {
		f.After = cursorOf(rows[n-1].FamilyName, rows[n-1].GivenName, rows[n-1].ID)
	}
	if len(rows) > 0 && (q.After != "" || (back && more)) {
		f.Before = cursorOf(rows[0].FamilyName, rows[0].GivenName, rows[0].ID)
	}
	total, err := countListed(ctx, q, MostCounted)
	if err != nil {
		return f, fmt.Errorf("count people: %w", err)
	}
	f.Total = int(total)
	return f, nil
}

// ListedBy gives people of this tenant by id, as lists show them.
func ListedBy(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Listed, error) {
	rows, err := listedBy(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look people up: %w", err)
	}
	found := make(map[uuid.UUID]Listed, len(rows))
	for _, row := range rows {
		found[row.ID] = Listed{row}
	}
	return found, nil
}

// Names gives the whole names of people of this tenant by id.
func Names(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := personsBy(ctx, ids, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("name people: %w", err)
	}
	names := make(map[uuid.UUID]string, len(rows))
	for _, p := range rows {
		names[p.ID] = p.Name()
	}
	return names, nil
}
