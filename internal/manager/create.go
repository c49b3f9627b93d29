package manager

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/org"
	"tilgang/internal/people"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

func isForbidden(err error) bool { return fault.KindOf(err) == fault.Forbidden }

// Place is where a manager may take people in: their own running jobs and the
// units at or below theirs.
type Place struct {
	Me    people.Person
	Jobs  []people.Job // of the manager, the newest first
	Units []org.Unit
}

// Place gives where the actor may take people in. Forbidden "manager.create_off"
// where HR does it; Conflict "manager.no_job" for who has no running job.
func (s *Service) Place(ctx context.Context) (p Place, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { p, err = s.place(ctx); return })
	return p, err
}

func (s *Service) place(ctx context.Context) (p Place, err error) {
	a, t := authz.From(ctx), tenant.MustFrom(ctx)
	if !t.Manager.MayCreate || s.Policy.Require(a, "team", "create", authz.Chain) != nil {
		return p, errOff()
	}
	me, err := people.View(ctx, a.PersonID, s.DB.Now(), t)
	if err != nil {
		return p, err
	}
	p.Me = me.Person
	for _, j := range me.Jobs {
		if j.Standing == people.Staff {
			p.Jobs = append(p.Jobs, j)
		}
	}
	if len(p.Jobs) == 0 {
		return p, errNoJob()
	}
	units, err := org.Units(ctx)
	if err != nil {
		return p, err
	}
	for _, u := range units {
		if p.covers(u.PathKey) {
			p.Units = append(p.Units, u)
		}
	}
	return p, nil
}

// covers tells whether a unit is one of the manager's or below.
func (p Place) covers(key string) bool {
	return slices.ContainsFunc(p.Jobs, func(j people.Job) bool {
		return j.Unit.PathKey != "" && (key == j.Unit.PathKey || strings.HasPrefix(key, j.Unit.PathKey+" > "))
	})
}

// has tells whether a unit is one of those offered; a manager makes none.
func (p Place) has(key string) bool {
	return slices.ContainsFunc(p.Units, func(u org.Unit) bool { return u.PathKey == key })
}

// job is the manager's job at an employer, the newest for none named.
func (p Place) job(employer string) (people.Job, bool) {
	i := slices.IndexFunc(p.Jobs, func(j people.Job) bool { return employer == "" || j.Employer.Key == employer })
	if i < 0 {
		return people.Job{}, false
	}
	return p.Jobs[i], true
}

// Create takes a colleague in under HR's own rules, as a report of the actor,
// without any role, and has them invited. again says that the same form came
// before. Errors: those of Place, *people.Refused for what was typed, Conflict
// "manager.known" for somebody who may be here already: HR decides that.
func (s *Service) Create(ctx context.Context, n Newcomer) (id uuid.UUID, again bool, err error) {
	id, again, err = s.create(ctx, n)
	if f, known := fault.As(err); known && (f.Code == "people.raced" || f.Code == "manager.known") {
		// Perhaps the same form, sent twice at once, was faster, and half of what it
		// wrote was seen; after its commit it is the same and nothing else.
		id, again, err = s.create(ctx, n)
	}
	return id, again, err
}

func (s *Service) create(ctx context.Context, n Newcomer) (id uuid.UUID, again bool, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := s.place(ctx)
		if err != nil {
			return err
		}
		in, err := p.typed(n)
		if err != nil {
			return err
		}
		res, err := s.People.Hire(ctx, in, "")
		if err != nil {
			return unknown(err, n)
		}
		id, again = res.Person, res.Action == people.Same
		if again {
			return s.own(ctx, id)
		}
		return s.settle(ctx, id, in[sheet.EmployeeNumber])
	})
	if errors.Is(err, db.ErrDuplicate) {
		err = errRaced()
	}
	return id, again, err
}

// unknown turns the question whether two are one person into a refusal that
// leads to HR, and says of a taken number or address not whose it is: that may
// be somebody of another team.
func unknown(err error, n Newcomer) error {
	var ask *people.Proposal
	var no *people.Refused
	switch {
	case errors.As(err, &ask):
		return errKnown()
	case !errors.As(err, &no):
		return err
	}
	for i, p := range no.Problems {
		switch p.Code {
		case "people.address_taken":
			no.Problems[i] = people.Problem{Column: p.Column, Code: "manager.form.address_taken", Fatal: true}
		case "people.number_in_use", "people.number_taken", "people.number_of_another":
			if n.Number == "" {
				return errKnown()
			}
			no.Problems[i] = people.Problem{Column: p.Column, Code: "manager.form.number_taken", Fatal: true}
		}
	}
	return err
}

