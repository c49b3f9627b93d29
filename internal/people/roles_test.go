package people_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/people"
)

// roles are a person's granted roles.
func (o *office) roles(id uuid.UUID) (list []string) {
	o.t.Helper()
	if err := o.d.Read(o.ctx, func(ctx context.Context) (err error) { list, err = people.Granted(ctx, id); return }); err != nil {
		o.t.Fatal(err)
	}
	return list
}

func TestNobodyGivesARoleAboveTheirOwn(t *testing.T) {
	o := newOffice(t)
	where := o.add("start_date", "2024-01-01")
	id := idIn(where)
	if a := o.Post(where+"/roles", url.Values{"role": {"hr", "auditor"}}); a.Status != 303 {
		t.Fatal(a.Main())
	}
	if a := o.Post(where+"/roles", url.Values{"role": {"admin", "hr"}}); a.Status != 403 {
		t.Errorf("HR made an administrator: %d", a.Status)
	}
	if a := o.Post(where+"/roles", url.Values{"role": {"root"}}); a.Status != 403 {
		t.Errorf("a made-up role: %d", a.Status)
	}
	if n := o.count("audit_events", "action = 'people.roles_refused'"); n != 2 {
		t.Errorf("%d refusals written down", n)
	}
	if diff := cmp.Diff([]string{"auditor", "hr"}, o.roles(id)); diff != "" {
		t.Error(diff)
	}
	o.as(authz.RoleAdmin)
	if a := o.Post(where+"/roles", url.Values{"role": {"admin"}}); a.Status != 303 {
		t.Fatal(a.Main())
	}
	t.Run("HR neither takes the role away nor moves the mail of who has it", func(t *testing.T) {
		o.as(authz.RoleHR)
		if a := o.Post(where+"/roles", url.Values{}); a.Status != 303 {
			t.Fatal(a.Main())
		}
		if diff := cmp.Diff([]string{"admin"}, o.roles(id)); diff != "" {
			t.Error(diff)
		}
		job := o.view(id).Jobs[0].ID.String()
		for _, to := range []string{"hr@evil.example", ""} {
			if a := o.Post(where+"/edit", typed("job", job, "work_email", to, "start_date", "2024-01-01")); a.Status != 422 || !strings.Contains(a.Main(), "higher role than you") {
				t.Errorf("%q: %d %s", to, a.Status, a.Main())
			}
		}
	})
	t.Run("the last administrator stays", func(t *testing.T) {
		o.as(authz.RoleAdmin)
		if a := o.Post(where+"/roles", url.Values{}); a.Status != 409 {
			t.Errorf("%d %s", a.Status, a.Main())
		}
		other := idIn(o.add("employee_number", "5002", "given_name", "Bo", "work_email", "bo@havn.example", "start_date", "2024-01-01"))
		o.Post("/admin/people/per_"+other.String()+"/roles", url.Values{"role": {"admin"}})
		if a := o.Post(where+"/roles", url.Values{}); a.Status != 409 {
			t.Error("one who never signed in counts as an administrator")
		}
		o.account(other)
		if a := o.Post(where+"/roles", url.Values{}); a.Status != 303 {
			t.Error(a.Main())
		}
	})
}

func (o *office) account(id uuid.UUID) {
	o.t.Helper()
	err := o.d.Tx(o.ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, "INSERT INTO accounts (tenant_id, id, person_id, status, created_at, updated_at) VALUES (@tenant, @id, @person, 'active', @now, @now)",
			sqlNamed("id", uuid.New()), sqlNamed("person", id), sqlNamed("now", db.Now(ctx)))
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestAFileDoesNotMoveTheMailOfAHigherRole(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := house(t, d, "alfa")
	out := apply(t, d, ctx, anna())
	if err := d.Tx(ctx, func(ctx context.Context) error { return people.Grant(ctx, out.People[0], authz.RoleAdmin) }); err != nil {
		t.Fatal(err)
	}
	moved := anna()
	moved.WorkEmail, moved.WorkEmailKey = "hr@evil.example", "hr@evil.example"
	twin := anna()
	twin.EmployeeNumber, twin.Same, twin.PrivateEmail, twin.PrivateKey = "9001", true, "hr@evil.example", "hr@evil.example"
	for name, r := range map[string]people.Record{"a correction": moved, "a second job": twin} {
		v := judge(t, d, ctx, r)
		if v.Action != people.Refuse || v.Problems[0].Code != "people.outranked" {
			t.Errorf("%s: %s %v", name, v.Action, v.Problems)
		}
	}
	title := anna()
	title.JobTitle = "Regionschef"
	if v := judge(t, d, ctx, title); v.Action != people.Change {
		t.Errorf("a title: %s", v.Action)
	}
}

func TestASecondJobByFileKeepsAnAdministratorsRole(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := house(t, d, "alfa")
	out := apply(t, d, ctx, anna())
	if err := d.Tx(ctx, func(ctx context.Context) error { return people.Grant(ctx, out.People[0], authz.RoleAdmin) }); err != nil {
		t.Fatal(err)
	}
	second := anna()
	second.EmployeeNumber, second.Same, second.Roles = "9001", true, []string{authz.RoleHR}
	apply(t, d, ctx, second)
	var roles []string
	if err := d.Read(ctx, func(ctx context.Context) (err error) { roles, err = people.Granted(ctx, out.People[0]); return }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"admin", "hr"}, roles); diff != "" {
		t.Error(diff)
	}
}
