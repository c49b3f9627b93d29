package manager_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/manager"
	"tilgang/internal/people"
)

func TestAManagerSeesTheirTeamAndNothingMore(t *testing.T) {
	d := newDesk(t)
	d.set(d.aide, "manager_number", "2") // a second hand's word that counts for nothing
	body := d.Get("/manager")
	for _, word := range []string{"Clerk Lund", "Aide Lund", "Reports to Clerk Lund", "Butiksassistent", "2 people", "Add a colleague"} {
		if !strings.Contains(body.Main(), word) {
			t.Errorf("the team lacks %q\n%s", word, body.Main())
		}
	}
	for _, word := range []string{"Chief", "Boss Lund"} {
		if strings.Contains(body.Main(), word) {
			t.Errorf("the team shows %q", word)
		}
	}
	page := d.Get(path(d.clerk, ""))
	for _, word := range []string{"Butiksassistent", "Havn", "c***@h***.example", "Send the invitation"} {
		if !strings.Contains(page.Main(), word) {
			t.Errorf("the report's page lacks %q\n%s", word, page.Main())
		}
	}
	if strings.Contains(page.Body, "clerk@havn.example") {
		t.Error("the page shows the whole address")
	}
	d.locked.Until = d.now.Now().Add(9e11)
	if page := d.Get(path(d.clerk, "")); !strings.Contains(page.Main(), "after several wrong passwords") {
		t.Error(page.Main())
	}
	d.sign(d.aide, authz.RoleManager)
	if empty := d.Get("/manager"); !strings.Contains(empty.Main(), "Nobody reports to you") {
		t.Error(empty.Main())
	}
}

func TestALongTeamIsSearchedAndPaged(t *testing.T) {
	d := newDesk(t)
	c := make(chart, 60)
	c[0] = -1
	ids := d.build(d.ctx, c)
	d.sign(ids[0], authz.RoleManager)
	first := d.Get("/manager")
	if !strings.Contains(first.Main(), "59 people") || !strings.Contains(first.Body, `type="search"`) {
		t.Fatal(first.Main())
	}
	_, rest, _ := strings.Cut(first.Body, `href="/manager?after=`)
	cursor, _, _ := strings.Cut(rest, `"`)
	if last := d.Get("/manager?after=" + cursor); strings.Count(last.Body, `href="/manager/per_`) != 9 {
		t.Errorf("%d on the last page", strings.Count(last.Body, `href="/manager/per_`))
	}
	if none := d.Get("/manager?q=zzz"); !strings.Contains(none.Main(), "Nobody matches") {
		t.Error(none.Main())
	}
	if a := d.Get("/manager?after=x"); a.Status != 200 {
		t.Error("a cursor that is none is refused")
	}
}

func TestSendingSaysFirstWhatItDoesAndSendsOnce(t *testing.T) {
	d := newDesk(t)
	preview := d.Get(path(d.clerk, "/password"))
	for _, word := range []string{"Clerk Lund", "o***@h***.example", "old password works until", "You never see it", "Send the mail"} {
		if !strings.Contains(preview.Main(), word) {
			t.Errorf("the preview lacks %q\n%s", word, preview.Main())
		}
	}
	if len(d.sent) != 0 {
		t.Fatal("looking sent a mail")
	}
	if a := d.Post(path(d.clerk, "/password"), nil); a.Status != 303 || a.Header.Get("Location") != path(d.clerk, "") || len(d.sent) != 1 || d.sent[0] != d.clerk {
		t.Errorf("%d %s, sent %v", a.Status, a.Header.Get("Location"), d.sent)
	}
	d.fails = fault.New(fault.Conflict, "reset.no_address")
	for _, a := range []string{d.Get(path(d.clerk, "/password")).Main(), d.Get(path(d.clerk, "")).Main(), d.Post(path(d.clerk, "/password"), nil).Main()} {
		if !strings.Contains(a, "No mail can be sent from here") || !strings.Contains(a, "Help and contact at") || strings.Contains(a, "Send the mail") {
			t.Error(a)
		}
	}
}

