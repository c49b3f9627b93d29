package walk_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tilgang/internal/e2e"
	"tilgang/internal/e2e/browser"
)

func TestTheNewHiresStoryInChromium(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lang    string
		width   int
		options browser.Options
	}{
		"on a wide screen in English":             {"en", 1280, browser.Options{}},
		"on a phone in Danish":                    {"da", 360, browser.Options{}},
		"on a phone in Danish without JavaScript": {"da", 360, browser.Options{NoScript: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalker(t, c.lang, c.width)
			w.options = c.options
			hr := w.window()
			w.signIn(hr, w.Who("havn", "hr"), "/admin/roster")
			w.takeIn(hr)
			w.reachHome("sofia.aagaard@post.example")
		})
	}
}

// takeIn uploads the new hires, reads what is wrong with one and confirms.
func (w *walker) takeIn(p *browser.Page) {
	w.t.Helper()
	w.choose(p)
	p.Press("#shell-main form .button")
	w.Work()
	w.await(p, "frida.holmhavn.example")
	if p.HorizontalOverflow() {
		w.t.Error("the preview is wider than the window")
	}
	p.Press("[name=confirm]")
	w.Work()
	w.await(p, w.say("roster.import.done"))
}

// choose chooses the file of new hires, once the page has settled.
func (w *walker) choose(p page) {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), "new-hires.csv")
	if err := os.WriteFile(file, w.File("havn/new-hires.csv"), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.settle(p)
	p.Upload("file", file)
}

// await waits for what a script brings, or loads the page again without one.
func (w *walker) await(p *browser.Page, words string) {
	w.t.Helper()
	if w.scripts() {
		p.Await(words)
		return
	}
	if p.Goto(p.URL()); !p.Has(words) {
		w.t.Fatalf("no %q in %s", words, p.Text())
	}
}

// reachHome opens the practice mailbox as a newcomer and goes from there.
func (w *walker) reachHome(to string) {
	w.t.Helper()
	p := w.window()
	p.Goto("http://" + w.Base + "/practice/mailbox/" + w.Mail(to).ID)
	p.Click("[href*='/invite/']")
	if w.scripts() {
		w.liveRules(p)
	}
	p.Fill("password", e2e.Word)
	p.Fill("password_confirm", e2e.Word)
	p.Press(".card .actions .button")
	p.Click(".card .button")
	p.Press("[value=skip]")
	if !strings.HasSuffix(p.URL(), "/") || !p.Has("Sofia") || !p.Has("Butiksassistent") {
		w.t.Errorf("%s: %s", p.URL(), p.Text())
	}
	p.Goto(w.at("havn", "/profile"))
	if !p.Has("Sofia Aagaard") || !p.Has(to) {
		w.t.Error(p.Text())
	}
}

// liveRules types letter by letter as far as the rules change.
func (w *walker) liveRules(p *browser.Page) {
	w.t.Helper()
	until(p, `document.querySelector(".joined button")`) // the scripts run
	p.Fill("password", "HAVN")
	if browser.Eval[bool](p, `!!document.querySelector(".rules li[data-state=met]")`) {
		w.t.Error("HAVN meets a rule")
	}
	p.Fill("password", "havnevej 17")
	until(p, `document.querySelectorAll(".rules li[data-state=met]").length === 3`)
}

// settle waits until a page takes files, where its script does.
func (w *walker) settle(p page) {
	if window, drawn := p.(*browser.Page); drawn && w.scripts() {
		until(window, `document.querySelector(".drop.is-live")`)
	}
}

// until waits for what a script does on the page.
func until(p *browser.Page, condition string) {
	browser.Eval[bool](p, `new Promise((done) => { const look = () => (`+condition+`) ? done(true) : setTimeout(look, 50); look(); })`)
}

func (w *walker) say(key string) string {
	return w.App.Catalog.Localizer(w.lang, time.UTC, w.Clock.Now).T(key)
}

// later makes the page believe that time went by.
func later(p *browser.Page, d time.Duration) {
	browser.Eval[bool](p, `((f, d) => { Date.now = () => f() + d; return true; })(Date.now.bind(Date), `+strconv.FormatInt(d.Milliseconds(), 10)+`)`)
}

func TestAQuietPageWarnsTwentySecondsBeforeAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWalker(t, "en", 1280)
	p := w.window()
	w.signIn(p, w.Who("havn", "hr"), "/admin/people/new")
	until(p, `localStorage.getItem("tilgang-renewed")`) // the page counts
	p.Fill("given_name", "Ingrid")
	until(p, `JSON.stringify(sessionStorage).includes("Ingrid")`)
	later(p, 11*time.Minute) // typing renews the session once a third of its time is over
	until(p, `Number(localStorage.getItem("tilgang-renewed")) > performance.timeOrigin + 600000`)
	later(p, 30*time.Minute-15*time.Second)
	p.Await(w.say("layout.idle.title"))
	if left := browser.Eval[int](p, `Number(document.querySelector("[data-left]").textContent)`); left > 20 || left < 1 {
		t.Errorf("%d seconds are left", left)
	}
	for _, v := range p.Axe() {
		t.Errorf("the warning: %s", v)
	}
	w.picture(p, []string{"idle"})
	p.Tap(w.say("layout.idle.stay"))
	until(p, `!document.querySelector("dialog").open`)
	if p.Value("given_name") != "Ingrid" {
		t.Error("staying lost what was typed")
	}
	w.Pass(31 * time.Minute)
	later(p, 31*time.Minute)
	p.AwaitURL("/signin")
	p.Await("because nothing happened for 30 minutes")
	who := w.Who("havn", "hr")
	p.Fill("email", who.Email)
	p.Press(".card .button")
	p.Fill("password", who.Password)
	p.Press(".card .actions .button")
	p.Fill("code", who.Code(w.Clock.Now()))
	p.Press(".card .actions .button")
	p.AwaitURL("/admin/people/new")
	until(p, `document.querySelector("[name=given_name]").value`)
	if p.Value("given_name") != "Ingrid" || !p.Has(w.say("part.draft_kept")) {
		t.Errorf("%q\n%s", p.Value("given_name"), p.Text())
	}
}
