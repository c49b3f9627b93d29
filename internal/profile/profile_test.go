package profile_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/i18n/i18ntest"
	"tilgang/internal/people"
	"tilgang/internal/profile"
	"tilgang/internal/tenant"
	"tilgang/templates"
	"tilgang/tenants"
)

type house struct {
	*sitetest.Host

	t   *testing.T
	db  *db.DB
	ctx context.Context
	ids map[string]uuid.UUID // by employee number
}

// setLanguage writes the choice as the product does.
func setLanguage(ctx context.Context, personID uuid.UUID, language string) error {
	_, err := db.Exec(ctx, "UPDATE persons SET language = @language WHERE tenant_id = @tenant AND id = @id", sql.Named("language", language), sql.Named("id", personID))
	return err
}

// open is havn with records in it; the first one asks.
func open(t *testing.T, records ...people.Record) *house {
	t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, "havn")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, ids: map[string]uuid.UUID{}}
	d, now := dbtest.New(t)
	h.db = d
	h.ctx, spec.Tenant.ID = dbtest.Tenant(t, d, "havn")
	h.ctx = tenant.With(h.ctx, spec.Tenant)
	h.Host = sitetest.New(t, spec.Tenant)
	h.Clock, h.Kit.Clock = now, now
	h.Routes = profile.NewPages(profile.New(profile.Deps{DB: d, Offers: h.Kit.Catalog.Has, SetLanguage: setLanguage})).Routes()
	h.hire(records)
	return h
}

func (h *house) hire(records []people.Record) {
	h.t.Helper()
	h.do(func(ctx context.Context) error {
		for _, e := range h.Tenant.LegalEmployers {
			if _, err := db.Exec(ctx, "INSERT INTO legal_employers (tenant_id, id, key, name) VALUES (@tenant, @id, @key, @name)",
				sql.Named("id", uuid.Must(uuid.NewV7())), sql.Named("key", e.Key), sql.Named("name", e.Name)); err != nil {
				return err
			}
		}
		start := db.Now(ctx)
		for _, r := range records {
			out, err := people.Apply(ctx, []people.Record{r}, 2)
			if err != nil {
				return err
			}
			h.ids[r.EmployeeNumber] = out.People[0]
		}
		return people.ResolveManagers(ctx, start)
	})
	first := records[0]
	h.do(func(ctx context.Context) error {
		acc, err := account.Create(ctx, account.New{PersonID: h.ids[first.EmployeeNumber], Kind: account.Work, Address: first.WorkEmail, AddressKey: first.WorkEmailKey})
		h.Actor = authz.Actor{Kind: authz.Person, AccountID: acc.ID, PersonID: h.ids[first.EmployeeNumber], SessionID: uuid.New(), Name: first.Name(), Roles: []string{"employee"}}
		return err
	})
}

func (h *house) do(fn func(ctx context.Context) error) {
	h.t.Helper()
	if err := h.db.Tx(h.ctx, fn); err != nil {
		h.t.Fatal(err)
	}
}

func bo() people.Record {
	return people.Record{
		LegalEmployer: "havn-retail", EmployeeNumber: "1002", GivenName: "Bo", FamilyName: "Berg", WorkEmail: "bo@havn.example", WorkEmailKey: "bo@havn.example",
		Phone: "+4520000001", JobTitle: "Butiksassistent", OrgUnit: "Nord > Aarhus", Manager: "1001", Start: "2024-02-01", Language: "da",
	}
}

func anna() people.Record {
	return people.Record{
		LegalEmployer: "havn-retail", EmployeeNumber: "1001", GivenName: "Anna", FamilyName: "Ås", WorkEmail: "anna@havn.example", WorkEmailKey: "anna@havn.example",
		JobTitle: "Butikschef", Start: "2020-01-01",
	}
}

func with(change func(*people.Record)) people.Record { r := bo(); change(&r); return r }

