package people

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/org"
	"tilgang/internal/roster/sheet"
)

// End sets the last day of a job, as typed. The same day again changes nothing.
// db.ErrNotFound for a person or job that is not there, *Refused.
func (s *Service) End(ctx context.Context, id, job uuid.UUID, last string) (res Result, err error) {
	err = s.change(ctx, func(ctx context.Context) error {
		p, e, err := s.target(ctx, id, job)
		if err != nil {
			return err
		}
		r, problems, err := s.read(ctx, withNames(p, e, Typed{sheet.StartDate: string(e.StartDate), sheet.EndDate: last}))
		if err != nil {
			return err
		}
		if r.End == "" && len(problems) == 0 {
			return refused(sheet.EndDate, "sheet.cell.missing")
		}
		r.Person, r.Silent = id, allBut(sheet.EndDate)
		r.means(e)
		v, err := judgeOne(ctx, r, onlyAbout(problems, sheet.EndDate))
		if err != nil {
			return err
		}
		if v.EmploymentID != e.ID {
			return refused(sheet.EndDate, "people.start_elsewhere")
		}
		res, err = apply(ctx, r, v, "people.ended")
		return err
	})
	return res, err
}

// Rehire gives a person a further job: after an ended one under its number, or
// under a number that nobody has. The same form twice changes nothing.
// db.ErrNotFound for a person who is not there, *Refused.
func (s *Service) Rehire(ctx context.Context, id uuid.UUID, in Typed) (res Result, err error) {
	err = s.change(ctx, func(ctx context.Context) error {
		p, err := personByID(ctx, id)
		if err != nil {
			return err
		}
		in[sheet.GivenName], in[sheet.FamilyName] = p.GivenName, p.FamilyName
		r, problems, err := s.read(ctx, in)
		if err != nil {
			return err
		}
		r.Person, r.NationalKey = id, nil
		r.Silent = append(r.Silent, sheet.GivenName, sheet.FamilyName, sheet.WorkEmail, sheet.PrivateEmail, sheet.Phone, sheet.Language)
		v, err := judgeOne(ctx, r, needStart(r, problems))
		if err != nil {
			return err
		}
		if v.Action == Change {
			return refused(sheet.StartDate, "people.job_runs", "Number", r.EmployeeNumber)
		}
		res, err = apply(ctx, r, v, "people.rehired")
		return err
	})
	return res, err
}

// withNames are values with what names a person and a job, so that only the rest
// can be wrong.
func withNames(p Person, e held, rest Typed) Typed {
	rest[sheet.GivenName], rest[sheet.FamilyName] = p.GivenName, p.FamilyName
	rest[sheet.LegalEmployer], rest[sheet.EmployeeNumber] = e.employer, e.EmployeeNumber
	return rest
}

func allBut(kept ...string) []string {
	return slices.DeleteFunc(sheet.Columns(), func(c string) bool { return slices.Contains(kept, c) })
}

// onlyAbout keeps the problems of one column and of the form as a whole.
func onlyAbout(problems []Problem, column string) []Problem {
	return slices.DeleteFunc(problems, func(p Problem) bool { return p.Column != column && p.Column != "" })
}

func employerKey(ctx context.Context, id uuid.UUID) (string, error) {
	employers, err := org.Employers(ctx)
	if err != nil {
		return "", err
	}
	for key, e := range employers {
		if e.ID == id {
			return key, nil
		}
	}
	return "", nil
}
