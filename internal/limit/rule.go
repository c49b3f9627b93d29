package limit

import (
	"time"

	"tilgang/internal/fault"
)

// Rule is a bucket: Burst tries at once, refilled at Rate in every Per. A rule
// whose Rate is zero allows everything.
type Rule struct {
	Name  string // names the bucket, e.g. "signin.network"
	Rate  int
	Per   time.Duration
	Burst int
}

// Reached is the code of the refusal.
const Reached = "limit.reached"

// tight is by how much a process's own buckets are smaller while Redis is gone.
const tight = 4

// gap is the time in which one try is refilled.
func (r Rule) gap() time.Duration { return r.Per / time.Duration(r.Rate) }

// depth is how far into the future a full bucket reaches.
func (r Rule) depth() time.Duration { return r.gap() * time.Duration(max(r.Burst, 1)) }

func (r Rule) tighter() Rule {
	r.Rate, r.Burst = max(r.Rate/tight, 1), max(r.Burst/tight, 1)
	return r
}

// refuse is the refusal that tells when the next try passes.
func refuse(wait time.Duration) error {
	wait = (wait + time.Second - 1).Truncate(time.Second)
	return fault.New(fault.TooMany, Reached, "Wait", wait).After(wait)
}