func says(t *testing.T, a sitetest.Answer, want []string, not ...string) {
	t.Helper()
	if a.Status != http.StatusOK {
		t.Fatalf("status %d", a.Status)
	}
	for _, w := range want {
		if !strings.Contains(a.Text(), w) {
			t.Errorf("page lacks %q:\n%s", w, a.Text())
		}
	}
	for _, w := range not {
		if strings.Contains(a.Text(), w) {
			t.Errorf("page says %q:\n%s", w, a.Text())
		}
	}
}

func TestTemplatesFitTheirPages(t *testing.T) {
	if err := pagetest.Check(templates.FS, nil, profile.Views()...); err != nil {
		t.Error(err)
	}
}

func TestTheProfileIsTheAskersOwnInEachLanguage(t *testing.T) {
	h := open(t, bo(), anna())
	page := h.Get("/profile", "Accept-Language", "da")
	says(t, page, []string{"Bo Berg", "bo@havn.example", "+4520000001", "Privat e-mail Ikke registreret", "Havn står for disse oplysninger", "Spørg din nærmeste leder"}, "Anna", "anna@havn.example")
	i18ntest.Mixed(t, h.Kit.Catalog, page.Body, "da")
	english := h.Get("/profile", "Accept-Language", "en")
	says(t, english, []string{"Havn keeps these details", "You sign in with bo@havn.example", "Not registered"})
	i18ntest.Mixed(t, h.Kit.Catalog, english.Body, "en")
	if strings.Contains(page.Body, `value="sv"`) {
		t.Error("a language is offered that the employer does not speak")
	}
}

func TestTheEmploymentIsTheAskersOwn(t *testing.T) {
	h := open(t, bo(), anna())
	page := h.Get("/employment", "Accept-Language", "da")
	says(t, page, []string{
		"Havn Retail A/S", "Ansat nu", "Stilling Butiksassistent", "Medarbejdernummer 1002", "Enhed Nord > Aarhus", "Nærmeste leder Anna Ås",
		"Første arbejdsdag 1. februar 2024", "Sidste arbejdsdag Ingen slutdato",
	}, "Butikschef", "Havn Café")
	i18ntest.Mixed(t, h.Kit.Catalog, page.Body, "da")
	english := h.Get("/employment", "Accept-Language", "en")
	says(t, english, []string{"Employed now", "First day 1 February 2024", "Nearest manager Anna Ås"})
	i18ntest.Mixed(t, h.Kit.Catalog, english.Body, "en")
}

func TestADateIsTheSameDayInEveryZone(t *testing.T) {
	h := open(t, bo(), anna())
	for _, zone := range []string{"America/Los_Angeles", "Pacific/Kiritimati", "UTC"} {
		says(t, h.Get("/employment", "Accept-Language", "en", "Cookie", "tilgang-8080-zone="+zone), []string{"First day 1 February 2024"})
	}
}

func TestWhatAFormerEmployeeSeesIsTheEmployersChoice(t *testing.T) {
	left := with(func(r *people.Record) { r.End = "2026-06-30" })
	cases := map[string]struct {
		classes   []string
		months    int
		path      string
		want, not []string
	}{
		"the employment without who works here now": {[]string{"employment"}, 24, "/employment", []string{"Former employment", "Last day 30 June 2026", "You have access until 30 June 2028"}, []string{"Anna"}},
		"no employment":                {[]string{"payslip"}, 24, "/employment", []string{"No employment to show"}, []string{"Butiksassistent"}},
		"no profile, but the language": {[]string{"employment"}, 24, "/profile", []string{"Your personal data is not shown here", "Save language"}, []string{"+4520000001"}},
		"the profile":                  {[]string{"profile"}, 24, "/profile", []string{"+4520000001"}, nil},
		"nothing after the window":     {[]string{"employment"}, 0, "/employment", []string{"No employment to show"}, []string{"Butiksassistent"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := open(t, left, anna())
			h.Tenant.Alumni.Classes, h.Tenant.Alumni.Months = c.classes, map[string]int{"*": c.months}
			says(t, h.Get(c.path, "Accept-Language", "en"), c.want, c.not...)
		})
	}
}

