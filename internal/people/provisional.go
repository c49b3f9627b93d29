package people

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
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

// renamed is the number that a form gives a provisional employment; empty when
// it gives none.
func (e held) renamed(in Typed) string {
	number := strings.TrimSpace(in[sheet.EmployeeNumber])
	if e.ID == uuid.Nil || !e.Provisional() || FoldNumber(number) == e.NumberKey {
		return ""
	}
	return number
}
