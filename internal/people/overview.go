package people

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/org"
	"tilgang/internal/tenant"
)

// Job is an employment with the names that a page shows.
type Job struct {
	Employment
	Employer org.LegalEmployer
	Unit     org.Unit // zero when none
	Manager  string   // the line manager's name; empty when none or not found
	Added    string   // the name of the line manager who took the person in; empty where HR did
	Standing Standing
	Until    Date // last day of access after the end; empty while open
	Door     Door // what the person is to the employer, by all terms there
	Last     Date // last day of access to the employer's data; empty while a term there is open
}

// Overview is all that a page about one person needs.
type Overview struct {
	Person   Person
	Jobs     []Job // the newest first
	Standing Standing
	Roles    []string // granted and derived

	terms []Term
	today Date
	t     *tenant.Tenant
}

// View gives a person's overview on a day; db.ErrNotFound when this tenant has
// none such.
func View(ctx context.Context, id uuid.UUID, now time.Time, t *tenant.Tenant) (Overview, error) {
	p, err := personByID(ctx, id)
	if err != nil {
		return Overview{}, err
	}
	f, err := factsOf(ctx, id)
	if err != nil {
		return Overview{}, err
	}
	today := DateOf(now, t.Zone)
	o := Overview{Person: p, Standing: Best(f.terms(), today, t.Alumni), Roles: f.roles(today, t), terms: f.terms(), today: today, t: t}
	for _, e := range f.employments {
		o.Jobs = append(o.Jobs, f.job(e, today, t))
	}
	return o, f.nameManagers(ctx, o.Jobs)
}

// Holds tells whether an address of the person's account still is theirs.
func (o Overview) Holds(i account.Identifier) bool { return Holds(i, o.terms, o.today, o.t) }

// LastWork is the person's last day at work; empty while none is known, and once
// it has passed.
func (o Overview) LastWork() Date { return LastWork(o.terms, o.today) }

// Closed tells whether the person worked here and has no access any more.
func (o Overview) Closed() bool { return Closed(o.terms, o.today, o.t.Alumni) }

// Opens tells whether a class of data that belongs to no single employer answers
// to the person. Somebody who never had an employment, such as an outside
// administrator, sees their own.
func (o Overview) Opens(class string) bool {
	return len(o.terms) == 0 || slices.ContainsFunc(o.terms, func(t Term) bool { return opens(t.StandingAt(o.today, o.t.Alumni), class, o.t.Alumni) })
}

// SubjectOf is the person as a second-factor policy sees it on a day.
func SubjectOf(ctx context.Context, id uuid.UUID, now time.Time, t *tenant.Tenant) (tenant.MfaSubject, Standing, error) {
	f, err := factsOf(ctx, id)
	if err != nil {
		return tenant.MfaSubject{}, NoOne, err
	}
	today := DateOf(now, t.Zone)
	best := Best(f.terms(), today, t.Alumni)
	s := tenant.MfaSubject{Roles: f.roles(today, t), Standings: []string{string(best)}}
	for _, e := range f.employments {
		if f.term(e).StandingAt(today, t.Alumni) == NoOne {
			continue
		}
		s.JobTitles = append(s.JobTitles, e.JobTitle)
		if e.OrgUnitID != nil {
			s.OrgUnits = append(s.OrgUnits, org.Names(f.units[*e.OrgUnitID].Path)...)
		}
	}
	return s, best, nil
}

// facts are what rules about one person are computed from.
type facts struct {
	employments []Employment
	employers   map[uuid.UUID]org.LegalEmployer
	units       map[uuid.UUID]org.Unit
	granted     []string
	reports     []Date // end dates of those who report to the person
}

// factsOf reads what belongs to the person alone, never all units of an employer:
// each request of somebody signed in asks for it.
func factsOf(ctx context.Context, id uuid.UUID) (*facts, error) {
	f := &facts{employers: map[uuid.UUID]org.LegalEmployer{}, units: map[uuid.UUID]org.Unit{}}
	places, err := placesOf(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("load employments: %w", err)
	}
	for _, p := range places {
		f.employments = append(f.employments, p.Employment)
		f.employers[p.LegalEmployerID] = p.employer()
		if p.OrgUnitID != nil {
			f.units[*p.OrgUnitID] = p.unit()
		}
	}
	if f.granted, err = Granted(ctx, id); err != nil {
		return nil, err
	}
	if f.reports, err = reportEnds(ctx, id); err != nil {
		return nil, fmt.Errorf("load reports: %w", err)
	}
	return f, nil
}

func (f *facts) term(e Employment) Term {
	return termOf(e, f.employers[e.LegalEmployerID].Key)
}

func (f *facts) terms() (list []Term) {
	for _, e := range f.employments {
		list = append(list, f.term(e))
	}
	return list
}

func (f *facts) job(e Employment, today Date, t *tenant.Tenant) Job {
	own := f.term(e)
	j := Job{
		Employment: e, Employer: f.employers[e.LegalEmployerID], Standing: own.StandingAt(today, t.Alumni), Until: own.WindowEnd(t.Alumni),
		Door: DoorTo(own.Employer, f.terms(), today, t.Alumni), Last: LastAccess(own.Employer, f.terms(), t.Alumni),
	}
	if e.OrgUnitID != nil {
		j.Unit = f.units[*e.OrgUnitID]
	}
	return j
}

// roles are what the person may act as today: employee from being a joiner or
// staff, manager from having a report, alumnus from the window; what was
// granted counts only while the person is staff.
func (f *facts) roles(today Date, t *tenant.Tenant) (roles []string) {
	switch Best(f.terms(), today, t.Alumni) {
	case Staff:
		roles = append(roles, authz.RoleEmployee)
		roles = append(roles, f.granted...)
		if slices.ContainsFunc(f.reports, func(end Date) bool { return end == "" || end >= today }) {
			roles = append(roles, authz.RoleManager)
		}
	case Joiner:
		roles = append(roles, authz.RoleEmployee)
	case Alumnus:
		roles = append(roles, authz.RoleAlumnus)
	case NoOne:
		if len(f.employments) == 0 { // an outside administrator or auditor
			roles = append(roles, f.granted...)
		}
	}
	return roles
}

func (f *facts) nameManagers(ctx context.Context, jobs []Job) error {
	var ids []uuid.UUID
	for _, j := range jobs {
		for _, id := range []*uuid.UUID{j.ManagerPersonID, j.AddedBy} {
			if id != nil {
				ids = append(ids, *id)
			}
		}
	}
	found, err := personsBy(ctx, ids, nil, nil)
	if err != nil {
		return fmt.Errorf("load managers: %w", err)
	}
	for i, j := range jobs {
		for _, p := range found {
			if j.ManagerPersonID != nil && p.ID == *j.ManagerPersonID {
				jobs[i].Manager = p.Name()
			}
			if j.AddedBy != nil && p.ID == *j.AddedBy {
				jobs[i].Added = p.Name()
			}
		}
	}
	return nil
}
