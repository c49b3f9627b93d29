package people

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/org"
)

// NumberAt is an employee number at a legal employer, by its key; the number is
// folded.
type NumberAt struct{ Employer, Number string }

// Holder is whose a number is.
type Holder struct{ PersonID, EmployerID uuid.UUID }

// HoldersOf tells whose employee numbers are, at every legal employer. Of a
// number that somebody had before, the newest employment answers.
func HoldersOf(ctx context.Context, numbers []string) (map[NumberAt]Holder, error) {
	employers, err := org.Employers(ctx)
	if err != nil {
		return nil, err
	}
	keys := map[uuid.UUID]string{}
	for key, e := range employers {
		keys[e.ID] = key
	}
	rows, err := employmentsByNumber(ctx, numbers)
	if err != nil {
		return nil, fmt.Errorf("find numbers: %w", err)
	}
	found := make(map[NumberAt]Holder, len(rows))
	for _, e := range rows {
		at := NumberAt{Employer: keys[e.LegalEmployerID], Number: FoldNumber(e.EmployeeNumber)}
		if _, newer := found[at]; !newer {
			found[at] = Holder{PersonID: e.PersonID, EmployerID: e.LegalEmployerID}
		}
	}
	return found, nil
}
