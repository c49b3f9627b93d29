package console_test

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
	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/console"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/i18n/i18ntest"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
	"tilgang/templates"
	"tilgang/tenants"
)

// counts is a Staff with fixed answers.
type counts struct {
	people      int64
	invitations console.Invitations
	imports     console.Imports
	recoveries  int
	wishes      int64
}

func (c *counts) People(context.Context) (int64, error)                    { return c.people, nil }
func (c *counts) Invitations(context.Context) (console.Invitations, error) { return c.invitations, nil }

func (c *counts) Recoveries(context.Context) (int, error)          { return c.recoveries, nil }
func (c *counts) Wishes(context.Context) (int64, error)            { return c.wishes, nil }
func (c *counts) Imports(context.Context) (console.Imports, error) { return c.imports, nil }

// house is havn with Anna in it.
type house struct {
	*sitetest.Host

	t       *testing.T
	db      *db.DB
	ctx     context.Context
	now     *clock.Fake
	counts  *counts
	factors *factor.Service
	person  uuid.UUID
	chosen  []string // languages that were kept
}

// open is the house of a shipped tenant, with one employment.
func open(t *testing.T, slug string, r people.Record) *house {
	t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, counts: &counts{}}
	h.db, h.now = dbtest.New(t)
	spec.Tenant.Version = 7
	h.ctx, spec.Tenant.ID = dbtest.Tenant(t, h.db, slug)
	h.ctx = tenant.With(h.ctx, spec.Tenant)
	h.factors = factor.New(h.db, sitetest.Box(t), throttle.New(h.db), account.RenewFactors)
	h.Host = sitetest.New(t, spec.Tenant)
	h.Clock = h.now
	h.Kit.Clock = h.now
	pages := console.NewPages(console.Deps{
		DB: h.db, Factors: h.factors, Policy: sitetest.Policy(t), Catalog: h.Kit.Catalog, Staff: h.counts,
		SetLanguage: func(_ context.Context, who uuid.UUID, language string) error {
			h.chosen = append(h.chosen, who.String()+" "+language)
			return nil
		},
	})
	h.Routes = pages.Routes()
	h.Kit.Frame = (&console.Frame{Policy: sitetest.Policy(t), Box: sitetest.Box(t)}).Fill
	h.hire(spec.Tenant, r)
	return h
}

