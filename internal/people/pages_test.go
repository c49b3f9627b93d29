package people_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/i18n/i18ntest"
	"tilgang/internal/people"
	"tilgang/templates"
)

func TestTemplatesFitTheirPages(t *testing.T) {
	texts := sitetest.Texts(t)
	for _, lang := range texts.Languages() {
		if err := pagetest.Check(templates.FS, texts.Localizer(lang, time.UTC, time.Now), people.Views()...); err != nil {
			t.Error(err)
		}
	}
}

func TestANewPersonIsTakenInOnceAndGreeted(t *testing.T) {
	o := newOffice(t)
	page := o.Get("/admin/people/new")
	if page.Status != 200 || strings.Contains(page.Body, "data-draft-key=\"person") {
		t.Fatalf("status %d", page.Status)
	}
	where := o.add("roles", "admin", "tenant_id", uuid.NewString(), "national_id", "010190-1234")
	if again := o.add("national_id", "010190-1234"); again != where {
		t.Errorf("the second click leads to %s, not %s", again, where)
	}
	v := o.view(idIn(where))
	if diff := cmp.Diff([]string{"Ida Juhl", "Butikschef", "Region Nord > Butik Aarhus"}, []string{v.Person.Name(), v.Jobs[0].JobTitle, v.Jobs[0].Unit.Path}); diff != "" {
		t.Error(diff)
	}
	for what, n := range map[string]int{"people.hired": o.count("outbox", "kind = 'people.hired'"), "created": o.count("audit_events", "action = 'people.created'"), "persons": o.count("persons", "1=1")} {
		if n != 1 {
			t.Errorf("%s: %d", what, n)
		}
	}
	if n := o.count("person_roles", "1=1"); n != 0 {
		t.Error("a field that the form does not have gave a role")
	}
	o.told[idIn(where)] = people.InviteState{State: "sent", At: o.now.Now()}
	body := o.Get(where).Body
	for _, secret := range []string{"010190", "0101901234"} {
		if strings.Contains(body, secret) {
			t.Error("the page shows the national number")
		}
	}
	for _, word := range []string{"On file", "Invited", "Butikschef", where + "/invite", "Send a new invitation"} {
		if !strings.Contains(body, word) {
			t.Errorf("the page lacks %q", word)
		}
	}
}

func TestEachFieldOfTheFormSaysWhatIsWrongWithIt(t *testing.T) {
	o := newOffice(t)
	o.add()
	for name, c := range map[string]struct{ field, value, says string }{
		"no name":                    {"given_name", "", "Given name is missing"},
		"no first day":               {"start_date", "", "Start date is missing"},
		"no such day":                {"start_date", "2026-02-31", "no such day"},
		"an address that is none":    {"work_email", "ida", "not an e-mail address"},
		"a phone that is none":       {"phone", "12", "not a phone number"},
		"an end before the start":    {"end_date", "2026-11-01", "before the start"},
		"an unknown manager":         {"manager_employee_number", "999", "Nobody here has the employee number 999"},
		"a bad national number":      {"national_id", "123", "national identity number is not valid"},
		"somebody's number":          {"given_name", "Anna", "belongs to Ida Juhl"},
		"a language not offered":     {"language", "fi", "Choose one of the languages"},
		"a control character":        {"job_title", "a\x01b", "control character"},
		"an employer of nobody":      {"legal_employer", "acme", "no legal employer"},
		"a spreadsheet's own number": {"employee_number", "1E+10", "shortened"},
	} {
		t.Run(name, func(t *testing.T) {
			a := o.Post("/admin/people/new", typed(c.field, c.value))
			if a.Status != 422 || !strings.Contains(a.Main(), c.says) {
				t.Errorf("status %d\n%s", a.Status, a.Main())
			}
			if strings.Contains(a.Body, `value="Juhl"`) == (c.field == "family_name") {
				t.Error("what was typed is gone")
			}
		})
	}
	if a := o.Post("/admin/people/new", typed("employee_number", "5002", "given_name", "Bo")); !strings.Contains(a.Main(), "has this work e-mail already") {
		t.Error(a.Main())
	}
}

