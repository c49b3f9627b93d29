package people

import (
	"slices"
	"time"

	"tilgang/internal/account"
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
	Until      Date // the last day of access that HR gave this person; empty: the window alone
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

// WindowEnd is the last day of access after the term, the employer's or the one
// that HR gave, whichever is later; empty when the term is open, and the last
// day itself when there is no window.
func (t Term) WindowEnd(p tenant.AlumniPolicy) Date {
	if t.End == "" {
		return ""
	}
	return max(t.policyEnd(p), t.Until)
}

// policyEnd is the last day of the employer's window.
func (t Term) policyEnd(p tenant.AlumniPolicy) Date {
	return DateOf(addMonths(t.End.Time(time.UTC), p.MonthsOf(t.Employer)), time.UTC)
}

// Prolonged tells whether HR gave the person longer than the employer's window.
func (t Term) Prolonged(p tenant.AlumniPolicy) bool {
	return t.End != "" && t.Until > t.policyEnd(p)
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

// Closed tells whether somebody who worked here has no access any more.
func Closed(terms []Term, today Date, p tenant.AlumniPolicy) bool {
	return len(terms) > 0 && Best(terms, today, p) == NoOne
}

// Door is what a person is to one legal employer on a day: every standing that
// a term there gives. Each datum of that employer's answers by it, also one of
// an earlier term: who is hired again finds the payslips of the first time.
type Door []Standing

// DoorTo is the door to a legal employer.
func DoorTo(employer string, terms []Term, today Date, p tenant.AlumniPolicy) (d Door) {
	for _, t := range terms {
		if t.Employer == employer {
			d = append(d, t.StandingAt(today, p))
		}
	}
	return d
}

// Opens tells whether a class of data answers through the door.
func (d Door) Opens(class string, p tenant.AlumniPolicy) bool {
	return slices.ContainsFunc(d, func(s Standing) bool { return opens(s, class, p) })
}

// Inside tells whether the door gives any of the standings.
func (d Door) Inside(standings ...Standing) bool {
	return slices.ContainsFunc(d, func(s Standing) bool { return slices.Contains(standings, s) })
}

// opens tells whether a class of data answers to a standing. Before the first
// day there is nothing but the profile and the employment to come.
func opens(s Standing, class string, p tenant.AlumniPolicy) bool {
	switch s {
	case Staff:
		return true
	case Joiner:
		return class == tenant.ClassProfile || class == tenant.ClassEmployment
	case Alumnus:
		return slices.Contains(p.Classes, class)
	case NoOne:
	}
	return false
}

// LastAccess is the last day of access to a legal employer's data; empty while
// a term there has no end.
func LastAccess(employer string, terms []Term, p tenant.AlumniPolicy) (last Date) {
	for _, t := range terms {
		switch {
		case t.Employer != employer:
		case t.End == "":
			return ""
		default:
			last = max(last, t.WindowEnd(p))
		}
	}
	return last
}

// LastWork is the last day at work, once every term that runs or is to come has
// an end; empty before, and for whoever has left.
func LastWork(terms []Term, today Date) (last Date) {
	for _, t := range terms {
		switch {
		case t.End == "":
			return ""
		case t.End >= today:
			last = max(last, t.End)
		}
	}
	return last
}

// Holds tells whether an address still is the person's on a day. A work address
// is the employer's again after the last day, and comes back with a new first
// day, or sooner when it has been proven since.
func Holds(i account.Identifier, terms []Term, today Date, t *tenant.Tenant) bool {
	if i.Kind != account.Work {
		return true
	}
	switch Best(terms, today, t.Alumni) {
	case Staff:
		return true
	case Joiner:
		proven := DateOf(i.VerifiedAt, t.Zone)
		return !slices.ContainsFunc(terms, func(term Term) bool { return term.End != "" && term.End < today && proven <= term.End })
	case Alumnus:
		return false
	case NoOne:
	}
	return len(terms) == 0
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
