package people_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/people"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/tenants"
)

// office is havn's HR office, and fjord next door on the same database.
type office struct {
	*sitetest.Host

	t     *testing.T
	d     *db.DB
	now   *clock.Fake
	svc   *people.Service
	ctx   context.Context // HR of havn
	other context.Context // HR of fjord
	fjord *tenant.Tenant
	told  invitations
}

// invitations are fixed states.
type invitations map[uuid.UUID]people.InviteState

func (i invitations) StatesOf(context.Context, []uuid.UUID) (map[uuid.UUID]people.InviteState, error) {
	return i, nil
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, told: invitations{}}
	o.d, o.now = dbtest.New(t)
	dir := tenancy.New(o.d, "localhost")
	havn := applied(t, dir, "havn")
	o.fjord = applied(t, dir, "fjord")
	box := sitetest.Box(t)
	o.svc = people.NewService(o.d, box)
	o.Host = sitetest.New(t, havn, people.NewPages(o.svc, o.told).Routes()...)
	o.Clock, o.Kit.Clock, o.Kit.Box = o.now, o.now, box
	o.as(authz.RoleHR)
	o.ctx, o.other = as(havn, authz.RoleHR), as(o.fjord, authz.RoleHR)
	return o
}

func applied(t *testing.T, dir *tenancy.Directory, slug string) *tenant.Tenant {
	t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dir.Apply(context.Background(), spec); err != nil {
		t.Fatal(err)
	}
	tn, err := dir.BySlug(context.Background(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return tn
}

func actor(roles ...string) authz.Actor {
	return authz.Actor{Kind: authz.Person, AccountID: uuid.New(), PersonID: uuid.New(), SessionID: uuid.New(), Name: "Mette", Language: "en", Roles: roles}
}

func as(t *tenant.Tenant, roles ...string) context.Context {
	return authz.With(tenancy.Enter(context.Background(), t), actor(roles...))
}

func (o *office) as(roles ...string) { o.Actor = actor(append(roles, authz.RoleEmployee)...) }

// typed is a form filled in.
func typed(pairs ...string) url.Values {
	form := url.Values{
		"employee_number": {"5001"}, "given_name": {"Ida"}, "family_name": {"Juhl"}, "work_email": {"ida@havn.example"}, "start_date": {"2026-12-01"},
		"job_title": {"Butikschef"}, "org_unit_new": {"Region Nord > Butik Aarhus"}, "legal_employer": {"havn-retail"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// add sends the form of a new person and gives the person's address.
func (o *office) add(pairs ...string) string {
	o.t.Helper()
	a := o.Post("/admin/people/new", typed(pairs...))
	if a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/admin/people/per_") {
		o.t.Fatalf("status %d to %q\n%s", a.Status, a.Header.Get("Location"), a.Main())
	}
	return a.Header.Get("Location")
}

func idIn(address string) uuid.UUID {
	return uuid.MustParse(strings.TrimPrefix(address, "/admin/people/per_"))
}

// view is the person as stored.
func (o *office) view(id uuid.UUID) (v people.Overview) {
	o.t.Helper()
	err := o.d.Read(o.ctx, func(ctx context.Context) (err error) {
		v, err = people.View(ctx, id, o.now.Now(), o.Tenant)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return v
}

// count counts a tenant's rows.
func (o *office) count(table, where string) (n int) {
	o.t.Helper()
	err := o.d.Read(o.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT count(*) FROM "+table+" WHERE tenant_id = @tenant AND "+where)
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}
