package people

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

// Correct puts what was typed in the place of what is stored about a person
// and one of their jobs; unlike in a file, an empty field takes away. job Nil
// corrects the person alone. Legal employer and employee number name the job
// and stay. db.ErrNotFound for a person or job that is not there, *Refused; a
// Conflict fault "people.edit.stale" when the Version typed is not what is
// stored.
func (s *Service) Correct(ctx context.Context, id, job uuid.UUID, in Typed) (res Result, err error) {
	err = s.change(ctx, func(ctx context.Context) error {
		if err := lockPerson(ctx, id); err != nil {
			return err
		}
		p, e, err := s.target(ctx, id, job)
		if err != nil {
			return err
		}
		if !in.current(p, e.Employment) {
			return errStale()
		}
		r, problems, err := s.read(ctx, fixed(ctx, in, e))
		if err != nil {
			return err
		}
		if e.renamed(in) != "" && len(problems) == 0 {
			if err := renumber(ctx, &e, r.EmployeeNumber); err != nil {
				return err
			}
			res.Action = Change
		}
		r.Person = id
		r.means(e)
		if e.last {
			problems = needStart(r, problems)
		}
		out, err := correctJob(ctx, r, e, problems)
		if err != nil {
			return err
		}
		if out.Action == Same && res.Action == Change {
			out.Action = Change
		}
		res = out
		return correctPerson(ctx, r, p, &res)
	})
	return res, err
}

// held is a job with what a form needs to know of it.
type held struct {
	Employment
	employer string // key
	last     bool   // no later job has its number; its start may be corrected
}

// means names the job, whatever the tenant's settings say today of its employer.
func (r *Record) means(e held) {
	if e.ID != uuid.Nil {
		r.LegalEmployer, r.EmployeeNumber = e.employer, e.EmployeeNumber
	}
}

// target finds the person and the job; the zero held when none is asked for.
func (s *Service) target(ctx context.Context, id, job uuid.UUID) (Person, held, error) {
	p, err := personByID(ctx, id)
	if err != nil || job == uuid.Nil {
		return p, held{}, err
	}
	jobs, err := employmentsOf(ctx, id)
	if err != nil {
		return p, held{}, err
	}
	i := slices.IndexFunc(jobs, func(e Employment) bool { return e.ID == job })
	if i < 0 {
		return p, held{}, db.ErrNotFound
	}
	e := held{Employment: jobs[i], last: true}
	for _, later := range jobs[:i] {
		if later.LegalEmployerID == e.LegalEmployerID && later.EmployeeNumber == e.EmployeeNumber {
			e.last = false
		}
	}
	e.employer, err = employerKey(ctx, e.LegalEmployerID)
	return p, e, err
}

// fixed are the typed values with those that name the job.
func fixed(ctx context.Context, in Typed, e held) Typed {
	all := Typed{}
	for name, value := range in {
		all[name] = value
	}
	all[sheet.LegalEmployer], all[sheet.EmployeeNumber] = e.employer, e.EmployeeNumber
	if number := e.renamed(in); number != "" {
		all[sheet.EmployeeNumber] = number
	}
	if e.ID == uuid.Nil {
		all[sheet.EmployeeNumber] = "-" // a person without a job has no number
		if t := tenant.MustFrom(ctx); len(t.LegalEmployers) > 0 {
			all[sheet.LegalEmployer] = t.LegalEmployers[0].Key
		}
	}
	if !e.last {
		all[sheet.StartDate] = string(e.StartDate)
	}
	return all
}

// correctJob applies the record to the job it means, and to the person what a
// file would.
func correctJob(ctx context.Context, r Record, e held, problems []Problem) (Result, error) {
	if e.ID == uuid.Nil {
		return correctAlone(ctx, r, problems)
	}
	if r.Manager == e.ManagerNumber {
		r.Silent = append(r.Silent, sheet.ManagerNumber)
	}
	v, err := judgeOne(ctx, r, problems)
	if err != nil {
		return Result{}, err
	}
	if v.Action == Rehire || v.EmploymentID != e.ID {
		return Result{}, refused(sheet.StartDate, "people.start_elsewhere")
	}
	return apply(ctx, r, v, "people.changed")
}

