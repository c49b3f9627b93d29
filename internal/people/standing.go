package people

import (
	"time"

	"tilgang/internal/tenant"
)

// Standing is what a person is to a legal employer on a day.
type Standing string

// The standings, from best to least. Joiner: before the first day. Staff: from
// the first to the last day, both included. Alumnus: inside the window that the
// former employer grants.
const (
	Staff   Standing = "staff"
	Joiner  Standing = "joiner"
	Alumnus Standing = "alumnus"
	NoOne   Standing = "none"
)

// Term is one employment's dates at one legal employer.
type Term struct {
	Employer   string // the legal employer's key
	Start, End Date
}

// StandingAt is the standing that a term gives on a day in the tenant's zone.
func (t Term) StandingAt(today Date, p tenant.AlumniPolicy) Standing {
	switch {
	case today < t.Start:
		return Joiner
	case t.End == "" || today <= t.End:
		return Staff
	case today <= t.WindowEnd(p):
		return Alumnus
	}
	return NoOne
}

// WindowEnd is the last day of access after the term; empty when the term is
// open, and the last day itself when the employer grants no window.
func (t Term) WindowEnd(p tenant.AlumniPolicy) Date {
	if t.End == "" {
		return ""
	}
	months, own := p.Months[t.Employer]
	if !own {
		months = p.Months["*"]
	}
	end := t.End.Time(time.UTC)
	return DateOf(addMonths(end, months), time.UTC)
}

// addMonths keeps to the month's last day: one month after 31 January is 28 or
// 29 February, not 3 March.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// Best is the best standing of several terms: what the account is by.
func Best(terms []Term, today Date, p tenant.AlumniPolicy) Standing {
	best := NoOne
	for _, t := range terms {
		if s := t.StandingAt(today, p); rank(s) > rank(best) {
			best = s
		}
	}
	return best
}

func rank(s Standing) int {
	switch s {
	case Staff:
		return 3
	case Joiner:
		return 2
	case Alumnus:
		return 1
	case NoOne:
	}
	return 0
}
