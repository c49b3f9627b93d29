package people_test

import (
	"slices"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

func window() tenant.AlumniPolicy {
	return tenant.AlumniPolicy{Months: map[string]int{"*": 6, "cafe": 1, "shut": 0}, Classes: []string{tenant.ClassEmployment}}
}

func TestTheLastDayOfAccess(t *testing.T) {
	for _, c := range []struct {
		name string
		term people.Term
		want people.Date
	}{
		{"open", people.Term{Employer: "shop", Start: "2020-01-01"}, ""},
		{"the employer's window", people.Term{Employer: "shop", Start: "2020-01-01", End: "2026-12-31"}, "2027-06-30"},
		{"an own window, over a short month", people.Term{Employer: "cafe", Start: "2020-01-01", End: "2027-01-31"}, "2027-02-28"},
		{"none", people.Term{Employer: "shut", Start: "2020-01-01", End: "2026-12-31"}, "2026-12-31"},
		{"a day from HR", people.Term{Employer: "cafe", Start: "2020-01-01", End: "2027-01-31", Until: "2028-05-05"}, "2028-05-05"},
		{"a day from HR that the window has overtaken", people.Term{Employer: "shop", Start: "2020-01-01", End: "2026-12-31", Until: "2027-01-15"}, "2027-06-30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.term.WindowEnd(window()); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if prolonged := c.term.Until > "2028"; c.term.Prolonged(window()) != prolonged {
				t.Errorf("prolonged is %v", !prolonged)
			}
		})
	}
}

func TestADoorIsEveryStandingAtOneEmployer(t *testing.T) {
	left := people.Term{Employer: "shop", Start: "2020-01-01", End: "2026-12-31"}
	again := people.Term{Employer: "shop", Start: "2027-06-01"}
	cafe := people.Term{Employer: "cafe", Start: "2020-01-01", End: "2026-12-31"}
	for _, c := range []struct {
		name  string
		terms []people.Term
		today people.Date
		opens []string // of the three asked below, at the shop
		last  people.Date
	}{
		{"at work", []people.Term{left, cafe}, "2026-12-31", []string{"employment", "payslip", "profile"}, "2027-06-30"},
		{"left", []people.Term{left, cafe}, "2027-01-01", []string{"employment"}, "2027-06-30"},
		{"left, and to begin again", []people.Term{left, again}, "2027-01-01", []string{"employment", "profile"}, ""},
		{"only to begin", []people.Term{again, cafe}, "2027-01-01", []string{"employment", "profile"}, ""},
		{"again at work, long after", []people.Term{left, again}, "2035-01-01", []string{"employment", "payslip", "profile"}, ""},
		{"long gone", []people.Term{left, cafe}, "2035-01-01", nil, "2027-06-30"},
		{"never at the shop", []people.Term{cafe}, "2026-12-31", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			door := people.DoorTo("shop", c.terms, c.today, window())
			var opens []string
			for _, class := range []string{"employment", "payslip", "profile"} {
				if door.Opens(class, window()) {
					opens = append(opens, class)
				}
			}
			if !slices.Equal(opens, c.opens) {
				t.Errorf("opens %v, want %v", opens, c.opens)
			}
			if last := people.LastAccess("shop", c.terms, window()); last != c.last {
				t.Errorf("until %q, want %q", last, c.last)
			}
		})
	}
}

func TestWhenAWorkAddressIsThePersons(t *testing.T) {
	left := people.Term{Employer: "shop", Start: "2020-01-01", End: "2026-12-31"}
	again := people.Term{Employer: "shop", Start: "2027-06-01"}
	before, since := time.Date(2020, 1, 1, 8, 0, 0, 0, time.UTC), time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		terms  []people.Term
		today  people.Date
		proven time.Time
		want   bool
	}{
		{"on the last day", []people.Term{left}, "2026-12-31", before, true},
		{"the day after", []people.Term{left}, "2027-01-01", before, false},
		{"proven after the end", []people.Term{left}, "2027-04-01", since, false},
		{"after the window", []people.Term{left}, "2030-01-01", before, false},
		{"before a new first day", []people.Term{left, again}, "2027-04-01", before, false},
		{"before a new first day, proven since", []people.Term{left, again}, "2027-04-01", since, true},
		{"on the new first day", []people.Term{left, again}, "2027-06-01", before, true},
		{"before the very first day", []people.Term{again}, "2027-04-01", before, true},
		{"of somebody from outside", nil, "2027-04-01", before, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			of := &tenant.Tenant{Zone: time.UTC, Alumni: window()}
			if got := people.Holds(account.Identifier{Kind: account.Work, VerifiedAt: c.proven}, c.terms, c.today, of); got != c.want {
				t.Errorf("got %v", got)
			}
			if !people.Holds(account.Identifier{Kind: account.Private, VerifiedAt: c.proven}, c.terms, c.today, of) {
				t.Error("a private address is not the person's")
			}
		})
	}
}

func TestTheLastDayAtWork(t *testing.T) {
	left := people.Term{Employer: "shop", Start: "2020-01-01", End: "2026-12-31"}
	cafe := people.Term{Employer: "cafe", Start: "2020-01-01", End: "2027-03-31"}
	open := people.Term{Employer: "cafe", Start: "2027-05-01"}
	for name, c := range map[string]struct {
		terms []people.Term
		today people.Date
		want  people.Date
	}{
		"the later of two":            {[]people.Term{left, cafe}, "2026-12-01", "2027-03-31"},
		"one is over":                 {[]people.Term{left, cafe}, "2027-01-01", "2027-03-31"},
		"another has no end":          {[]people.Term{left, open}, "2026-12-01", ""},
		"it has passed":               {[]people.Term{left}, "2027-01-01", ""},
		"the last day itself is left": {[]people.Term{left}, "2026-12-31", "2026-12-31"},
	} {
		if got := people.LastWork(c.terms, c.today); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