func TestSomebodyWhoMayBeKnownIsAskedAbout(t *testing.T) {
	o := newOffice(t)
	where := o.add("private_email", "ida@privat.example")
	a := o.Post("/admin/people/new", typed("employee_number", "7001", "work_email", "", "private_email", "ida@privat.example", "national_id", "010190-1234"))
	if a.Status != 200 || !strings.Contains(a.Main(), "Is this the same person?") || strings.Contains(a.Body, "010190") {
		t.Fatalf("status %d\n%s", a.Status, a.Main())
	}
	_, rest, _ := strings.Cut(a.Body, `name="national_sealed" value="`)
	sealed, _, _ := strings.Cut(rest, `"`)
	form := typed("employee_number", "7001", "work_email", "", "private_email", "ida@privat.example", "national_sealed", sealed)
	form.Set("answer", "same")
	if a := o.Post("/admin/people/new", form); a.Header.Get("Location") != where {
		t.Fatalf("%d %s\n%s", a.Status, a.Header.Get("Location"), a.Main())
	}
	v := o.view(idIn(where))
	if len(v.Jobs) != 2 || len(v.Person.NationalKey) == 0 {
		t.Errorf("%d jobs, national %v", len(v.Jobs), v.Person.NationalKey)
	}
	form.Set("national_sealed", "AAAA")
	form.Set("employee_number", "7002")
	if a := o.Post("/admin/people/new", form); a.Status < 400 {
		t.Error("a forged seal was taken")
	}
	form.Del("national_sealed")
	form.Set("answer", "other")
	if a := o.Post("/admin/people/new", form); a.Status != 303 || a.Header.Get("Location") == where {
		t.Errorf("%d %s", a.Status, a.Main())
	}
}

func TestCorrectingTakesAwayWhatIsEmptied(t *testing.T) {
	o := newOffice(t)
	where := o.add("private_email", "ida@privat.example", "phone", "+45 20 12 34 56", "language", "en", "end_date", "2027-06-30")
	job := o.view(idIn(where)).Jobs[0].ID.String()
	edit := func(pairs ...string) sitetest.Answer {
		form := typed(append([]string{"job", job, "private_email", "ida@privat.example", "phone", "+4520123456", "language", "en", "end_date", "2027-06-30"}, pairs...)...)
		return o.Post(where+"/edit", form)
	}
	t.Run("the same again changes nothing", func(t *testing.T) {
		if a := edit(); a.Status != 303 {
			t.Fatal(a.Main())
		}
		if n := o.count("audit_events", "action = 'people.changed'"); n != 0 {
			t.Errorf("%d changes written down", n)
		}
	})
	t.Run("an emptied field is cleared and the invitation follows the address", func(t *testing.T) {
		if a := edit("work_email", "", "phone", "", "language", "", "end_date", "", "employee_number", "9999"); a.Status != 303 {
			t.Fatal(a.Main())
		}
		v := o.view(idIn(where))
		if v.Person.WorkEmail != "" || v.Person.Phone != "" || v.Person.Language != "" || v.Jobs[0].EndDate != "" || v.Jobs[0].EmployeeNumber != "5001" {
			t.Errorf("%+v %+v", v.Person, v.Jobs[0].Employment)
		}
		if n := o.count("outbox", "kind = 'people.address_changed'"); n != 1 {
			t.Errorf("%d events", n)
		}
	})
	t.Run("a new address is searched by and told once", func(t *testing.T) {
		if a := edit("work_email", "juhlida@havn.example", "private_email", ""); a.Status != 303 {
			t.Fatal(a.Main())
		}
		if n := o.count("outbox", "kind = 'people.address_changed'"); n != 2 {
			t.Errorf("%d events", n)
		}
		if list := o.Get("/admin/people?q=juhlida").Main(); !strings.Contains(list, "Ida Juhl") {
			t.Error(list)
		}
	})
	t.Run("a wrong value keeps what was typed", func(t *testing.T) {
		a := edit("work_email", "nope", "given_name", "Idamarie")
		if a.Status != 422 || !strings.Contains(a.Body, `value="Idamarie"`) {
			t.Errorf("%d", a.Status)
		}
	})
}

