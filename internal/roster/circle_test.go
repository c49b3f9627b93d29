package roster_test

import (
	"context"
	"slices"
	"testing"

	"tilgang/internal/db"
	"tilgang/internal/people"
	"tilgang/internal/roster"
)

// bosses reads who stands above whom, by employee number.
func (b *bench) bosses(t *testing.T, ctx context.Context) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := b.d.Read(ctx, func(ctx context.Context) error {
		return people.NumberLinks(ctx, func(l people.NumberLink) { found[l.Number] = l.Manager })
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestACircleOfAnyLengthIsNamedAndGivesNobodyPower(t *testing.T) {
	const columns = "employee_number,given_name,family_name,start_date,manager_employee_number\n"
	person := func(number, manager string) string {
		return number + ",P" + number + ",Ring,2024-01-01," + manager + "\n"
	}
	for name, c := range map[string]struct {
		first, then string
		circle      []string // what the problem names
		above       map[string]string
	}{
		"two in one file":             {"", person("1", "2") + person("2", "1") + person("3", "1"), []string{"1 → 2 → 1"}, map[string]string{"3": "1"}},
		"three, in other case":        {"", person("a1", "B2") + person("b2", "c3") + person("C3", "A1"), []string{"a1 → b2 → C3 → a1"}, map[string]string{}},
		"one closed by a later file":  {person("1", "2") + person("2", ""), person("2", "1"), []string{"2 → 1 → 2"}, map[string]string{"1": "2"}},
		"a chief who joins the round": {person("1", "") + person("2", "1") + person("3", "2") + person("4", "3"), person("1", "4"), []string{"1 → 4 → 3 → 2 → 1"}, map[string]string{"2": "1", "3": "2", "4": "3"}},
		"who changes places is none":  {person("1", "") + person("2", "1"), person("1", "2") + person("2", ""), nil, map[string]string{"1": "2"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			ctx := b.enter(t, "fjord")
			if c.first != "" {
				b.runBytes(t, ctx, []byte(columns+c.first))
			}
			row := b.runBytes(t, ctx, []byte(columns+c.then))
			if row.State != roster.Done {
				t.Fatalf("%s %s", row.State, row.Error)
			}
			told := b.circles(t, ctx, row)
			if len(c.circle) == 0 && len(told) > 0 {
				t.Errorf("told %q", told)
			}
			for _, want := range c.circle {
				if !slices.Contains(told, want) {
					t.Errorf("no %q in %q", want, told)
				}
			}
			above := b.bosses(t, ctx)
			for number, boss := range c.above {
				if above[number] != boss {
					t.Errorf("%s reports to %q", number, above[number])
				}
			}
			if len(above) != len(c.above) {
				t.Errorf("the lines are %v", above)
			}
		})
	}
}

// circles are the circles that an import's problems name.
func (b *bench) circles(t *testing.T, ctx context.Context, row roster.Import) (told []string) {
	t.Helper()
	lines, err := b.s.Lines(ctx, row.ID, []people.Action{people.Create, people.Change, people.Rehire, people.Refuse}, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		for _, p := range l.Problems {
			if p.Code == "roster.manager_circle" {
				circle, _ := p.Args["Circle"].(string)
				told = append(told, circle)
			}
		}
	}
	return told
}

// A file that the preview let through may meet a list that changed meanwhile.
func TestALinkThatClosesACircleMeanwhileIsTakenAway(t *testing.T) {
	b := newBench(t)
	ctx := b.enter(t, "fjord")
	const columns = "employee_number,given_name,family_name,start_date,manager_employee_number\n"
	b.runBytes(t, ctx, []byte(columns+"1,Ann,Ring,2024-01-01,2\n2,Bo,Ring,2024-01-01,\n"))
	err := b.d.Tx(ctx, func(ctx context.Context) error {
		since := db.Now(ctx)
		r := people.Record{LegalEmployer: "fjord-as", EmployeeNumber: "2", GivenName: "Bo", FamilyName: "Ring", Start: "2024-01-01", Manager: "1"}
		if _, err := people.Apply(ctx, []people.Record{r}, 3); err != nil {
			return err
		}
		return people.ResolveManagers(ctx, since)
	})
	if err != nil {
		t.Fatal(err)
	}
	above := b.bosses(t, ctx)
	if len(above) > 1 {
		t.Errorf("both stand above each other: %v", above)
	}
}
