package mydata

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/i18n"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Held is a class of data with how long it is kept.
type Held struct {
	Employer  string
	Rule      Rule
	Documents int         // of the class that are there
	Until     people.Date // last day that is known; empty while it is open
}

// what is the key of the class's name.
func (h Held) what() string {
	if h.Rule.Payroll {
		return "mydata.kept.payroll"
	}
	return "mydata.kept.staff_file"
}

// stands tells whether the class keeps anything: payslips where there are some,
// the staff file with name and employments in any case.
func (h Held) stands() bool { return h.Documents > 0 || h.Rule.AfterEnd }

// lastDay says until when at the latest, where that is known.
func (h Held) lastDay(words *i18n.Localizer) string {
	if h.Until == "" {
		return words.T("mydata.kept.open")
	}
	return words.T("mydata.kept.until", "Date", words.Date(h.Until.Time(words.Zone())))
}

// Remains is what is kept of a person, by employer and class.
type Remains struct {
	List []Held
	Left bool        // every employment has ended
	Held bool        // a dispute keeps all documents
	Last people.Date // last day of the record, documents apart; empty while it is open
}

// Documents is how many documents are kept.
func (r Remains) Documents() (n int) {
	for _, h := range r.List {
		n += h.Documents
	}
	return n
}

// Record tells whether name and employments must be kept on a day: they say
// whose a kept document is, and prove the employment as long as it can be
// disputed.
func (r Remains) Record(today people.Date) bool {
	return !r.Left || r.Held || r.Documents() > 0 || r.Last == "" || r.Last >= today
}

// Kept gives how long the asker's employers keep documents, by employer and
// class; of several employments at one the last to end counts.
func (s *Service) Kept(ctx context.Context, a authz.Actor, now time.Time) (r Remains, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		o, err := people.View(ctx, a.PersonID, now, tenant.MustFrom(ctx))
		if err != nil {
			return err
		}
		r, err = s.remains(ctx, o)
		return err
	})
	if err != nil {
		return r, fmt.Errorf("look at what is kept: %w", err)
	}
	return r, nil
}

// term is what rules of one employer count from.
type term struct {
	employer string
	country  string
	end      people.Date // of the last employment to end; empty: one is open
}

func terms(o people.Overview) (byID map[uuid.UUID]term, order []uuid.UUID) {
	byID = map[uuid.UUID]term{}
	for _, j := range o.Jobs {
		t, seen := byID[j.LegalEmployerID]
		if !seen {
			order = append(order, j.LegalEmployerID)
			t = term{employer: j.Employer.Name, country: j.Employer.Country, end: j.EndDate}
		}
		if j.EndDate == "" || (t.end != "" && j.EndDate > t.end) {
			t.end = j.EndDate
		}
		byID[j.LegalEmployerID] = t
	}
	return byID, order
}

func (s *Service) remains(ctx context.Context, o people.Overview) (r Remains, err error) {
	there, err := papers(ctx, o.Person.ID)
	if err != nil {
		return r, fmt.Errorf("count documents: %w", err)
	}
	if r.Held, err = held(ctx, o.Person.ID); err != nil {
		return r, fmt.Errorf("look for a hold: %w", err)
	}
	r.Left = len(o.Jobs) > 0 && (o.Standing == people.Alumnus || o.Standing == people.NoOne)
	byID, order := terms(o)
	open := len(order) == 0
	for _, id := range order {
		t := byID[id]
		open = open || t.end == ""
		for _, rule := range s.Rules(t.country) {
			h := Held{Employer: t.employer, Rule: rule, Until: rule.until(t.end)}
			h.count(there, id)
			if h.Documents > 0 || h.Until == "" || h.Until >= today(ctx) {
				r.List = append(r.List, h)
			}
			if rule.AfterEnd {
				r.Last = max(r.Last, h.Until)
			}
		}
	}
	if open {
		r.Last = ""
	}
	return r, nil
}

// count adds the documents of the class; one of a later year than the last day
// of work is kept by its own.
func (h *Held) count(there []papersOf, employer uuid.UUID) {
	for _, p := range there {
		if p.LegalEmployerID != employer || p.Payroll != h.Rule.Payroll {
			continue
		}
		h.Documents = p.Documents
		if !h.Rule.AfterEnd && h.Until != "" {
			h.Until = max(h.Until, h.Rule.until(people.Date(p.Newest)))
		}
	}
}

// until is the last day on which a rule keeps anything of an employment that
// ends on a day: payroll of its last year, and the staff file.
func (r Rule) until(end people.Date) people.Date {
	if end == "" {
		return ""
	}
	last := end.Time(time.UTC)
	if !r.AfterEnd {
		last = time.Date(last.Year(), time.December, 31, 0, 0, 0, 0, time.UTC)
	}
	return people.DateOf(last.AddDate(r.Years, 0, 0), time.UTC)
}