func TestWhoIsNotReachedIsAnsweredLikeAnUnknownId(t *testing.T) {
	d := newDesk(t)
	peer := d.build(d.ctx, chart{-1})[0]
	for _, more := range []string{"", "/password"} {
		unknown := d.Get(path(uuid.New(), more))
		for who, id := range map[string]uuid.UUID{"oneself": d.boss, "the own manager": d.chief, "a peer": peer, "somebody of another tenant": d.abroad} {
			if a := d.Get(path(id, more)); a.Status != 404 || a.Main() != unknown.Main() {
				t.Errorf("%s: GET %q answers %d %s", who, more, a.Status, a.Main())
			}
			if a := d.Post(path(id, "/password"), nil); a.Status != 404 || len(d.sent) != 0 {
				t.Errorf("%s: POST answers %d, sent %v", who, a.Status, d.sent)
			}
		}
	}
	for _, id := range []string{"x", "per_", "per_" + strings.Repeat("0", 36), "new/password"} {
		if a := d.Get("/manager/" + id); a.Status != 404 {
			t.Errorf("%q answers %d", id, a.Status)
		}
	}
	d.sign(d.clerk) // no manager any more
	if a := d.Get("/manager"); a.Status != 403 {
		t.Errorf("who is nobody's manager is answered %d", a.Status)
	}
}

func TestAnotherManagerIsObeyedByTheNextRequest(t *testing.T) {
	d := newDesk(t)
	ask := func(want int) {
		t.Helper()
		if a := d.Get(path(d.clerk, "")); a.Status != want {
			t.Errorf("%d, want %d", a.Status, want)
		}
		d.Post(path(d.clerk, "/password"), nil)
	}
	ask(200)
	d.set(d.clerk, "end_date", "2026-11-22") // the last day still counts
	ask(200)
	d.set(d.clerk, "end_date", "2026-11-21")
	ask(404)
	d.set(d.clerk, "end_date", "")
	d.set(d.clerk, "manager_person_id", d.chief)
	ask(404)
	d.set(d.clerk, "manager_person_id", nil)
	ask(404)
	if len(d.sent) != 2 {
		t.Errorf("%d mails", len(d.sent))
	}
}

func TestNobodyReachesAbove(t *testing.T) {
	d := newDesk(t)
	d.grant(d.clerk, authz.RoleAuditor)
	if a := d.Get(path(d.clerk, "")); !strings.Contains(a.Main(), "has a role in HR, auditing or administration") || strings.Contains(a.Main(), "Send the") {
		t.Error(a.Main())
	}
	if a := d.Post(path(d.clerk, "/password"), nil); a.Status != 403 || len(d.sent) != 0 {
		t.Errorf("%d, sent %v", a.Status, d.sent)
	}
	if n := d.count("audit_events", "action = 'manager.refused'"); n != 1 {
		t.Errorf("%d refusals written down", n)
	}
	t.Run("HR sends to everybody but who is above and oneself", func(t *testing.T) {
		d.grant(d.aide, authz.RoleAdmin)
		hr := "/admin/people/per_"
		d.sign(d.chief, authz.RoleHR)
		for id, want := range map[uuid.UUID]int{d.clerk: 303, d.boss: 303, d.aide: 403, d.chief: 403, d.abroad: 404, uuid.New(): 404} {
			before := len(d.sent)
			if a := d.Post(hr+id.String()+"/password", nil); a.Status != want || (len(d.sent) > before) != (want == 303) {
				t.Errorf("%d, want %d: %s", a.Status, want, a.Main())
			}
		}
		if a := d.Get(hr + d.aide.String() + "/password"); a.Status != 200 || strings.Contains(a.Main(), "Send the mail") {
			t.Errorf("%d %s", a.Status, a.Main())
		}
		d.sign(d.boss, authz.RoleManager)
		if a := d.Post(hr+d.clerk.String()+"/password", nil); a.Status != 403 {
			t.Errorf("a manager on HR's page is answered %d", a.Status)
		}
	})
}

