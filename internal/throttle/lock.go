package throttle

import (
	"time"

	"tilgang/internal/fault"
)

// The numbers: free tries, the first wait and the longest (ours), and the most
// failures in a row (NIST SP 800-63B-4 3.2.2).
const (
	FreeTries = 4
	FirstWait = 5 * time.Second
	LongWait  = 15 * time.Minute
	Most      = 100
)

// CodeLocked and CodeStopped are the codes of the TooMany faults: wait, with
// Args Wait (time.Duration), and never again until somebody helps.
const (
	CodeLocked  = "throttle.locked"
	CodeStopped = "throttle.stopped"
)

// Lock is what a counted failure led to.
type Lock struct {
	Failures int       // in a row, this one included
	Until    time.Time // no try before; zero when there is no lock
	Stopped  bool      // no try at all any more
}

// Locked tells whether this failure shut the door for a while or for good.
func (l Lock) Locked() bool { return l.Stopped || !l.Until.IsZero() }

// First tells whether this is the failure with which a run of locks begins, or
// the one that stops all tries: the moments at which the owner is told.
func (l Lock) First() bool { return l.Failures == FreeTries+1 || l.Failures == Most }

// WaitAfter is how long the next try must wait after so many failures in a row.
func WaitAfter(failures int) time.Duration {
	if failures <= FreeTries {
		return 0
	}
	wait := FirstWait
	for range failures - FreeTries - 1 {
		if wait *= 2; wait >= LongWait {
			return LongWait
		}
	}
	return wait
}

// refusal tells how long to wait, rounded up to a second.
func refusal(failures int, until, now time.Time) error {
	if failures >= Most {
		return fault.New(fault.TooMany, CodeStopped)
	}
	wait := (until.Sub(now) + time.Second - 1).Truncate(time.Second)
	return fault.New(fault.TooMany, CodeLocked, "Wait", wait).After(wait)
}
