package people_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/people"
)

// HR cannot make anybody their own manager's manager by form, whatever the
// length, and is told who stands in the circle.
func TestAFormMakesNoCircle(t *testing.T) {
	o := newOffice(t)
	first := o.add()
	o.add("employee_number", "5002", "given_name", "Bo", "work_email", "bo@havn.example", "manager_employee_number", "5001")
	o.add("employee_number", "5003", "given_name", "Eva", "work_email", "eva@havn.example", "manager_employee_number", "5002")
	job := o.view(idIn(first)).Jobs[0].ID.String()
	for _, boss := range []string{"5002", "5003"} {
		a := o.Post(first+"/edit", typed("job", job, "manager_employee_number", boss))
		if a.Status != 422 || !strings.Contains(a.Main(), "would be a circle: ") || !strings.Contains(a.Main(), "Ida Juhl → ") || !strings.Contains(a.Main(), "Bo Juhl") {
			t.Errorf("%s: %d %s", boss, a.Status, a.Main())
		}
	}
	if j := o.view(idIn(first)).Jobs[0]; j.ManagerPersonID != nil || j.ManagerNumber != "" {
		t.Errorf("%+v", j.Employment)
	}
}

// Who stands below whom is a matter of one tenant and of jobs that go on.
func TestTheLineEndsAtTheTenantAndWithTheJob(t *testing.T) {
	o := newOffice(t)
	boss := idIn(o.add())
	report := idIn(o.add("employee_number", "5002", "given_name", "Bo", "work_email", "bo@havn.example", "manager_employee_number", "5001", "end_date", "2027-01-31"))
	level := func(ctx context.Context, today people.Date, depth int) (n int) {
		t.Helper()
		err := o.d.Read(ctx, func(ctx context.Context) (err error) {
			n, err = people.Reports(ctx, boss, report, depth, today)
			return
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for what, c := range map[string]struct {
		ctx   context.Context
		today people.Date
		depth int
		want  int
	}{
		"a report":            {o.ctx, "2026-12-24", 1, 1},
		"on the last day":     {o.ctx, "2027-01-31", 1, 1},
		"on the day after":    {o.ctx, "2027-02-01", 10, 0},
		"of no depth":         {o.ctx, "2026-12-24", 0, 0},
		"from another tenant": {o.other, "2026-12-24", 10, 0},
	} {
		if got := level(c.ctx, c.today, c.depth); got != c.want {
			t.Errorf("%s: level %d", what, got)
		}
	}
	var n int
	_ = o.d.Read(o.ctx, func(ctx context.Context) (err error) {
		n, err = people.Reports(ctx, boss, boss, 10, "2026-12-24")
		return
	})
	if n != 0 || uuid.Nil == boss {
		t.Error("somebody is their own report")
	}
}
