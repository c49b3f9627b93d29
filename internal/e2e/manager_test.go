package e2e_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
)

// The budgets of steps of the manager's guide, from their home page on: team,
// name, what it does, send; and team, form, send.
const (
	sendSteps   = 4
	createSteps = 3
)

// person finds somebody of a tenant by employee number.
func person(t *testing.T, s *e2e.Stage, slug, number string) people.Person {
	t.Helper()
	var who people.Person
	ctx := s.Operator(slug)
	if err := s.DB.Read(ctx, func(ctx context.Context) (err error) { who, err = people.ByNumber(ctx, number); return }); err != nil {
		t.Fatal(err)
	}
	return who
}

func mails(s *e2e.Stage, to string) int {
	return len(s.App.Services.Mailbox.List(practice.Filter{To: to}))
}

func TestAManagerHelpsAReportBackInWithoutSeeingAPassword(t *testing.T) {
	s := e2e.New(t)
	oliver := s.Who("havn", "employee")
	b := s.As("havn", "manager")
	b.Lang, b.Steps = "en", 0
	e2e.Follow(b, "/manager")
	report := "/manager/per_" + person(t, s, "havn", "1012").ID.String()
	e2e.Follow(b, report)
	p := e2e.Follow(b, report+"/password")
	before := mails(s, oliver.Email)
	if strings.Contains(p.Body, oliver.Email) || p.Field("password") != nil {
		t.Errorf("the page knows too much\n%s", p.Text())
	}
	if p = b.Submit(); p.URL.Path != report || p.Status != http.StatusOK {
		t.Fatalf("%s %d\n%s", p.URL, p.Status, p.Text())
	}
	if b.Steps > sendSteps {
		t.Errorf("it took %d steps", b.Steps)
	}
	s.Work()
	if n := mails(s, oliver.Email); n != before+1 {
		t.Fatalf("%d mails", n-before)
	}
	link := s.Link(oliver.Email, "/reset/")
	if mail := s.Mail(oliver.Email); !strings.Contains(mail.Text, "Camilla") {
		t.Errorf("the mail does not say who asked\n%s", mail.Text)
	}
	t.Run("the link is the employee's alone", func(t *testing.T) {
		token := link[strings.LastIndex(link, "/")+1:]
		if got := b.Get(report); strings.Contains(got.Body, token) || strings.Contains(got.Body, "/reset/") {
			t.Error("the manager sees the link")
		}
		for _, m := range s.App.Services.Mailbox.List(practice.Filter{To: s.Who("havn", "manager").Email}) {
			if strings.Contains(m.Text+m.HTML, token) {
				t.Error("the manager was sent the link")
			}
		}
	})
	t.Run("the old password works until it is used", func(t *testing.T) {
		s.SignIn(s.Browser("havn"), oliver, "/")
	})
	own := s.Browser("havn")
	own.Get(link)
	own.Submit("password", e2e.Word, "password_confirm", e2e.Word)
	oliver.Password = e2e.Word
	s.SignIn(s.Browser("havn"), oliver, "/")
	t.Run("HR sees it among the person's mails", func(t *testing.T) {
		if p := s.As("havn", "hr").Get("/admin/people/per_" + person(t, s, "havn", "1012").ID.String()); !p.Has("Send a new password mail") && !p.Has("Send mail om ny adgangskode") {
			t.Error(p.Text())
		}
	})
}

func TestAManagerTakesAColleagueInWhoIsHomeInFourSteps(t *testing.T) {
	s := e2e.New(t)
	b := s.As("havn", "manager")
	b.Steps = 0
	e2e.Follow(b, "/manager")
	p := e2e.Follow(b, "/manager/new")
	if p.Field("roles") != nil || p.Field("national_id") != nil || p.Field("manager_employee_number") != nil {
		t.Error("the form asks for what is HR's")
	}
	p = b.Submit("given_name", "Signe", "family_name", "Krag", "email", "signe.krag@post.example", "job_title", "Kasseassistent", "start_date", "2026-11-01", "language", "en")
	if p.Status != http.StatusOK || !p.Has("Signe Krag") || b.Steps > createSteps {
		t.Fatalf("%d after %d steps\n%s", p.Status, b.Steps, p.Text())
	}
	s.Work()
	own := s.Browser("havn")
	s.Accept(own, "signe.krag@post.example")
	if p := own.Submit("@action", "skip"); p.Title() != "Hello, Signe" || own.Steps > welcomeSteps {
		t.Errorf("%s after %d steps\n%s", p.URL, own.Steps, p.Text())
	}
	if p := own.Get("/admin/people"); p.Status != http.StatusForbidden {
		t.Errorf("the newcomer sees HR's list: %d", p.Status)
	}
	hr := s.As("havn", "hr")
	hr.Lang = "en"
	if p := hr.Get("/admin/people?q=signe"); !p.Has("mangler nummer") && !p.Has("number missing") {
		t.Error(p.Text())
	}
	t.Run("HR gives the number that payroll made", func(t *testing.T) {
		hr.Follow("Signe Krag")
		for _, a := range hr.Page.All("a") {
			if strings.Contains(apptest.Attr(a, "href"), "/edit?job=") {
				hr.Get(apptest.Attr(a, "href"))
				break
			}
		}
		if p := hr.Submit("employee_number", "1099"); p.Status != http.StatusOK || !p.Has("1099") || strings.Contains(p.Body, "NEW-") {
			t.Errorf("%d %s\n%s", p.Status, p.URL, p.Text())
		}
	})
}

