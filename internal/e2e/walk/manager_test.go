package walk_test

import (
	"strings"
	"testing"

	"tilgang/internal/e2e"
	"tilgang/internal/e2e/browser"
)

// lead sees what a manager sees, and HR's page of a new password mail.
func (w *walker) lead() {
	p := w.tab()
	w.signIn(p, w.Who("havn", "manager"), "/")
	w.look(p, "home-manager")
	p.Goto(w.at("havn", "/manager"))
	w.look(p, "team")
	p.Goto(w.at("havn", "/manager?q=zzzz"))
	w.look(p)
	p.Goto(w.at("havn", "/manager"))
	p.Click("Oliver")
	w.look(p, "report")
	report := p.URL()
	w.lock()
	p.Goto(report)
	w.look(p, "report-locked")
	p.Click("[href$='/password']")
	w.look(p, "report-send")
	for range 5 { // five a day; the sixth is refused
		p.Goto(report + "/password")
		p.Press("#shell-main form .button")
		w.Pass(hour / 20)
	}
	w.look(p, "report-sent")
	p.Goto(report + "/password")
	p.Press("#shell-main form .button")
	w.wrong(p, "report-often")
	p.Goto(w.at("havn", "/manager/new"))
	w.look(p, "report-new")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p, "report-new-refused")
	w.create(p)
	w.look(p, "report-created")
	w.hrSends()
}

// create takes a colleague in.
func (w *walker) create(p page) {
	w.t.Helper()
	for name, value := range map[string]string{
		"given_name": "Signe", "family_name": "Krag", "email": "signe.krag@post.example", "job_title": "Kasseassistent", "start_date": "2026-12-01",
	} {
		p.Fill(name, value)
	}
	p.Press("#shell-main form .actions .button")
}

// lock types wrong passwords until sign-in is held back.
func (w *walker) lock() {
	w.t.Helper()
	b := w.Browser("havn")
	for range 6 {
		b.Get("/signin")
		b.Submit("email", w.Who("havn", "employee").Email)
		b.Submit("password", "a wrong guess")
	}
}

// hrSends sees the same page as HR does.
func (w *walker) hrSends() {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/admin/people?q=signe")
	w.look(p, "people-added")
	p.Click("Signe")
	w.look(p, "person-added")
	p.Click("[href*='/edit']")
	w.look(p)
	p.Goto(w.at("havn", "/admin/people?q=oliver"))
	p.Click("Oliver")
	p.Click("[href$='/password']")
	w.look(p, "person-send")
	p.Press("#shell-main form .button")
	w.wrong(p)
}

// The store manager's guide in a browser: she helps a report back in, and takes
// a colleague in who is home in four steps.
func TestTheStoreManagersStoryInChromium(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lang    string
		width   int
		options browser.Options
	}{
		"on a wide screen in English":             {"en", 1280, browser.Options{}},
		"on a phone in Danish without JavaScript": {"da", 360, browser.Options{NoScript: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalker(t, c.lang, c.width)
			w.options = c.options
			w.helpsOliver()
			w.takesSigneIn()
		})
	}
}

func (w *walker) helpsOliver() {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "manager"), "/manager")
	p.Click("Oliver")
	p.Click("[href$='/password']")
	p.Press("#shell-main form .button")
	w.Work()
	who := w.Who("havn", "employee")
	link := w.Link(who.Email, "/reset/")
	own := w.tab()
	own.Goto(link)
	own.Fill("password", e2e.Word)
	own.Fill("password_confirm", e2e.Word)
	own.Press(".card .actions .button")
	who.Password = e2e.Word
	w.signIn(own, who, "/profile")
	own.Goto(w.at("havn", "/profile"))
	if !own.Has("Oliver Krogh") {
		w.t.Errorf("%s: %s", own.URL(), own.Text())
	}
}

func (w *walker) takesSigneIn() {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "manager"), "/manager/new")
	w.create(p)
	if !p.Has("Signe Krag") {
		w.t.Fatalf("%s: %s", p.URL(), p.Text())
	}
	w.Work()
	own := w.tab()
	own.Goto(w.Link("signe.krag@post.example", "/invite/"))
	own.Fill("password", e2e.Word)
	own.Fill("password_confirm", e2e.Word)
	own.Press(".card .actions .button")
	own.Click(".card .button")
	own.Press("[value=skip]")
	if !strings.HasSuffix(own.URL(), "/") || !own.Has("Signe") {
		w.t.Errorf("%s: %s", own.URL(), own.Text())
	}
}