func TestAJobEndsAndBeginsAgain(t *testing.T) {
	o := newOffice(t)
	where := o.add("start_date", "2024-01-01")
	job := o.view(idIn(where)).Jobs[0].ID.String()
	if a := o.Get(where + "/end?job=" + job); !strings.Contains(a.Main(), "former employees") {
		t.Error(a.Main())
	}
	for value, says := range map[string]string{"": "End date is missing", "2023-12-31": "before the start", "x": "not a date"} {
		if a := o.Post(where+"/end", url.Values{"job": {job}, "end_date": {value}}); a.Status != 422 || !strings.Contains(a.Main(), says) {
			t.Errorf("%q: %d %s", value, a.Status, a.Main())
		}
	}
	for range 2 {
		if a := o.Post(where+"/end", url.Values{"job": {job}, "end_date": {"2026-06-30"}}); a.Status != 303 {
			t.Fatal(a.Main())
		}
	}
	if n := o.count("audit_events", "action = 'people.ended'"); n != 1 {
		t.Errorf("ended %d times", n)
	}
	if a := o.Get(where); !strings.Contains(a.Main(), "Hire again") || strings.Contains(a.Body, where+"/invite") {
		t.Error(a.Main())
	}
	again := url.Values{"employee_number": {"5001"}, "legal_employer": {"havn-retail"}, "start_date": {"2026-06-01"}, "work_email": {"evil@havn.example"}}
	if a := o.Post(where+"/rehire", again); a.Status != 422 || !strings.Contains(a.Main(), "has not ended before this day") {
		t.Errorf("%d %s", a.Status, a.Main())
	}
	again.Set("start_date", "2027-01-01")
	for range 2 {
		if a := o.Post(where+"/rehire", again); a.Status != 303 {
			t.Fatal(a.Main())
		}
	}
	v := o.view(idIn(where))
	if len(v.Jobs) != 2 || v.Standing != people.Joiner && v.Standing != people.Alumnus || v.Person.WorkEmail != "ida@havn.example" {
		t.Errorf("%d jobs, %s, %s", len(v.Jobs), v.Standing, v.Person.WorkEmail)
	}
	if n := o.count("outbox", "kind = 'people.hired'"); n != 2 {
		t.Errorf("%d events", n)
	}
	t.Run("the start of the old job stays, and the new one's is not hers", func(t *testing.T) {
		old := v.Jobs[1].ID.String()
		form := typed("job", old, "start_date", "2020-01-01", "end_date", "2026-05-31")
		if a := o.Post(where+"/edit", form); a.Status != 303 {
			t.Fatal(a.Main())
		}
		if j := o.view(idIn(where)).Jobs[1]; j.StartDate != "2024-01-01" || j.EndDate != "2026-05-31" {
			t.Errorf("%+v", j.Employment)
		}
		form = typed("job", v.Jobs[0].ID.String(), "start_date", "2024-01-01")
		if a := o.Post(where+"/edit", form); a.Status != 422 {
			t.Errorf("%d", a.Status)
		}
	})
	t.Run("a number of somebody else's is refused", func(t *testing.T) {
		o.add("employee_number", "5009", "given_name", "Bo", "work_email", "bo@havn.example")
		again.Set("employee_number", "5009")
		if a := o.Post(where+"/rehire", again); a.Status != 422 || !strings.Contains(a.Main(), "belongs to somebody else") {
			t.Errorf("%d %s", a.Status, a.Main())
		}
	})
	t.Run("a new number goes to the same person", func(t *testing.T) {
		again.Set("employee_number", "5010")
		if a := o.Post(where+"/rehire", again); a.Header.Get("Location") != where {
			t.Error(a.Main())
		}
	})
}