func TestAManagerTakesOneColleagueIn(t *testing.T) {
	d := newDesk(t)
	if a := d.Get("/manager/new"); a.Status != 200 || strings.Contains(a.Main(), "Hovedkontor") || !strings.Contains(a.Body, "Nord &gt; Aarhus &gt; Café") {
		t.Fatalf("%d %s", a.Status, a.Main())
	}
	where := ""
	for range 2 { // a double click
		a := d.Post("/manager/new", form("roles", "admin", "manager_employee_number", "1", "national_id", "010190-1234", "legal_employer", ""))
		if a.Status != 303 || (where != "" && a.Header.Get("Location") != where) {
			t.Fatalf("%d %s\n%s", a.Status, a.Header.Get("Location"), a.Main())
		}
		where = a.Header.Get("Location")
	}
	if a := d.Get(where); a.Status != 200 || !strings.Contains(a.Main(), "Ida Juhl") {
		t.Fatalf("%d %s", a.Status, a.Main())
	}
	for what, want := range map[string][3]string{
		"person":        {"persons", "family_name = 'Juhl' AND national_key IS NULL", "1"},
		"role":          {"person_roles", "1 = 1", "0"},
		"report":        {"employments", "added_by IS NOT NULL AND manager_person_id = added_by AND manager_number = '2' AND employee_number LIKE 'NEW-%'", "1"},
		"event":         {"outbox", "kind = 'people.hired'", "1"},
		"audit":         {"audit_events", "action = 'manager.created'", "1"},
		"HR's own view": {"audit_events", "action = 'people.created'", "1"},
	} {
		if n := d.count(want[0], want[1]); (n == 1) != (want[2] == "1") {
			t.Errorf("%s: %d", what, n)
		}
	}
}

func TestTheSameColleagueSentSixteenTimesAtOnceIsOne(t *testing.T) {
	d := newDesk(t)
	ctx := d.as(d.boss, authz.RoleManager)
	n := manager.Newcomer{GivenName: "Ida", FamilyName: "Juhl", Address: "ida@post.example", JobTitle: "Barista", Start: "2026-12-01", Unit: "Nord > Aarhus"}
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			if _, _, err := d.svc.Create(ctx, n); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := d.count("persons", "family_name = 'Juhl'"); n != 1 {
		t.Errorf("%d people", n)
	}
}

func TestEachFieldOfTheFormSaysWhatIsWrongWithIt(t *testing.T) {
	d := newDesk(t)
	if a := d.Post("/manager/new", form()); a.Status != 303 {
		t.Fatal(a.Main())
	}
	for name, c := range map[string]struct{ field, value, says string }{
		"no name":                {"given_name", "", "Given name is missing"},
		"no address":             {"email", "", "nowhere to send the invitation"},
		"no real address":        {"email", "ida", "not an e-mail address"},
		"no title":               {"job_title", "", "Job title is missing"},
		"no first day":           {"start_date", "", "Start date is missing"},
		"a department of others": {"org_unit", "Nord", "your own department"},
		"a new department":       {"org_unit", "Nord > Aarhus > Kælder", "your own department"},
		"an employer of others":  {"legal_employer", "havn-cafe", "no legal employer"},
		"somebody's address":     {"email", "chief@havn.example", "belongs to somebody who is here"},
		"somebody's number":      {"employee_number", "1", "belongs to somebody else"},
		"somebody known":         {"start_date", "2027-01-01", "Ask HR to look"},
	} {
		t.Run(name, func(t *testing.T) {
			pairs := []string{"given_name", "Bo", c.field, c.value}
			if name == "somebody known" {
				pairs = pairs[2:]
			}
			a := d.Post("/manager/new", form(pairs...))
			if a.Status < 409 || a.Status > 422 || !strings.Contains(a.Main(), c.says) || strings.Contains(a.Main(), "Chief") {
				t.Errorf("%d\n%s", a.Status, a.Main())
			}
		})
	}
	if n := d.count("employments", "added_by IS NOT NULL"); n != 1 {
		t.Errorf("%d were taken in", n)
	}
}