func (h *house) hire(t *tenant.Tenant, r people.Record) {
	h.t.Helper()
	err := h.db.Tx(h.ctx, func(ctx context.Context) error {
		for _, e := range t.LegalEmployers {
			if _, err := db.Exec(ctx, "INSERT INTO legal_employers (tenant_id, id, key, name) VALUES (@tenant, @id, @key, @name)",
				sql.Named("id", uuid.Must(uuid.NewV7())), sql.Named("key", e.Key), sql.Named("name", e.Name)); err != nil {
				return err
			}
		}
		out, err := people.Apply(ctx, []people.Record{r}, 2)
		if err != nil {
			return err
		}
		h.person = out.People[0]
		acc, err := account.Create(ctx, account.New{PersonID: h.person, Kind: account.Work, Address: r.WorkEmail, AddressKey: r.WorkEmailKey})
		h.Actor = authz.Actor{
			Kind: authz.Person, AccountID: acc.ID, PersonID: h.person, SessionID: uuid.New(), Name: r.Name(), Language: "da",
			Roles: []string{authz.RoleEmployee}, AMR: []string{"pwd"}, ExpiresAt: h.now.Now().Add(30 * time.Minute), EndsAt: h.now.Now().Add(8 * time.Hour),
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func anna() people.Record {
	return people.Record{
		LegalEmployer: "havn-retail", EmployeeNumber: "1001", GivenName: "Anna", FamilyName: "Ås", WorkEmail: "anna@havn.example", WorkEmailKey: "anna@havn.example",
		PrivateEmail: "anna@privat.example", PrivateKey: "anna@privat.example", JobTitle: "Butiksassistent", OrgUnit: "Nord > Aarhus", Start: "2024-01-01",
	}
}

func with(change func(*people.Record)) people.Record { r := anna(); change(&r); return r }

// says checks that a page says what it must and nothing of what it must not.
func says(t *testing.T, a sitetest.Answer, want []string, not ...string) {
	t.Helper()
	if a.Status != http.StatusOK {
		t.Fatalf("status %d", a.Status)
	}
	text := a.Text()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("page lacks %q:\n%s", w, text)
		}
	}
	for _, w := range not {
		if strings.Contains(text, w) {
			t.Errorf("page says %q:\n%s", w, text)
		}
	}
}

func TestTemplatesFitTheirPages(t *testing.T) {
	if err := pagetest.Check(templates.FS, nil, console.Views()...); err != nil {
		t.Error(err)
	}
}

func TestTheLandingPageGreetsInEachLanguageAndShowsNoData(t *testing.T) {
	h := open(t, "havn", anna())
	h.Actor = authz.Actor{}
	says(t, h.Get("/"), []string{"Velkommen til Havn", "Log ind"}, "Anna", "Butiksassistent")
	english := h.Get("/", "Accept-Language", "en")
	says(t, english, []string{"Welcome to Havn", "Sign in"}, "Velkommen")
	i18ntest.Mixed(t, h.Kit.Catalog, english.Body, "en")
	if strings.Contains(english.Body, "/profile") {
		t.Error("a visitor sees the menu")
	}
	h.Side = httpkit.Alumni
	says(t, h.Get("/", "Accept-Language", "en"), []string{"Welcome back to Havn", "personal and payroll data is ready for you"})
}

func TestHomeShowsWhatToDoAndTheOwnEmployment(t *testing.T) {
	h := open(t, "havn", anna())
	page := h.Get("/")
	says(t, page, []string{"Hej, Anna", "Beskyt dit login med et trin mere", "Havn Retail A/S", "Butiksassistent", "Nord > Aarhus", "Ansat nu"},
		"Personalet i tal", "Privat e-mail mangler", "Din sidste arbejdsdag")
	i18ntest.Mixed(t, h.Kit.Catalog, page.Body, "da")
	english := h.Get("/", "Cookie", "tilgang-8080-lang=en")
	says(t, english, []string{"Hello, Anna", "Protect your sign-in", "Employed now"})
	i18ntest.Mixed(t, h.Kit.Catalog, english.Body, "en")
}

func TestTheSecondStepIsOfferedAgainUntilItIsSkippedOrSetUp(t *testing.T) {
	h := open(t, "skog", with(func(r *people.Record) { r.LegalEmployer = shippedEmployer(t, "skog") }))
	h.Actor.Language = "en"
	en := []string{"Cookie", "tilgang-8080-lang=en"}
	says(t, h.Get("/", en...), []string{"You can put it off 3 more times."})
	today := factor.Today(h.now.Now(), h.Tenant.Zone)
	h.do(func(ctx context.Context) error { return account.PostponeFactor(ctx, h.Actor.AccountID, today) })
	says(t, h.Get("/", en...), []string{"You can put it off 2 more times."})

	h = open(t, "havn", anna())
	h.do(func(ctx context.Context) error {
		return account.SkipFactor(ctx, h.Actor.AccountID, factor.Fingerprint(h.Tenant.Mfa))
	})
	says(t, h.Get("/"), []string{"Hej, Anna"}, "Beskyt dit login")
}

func TestADateFromWhichTheSecondStepIsMandatoryIsNamed(t *testing.T) {
	h := open(t, "havn", anna())
	h.Tenant.Mfa.Requirements = []tenant.MfaRequirement{{JobTitles: []string{"Butiksassistent"}, From: time.Date(2027, 3, 1, 0, 0, 0, 0, h.Tenant.Zone)}}
	says(t, h.Get("/"), []string{"Havn kræver det fra 1. marts 2027"})
}

func (h *house) do(fn func(ctx context.Context) error) {
	h.t.Helper()
	if err := h.db.Tx(h.ctx, fn); err != nil {
		h.t.Fatal(err)
	}
}

func shippedEmployer(t *testing.T, slug string) string {
	t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		t.Fatal(err)
	}
	return spec.Tenant.LegalEmployers[0].Key
}

func TestLeaversAndThoseWhoHaveLeftSeeHowLong(t *testing.T) {
	cases := map[string]struct {
		record people.Record
		months int
		want   []string
		not    []string
	}{
		"a leaver sees the last day and what comes after": {
			with(func(r *people.Record) { r.End = "2026-12-31" }), 24,
			[]string{"Din sidste arbejdsdag", "31. december 2026", "til og med 31. december 2028"},
			nil,
		},
		"without a window access ends on the last day": {
			with(func(r *people.Record) { r.End = "2026-12-31" }), 0,
			[]string{"Din sidste arbejdsdag", "Din adgang her slutter samme dag"},
			nil,
		},
		"one who has left sees how long the door is open": {
			with(func(r *people.Record) { r.End = "2026-06-30" }), 24,
			[]string{"Du har adgang til og med", "30. juni 2028", "Indtil da kan du se", "Sluttede 30. juni 2026"},
			[]string{"Bagefter kan du ikke"},
		},
		"near the end it says what to do": {
			with(func(r *people.Record) { r.End = "2024-11-30" }), 24,
			[]string{"30. november 2026", "Bagefter kan du ikke logge ind"},
			nil,
		},
		"who has not begun sees the first day": {
			with(func(r *people.Record) { r.Start = "2026-12-01" }), 24,
			[]string{"Din første arbejdsdag", "1. december 2026", "Begynder 1. december 2026"},
			nil,
		},
		"an employment without an end says nothing": {anna(), 24, []string{"Ansat nu"}, []string{"Din sidste arbejdsdag", "adgang til og med"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := open(t, "havn", c.record)
			h.Tenant.Alumni.Months = map[string]int{"*": c.months}
			says(t, h.Get("/"), c.want, c.not...)
		})
	}
}

func TestAnEmploymentAnswersByItsOwnEmployersDoor(t *testing.T) {
	left := with(func(r *people.Record) { r.End = "2026-06-30" })
	h := open(t, "havn", left)
	h.Tenant.Alumni.Classes = []string{"payslip"}
	says(t, h.Get("/"), []string{"Ingen ansættelse at vise"}, "Butiksassistent")
	h.Tenant.Alumni.Classes = []string{"employment"}
	h.Tenant.Alumni.Months = map[string]int{"*": 0}
	says(t, h.Get("/"), []string{"Ingen ansættelse at vise"}, "Butiksassistent")
}

func TestAMissingPrivateAddressIsNamedToThoseWhoWorkHere(t *testing.T) {
	bare := with(func(r *people.Record) { r.PrivateEmail, r.PrivateKey = "", "" })
	says(t, open(t, "havn", bare).Get("/"), []string{"Privat e-mail mangler", "Spørg din nærmeste leder eller kontakt support."})
	bare.End = "2026-06-30"
	says(t, open(t, "havn", bare).Get("/"), []string{"Hej, Anna"}, "Privat e-mail mangler")
}

func TestOnlyThoseWhoLookAfterStaffSeeFigures(t *testing.T) {
	h := open(t, "havn", anna())
	h.counts.people, h.counts.invitations = 1204, console.Invitations{Waiting: 14, Expired: 2, NoAddress: 1}
	h.counts.imports.Open = 1
	for role, sees := range map[string]bool{"employee": false, "manager": false, "auditor": false, "alumnus": false, "hr": true, "admin": true} {
		h.Actor.Roles = []string{"employee", role}
		page := h.Get("/").Text()
		if got := strings.Contains(page, "Personalet i tal"); got != sees {
			t.Errorf("%s sees figures: %v", role, got)
		}
		if got := strings.Contains(page, "Personalefil"); got != sees {
			t.Errorf("%s sees the staff file in the menu: %v", role, got)
		}
	}
	h.Actor.Roles = []string{"employee", "hr"}
	says(t, h.Get("/"), []string{"1.204", "14 personer har ikke valgt en adgangskode endnu", "Linket er udløbet 2", "En fil er læst og venter på"})
	*h.counts = counts{}
	says(t, h.Get("/"), []string{"Der er ikke registreret nogen endnu", "Der er ingen, der venter", "Der er ikke uploadet en fil endnu"})
}

func TestWhoMayApproveSeesWhoWaits(t *testing.T) {
	h := open(t, "havn", anna())
	h.counts.recoveries = 2
	says(t, h.Get("/"), []string{"Hej, Anna"}, "kan ikke komme ind")
	h.Actor.Roles = []string{"employee", "hr"}
	says(t, h.Get("/"), []string{"2 personer kan ikke komme ind", "venter på din godkendelse"})
	h.counts.recoveries = 1
	says(t, h.Get("/"), []string{"1 person kan ikke komme ind"})
	h.counts.recoveries = 0
	says(t, h.Get("/"), []string{"Hej, Anna"}, "kan ikke komme ind")
}

func TestOnePersonIsNoPeople(t *testing.T) {
	h := open(t, "havn", anna())
	h.Actor.Roles, h.counts.people = []string{"employee", "hr"}, 1
	says(t, h.Get("/"), []string{"1 person er registreret hos Havn."})
}

func TestTheFrameWarnsBeforeTheSessionEndsAndKeysDrafts(t *testing.T) {
	h := open(t, "havn", anna())
	page := h.Get("/").Body
	if !strings.Contains(page, `data-idle="1800"`) || strings.Contains(page, "data-final") {
		t.Error("no warning after the idle time")
	}
	if !strings.Contains(page, `data-draft-key="`) || strings.Contains(page, h.Actor.AccountID.String()) {
		t.Error("drafts have no opaque key")
	}
	h.Actor.EndsAt = h.now.Now().Add(10 * time.Minute)
	h.Actor.ExpiresAt = h.Actor.EndsAt
	if page = h.Get("/").Body; !strings.Contains(page, `data-idle="600"`) || !strings.Contains(page, "data-final") {
		t.Error("the absolute end is not said to be final")
	}
}

// menus are the labels of a page's main menu and of the person's corner.
func menus(t *testing.T, layout string, roles ...string) (main, corner []string) {
	t.Helper()
	h := open(t, "havn", anna())
	h.Actor.Roles = roles
	h.Routes = []httpkit.Route{httpkit.Get("/admin/people/x", httpkit.Public(), func(c *httpkit.Ctx) error {
		b := c.Base()
		b.Layout = layout
		(&console.Frame{Policy: sitetest.Policy(t), Box: sitetest.Box(t)}).Fill(c, &b)
		for _, i := range b.Nav {
			label := i.Label
			if i.Group != "" {
				label = i.Group + ": " + label
			}
			if i.Current {
				label += " *"
			}
			main = append(main, label)
		}
		for _, i := range b.Account {
			label := i.Label
			if i.Group != "" {
				label = i.Group + ": " + label
			}
			corner = append(corner, label)
		}
		return nil
	})}
	h.Get("/admin/people/x", "Accept-Language", "en", "Cookie", "tilgang-8080-lang=en")
	return main, corner
}

func TestTheMenuHasWhatTheRolesOpenAndRoomForIt(t *testing.T) {
	cases := map[string]struct {
		layout       string
		roles        []string
		main, corner []string
	}{
		"an employee's":             {httpkit.LayoutPage, []string{"employee"}, []string{"Home", "Documents", "Employment"}, []string{"Profile", "Security", "Help"}},
		"a former employee's":       {httpkit.LayoutPage, []string{"alumnus"}, []string{"Home", "Documents", "Employment"}, []string{"Profile", "Security", "Help"}},
		"an auditor's":              {httpkit.LayoutConsole, []string{"employee", "auditor"}, []string{"Home", "Documents", "Profile", "Employment", "Security"}, []string{"Help"}},
		"HR's on top of a page":     {httpkit.LayoutPage, []string{"employee", "hr"}, []string{"Home", "Documents", "Employment", "People *"}, []string{"Profile", "Security", "Help", "Staff: Staff file", "Document delivery", "Data requests", "Former employees", "Confirm people"}},
		"HR's beside the console":   {httpkit.LayoutConsole, []string{"employee", "hr"}, []string{"Home", "Documents", "Profile", "Employment", "Security", "Staff: People *", "Staff file", "Document delivery", "Data requests", "Former employees", "Confirm people"}, []string{"Help"}},
		"somebody's without a role": {httpkit.LayoutPage, nil, []string{"Home", "Documents", "Employment"}, []string{"Profile", "Security", "Help"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			main, corner := menus(t, c.layout, c.roles...)
			if diff := cmp.Diff(c.main, main); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.corner, corner); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheLanguageSwitch(t *testing.T) {
	h := open(t, "havn", anna())
	kept := h.person.String() + " en"
	cases := map[string]struct {
		form    url.Values
		to      string
		cookie  bool
		chosen  []string
		visitor bool
	}{
		"keeps the choice on the device and with the person": {url.Values{"language": {"en"}, "path": {"/profile?x=1"}}, "/profile?x=1", true, []string{kept}, false},
		"a visitor's choice stays on the device":             {url.Values{"language": {"en"}, "path": {"/help"}}, "/help", true, nil, true},
		"another host is never led to":                       {url.Values{"language": {"en"}, "path": {"//evil.example/"}}, "/", true, nil, true},
		"a language that is not offered changes nothing":     {url.Values{"language": {"sv"}, "path": {"/"}}, "/", false, nil, false},
		"no language changes nothing":                        {url.Values{}, "/", false, nil, false},
	}
	signed := h.Actor
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h.chosen, h.Actor = nil, signed
			if c.visitor {
				h.Actor = authz.Actor{}
			}
			a := h.Post("/language", c.form)
			if a.Status != http.StatusSeeOther || a.Header.Get("Location") != c.to {
				t.Errorf("status %d to %q", a.Status, a.Header.Get("Location"))
			}
			cookie := a.Header.Get("Set-Cookie")
			if got := strings.Contains(cookie, "tilgang-8080-lang=en; max-age=34560000"); got != c.cookie {
				t.Errorf("cookie %q", cookie)
			}
			if diff := cmp.Diff(c.chosen, h.chosen); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnEmployersLanguagesAreTheOnlyOnes(t *testing.T) {
	h := open(t, "havn", anna())
	h.Tenant.Languages = []string{"da"}
	if a := h.Post("/language", url.Values{"language": {"en"}, "path": {"/"}}); a.Header.Get("Set-Cookie") != "" || len(h.chosen) != 0 {
		t.Errorf("English was kept: %v %v", a.Header.Values("Set-Cookie"), h.chosen)
	}
}
