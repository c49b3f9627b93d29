package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tilgang/internal/e2e"
)

// Payroll puts a month into its folder; two processes look; HR sees what came.
func TestPayrollsInboxIsWatchedByTwoProcessesAndHRSeesWhatCame(t *testing.T) {
	s, dir := e2e.New(t), t.TempDir()
	yaml := strings.TrimSpace(string(s.File("havn/tenant.yaml"))) + "\ndocuments: {inbox: \"file:" + dir + "\"}\n"
	s.Custom("havn", yaml)
	lay := func(name, body string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, s.Clock.Now(), s.Clock.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	lay("march/1.pdf", "%PDF-1.4\n% march\n%%EOF\n")
	lay("march/manifest.csv", "file;employee_number;kind;date;title;legal_employer\n1.pdf;1012;letter;2026-03-25;A word in March;havn-retail\n2.pdf;1012;letter;2026-03-25;Not there;havn-retail\n")
	other := s.Beside()
	for range 2 {
		s.App.LookIntoInboxes(context.Background())
		other.App.LookIntoInboxes(context.Background())
		s.Pass(time.Minute)
	}
	hr := s.As("havn", "hr")
	hr.Lang = "en"
	p := hr.Get("/admin/document")
	if strings.Count(p.Text(), "march") != 1 {
		t.Errorf("it came not once\n%s", p.Text())
	}
	hr.Follow("march")
	if !hr.Page.Has("2.pdf") {
		t.Errorf("%s", hr.Page.Text())
	}
	if reports, _ := filepath.Glob(filepath.Join(dir, "done", "*-march.txt")); len(reports) != 1 {
		t.Errorf("reports are %v", reports)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	s.Pass(time.Minute)
	s.App.LookIntoInboxes(context.Background())
	if p := hr.Get("/admin/document"); len(p.All("form")) == 0 || !strings.Contains(p.Body, "notice-warn") {
		t.Errorf("HR is not told\n%s", p.Text())
	}
}