func TestWhereHRTakesPeopleInAManagerIsToldSo(t *testing.T) {
	d := newDesk(t)
	d.havn.Manager.MayCreate = false
	if a := d.Get("/manager"); strings.Contains(a.Main(), "Add a colleague") {
		t.Error("the button is there")
	}
	for _, a := range []int{d.Get("/manager/new").Status, d.Post("/manager/new", form()).Status} {
		if a != 403 {
			t.Errorf("answers %d", a)
		}
	}
	if a := d.Get("/manager/new"); !strings.Contains(a.Main(), "Ask HR to add the person") {
		t.Error(a.Main())
	}
	d.havn.Manager.MayCreate = true
	for what, change := range map[string]func(){
		"an HR person without reports": func() { d.sign(d.clerk, authz.RoleHR) },
		"who has left":                 func() { d.sign(d.boss, authz.RoleManager); d.set(d.boss, "end_date", "2026-01-01") },
	} {
		change()
		if a := d.Post("/manager/new", form()); a.Status != 403 && a.Status != 409 {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
}

func TestHRSeesWhoWasAddedAndGivesTheNumber(t *testing.T) {
	d := newDesk(t)
	where := d.Post("/manager/new", form()).Header.Get("Location")
	hr := people.NewPages(people.NewService(d.d, d.Kit.Box), nil)
	d.Routes = append(d.Routes, hr.Routes()...)
	d.sign(d.chief, authz.RoleHR)
	if a := d.Get("/admin/people?q=ida"); !strings.Contains(a.Main(), "Added by their manager, number missing") {
		t.Error(a.Main())
	}
	page := "/admin/people/" + strings.TrimPrefix(where, "/manager/")
	if a := d.Get(page); !strings.Contains(a.Main(), "by their manager Boss Lund") || !strings.Contains(a.Main(), "Number missing") {
		t.Error(a.Main())
	}
	edit := form("employee_number", "1", "private_email", "ida@post.example", "manager_employee_number", "2")
	if a := d.Post(page+"/edit", edit); a.Status != 422 || !strings.Contains(a.Main(), "Chief Lund") {
		t.Errorf("%d %s", a.Status, a.Main())
	}
	edit.Set("employee_number", "77b")
	if a := d.Post(page+"/edit", edit); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Main())
	}
	if a := d.Get("/admin/people?q=77b"); !strings.Contains(a.Main(), "77b · added by their manager") {
		t.Error(a.Main())
	}
	edit.Set("employee_number", "78") // it is the real one now, and stays
	d.Post(page+"/edit", edit)
	if n := d.count("employments", "number_key = '77B'"); n != 1 {
		t.Error("a real number was changed")
	}
}

// The staff file that payroll makes later brings the real number: one person,
// one job.
func TestTheStaffFileFindsWhomAManagerTookIn(t *testing.T) {
	d := newDesk(t)
	id := uuid.MustParse(strings.TrimPrefix(d.Post("/manager/new", form()).Header.Get("Location"), "/manager/per_"))
	r := people.Record{
		LegalEmployer: "havn-retail", EmployeeNumber: "1099", GivenName: "Ida", FamilyName: "Juhl", PrivateEmail: "ida@post.example", PrivateKey: "ida@post.example",
		JobTitle: "Souschef", OrgUnit: "Nord > Aarhus", Manager: "2", Start: "2026-12-01", NationalKey: []byte("fingerprint"),
	}
	take := func(r people.Record) (v people.Verdict) {
		t.Helper()
		err := d.d.Tx(d.ctx, func(ctx context.Context) error {
			since := db.Now(ctx)
			out, err := people.Apply(ctx, []people.Record{r}, 3)
			v = out.Verdicts[0]
			return errors.Join(err, people.ResolveManagers(ctx, since))
		})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := take(r); v.Action != people.Propose || v.PersonID != id {
		t.Fatalf("%+v", v)
	}
	r.Same = true
	if v := take(r); v.Action != people.Change || !v.Adopts || v.PersonID != id {
		t.Fatalf("%+v", v)
	}
	if v := take(r); v.Action != people.Same {
		t.Errorf("the same row again: %+v", v)
	}
	if n := d.count("employments", "person_id = '"+id.String()+"'"); n != 1 {
		t.Errorf("%d jobs", n)
	}
	if n := d.count("employments", "number_key = '1099' AND job_title = 'Souschef' AND added_by IS NOT NULL AND manager_person_id = added_by"); n != 1 {
		t.Error("the job did not get its number")
	}
	if n := d.count("person_tokens", "token = '1099'"); n != 1 {
		t.Error("the number does not find the person")
	}
}