func TestAStoreManagersTitleLeavesNoSkip(t *testing.T) {
	s := e2e.New(t)
	boss := s.As("havn", "manager")
	boss.Get("/manager/new")
	boss.Submit("given_name", "Karen", "family_name", "Riis", "email", "karen.riis@post.example", "job_title", "butikschef", "start_date", "2026-11-01", "language", "en")
	s.Work()
	b := s.Browser("havn")
	if p := s.Accept(b, "karen.riis@post.example"); p.URL.Path != "/mfa/setup" || strings.Contains(p.Body, `value="skip"`) {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
}

func TestOnlyWhoHasReportsSeesATeam(t *testing.T) {
	s := e2e.New(t)
	for role, want := range map[string]bool{"manager": true, "employee": false, "auditor": false, "hr": true, "admin": false} {
		b := s.As("havn", role)
		has := false
		for _, a := range b.Page.All("a") {
			has = has || apptest.Attr(a, "href") == "/manager"
		}
		if status := b.Get("/manager").Status; has != want || (status == http.StatusOK) != want {
			t.Errorf("%s: in the menu %t, answers %d", role, has, status)
		}
	}
}

// change writes to havn past every page, as another replica would.
func change(t *testing.T, s *e2e.Stage, text string, args ...any) {
	t.Helper()
	err := s.DB.Tx(s.Operator("havn"), func(ctx context.Context) error { _, err := db.Exec(ctx, text, args...); return err })
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatChangedIsObeyedByTheNextRequest(t *testing.T) {
	s := e2e.New(t)
	oliver, henrik := person(t, s, "havn", "1012").ID, person(t, s, "havn", "1001").ID
	id := map[string]any{"id": oliver, "boss": henrik}
	t.Run("another line manager", func(t *testing.T) {
		b := s.As("havn", "manager")
		report := "/manager/per_" + oliver.String()
		if p := b.Get(report); p.Status != http.StatusOK {
			t.Fatalf("%d", p.Status)
		}
		change(t, s, "UPDATE employments SET manager_person_id = @boss WHERE tenant_id = @tenant AND person_id = @id", id)
		before := contents(t, s, s.Operator("havn"))
		for method, path := range map[string]string{http.MethodGet: report, http.MethodPost: report + "/password"} {
			is, unknown := ask(b, method, path), ask(b, method, strings.Replace(path, oliver.String(), uuid.NewString(), 1))
			if is.Status != http.StatusNotFound || is.Text() == "" || len(is.Body) != len(unknown.Body) {
				t.Errorf("%s: %d, an unknown id %d", path, is.Status, unknown.Status)
			}
		}
		if after := contents(t, s, s.Operator("havn")); after["messages"] != before["messages"] || after["outbox"] != before["outbox"] {
			t.Error("something was sent")
		}
	})
	t.Run("a role given and taken", func(t *testing.T) {
		b := s.As("havn", "employee")
		asks := func(want int) {
			t.Helper()
			if p := b.Get("/admin/people"); p.Status != want {
				t.Errorf("%d, want %d", p.Status, want)
			}
		}
		asks(http.StatusForbidden)
		change(t, s, "INSERT INTO person_roles (tenant_id, person_id, role, granted_at) VALUES (@tenant, @id, 'hr', @now)", id, map[string]any{"now": s.Clock.Now()})
		asks(http.StatusOK)
		change(t, s, "DELETE FROM person_roles WHERE tenant_id = @tenant AND person_id = @id", id)
		asks(http.StatusForbidden)
		change(t, s, "UPDATE employments SET manager_person_id = @id WHERE tenant_id = @tenant AND person_id = @boss", id)
		if p := b.Get("/manager"); p.Status != http.StatusOK {
			t.Errorf("a new manager is answered %d", p.Status)
		}
	})
	t.Run("a title that asks for a second factor", func(t *testing.T) {
		b := s.As("havn", "employee")
		change(t, s, "UPDATE employments SET job_title = 'Butikschef', job_title_key = 'butikschef' WHERE tenant_id = @tenant AND person_id = @id", id)
		if p := b.Get("/profile"); p.URL.Path == "/profile" {
			t.Errorf("the old session still opens %s", p.URL)
		}
	})
}

func TestLockedOutIsShownToTheManager(t *testing.T) {
	s := e2e.New(t)
	who, b := s.Who("havn", "employee"), s.As("havn", "manager")
	thief := s.Browser("havn")
	for range 9 {
		thief.Get("/signin")
		thief.Submit("email", who.Email)
		thief.Submit("password", "wrong horse battery")
	}
	if p := b.Get("/manager/per_" + person(t, s, "havn", "1012").ID.String()); !p.Has("after several wrong passwords") && !p.Has("efter flere forkerte adgangskoder") {
		t.Error(p.Text())
	}
}

// A manager's four clicks at once send one mail and make one colleague.
func TestAManagersFourClicksAtOnceAreOne(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	before := mails(s, who.Email)
	b := s.As("havn", "manager")
	report := "/manager/per_" + person(t, s, "havn", "1012").ID.String() + "/password"
	form := url.Values{"given_name": {"Signe"}, "family_name": {"Krag"}, "email": {"signe.krag@post.example"}, "job_title": {"Barista"}, "start_date": {"2026-11-01"}, "language": {"en"}}
	done := make(chan int, 8)
	for range 4 {
		for path, fields := range map[string]url.Values{report: {}, "/manager/new": form} {
			req := b.Request(http.MethodPost, path, strings.NewReader(fields.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			go func() { done <- b.Raw(req).Status }()
		}
	}
	for range 8 {
		if status := <-done; status != http.StatusSeeOther {
			t.Errorf("answers %d", status)
		}
	}
	s.Work()
	if n := mails(s, who.Email) - before; n != 1 {
		t.Errorf("%d mails to the report", n)
	}
	if n := mails(s, "signe.krag@post.example"); n != 1 {
		t.Errorf("%d invitations", n)
	}
	s.Pass(time.Minute)
}
