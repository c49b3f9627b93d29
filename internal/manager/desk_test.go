package manager_test

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/manager"
	"tilgang/internal/people"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/templates"
	"tilgang/tenants"
)

// desk is a store manager's desk at havn, with fjord next door on the same
// database. Mails are counted, not sent.
type desk struct {
	*sitetest.Host

	t      *testing.T
	d      *db.DB
	now    *clock.Fake
	svc    *manager.Service
	havn   *tenant.Tenant
	ctx    context.Context // havn's, as a command
	fjord  context.Context // fjord's, as a command
	abroad uuid.UUID       // somebody at fjord
	sent   []uuid.UUID
	fails  error
	locked manager.Lock

	boss, chief, clerk, aide uuid.UUID
}

// Plan implements manager.Passwords.
func (d *desk) Plan(context.Context, uuid.UUID) (manager.Sending, error) {
	return manager.Sending{To: "o***@h***.example"}, d.fails
}

// SendFor implements manager.Passwords.
func (d *desk) SendFor(_ context.Context, person uuid.UUID) (manager.Sending, error) {
	if d.fails == nil {
		d.sent = append(d.sent, person)
	}
	return manager.Sending{To: "o***@h***.example"}, d.fails
}

// LockOf implements manager.Locks.
func (d *desk) LockOf(context.Context, uuid.UUID) (manager.Lock, error) { return d.locked, nil }

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t}
	d.d, d.now = dbtest.New(t)
	dir := tenancy.New(d.d, "localhost")
	var next *tenant.Tenant
	d.havn, next = applied(t, dir, "havn"), applied(t, dir, "fjord")
	command := authz.Actor{Kind: authz.Command}
	d.ctx, d.fjord = authz.With(tenancy.Enter(context.Background(), d.havn), command), authz.With(tenancy.Enter(context.Background(), next), command)
	box := sitetest.Box(t)
	d.svc = manager.New(manager.Deps{DB: d.d, Policy: sitetest.Policy(t), People: people.NewService(d.d, box), Passwords: d, Locks: d})
	d.Host = sitetest.New(t, d.havn, manager.NewPages(d.svc, nil).Routes()...)
	d.Clock, d.Kit.Clock, d.Kit.Box = d.now, d.now, box
	d.hire()
	d.sign(d.boss, authz.RoleManager)
	return d
}

// hire fills havn with a region manager (chief), a store manager (boss), a clerk
// and an aide below, and fjord with somebody of the same employee number.
func (d *desk) hire() {
	d.t.Helper()
	person := func(number, name, title, unit, manager string) people.Record {
		key := strings.ToLower(name) + "@havn.example"
		return people.Record{LegalEmployer: "havn-retail", EmployeeNumber: number, GivenName: name, FamilyName: "Lund", WorkEmail: key, WorkEmailKey: key, JobTitle: title, OrgUnit: unit, Manager: manager, Start: "2024-01-01"}
	}
	err := d.d.Tx(d.ctx, func(ctx context.Context) error {
		out, err := people.Apply(ctx, []people.Record{
			person("1", "Chief", "Regionschef", "Nord", ""), person("2", "Boss", "Butikschef", "Nord > Aarhus", "1"),
			person("3", "Clerk", "Butiksassistent", "Nord > Aarhus", "2"), person("4", "Aide", "Barista", "Nord > Aarhus > Café", "3"),
		}, 3)
		if err != nil {
			return err
		}
		d.chief, d.boss, d.clerk, d.aide = out.People[0], out.People[1], out.People[2], out.People[3]
		return people.ResolveManagers(ctx, db.Now(ctx))
	})
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.d.Tx(d.fjord, func(ctx context.Context) error {
		out, err := people.Apply(ctx, []people.Record{{LegalEmployer: "fjord-as", EmployeeNumber: "3", GivenName: "Ola", FamilyName: "Berg", Start: "2024-01-01"}}, 3)
		d.abroad = out.People[0]
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
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

// sign makes somebody the one who asks.
func (d *desk) sign(id uuid.UUID, roles ...string) { d.Actor = authz.From(d.as(id, roles...)) }

// link writes reporting lines past every rule.
func (d *desk) link(ctx context.Context, ids []uuid.UUID, c chart) error {
	for i, boss := range c {
		if boss < 0 {
			continue
		}
		_, err := db.Exec(ctx, "UPDATE employments SET manager_person_id = @boss WHERE tenant_id = @tenant AND person_id = @id", sql.Named("boss", ids[boss]), sql.Named("id", ids[i]))
		if err != nil {
			return err
		}
	}
	return nil
}

// set changes a column of a person's employments.
func (d *desk) set(person uuid.UUID, column string, value any) {
	d.t.Helper()
	err := d.d.Tx(d.ctx, func(ctx context.Context) error {
		return db.From(ctx).Model(&people.Employment{}).Where("person_id = ?", person).Update(column, value).Error
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) count(table, where string) (n int64) {
	d.t.Helper()
	if err := d.d.Read(d.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT count(*) FROM "+table+" WHERE tenant_id = @tenant AND "+where)
	}); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func path(id uuid.UUID, more string) string { return "/manager/per_" + id.String() + more }

func TestTemplatesFitTheirPages(t *testing.T) {
	texts := sitetest.Texts(t)
	for _, lang := range texts.Languages() {
		if err := pagetest.Check(templates.FS, texts.Localizer(lang, time.UTC, time.Now), manager.Views()...); err != nil {
			t.Error(err)
		}
	}
}

// form is a new colleague typed in.
func form(pairs ...string) url.Values {
	f := url.Values{
		"given_name": {"Ida"}, "family_name": {"Juhl"}, "email": {"ida@post.example"}, "job_title": {"Butiksassistent"},
		"org_unit": {"Nord > Aarhus"}, "start_date": {"2026-12-01"}, "language": {"da"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

// grant gives a role past every rule.
func (d *desk) grant(person uuid.UUID, role string) {
	d.t.Helper()
	if err := d.d.Tx(d.ctx, func(ctx context.Context) error { return people.Grant(ctx, person, role) }); err != nil {
		d.t.Fatal(err)
	}
}