// own refuses a number that the form named and somebody else's report has.
func (s *Service) own(ctx context.Context, person uuid.UUID) error {
	if _, err := people.ReportOf(ctx, s.query(ctx), person); err != nil {
		if errors.Is(err, db.ErrNotFound) {
			return errKnown()
		}
		return err
	}
	return nil
}

// settle makes sure that the newcomer is the actor's own report, and writes down
// who took them in.
func (s *Service) settle(ctx context.Context, person uuid.UUID, number string) error {
	a, t := authz.From(ctx), tenant.MustFrom(ctx)
	o, err := people.View(ctx, person, s.DB.Now(), t)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(o.Jobs, func(j people.Job) bool { return j.NumberKey == people.FoldNumber(number) })
	if i < 0 || o.Jobs[i].ManagerPersonID == nil || *o.Jobs[i].ManagerPersonID != a.PersonID || len(o.Jobs) != 1 {
		return fmt.Errorf("take a report in: %s is not a new report of %s", person, a.PersonID)
	}
	if err := people.MarkAdded(ctx, o.Jobs[i].ID, a.PersonID); err != nil {
		return err
	}
	return audit.Record(ctx, audit.Event{Action: "manager.created", Subject: audit.Subject{Kind: "person", ID: person}, Detail: map[string]any{"employment": o.Jobs[i].ID.String()}})
}

// typed is the form as HR's own form would send it.
func (p Place) typed(n Newcomer) (people.Typed, error) {
	job, there := p.job(n.Employer)
	if !there {
		return nil, refused(sheet.LegalEmployer, "people.employer_unknown", "Value", n.Employer)
	}
	if n.Unit != "" && !p.has(org.Key(n.Unit)) {
		return nil, refused(sheet.OrgUnit, "manager.form.unit")
	}
	if empty := n.missing(); len(empty) > 0 {
		return nil, &people.Refused{Problems: empty}
	}
	in := people.Typed{
		sheet.LegalEmployer: job.Employer.Key, sheet.GivenName: n.GivenName, sheet.FamilyName: n.FamilyName, sheet.JobTitle: n.JobTitle,
		sheet.OrgUnit: n.Unit, sheet.StartDate: n.Start, sheet.Language: n.Language, sheet.ManagerNumber: job.EmployeeNumber, p.kindOf(n.Address): n.Address,
	}
	if in[sheet.EmployeeNumber] = n.Number; n.Number == "" {
		in[sheet.EmployeeNumber] = people.ProvisionalNumber(job.PersonID, in)
	}
	return in, nil
}

// missing are the fields that a manager must fill in, beyond what HR's form asks:
// without an address nobody is invited, without a title no duty is known.
func (n Newcomer) missing() (list []people.Problem) {
	for _, f := range []struct{ column, value, code string }{
		{sheet.GivenName, n.GivenName, "sheet.cell.missing"},
		{sheet.FamilyName, n.FamilyName, "sheet.cell.missing"},
		{sheet.PrivateEmail, n.Address, "manager.form.address"},
		{sheet.JobTitle, n.JobTitle, "sheet.cell.missing"},
		{sheet.StartDate, n.Start, "sheet.cell.missing"},
	} {
		if f.value == "" {
			list = append(list, people.Problem{Column: f.column, Code: f.code, Fatal: true})
		}
	}
	return list
}

// kindOf is the column of an address: one at the domain of the manager's own
// work address is the employer's, any other the person's own.
func (p Place) kindOf(address string) string {
	_, mine, _ := strings.Cut(p.Me.WorkEmailKey, "@")
	if _, domain, _ := strings.Cut(address, "@"); mine != "" && strings.EqualFold(domain, mine) {
		return sheet.WorkEmail
	}
	return sheet.PrivateEmail
}

func refused(column, code string, args ...any) error {
	f := fault.New(fault.Invalid, code, args...)
	return &people.Refused{Problems: []people.Problem{{Column: column, Code: f.Code, Args: f.Args, Fatal: true}}}
}

// address is the form's field for the one address that a manager gives.
const address = "email"
