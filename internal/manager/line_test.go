package manager_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"tilgang/internal/authz"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/tenancy"
)

// chart is who reports to whom, by index; -1 for nobody. It may hold circles.
type chart []int

// reaches is the rule in plain words: up from the report, at most depth steps.
func (c chart) reaches(manager, person, depth int) bool {
	if manager == person {
		return false
	}
	for at, steps := c[person], 1; at >= 0 && steps <= depth; at, steps = c[at], steps+1 {
		if at == manager {
			return true
		}
	}
	return false
}

// build stores a chart of people in a tenant, with links that no form or file
// would make, and gives their ids.
func (d *desk) build(ctx context.Context, c chart) []uuid.UUID {
	d.t.Helper()
	var ids []uuid.UUID
	err := d.d.Tx(ctx, func(ctx context.Context) error {
		var records []people.Record
		for i := range c {
			records = append(records, people.Record{LegalEmployer: "havn-retail", EmployeeNumber: fmt.Sprintf("c%s%d", uuid.NewString()[:8], i), GivenName: "P", FamilyName: fmt.Sprint(i), Start: "2024-01-01"})
		}
		out, err := people.Apply(ctx, records, 3)
		if err != nil {
			return err
		}
		ids = out.People
		return d.link(ctx, ids, c)
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return ids
}

func (d *desk) as(id uuid.UUID, roles ...string) context.Context {
	return authz.With(tenancy.Enter(context.Background(), d.havn), authz.Actor{
		Kind: authz.Person, PersonID: id, AccountID: uuid.New(), SessionID: uuid.New(), Name: "Somebody", Language: "en", Roles: append(roles, authz.RoleEmployee),
	})
}

func TestExactlyThoseInTheLineAreReached(t *testing.T) {
	d := newDesk(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 7).Draw(rt, "people")
		c := make(chart, n)
		for i := range c {
			c[i] = rapid.IntRange(-1, n-1).Draw(rt, "manager")
			if c[i] == i {
				c[i] = -1
			}
		}
		depth := rapid.IntRange(1, 5).Draw(rt, "depth")
		d.havn.Manager.Depth = depth
		ids := d.build(d.ctx, c)
		m, p := rapid.IntRange(0, n-1).Draw(rt, "asks"), rapid.IntRange(0, n-1).Draw(rt, "types")
		d.byHand(rt, ids[m], ids[p], c.reaches(m, p, depth))
		for m := range c {
			ctx, wanted := d.as(ids[m], authz.RoleManager), 0
			for p := range c {
				want := c.reaches(m, p, depth)
				if want {
					wanted++
				}
				d.judge(rt, ctx, ids[p], want, fmt.Sprintf("%v, depth %d: %d → %d", c, depth, m, p))
			}
			team, err := d.svc.Team(ctx, "", "")
			if err != nil || len(team.Reports) != wanted || team.Total != wanted {
				rt.Errorf("%v, depth %d: %d sees %d (%d) and reaches %d: %v", c, depth, m, len(team.Reports), team.Total, wanted, err)
			}
			for _, stranger := range []uuid.UUID{uuid.New(), d.abroad, uuid.Nil} {
				d.judge(rt, ctx, stranger, false, "a stranger")
			}
		}
	})
}

// judge asks each way in which a manager can reach somebody.
func (d *desk) judge(rt *rapid.T, ctx context.Context, person uuid.UUID, want bool, what string) {
	_, seen := d.svc.Report(ctx, person)
	_, plan := d.svc.Plan(ctx, person)
	before := len(d.sent)
	_, sent := d.svc.Send(ctx, person)
	for way, err := range map[string]error{"report": seen, "may": d.svc.May(ctx, person), "plan": plan, "send": sent} {
		if want != (err == nil) || (!want && fault.KindOf(err) != fault.NotFound) {
			rt.Errorf("%s: %s: %v", what, way, err)
		}
	}
	if (len(d.sent) > before) != want {
		rt.Errorf("%s: %d mails", what, len(d.sent)-before)
	}
}

// byHand types a person's id into the address bar.
func (d *desk) byHand(rt *rapid.T, manager, person uuid.UUID, want bool) {
	d.sign(manager, authz.RoleManager)
	status := map[bool]int{true: 200, false: 404}[want]
	for _, more := range []string{"", "/password"} {
		if a := d.Get(path(person, more)); a.Status != status {
			rt.Errorf("by hand: %d, want %d", a.Status, status)
		}
	}
}
