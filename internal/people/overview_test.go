package people_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/org"
	"tilgang/internal/people"
)

// Each request of somebody signed in asks for it, so none may grow with the tree.
func TestAnOverviewReadsNothingOfOtherPeoplesUnits(t *testing.T) {
	d, now := dbtest.New(t)
	alfa, beta := house(t, d, "alfa"), house(t, d, "beta")
	id := apply(t, d, alfa, anna(), bo()).People[0]
	stranger := anna()
	stranger.OrgUnit = "Syd > Ribe"
	other := apply(t, d, beta, stranger).People[0]
	sent := dbtest.Watch(t, alfa, d)

	err := d.Read(alfa, func(ctx context.Context) error {
		sent.Take()
		o, err := people.View(ctx, id, now.Now(), mustTenant(t))
		if err != nil {
			return err
		}
		for _, text := range sent.Take() {
			if strings.Contains(text, "org_units") && !strings.Contains(text, "person_id") {
				t.Errorf("it reads all units: %s", text)
			}
		}
		job := o.Jobs[0]
		if diff := cmp.Diff([]string{"main", "Main", "Aarhus", "Nord > Aarhus"}, []string{job.Employer.Key, job.Employer.Name, job.Unit.Name, job.Unit.Path}); diff != "" {
			t.Error(diff)
		}
		units, err := org.Units(ctx) // Nord, and Aarhus in it
		if err != nil {
			return err
		}
		if diff := cmp.Diff(units[1], job.Unit); diff != "" {
			t.Error(diff)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Read(alfa, func(ctx context.Context) error {
		_, err := people.View(ctx, other, now.Now(), mustTenant(t))
		return err
	})
	if !errors.Is(err, db.ErrNotFound) {
		t.Errorf("another employer's person: %v", err)
	}
}
