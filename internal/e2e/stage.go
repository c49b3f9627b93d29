package e2e

import (
	"bytes"
	"context"
	"io/fs"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/message/practice"
	"tilgang/internal/roster"
	"tilgang/tenants"
)

// Word is a password that satisfies every demonstration tenant's rules.
const Word = "En god lang sætning 7 Gange!"

// Stage is a running product that holds the demonstration.
type Stage struct {
	*apptest.World

	Accounts []app.DemoAccount
}

// New sets the demonstration up: five tenants, their staff, an account for each
// part. Whatever it sent is delivered.
func New(tb testing.TB) *Stage {
	tb.Helper()
	w := demonstration.start(tb)
	return &Stage{World: w, Accounts: w.App.ReadDemo()}
}

// Who is the tenant's first account of a role.
func (s *Stage) Who(slug, role string) app.DemoAccount {
	s.T.Helper()
	for _, a := range s.Accounts {
		if a.Tenant == slug && a.Role == role {
			return a
		}
	}
	s.T.Fatalf("nobody is %s of %s", role, slug)
	return app.DemoAccount{}
}

// SignIn signs somebody in and asks for a path; a code is fresh at any time.
func (s *Stage) SignIn(b *apptest.Browser, who app.DemoAccount, path string) *apptest.Page {
	s.T.Helper()
	b.Get("/signin?return_to=" + path)
	b.Submit("email", who.Email)
	b.Submit("password", who.Password)
	if b.Page.URL.Path == "/mfa" {
		s.Pass(30 * time.Second)
		b.Submit("code", who.Code(s.Clock.Now()))
	}
	if b.Page.URL.Path == "/mfa/setup" {
		s.putOff(b)
	}
	if b.Page.URL.Path == "/proofing" {
		s.Prove(b, s.name(who))
	}
	if p := b.Page; p.URL.Path != strings.Split(path, "?")[0] || p.Status != http.StatusOK {
		s.T.Fatalf("%s of %s wanted %s and is on %s (%d)\n%s", who.Role, who.Tenant, path, p.URL, p.Status, p.Text())
	}
	return b.Page
}

// As is a fresh browser in which somebody is signed in, on the start page.
func (s *Stage) As(slug, role string) *apptest.Browser {
	s.T.Helper()
	b := s.Browser(slug)
	s.SignIn(b, s.Who(slug, role), "/")
	return b
}

// File is one of the demonstration's own files, such as havn/new-hires.csv.
func (s *Stage) File(name string) []byte {
	s.T.Helper()
	body, err := fs.ReadFile(tenants.FS, name)
	if err != nil {
		s.T.Fatal(err)
	}
	return body
}

// Upload sends a file as the form of a page does.
func Upload(b *apptest.Browser, path, field, name string, body []byte) *apptest.Page {
	b.T.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		b.T.Fatal(err)
	}
	_, _ = part.Write(body)
	_ = w.Close()
	req := b.Request(http.MethodPost, path, &buf)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.Do(req)
}

// Hire takes people in by a staff file of the test's own and delivers their
// mail. Rows follow Columns.
func (s *Stage) Hire(slug string, rows ...string) {
	s.T.Helper()
	s.hire(s.Operator(slug), rows)
	s.Work()
}

// Columns head the rows of Hire.
const Columns = "employee_number;given_name;family_name;private_email;language;job_title;org_unit;legal_employer;start_date"

func (s *Stage) hire(ctx context.Context, rows []string) {
	s.T.Helper()
	file := strings.NewReader(Columns + "\n" + strings.Join(rows, "\n") + "\n")
	row, err := s.App.Services.Roster.Run(ctx, "staff.csv", file, false, func(roster.Import) {})
	if err != nil {
		s.T.Fatal(err)
	}
	if row.State != roster.Done {
		s.T.Fatalf("the file ended as %s %s", row.State, row.Error)
	}
}

// Mail is the newest mail to somebody.
func (s *Stage) Mail(to string) practice.Entry {
	s.T.Helper()
	list := s.App.Services.Mailbox.List(practice.Filter{To: to, Limit: 1})
	if len(list) == 0 {
		s.T.Fatalf("no mail for %s", to)
	}
	return list[0]
}

// Link is the first link of the newest mail to somebody that holds the part.
func (s *Stage) Link(to, part string) string {
	s.T.Helper()
	mail := s.Mail(to)
	for _, link := range mail.Links {
		if strings.Contains(link, part) {
			return link
		}
	}
	s.T.Fatalf("no %s in the mail to %s\n%s", part, to, mail.Text)
	return ""
}

// putOff answers the offer of a second factor with Skip or Later.
func (s *Stage) putOff(b *apptest.Browser) {
	s.T.Helper()
	for _, n := range b.Page.All("button") {
		if value := apptest.Attr(n, "value"); value == "skip" || value == "later" {
			b.Submit("@action", value)
			return
		}
	}
	s.T.Fatalf("the second factor cannot be put off\n%s", b.Page.Text())
}
