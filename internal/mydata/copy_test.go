package mydata_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/httpkit"
	"tilgang/internal/mydata"
)

// events counts a tenant's audit rows of an action.
func events(s *e2e.Stage, slug, action string) (n int64) {
	s.T.Helper()
	err := s.App.DB.Read(s.Operator(slug), func(ctx context.Context) error {
		return db.From(ctx).Model(&audit.Row{}).Where("action = ?", action).Count(&n).Error
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return n
}

// rows counts a tenant's rows of a model.
func rows[T any](s *e2e.Stage, slug string) (n int64) {
	s.T.Helper()
	err := s.App.DB.Read(s.Operator(slug), func(ctx context.Context) error { return db.From(ctx).Model(new(T)).Count(&n).Error })
	if err != nil {
		s.T.Fatal(err)
	}
	return n
}

// unzip gives the files of an archive that a page answered with.
func unzip(t *testing.T, p *apptest.Page) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(p.Body), int64(len(p.Body)))
	if err != nil {
		t.Fatalf("%v: %d %s", err, p.Status, p.URL)
	}
	files := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(body)
	}
	return files
}

func TestACopyHoldsEverythingAboutItsOwnerAndNothingOfOthers(t *testing.T) {
	s := e2e.New(t)
	who, colleague := s.Who("havn", "employee"), s.Who("havn", "manager")
	b := s.As("havn", "employee")
	ask := s.Browser("havn")
	ask.Get("/reset")
	ask.Submit("email", who.Email, "@action", "password") // there is a message
	s.Work()
	b.Get("/mydata")
	b.Post("/mydata/copy", url.Values{})
	if p := b.Post("/mydata/copy", url.Values{}); p.URL.Path != "/mydata" || len(p.All("progress")) != 1 { // a second click
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	s.Work()
	if n := events(s, "havn", "mydata.ready"); n != 1 || events(s, "havn", "mydata.asked") != 1 || rows[mydata.Copy](s, "havn") != 1 || rows[mydata.Copy](s, "fjord") != 0 {
		t.Errorf("two clicks made %d copies", n)
	}
	if m := s.Mail(who.Email); !strings.Contains(m.Subject, "Kopien af dine data er klar") || !strings.Contains(m.Text, "/mydata") {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
	p := b.Post("/mydata/copy/fetch", url.Values{})
	if h := p.Header; !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") || h.Get("Content-Type") != "application/zip" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", h)
	}
	files, papers := unzip(t, p), 0
	for name, body := range files {
		switch {
		case strings.HasPrefix(name, "documents/"):
			papers++
		case strings.HasSuffix(name, ".json"):
			var list []map[string]any
			if err := json.Unmarshal([]byte(body), &list); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for _, secret := range []string{"argon2", "password_hash", "token_hash", "code_hash", colleague.Email, "fjord"} {
				if strings.Contains(body, secret) {
					t.Errorf("%s holds %q", name, secret)
				}
			}
		}
	}
	for file, word := range map[string]string{
		"person.json": who.Email, "employments.json": "legal_employer", "account.json": `"status":"active"`, "addresses.json": who.Email, "sessions.json": "pwd",
		"documents.json": "payslip", "events.json": "signin.succeeded", "messages.json": "email", "README.txt": "Havn",
	} {
		if !strings.Contains(files[file], word) {
			t.Errorf("%s has no %q: %.300s", file, word, files[file])
		}
	}
	if len(files) != len(mydata.Parts())+1+papers || papers < 10 {
		t.Errorf("%d files, %d of documents", len(files), papers)
	}
	if !b.Get("/security/activity").Has("Kopien af dine data blev hentet") || events(s, "havn", "mydata.fetched") != 1 {
		t.Error("the fetch shows nowhere")
	}
}

// moveFiles takes everything out of a folder, and back again.
func moveFiles(t *testing.T, folder string) (back func()) {
	t.Helper()
	list, err := os.ReadDir(folder)
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	away := t.TempDir()
	move := func(from, to string) {
		for _, f := range list {
			if err := os.Rename(filepath.Join(from, f.Name()), filepath.Join(to, f.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	move(folder, away)
	return func() { move(away, folder) }
}

func TestACopyIsItsOwnersAloneAndForSevenDays(t *testing.T) {
	s := e2e.New(t)
	b := s.As("havn", "employee")
	b.Post("/mydata/copy", url.Values{})
	s.Work()
	for who, other := range map[string]*apptest.Browser{"a colleague": s.As("havn", "manager"), "HR": s.As("havn", "hr"), "another tenant's": s.As("fjord", "employee")} {
		if p := other.Post("/mydata/copy/fetch", url.Values{}); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", who, p.Status, p.URL)
		}
		other.Post("/mydata/copy/drop", url.Values{})
	}
	if rows[mydata.Copy](s, "havn") != 1 {
		t.Fatal("somebody else deleted the copy")
	}
	t.Run("an old proof is asked for anew, by page and by form", func(t *testing.T) {
		s.Pass(11 * time.Minute)
		for _, at := range []string{"/mydata/copy", "/mydata/copy/fetch"} {
			if p := b.Post(at, url.Values{}); p.URL.Path != httpkit.ProvePath {
				t.Fatalf("%s leads to %s", at, p.URL)
			}
		}
		if p := b.Submit("current_password", "wrong"); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%d", p.Status)
		}
		if p := b.Submit("current_password", s.Who("havn", "employee").Password); p.URL.Path != "/mydata" {
			t.Errorf("%s\n%s", p.URL, p.Text())
		}
	})
	t.Run("a store of documents that is gone says so and spends nothing", func(t *testing.T) {
		back := moveFiles(t, filepath.Join(s.App.Config.DataDir, "files"))
		if p := b.Post("/mydata/copy/fetch", url.Values{}); p.Status != http.StatusServiceUnavailable || events(s, "havn", "mydata.fetched") != 0 {
			t.Errorf("%d %s", p.Status, p.URL)
		}
		back()
	})
	t.Run("after seven days it is gone, before any sweep and after it", func(t *testing.T) {
		s.Pass(7 * 24 * time.Hour)
		b := s.As("havn", "employee")
		if p := b.Post("/mydata/copy/fetch", url.Values{}); p.Status != http.StatusNotFound {
			t.Errorf("%d %s", p.Status, p.URL)
		}
		if n, err := s.App.Services.MyData.Sweep(s.Operator("fjord")); n != 0 || err != nil {
			t.Errorf("another tenant's sweep took %d, %v", n, err)
		}
		if n, err := s.App.Services.MyData.Sweep(s.Operator("havn")); n != 1 || err != nil {
			t.Errorf("swept %d, %v", n, err)
		}
		if rows[mydata.Copy](s, "havn") != 0 || events(s, "havn", "mydata.expired") != 1 {
			t.Error("it is there still, or went unnoted")
		}
	})
}
