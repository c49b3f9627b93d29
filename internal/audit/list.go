package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// About is whose events are listed: those of the account and of its person, and
// what the person did to sessions, as far as their action is among Actions.
type About struct {
	AccountID, PersonID uuid.UUID
	Actions             []string
}

// Cursor is a place in a list that runs from new to old; the zero Cursor is its
// beginning.
type Cursor struct {
	At time.Time
	ID uuid.UUID
}

// String is for an address; ParseCursor reads it.
func (c Cursor) String() string { return strconv.FormatInt(c.At.UnixMicro(), 36) + "-" + c.ID.String() }

// ParseCursor reads a cursor; what is none is the list's beginning.
func ParseCursor(s string) Cursor {
	at, id, _ := strings.Cut(s, "-")
	micro, err := strconv.ParseInt(at, 36, 64)
	if err != nil {
		return Cursor{}
	}
	place, err := uuid.Parse(id)
	if err != nil {
		return Cursor{}
	}
	return Cursor{At: time.UnixMicro(micro).UTC(), ID: place}
}

// Cursor is the place behind an event.
func (r Row) Cursor() Cursor { return Cursor{At: r.At, ID: r.ID} }

// Said is a value of the event's detail as text, empty when it is not there.
func (r Row) Said(name string) string {
	var detail map[string]any
	if json.Unmarshal([]byte(r.Detail), &detail) != nil || detail[name] == nil {
		return ""
	}
	return fmt.Sprint(detail[name])
}

// List gives at most limit events about an account, the newest first, from
// behind a cursor. It runs inside the caller's transaction.
func List(ctx context.Context, about About, after Cursor, limit int) ([]Row, error) {
	rows, err := list(ctx, about, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list audit: %w", err)
	}
	return rows, nil
}
