package inbox

import (
	"context"
	"regexp"
	"slices"
	"time"

	"tilgang/internal/document/parcel"
)

// Place is one employer's inbox. Errors are those of the disk or the store.
type Place interface {
	// Ready names the folders that are complete, in order, most of them.
	Ready(ctx context.Context) ([]string, error)
	// Complete tells of one whether it still is.
	Complete(ctx context.Context, name string) (bool, error)
	// Open opens one of them as a parcel.
	Open(ctx context.Context, name string) (parcel.Source, error)
	// Move brings one with all that lies in it to another place below the inbox.
	// What was moved before is no error. still is asked from time to time; its
	// error ends the moving.
	Move(ctx context.Context, name, to string, still func() error) error
	// Tell writes a report below the inbox, in place of one that is there.
	Tell(ctx context.Context, name string, body []byte) error
}

// Outcome is what became of a delivery, and the folder it is moved to.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused"
)

// most is how many deliveries one look takes (ours): the rest is for the next.
const most = 100

// names are those that a delivery's folder may have.
var names = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} _.,()+=&@-]{0,99}$`)

// proper tells whether a folder may be a delivery.
func proper(name string) bool {
	return names.MatchString(name) && !slices.Contains([]string{string(Done), string(Refused)}, name)
}

// Aside is where a delivery lies once it was looked at; at is when it was taken.
func Aside(o Outcome, at time.Time, name string) string {
	return string(o) + "/" + at.UTC().Format("20060102T150405.000Z") + "-" + name
}
