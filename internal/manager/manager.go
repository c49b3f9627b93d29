package manager

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/people"
)

// searchAbove is from how many reports on the team can be searched: more than
// fit a screen.
const searchAbove = 10

// Sending is what a new password mail does, or did.
type Sending struct {
	Invited  bool   // the invitation goes out instead: the person has no password yet
	To       string // the address, masked
	Repeated bool   // one went out less than a minute ago; nothing was sent again
}

// Passwords sends mails with a link to a new password, in the open transaction.
type Passwords interface {
	// Plan tells what SendFor would do, and changes nothing.
	Plan(ctx context.Context, person uuid.UUID) (Sending, error)
	// SendFor sends it, tells who must know and writes it down.
	SendFor(ctx context.Context, person uuid.UUID) (Sending, error)
}

// Lock is why a person cannot sign in just now.
type Lock struct {
	Until   time.Time // when the next try is let through; zero when there is no lock
	Stopped bool      // none is, until a new password is chosen
}

// Locks tells whether tries for an account are held back after failures.
type Locks interface {
	LockOf(ctx context.Context, person uuid.UUID) (Lock, error)
}

// Newcomer is a colleague as their manager takes them in.
type Newcomer struct {
	Employer   string // key; the manager's own when empty
	Number     string // employee number; a provisional one when empty
	GivenName  string
	FamilyName string
	Address    string
	JobTitle   string
	Unit       string // path; one of those offered, or empty
	Start      string
	Language   string
}

// The refusals.
func errNowhere() error { return fault.New(fault.NotFound, "http.not_found") }
func errSelf() error    { return fault.New(fault.Forbidden, "manager.self") }
func errAbove() error   { return fault.New(fault.Forbidden, "manager.above") }
func errOff() error     { return fault.New(fault.Forbidden, "manager.create_off") }
func errKnown() error   { return fault.New(fault.Conflict, "manager.known") }
func errNoJob() error   { return fault.New(fault.Conflict, "manager.no_job") }
func errRaced() error   { return fault.New(fault.Conflict, "people.raced") }

// missing turns whom the actor does not reach into the answer to any unknown
// address.
func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return errNowhere()
	}
	return err
}

// rank is the highest rank among roles.
func rank(roles []string) (most int) {
	for _, role := range roles {
		most = max(most, people.RoleRank(role))
	}
	return most
}
