package plain_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tilgang/internal/e2e"
	"tilgang/internal/e2e/plain"
)

func TestSomebodySignsInAndReadsWithoutAWindow(t *testing.T) {
	w := e2e.New(t)
	who := w.Who("havn", "employee")
	p := plain.New(w.World, "en")
	p.Goto(who.URL + "/signin")
	p.Press(".card .button")
	if p.Status() != 422 || len(p.Texts(".errors li")) != 1 {
		t.Errorf("no address: %d %s", p.Status(), p.Text())
	}
	p.Fill("email", who.Email)
	p.Check("remember")
	p.Press("Continue")
	if !p.Has(who.Email) || !strings.HasSuffix(p.URL(), "/signin/password") {
		t.Fatalf("%s %s", p.URL(), p.Text())
	}
	p.Click("#shell-main a[href='/signin']")
	if p.Value("email") != who.Email {
		t.Errorf("what was remembered: %q", p.Value("email"))
	}
	p.Press(".card .button")
	p.Fill("password", who.Password)
	p.Press(".card .actions .button")
	if p.Status() != 200 || strings.Contains(p.URL(), "signin") {
		t.Errorf("%s %d %s", p.URL(), p.Status(), p.Text())
	}
}

func TestListsBoxesAndFilesAreSent(t *testing.T) {
	w := e2e.New(t)
	p := plain.New(w.World, "en")
	who := w.Who("havn", "hr")
	p.Goto(who.URL + "/signin?return_to=/admin/roster")
	p.Fill("email", who.Email)
	p.Press(".card .button")
	p.Fill("password", who.Password)
	p.Press(".card .actions .button")
	w.Pass(31 * time.Second)
	p.Fill("code", who.Code(w.Clock.Now()))
	p.Press(".card .button")
	file := filepath.Join(t.TempDir(), "staff.csv")
	if err := os.WriteFile(file, []byte(e2e.Columns+"\n7001;Ida;Lund;ida@post.example;da;Barista;Region Nord > Butik Aarhus;havn-retail;2026-11-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Upload("file", file)
	p.Press("#shell-main form .button")
	w.Work()
	p.Goto(p.URL())
	if !p.Has("Ida") {
		t.Errorf("%s %s", p.URL(), p.Text())
	}
	p.Goto(who.URL + "/profile")
	p.Fill("language", "da")
	p.Press("#shell-main form .button")
	if p.Value("language") != "da" || !p.Has("Medarbejder") && !p.Has("Sprog") {
		t.Errorf("%s %s", p.URL(), p.Text())
	}
	p.ClickIn(".me", "[href='/security']")
	if !strings.HasSuffix(p.URL(), "/security") {
		t.Error(p.URL())
	}
}