// correctAlone checks the record of a person without a job.
func correctAlone(ctx context.Context, r Record, problems []Problem) (Result, error) {
	if len(problems) > 0 {
		return Result{}, &Refused{Problems: problems}
	}
	snap, err := look(ctx, []Record{r})
	if err != nil {
		return Result{}, err
	}
	if v, bad := snap.judgeAddress(r, r.Person); bad {
		return Result{}, &Refused{Problems: v.Problems}
	}
	v := snap.guard(r, Verdict{Action: Change, PersonID: r.Person}, highest(authz.From(ctx)))
	if v.Action == Refuse {
		return Result{}, &Refused{Problems: v.Problems}
	}
	return Result{Person: r.Person, Action: Same}, nil
}

// correctPerson makes the person exactly what was typed: what a file's empty
// cell leaves, a form's empty field clears.
func correctPerson(ctx context.Context, r Record, before Person, res *Result) error {
	p, err := personByID(ctx, before.ID)
	if err != nil {
		return err
	}
	columns := overwrite(&p, r)
	if len(columns) == 0 {
		return nil
	}
	if err := mayMove(ctx, before, p); err != nil {
		return err
	}
	p.UpdatedAt = db.Now(ctx)
	if err := updatePersons(ctx, []*Person{&p}); err != nil {
		return err
	}
	if err := refreshTokens(ctx, &p); err != nil {
		return err
	}
	res.Action = Change
	if before.reach() != p.reach() && !res.Moved {
		res.Moved = true
		if err := announceMoves(ctx, []uuid.UUID{p.ID}); err != nil {
			return err
		}
	}
	return record(ctx, "people.changed", p.ID, map[string]any{"columns": columns})
}

// overwrite puts the record into the person and names the columns that differ.
func overwrite(p *Person, r Record) (columns []string) {
	set := func(column string, field *string, said string) {
		if *field != said {
			*field = said
			columns = append(columns, column)
		}
	}
	set(sheet.GivenName, &p.GivenName, r.GivenName)
	set(sheet.FamilyName, &p.FamilyName, r.FamilyName)
	set(sheet.WorkEmail, &p.WorkEmail, r.WorkEmail)
	set(sheet.PrivateEmail, &p.PrivateEmail, r.PrivateEmail)
	set(sheet.Phone, &p.Phone, r.Phone)
	set(sheet.Language, &p.Language, r.Language)
	p.WorkEmailKey, p.PrivateEmailKey = r.WorkEmailKey, r.PrivateKey
	if len(p.NationalKey) == 0 && len(r.NationalKey) > 0 {
		p.NationalKey = r.NationalKey
		columns = append(columns, sheet.NationalNumber)
	}
	return columns
}

// mayMove refuses to take or give an address, or the phone in its place, of
// whoever has a higher role than the actor.
func mayMove(ctx context.Context, before, after Person) error {
	if before.WorkEmailKey == after.WorkEmailKey && before.PrivateEmailKey == after.PrivateEmailKey && before.reach() == after.reach() {
		return nil
	}
	roles, err := Granted(ctx, before.ID)
	if err != nil {
		return err
	}
	column := sheet.WorkEmail
	if before.WorkEmailKey == after.WorkEmailKey {
		column = sheet.PrivateEmail
	}
	if before.WorkEmailKey == after.WorkEmailKey && before.PrivateEmailKey == after.PrivateEmailKey {
		column = sheet.Phone
	}
	for _, role := range roles {
		if RoleRank(role) > highest(authz.From(ctx)) {
			return refused(column, "people.outranked", "Name", before.Name())
		}
	}
	return nil
}

func refreshTokens(ctx context.Context, p *Person) error {
	numbers, err := numbersOf(ctx, []uuid.UUID{p.ID})
	if err != nil {
		return err
	}
	if err := dropTokens(ctx, []uuid.UUID{p.ID}); err != nil {
		return err
	}
	return db.InsertAll(ctx, tokensOf(p, numbers[p.ID]...), db.Skip())
}

// RefreshTokens makes the words that a person is found by anew, after their
// record was changed elsewhere.
func RefreshTokens(ctx context.Context, id uuid.UUID) error {
	p, err := personByID(ctx, id)
	if err != nil {
		return err
	}
	return refreshTokens(ctx, &p)
}
