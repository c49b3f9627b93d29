package people

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/org"
	"tilgang/internal/tenant"
)

// startAnew lets those of some persons, about to be hired once more, begin anew
// whose access has ended: what they proved themselves by is no longer believed.
// Inside the window everything stays.
func startAnew(ctx context.Context, persons []uuid.UUID) error {
	if len(persons) == 0 {
		return nil
	}
	terms, err := TermsOf(ctx, persons)
	if err != nil {
		return fmt.Errorf("load former employments: %w", err)
	}
	t := tenant.MustFrom(ctx)
	today := DateOf(db.Now(ctx), t.Zone)
	closed := slices.DeleteFunc(slices.Clone(persons), func(id uuid.UUID) bool { return !Closed(terms[id], today, t.Alumni) })
	if err := account.StartAnew(ctx, closed); err != nil {
		return err
	}
	events := make([]audit.Event, len(closed))
	for i, id := range closed {
		events[i] = audit.Event{Action: "people.started_anew", Subject: audit.Subject{Kind: "person", ID: id}}
	}
	if err := unerase(ctx, persons); err != nil {
		return fmt.Errorf("take persons up again: %w", err)
	}
	return audit.Record(ctx, events...)
}

// TermsOf are the terms of persons, by person.
func TermsOf(ctx context.Context, persons []uuid.UUID) (map[uuid.UUID][]Term, error) {
	employers, err := org.Employers(ctx)
	if err != nil {
		return nil, err
	}
	keys := map[uuid.UUID]string{}
	for key, e := range employers {
		keys[e.ID] = key
	}
	jobs, err := db.ByKeys[Employment](ctx, db.Keys[uuid.UUID]{Column: "person_id", Of: persons})
	if err != nil {
		return nil, err
	}
	terms := map[uuid.UUID][]Term{}
	for _, e := range jobs {
		terms[e.PersonID] = append(terms[e.PersonID], termOf(e, keys[e.LegalEmployerID]))
	}
	return terms, nil
}

func termOf(e Employment, employer string) Term {
	return Term{Employer: employer, Start: e.StartDate, End: e.EndDate, Until: e.AccessUntil}
}