func TestWhoIsNotSignedInSeesNothing(t *testing.T) {
	h := open(t, bo())
	h.Actor = authz.Actor{}
	for _, path := range []string{"/profile", "/employment"} {
		if a := h.Get(path); a.Status != http.StatusSeeOther || strings.Contains(a.Body, "Bo") {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

// rows are everything that a form could have touched.
func (h *house) rows() map[string]any {
	all := map[string]any{}
	h.do(func(ctx context.Context) error {
		var persons []people.Person
		var jobs []people.Employment
		var roles []people.Role
		if err := db.From(ctx).Order("id").Find(&persons).Error; err != nil {
			return err
		}
		if err := db.From(ctx).Order("id").Find(&jobs).Error; err != nil {
			return err
		}
		err := db.From(ctx).Order("role").Find(&roles).Error
		all["persons"], all["employments"], all["roles"] = persons, jobs, roles
		return err
	})
	return all
}

// P46: what a form sends beside the language has no effect.
func TestAFormChangesTheLanguageAndNothingElse(t *testing.T) {
	h := open(t, bo(), anna())
	before := h.rows()
	a := h.Post("/profile", url.Values{
		"language": {"en"}, "tenant_id": {uuid.NewString()}, "role": {"admin"}, "title": {"Direktør"}, "manager_id": {h.ids["1001"].String()},
		"mfa_exempt": {"1"}, "alumni_until": {"2099-01-01"}, "email_verified": {"1"}, "person_id": {h.ids["1001"].String()}, "work_email": {"evil@havn.example"},
	})
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/profile" {
		t.Fatalf("status %d to %q", a.Status, a.Header.Get("Location"))
	}
	if !strings.Contains(strings.Join(a.Header.Values("Set-Cookie"), "\n"), "tilgang-8080-lang=en; max-age=34560000") {
		t.Errorf("cookies %v", a.Header.Values("Set-Cookie"))
	}
	persons := before["persons"].([]people.Person)
	for i := range persons {
		if persons[i].ID == h.Actor.PersonID {
			persons[i].Language = "en"
		}
	}
	if diff := cmp.Diff(before, h.rows()); diff != "" {
		t.Error(diff)
	}
	h.do(func(ctx context.Context) error {
		var events []audit.Row
		err := db.From(ctx).Where("action = ?", "profile.language_chosen").Find(&events).Error
		if err == nil && (len(events) != 1 || !strings.Contains(events[0].Detail, `"role"`) || strings.Contains(events[0].Detail, "Direktør")) {
			t.Errorf("audit: %+v", events)
		}
		return err
	})
}

func TestALanguageThatIsNotOfferedIsRefusedAtItsField(t *testing.T) {
	h := open(t, bo())
	for _, language := range []string{"sv", "fi", "", "../en"} {
		before := h.rows()
		a := h.Post("/profile", url.Values{"language": {language}}, "Accept-Language", "en")
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Text(), "Choose one of the languages in the list.") || !strings.Contains(a.Body, `aria-invalid="true"`) {
			t.Errorf("%q: %d", language, a.Status)
		}
		if diff := cmp.Diff(before, h.rows()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAnEmployersLanguagesAreTheOnlyOnes(t *testing.T) {
	h := open(t, bo())
	h.Tenant.Languages = []string{"da"}
	if a := h.Post("/profile", url.Values{"language": {"en"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", a.Status)
	}
}

func TestAnotherTenantsPersonIsNotFound(t *testing.T) {
	h := open(t, bo())
	other, id := dbtest.Tenant(t, h.db, "andet")
	otherTenant := *h.Tenant
	otherTenant.ID = id
	s := profile.New(profile.Deps{DB: h.db, Offers: h.Kit.Catalog.Has, SetLanguage: setLanguage})
	if _, err := s.Read(tenant.With(other, &otherTenant), h.Actor, time.Now()); err == nil {
		t.Error("read another tenant's person")
	}
}
