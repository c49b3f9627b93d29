package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

const newHires = "havn/new-hires.csv"

// upload brings a file as far as its preview.
func upload(s *e2e.Stage, b *apptest.Browser, file string) *apptest.Page {
	s.T.Helper()
	s.SignIn(b, s.Who("havn", "hr"), "/admin/roster")
	p := e2e.Upload(b, "/admin/roster", "file", "new-hires.csv", s.File(file))
	if p.Status != http.StatusOK || !strings.HasPrefix(p.URL.Path, "/admin/roster/") {
		s.T.Fatalf("%d %s\n%s", p.Status, p.URL, p.Text())
	}
	s.Work()
	return b.Get(p.URL.Path)
}

func TestHRUploadsTheNewHiresSeesTheBadRowConfirmsAndOneOfTheElevenReachesHome(t *testing.T) {
	s := e2e.New(t)
	hr := s.Browser("havn")
	p := upload(s, hr, newHires)
	if p.Title() != "Kontrollér filen" && p.Field("confirm") == nil {
		t.Fatal(p.Text())
	}
	t.Run("nothing has changed and no mail has gone", func(t *testing.T) {
		if n := len(newcomers(s)); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
	t.Run("the bad row is named with its row, its column and what is wrong", func(t *testing.T) {
		for _, words := range []string{"Frida", "frida.holmhavn.example", "5"} {
			if !p.Has(words) {
				t.Errorf("no %q in\n%s", words, p.Text())
			}
		}
	})
	p = hr.Submit("@confirm", "1")
	s.Work()
	p = hr.Get(p.URL.Path)
	if !p.Has("11") || p.Field("confirm") != nil {
		t.Fatal(p.Text())
	}
	if n := len(newcomers(s)); n != 11 {
		t.Errorf("%d mails", n)
	}
	t.Run("a newcomer chooses a password and is home", func(t *testing.T) {
		b := s.Browser("havn")
		s.Accept(b, "sofia.aagaard@post.example")
		if p := b.Submit("@action", "skip"); p.Title() != "Hej, Sofia" || !p.Has("Butiksassistent") {
			t.Errorf("%s\n%s", p.URL, p.Text())
		}
	})
	t.Run("one whose language is English is written to in English", func(t *testing.T) {
		if mail := s.Mail("maryam.haddad@post.example"); !strings.Contains(mail.Text, "Choose a password to get started") {
			t.Error(mail.Text)
		}
	})
	t.Run("HR sees who is through and who is not", func(t *testing.T) {
		if p := hr.Get("/admin/people?q=Sofia"); !p.Has("Sofia Aagaard") {
			t.Error(p.Text())
		}
	})
}

// newcomers are the mails to those whom the file of new hires names.
func newcomers(s *e2e.Stage) (to []string) {
	body := string(s.File(newHires))
	for _, mail := range s.App.Services.Mailbox.List(practice.Filter{Tenant: "havn"}) {
		if strings.Contains(body, mail.To) {
			to = append(to, mail.To)
		}
	}
	return to
}
