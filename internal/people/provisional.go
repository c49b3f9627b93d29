package people

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/roster/sheet"
)

// provisionalMark begins a number that stands in for the one that payroll gives.
const provisionalMark = "NEW-"

// ProvisionalNumber stands in for an employee number that a line manager does
// not have yet. It follows from who takes in whom, so that the same form sent
// twice means the same employment.
func ProvisionalNumber(manager uuid.UUID, in Typed) string {
	parts := []string{manager.String()}
	for _, column := range []string{sheet.LegalEmployer, sheet.GivenName, sheet.FamilyName, sheet.WorkEmail, sheet.PrivateEmail} {
		parts = append(parts, strings.ToLower(in[column]))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	return provisionalMark + base32.StdEncoding.EncodeToString(sum[:5]) // 40 bits, within one manager's newcomers
}

// Provisional tells whether the employment waits for its real number.
func (e Employment) Provisional() bool {
	return e.AddedBy != nil && strings.HasPrefix(e.NumberKey, provisionalMark)
}

// MarkAdded writes down that a line manager, not HR, took the person of an
// employment in.
func MarkAdded(ctx context.Context, employment, manager uuid.UUID) error {
	if err := addedBy(ctx, employment, manager); err != nil {
		return fmt.Errorf("mark who added: %w", err)
	}
	return nil
}

// renumber gives a provisional employment the number that HR typed.
func renumber(ctx context.Context, e *held, number string) error {
	rows, err := employmentsByNumber(ctx, []string{number})
	if err != nil {
		return err
	}
	for _, other := range rows {
		if other.LegalEmployerID == e.LegalEmployerID {
			return inUse(ctx, Record{EmployeeNumber: number}, other.PersonID)
		}
	}
	if err := setNumber(ctx, e.ID, e.EmployeeNumber, number); err != nil {
		return err
	}
	e.EmployeeNumber, e.NumberKey = number, FoldNumber(number)
	p, err := personByID(ctx, e.PersonID)
	if err != nil {
		return err
	}
	if err := refreshTokens(ctx, &p); err != nil {
		return err
	}
	return record(ctx, "people.numbered", e.PersonID, map[string]any{"employment": e.ID.String()})
}

// adopt judges a further employment of a known person: one that waits at that
// employer for its real number gets it.
func (s *snapshot) adopt(r Record, person uuid.UUID) Verdict {
	e, waits := s.waits(r, person)
	if !waits {
		return Verdict{Action: Create, PersonID: person}
	}
	changed := append(s.personChanges(r, s.persons[person]), sheet.EmployeeNumber)
	return Verdict{Action: Change, PersonID: person, EmploymentID: e.ID, Adopts: true, Changed: append(changed, s.employmentChanges(r, e)...)}
}

func (s *snapshot) waits(r Record, person uuid.UUID) (Employment, bool) {
	for _, e := range s.waiting[person] {
		if e.LegalEmployerID == s.employers[r.LegalEmployer].ID {
			return e, true
		}
	}
	return Employment{}, false
}

// number gives a provisional employment the number of the record.
func (w *writer) number(r Record, v Verdict) {
	e, waits := w.waits(r, v.PersonID)
	if !waits {
		return
	}
	e.EmployeeNumber, e.NumberKey = r.EmployeeNumber, FoldNumber(r.EmployeeNumber)
	w.fill(&e, r)
	w.changedJobs = append(w.changedJobs, e)
	w.byNumber[natural(r.LegalEmployer, r.EmployeeNumber)] = []Employment{e}
	w.waiting[v.PersonID] = slices.DeleteFunc(w.waiting[v.PersonID], func(one Employment) bool { return one.ID == e.ID })
	w.touched[v.PersonID] = w.persons[v.PersonID] // found by the new number
}

// renamed is the number that a form gives a provisional employment; empty when
// it gives none.
func (e held) renamed(in Typed) string {
	number := strings.TrimSpace(in[sheet.EmployeeNumber])
	if e.ID == uuid.Nil || !e.Provisional() || FoldNumber(number) == e.NumberKey {
		return ""
	}
	return number
}
