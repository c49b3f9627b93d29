package document

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/org"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Rule is how long a class of documents is kept in a country, and by which law.
type Rule struct {
	Years int
	Law   string
	// AfterEnd counts from the end of the last employment; else from the end of
	// the year of the document.
	AfterEnd bool
}

// payroll is what accounting law asks of payslips and annual statements, in
// years from the end of the year (docs/decisions/0036).
func payroll() map[string]Rule {
	return map[string]Rule{
		"NO": {Years: 5, Law: "bokføringsloven § 13"},
		"SE": {Years: 7, Law: "bokföringslagen 7 kap. 2 §"},
		"DK": {Years: 5, Law: "bogføringsloven § 12"},
		"FI": {Years: 10, Law: "kirjanpitolaki 2:10 §"},
		"DE": {Years: 8, Law: "§ 147 AO, § 41 EStG"},
		"PL": {Years: 10, Law: "art. 94 Kodeks pracy"},
	}
}

// staffFile is how long contracts, certificates and letters are kept after the
// last day, in years: what limitation leaves to claim.
func staffFile() map[string]Rule {
	return map[string]Rule{
		"NO": {Years: 3, Law: "foreldelsesloven § 2"},
		"SE": {Years: 10, Law: "preskriptionslagen 2 §"},
		"DK": {Years: 5, Law: "forældelsesloven § 4"},
		"FI": {Years: 10, Law: "työsopimuslaki 6:7 §"},
		"DE": {Years: 3, Law: "§ 195 BGB"},
		"PL": {Years: 10, Law: "art. 94 Kodeks pracy"},
	}
}

// RuleOf is the rule of a kind in a country; where we know no law, the longest
// of those that we know.
func RuleOf(k Kind, country string) Rule {
	rules := payroll()
	if !k.paid() {
		rules = staffFile()
	}
	r, known := rules[country]
	if !known {
		r = Rule{Years: 10}
	}
	r.AfterEnd = !k.paid()
	return r
}

// paid tells whether a kind belongs to the accounts.
func (k Kind) paid() bool { return k == Payslip || k == Annual }

// Until is the last day on which the rule keeps a document of a day; empty when
// the count has not begun.
func (r Rule) Until(dated people.Date) people.Date {
	if r.AfterEnd {
		return ""
	}
	year := dated.Time(time.UTC).Year() + r.Years
	return people.DateOf(time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC), time.UTC)
}

// upTo is the newest day whose documents are over on a day.
func (r Rule) upTo(today people.Date) people.Date {
	t := today.Time(time.UTC)
	if r.AfterEnd {
		return people.DateOf(t.AddDate(-r.Years, 0, -1), time.UTC)
	}
	return people.DateOf(time.Date(t.Year()-r.Years-1, 12, 31, 0, 0, 0, 0, time.UTC), time.UTC)
}

// sweepSome is how many documents one transaction deletes.
const sweepSome = 200

// Sweep deletes documents whose time by law is over and that nobody holds, drops
// uploads that nobody wanted, and deletes files that no document names. It gives
// how many documents went.
func (s *Service) Sweep(ctx context.Context) (gone int64, err error) {
	employers, err := s.employers(ctx)
	if err != nil {
		return 0, err
	}
	today := people.DateOf(s.db.Now(), tenant.MustFrom(ctx).Zone)
	for _, e := range employers {
		for _, kinds := range [][]Kind{{Payslip, Annual}, {Contract, Certificate, Letter}} {
			n, err := s.expire(ctx, e, kinds, RuleOf(kinds[0], e.Country), today)
			gone += n
			if err != nil {
				return gone, err
			}
		}
	}
	if err := s.dropUnwanted(ctx); err != nil {
		return gone, err
	}
	return gone, s.deleteFiles(ctx)
}

func (s *Service) employers(ctx context.Context) (list []org.LegalEmployer, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		all, err := org.Employers(ctx)
		for _, e := range all {
			list = append(list, e)
		}
		return err
	})
	return list, err
}

// expire deletes an employer's documents of some kinds whose time is over.
func (s *Service) expire(ctx context.Context, e org.LegalEmployer, kinds []Kind, rule Rule, today people.Date) (gone int64, err error) {
	aged := agedBy
	if rule.AfterEnd {
		aged = agedAfter
	}
	for {
		var n int64
		err := s.db.Tx(ctx, func(ctx context.Context) error {
			rows, err := aged(ctx, e.ID, kinds, rule.upTo(today), sweepSome)
			if err != nil || len(rows) == 0 {
				return err
			}
			n, err = s.delete(ctx, rows, rule)
			return err
		})
		gone += n
		if err != nil {
			return gone, fmt.Errorf("delete what is over: %w", err)
		}
		if n == 0 {
			return gone, nil
		}
	}
}

// delete takes documents out of the database; their files are due at once. One
// that somebody holds since it was looked up stays.
func (s *Service) delete(ctx context.Context, rows []agedRow, rule Rule) (int64, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	n, err := dropDocuments(ctx, ids)
	if err != nil {
		return 0, err
	}
	left, err := documentsLeft(ctx, ids)
	if err != nil {
		return 0, err
	}
	stays := map[uuid.UUID]bool{}
	for _, id := range left {
		stays[id] = true
	}
	var places []string
	var events []audit.Event
	for _, row := range rows {
		if stays[row.ID] {
			continue
		}
		places = append(places, row.Place)
		events = append(events, audit.Event{
			Action: "document.deleted", Subject: audit.Subject{Kind: "person", ID: row.PersonID},
			Detail: map[string]any{"document": row.ID.String(), "kind": string(row.Kind), "years": rule.Years, "law": rule.Law},
		})
	}
	return n, errors.Join(insertLeftovers(ctx, places, db.Now(ctx)), audit.Record(ctx, events...))
}

// dropUnwanted lets uploads go that nobody confirmed.
func (s *Service) dropUnwanted(ctx context.Context) error {
	var rows []Delivery
	err := s.db.Read(ctx, func(ctx context.Context) (err error) {
		rows, err = forgotten(ctx, db.Now(ctx).Add(-unwanted), 100)
		return err
	})
	if err != nil {
		return fmt.Errorf("find uploads: %w", err)
	}
	for _, row := range rows {
		err := s.leave(ctx, row.ID, row.Bytes, []State{Received, Preview}, Dropped)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return fmt.Errorf("drop upload: %w", err)
		}
	}
	return nil
}

// deleteFiles removes files from the store, and then what names them: a store
// that does not answer is asked again with the next sweep.
func (s *Service) deleteFiles(ctx context.Context) error {
	owner := tenant.MustFrom(ctx).ID
	for {
		var places []string
		err := s.db.Read(ctx, func(ctx context.Context) (err error) { places, err = dueLeftovers(ctx, sweepSome); return })
		if err != nil || len(places) == 0 {
			return err
		}
		for _, place := range places {
			if err := s.vault.Delete(ctx, owner, place); err != nil {
				return err
			}
		}
		if err := s.db.Tx(ctx, func(ctx context.Context) error { return dropLeftovers(ctx, places) }); err != nil {
			return fmt.Errorf("forget files: %w", err)
		}
	}
}
