package people

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/outbox"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/secret"
)

// EventHired is the event that HR hired people by form; flows that greet them
// react to it as to a staff file's.
const EventHired = "people.hired"

// Hired are the arguments of EventHired.
type Hired struct {
	People []uuid.UUID `json:"people"`
}

// Service keeps one person at a time, by form, under the staff file's rules.
type Service struct {
	db  *db.DB
	box *secret.Box
}

// NewService makes the service.
func NewService(d *db.DB, box *secret.Box) *Service { return &Service{db: d, box: box} }

// Result is what became of a form.
type Result struct {
	Person uuid.UUID
	Action Action // Create, Rehire, Change or Same
	Known  bool   // a new employment went to a person who was there
	Moved  bool   // the address that the person is written to changed
}

// Refused says why a form was not taken, problem by problem; the columns are
// the names of the fields.
type Refused struct{ Problems []Problem }

// Error is for logs, not for people.
func (r *Refused) Error() string {
	codes := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		codes[i] = p.Column + " " + p.Code
	}
	return fmt.Sprintf("people: refused %v", codes)
}

// Proposal asks whether the person typed in is one who is there.
type Proposal struct {
	Person   uuid.UUID
	National string // what was typed, sealed; for SealedNational
}

// Error is for logs, not for people.
func (p *Proposal) Error() string { return "people: the same person?" }

func refused(column, code string, args ...any) error {
	return &Refused{Problems: refuse(column, code, args...).Problems}
}

// Answers to a Proposal.
const (
	AnswerSame  = "same"
	AnswerOther = "other"
)

// Hire takes a new employment in. Errors: *Refused, *Proposal until answer is
// one of the two. The same form twice changes nothing.
func (s *Service) Hire(ctx context.Context, in Typed, answer string) (res Result, err error) {
	r, problems, err := s.read(ctx, in)
	if err != nil {
		return res, err
	}
	r.Same, r.Other = answer == AnswerSame, answer == AnswerOther
	problems = needStart(r, problems)
	err = s.change(ctx, func(ctx context.Context) error {
		v, err := judgeOne(ctx, r, problems)
		switch {
		case err != nil:
			return err
		case v.Action == Propose:
			national, err := s.sealNational(ctx, r.NationalKey)
			return errors.Join(err, &Proposal{Person: v.PersonID, National: national})
		case (v.Action == Change && !v.Adopts) || v.Action == Rehire:
			return inUse(ctx, r, v.PersonID)
		}
		res, err = apply(ctx, r, v, "people.changed")
		return err
	})
	return res, err
}

// inUse refuses an employee number that somebody has, by name.
func inUse(ctx context.Context, r Record, id uuid.UUID) error {
	p, err := personByID(ctx, id)
	if err != nil {
		return err
	}
	return refused(sheet.EmployeeNumber, "people.number_in_use", "Number", r.EmployeeNumber, "Name", p.Name())
}

// change runs a form's one transaction; a row that somebody else took a moment
// ago is a conflict.
func (s *Service) change(ctx context.Context, fn func(ctx context.Context) error) error {
	err := s.db.Tx(ctx, fn)
	if errors.Is(err, db.ErrDuplicate) {
		return fault.New(fault.Conflict, "people.raced").Because(err)
	}
	return err
}

func needStart(r Record, problems []Problem) []Problem {
	told := slices.ContainsFunc(problems, func(p Problem) bool { return p.Column == sheet.StartDate })
	if r.Start == "" && !told {
		problems = append(problems, Problem{Column: sheet.StartDate, Code: "sheet.cell.missing", Fatal: true})
	}
	return problems
}

// judgeOne judges a form's record; problems found before are told together
// with its own.
func judgeOne(ctx context.Context, r Record, problems []Problem) (Verdict, error) {
	if len(problems) == 0 && r.says(sheet.ManagerNumber) && r.Manager != "" {
		known, err := KnownNumbers(ctx, []string{r.Manager})
		if err != nil {
			return Verdict{}, err
		}
		if !known[r.Manager] {
			problems = append(problems, Problem{Column: sheet.ManagerNumber, Code: "people.manager_unknown", Args: map[string]any{"Number": r.Manager}, Fatal: true})
		}
	}
	if len(problems) > 0 {
		return Verdict{}, &Refused{Problems: problems}
	}
	verdicts, err := Judge(ctx, []Record{r}, highest(authz.From(ctx)))
	if err != nil {
		return Verdict{}, err
	}
	if v := verdicts[0]; v.Action == Refuse {
		return v, &Refused{Problems: v.Problems}
	}
	return verdicts[0], nil
}

// highest is the rank of an actor's highest role.
func highest(a authz.Actor) (most int) {
	if a.Kind == authz.Command || a.Kind == authz.System {
		return RoleRank(authz.RoleAdmin)
	}
	for _, role := range a.Roles {
		most = max(most, RoleRank(role))
	}
	return most
}

// apply does what a judged record says, with its audit and, for a new
// employment, the event that greets. what is the audit's word where the verdict
// does not settle it.
func apply(ctx context.Context, r Record, v Verdict, what string) (Result, error) {
	res := Result{Person: v.PersonID, Action: v.Action, Known: v.PersonID != uuid.Nil}
	if v.Action == Same {
		return res, nil
	}
	since := db.Now(ctx)
	out, err := Apply(ctx, []Record{r}, highest(authz.From(ctx)))
	if err != nil {
		return res, err
	}
	if out.Verdicts[0].Action != v.Action { // somebody else wrote between the judging and the writing
		return res, fault.New(fault.Conflict, "people.raced")
	}
	res.Moved = len(out.Moved) > 0
	detail := map[string]any{"columns": v.Changed}
	if len(out.People) > 0 {
		res.Person = out.People[0]
	}
	if err := refuseCircle(ctx, res.Person, since); err != nil {
		return res, err
	}
	if len(out.People) > 0 {
		what, detail = hiredAs(v), nil
		if err := outbox.Put(ctx, outbox.Event{Kind: EventHired, Args: Hired{People: out.People}}); err != nil {
			return res, err
		}
	}
	return res, record(ctx, what, res.Person, detail)
}

// hiredAs is the audit's word for a new employment.
func hiredAs(v Verdict) string {
	if v.PersonID == uuid.Nil {
		return "people.created"
	}
	return "people.rehired"
}

func record(ctx context.Context, action string, person uuid.UUID, detail map[string]any) error {
	return audit.Record(ctx, audit.Event{Action: action, Subject: audit.Subject{Kind: "person", ID: person}, Detail: detail})
}