func TestAnotherTenantsPeopleAreNowhere(t *testing.T) {
	o := newOffice(t)
	where := o.add()
	id, job := idIn(where), o.view(idIn(where)).Jobs[0].ID.String()
	havn := o.Tenant
	o.Tenant = o.fjord
	nowhere := o.Get("/admin/people/per_" + uuid.NewString()).Main()
	for _, path := range []string{where, "/admin/people/" + id.String(), where + "/edit", where + "/edit?job=" + job, where + "/end?job=" + job, where + "/rehire", "/admin/people/x", "/admin/people/per_{" + id.String() + "}"} {
		if a := o.Get(path); a.Status != 404 || a.Main() != nowhere {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, path := range []string{"/edit", "/end", "/rehire", "/roles"} {
		if a := o.Post(where+path, typed("job", job, "end_date", "2027-01-01", "role", "hr")); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for what, n := range map[string]int{"list": strings.Count(o.Get("/admin/people").Body, "Ida")} {
		if n != 0 {
			t.Errorf("%s shows %d", what, n)
		}
	}
	o.Tenant = havn
	if a := o.Get(where + "/edit?job=" + uuid.NewString()); a.Status != 404 {
		t.Error("a job of nobody's opened a form")
	}
	if n := o.count("audit_events", "1=1"); n != 1 {
		t.Errorf("%d things written down", n)
	}
}

func TestOnlyThoseWhoMaySeePeople(t *testing.T) {
	o := newOffice(t)
	where := o.add()
	for _, role := range []string{authz.RoleEmployee, authz.RoleManager, authz.RoleAuditor, authz.RoleAlumnus} {
		o.Actor = actor(role)
		for _, path := range []string{"/admin/people", "/admin/people/new", where, where + "/edit"} {
			if a := o.Get(path); a.Status != 403 {
				t.Errorf("%s got %d at %s", role, a.Status, path)
			}
		}
		if a := o.Post(where+"/roles", url.Values{"role": {"hr"}}); a.Status != 403 {
			t.Errorf("%s got %d", role, a.Status)
		}
	}
}

func TestTheListPagesBothWaysAndKeepsItsFilters(t *testing.T) {
	o := newOffice(t)
	var records []people.Record
	for i := range 120 {
		n := string(rune('a'+i/26)) + string(rune('a'+i%26))
		records = append(records, people.Record{LegalEmployer: "havn-retail", EmployeeNumber: "8" + n, GivenName: "Bo", FamilyName: "Fam" + n, Start: "2024-01-01", JobTitle: "Butikschef"})
	}
	err := o.d.Tx(o.ctx, func(ctx context.Context) error { _, err := people.Apply(ctx, records, 0); return err })
	if err != nil {
		t.Fatal(err)
	}
	first := o.Get("/admin/people?title=Butikschef")
	if !strings.Contains(first.Main(), "120 people") || !strings.Contains(first.Main(), "Famaa") || strings.Contains(first.Main(), "Famby") {
		t.Fatal(first.Main())
	}
	second := o.Get(link(first.Body, "next"))
	third := o.Get(link(second.Body, "next"))
	if !strings.Contains(link(second.Body, "next"), "title=Butikschef") || link(third.Body, "next") != "" {
		t.Errorf("next is %q, then %q", link(second.Body, "next"), link(third.Body, "next"))
	}
	if back := o.Get(link(third.Body, "prev")); back.Main() != second.Main() {
		t.Error("back from the third page is not the second")
	}
	if back := o.Get(link(second.Body, "prev")); back.Main() != first.Main() {
		t.Errorf("back from the second page is not the first\n%s\n%s", back.Main(), first.Main())
	}
	if a := o.Get("/admin/people?after=" + url.QueryEscape("no cursor") + "&q=zzz"); a.Status != 303 {
		t.Errorf("a made-up cursor: %d", a.Status)
	}
}

// link is the pager's address in one direction.
func link(body, rel string) string {
	before, _, found := strings.Cut(body, `rel="`+rel+`"`)
	if !found {
		return ""
	}
	before = before[strings.LastIndex(before, `href="`)+6:]
	address, _, _ := strings.Cut(before, `"`)
	return strings.ReplaceAll(address, "&amp;", "&")
}

func TestPagesSpeakOneLanguage(t *testing.T) {
	o := newOffice(t)
	where := o.add("start_date", "2024-01-01", "given_name", "Søren", "family_name", "Ærø", "job_title", "Æ", "org_unit_new", "Å > Ø")
	job := o.view(idIn(where)).Jobs[0].ID.String()
	catalog := sitetest.Texts(t)
	o.Tenant.Languages = catalog.Languages()
	for _, lang := range catalog.Languages() {
		o.Actor.Language = lang
		for _, path := range []string{"/admin/people", "/admin/people?q=zzz", "/admin/people/new", where, where + "/edit", where + "/end?job=" + job, where + "/rehire"} {
			a := o.Get(path)
			if a.Status != 200 {
				t.Fatalf("%s %d", path, a.Status)
			}
			i18ntest.Mixed(t, catalog, a.Body, lang)
		}
		i18ntest.Mixed(t, catalog, o.Post("/admin/people/new", url.Values{}).Body, lang)
	}
}

func TestAnOutsidePersonIsCorrectedWithoutAJob(t *testing.T) {
	o := newOffice(t)
	o.add()
	var id uuid.UUID
	err := o.d.Tx(o.ctx, func(ctx context.Context) error {
		p, err := people.Add(ctx, people.Person{GivenName: "Rita", FamilyName: "Rev", WorkEmail: "rita@out.example", WorkEmailKey: "rita@out.example"})
		id = p.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	where := "/admin/people/per_" + id.String()
	if a := o.Get(where + "/edit"); a.Status != 200 || strings.Contains(a.Body, `name="start_date"`) {
		t.Fatalf("%d", a.Status)
	}
	form := url.Values{"given_name": {"Rita"}, "family_name": {"Revy"}, "work_email": {""}, "private_email": {"rita@home.example"}}
	if a := o.Post(where+"/edit", form); a.Status != 303 {
		t.Fatal(a.Main())
	}
	if p := o.view(id).Person; p.FamilyName != "Revy" || p.WorkEmail != "" || p.PrivateEmail != "rita@home.example" {
		t.Errorf("%+v", p)
	}
	form.Set("work_email", "ida@havn.example")
	if a := o.Post(where+"/edit", form); a.Status != 422 || !strings.Contains(a.Main(), "has this work e-mail already") {
		t.Errorf("%d %s", a.Status, a.Main())
	}
	if a := o.Get(where + "/end"); a.Status != 404 {
		t.Errorf("a job that is not there ends: %d", a.Status)
	}
}
