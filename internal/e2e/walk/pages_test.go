package walk_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"tilgang/internal/e2e"
	"tilgang/internal/e2e/browser"
	"tilgang/internal/i18n"
	"tilgang/templates"
)

// visitor sees what needs no sign-in.
func (w *walker) visitor() {
	p := w.tab()
	p.Goto(w.at("havn", "/"))
	w.look(p, "landing")
	p.Goto(w.at("havn", "/signin"))
	w.look(p, "signin")
	w.send(p, ".card .button")
	w.wrong(p)
	p.Fill("email", w.Who("havn", "employee").Email)
	w.send(p, ".card .button")
	w.look(p, "password")
	p.Fill("password", "wrong")
	w.send(p, ".card .actions .button")
	w.wrong(p, "password-wrong")
	p.Goto(w.at("havn", "/reset"))
	w.look(p, "reset")
	p.Goto(w.at("havn", "/help"))
	w.look(p, "help")
	p.Goto(w.at("alumni.havn", "/help#forgot"))
	w.look(p)
	p.Goto(w.at("havn", "/invite/code"))
	w.look(p, "code")
	w.send(p, ".card .button")
	w.wrong(p)
	p.Goto(w.at("havn", "/invite/"+strings.Repeat("A", 43)))
	w.look(p, "link-dead")
	p.Press(".card .button")
	w.look(p)
	p.Goto(w.at("havn", "/no/such/page"))
	w.check(p, "an unknown address")
	p.Goto(w.at("alumni.havn", "/"))
	w.look(p)
	if w.lang == "en" { // Nordlys asks for address and password on one page
		p.Goto(w.at("nordlys", "/signin"))
		w.look(p, "signin-combined")
	}
}

// cashier goes from the welcome mail to home without a second factor.
func (w *walker) cashier() page {
	p := w.newcomer("1301", "Freja", "Kasseassistent", "cashier", true)
	w.look(p, "offer")
	w.post(p, "/mfa/setup", "action", "nothing")
	w.wrong(p)
	p.Press("[value=skip]")
	w.look(p, "home")
	for path, name := range map[string]string{"/profile": "profile", "/employment": "employment"} {
		p.Goto(w.at("havn", path))
		w.look(p, name)
	}
	p.Goto(w.at("havn", "/profile"))
	w.post(p, "/profile", "language", "xx")
	w.wrong(p)
	p.Goto(w.at("havn", "/security"))
	w.look(p)
	p.Goto(w.at("havn", "/security/factor"))
	w.look(p)
	p.Fill("current_password", "wrong")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	return p
}

// newcomer hires somebody, goes through the welcome and presses Continue.
func (w *walker) newcomer(number, name, title, address string, looks bool) page {
	to := address + "." + w.lang + "@post.example"
	w.Hire("havn", strings.Join([]string{number, name, "Lund", to, w.lang, title, "Region Nord > Butik Aarhus", "havn-retail", "2026-11-01"}, ";"))
	p := w.tab()
	p.Goto(w.Link(to, "/invite/"))
	if looks {
		w.look(p, "welcome")
		p.Fill("password", "Havn")
		p.Fill("password_confirm", "other")
		w.send(p, ".card .actions .button")
		w.wrong(p, "welcome-refused")
	}
	p.Fill("password", e2e.Word)
	p.Fill("password_confirm", e2e.Word)
	if looks {
		w.picture(p, []string{"welcome-typed"})
	}
	p.Press(".card .actions .button")
	if looks {
		w.look(p, "welcome-done")
	}
	p.Click(".card .button")
	return p
}

// manager must set an authenticator up, loses the phone and signs in again.
func (w *walker) manager() {
	p := w.newcomer("1302", "Kirsten", "Butikschef", "manager", false)
	w.look(p, "offer-mandatory")
	p.Click("[href='/mfa/setup/app']")
	w.look(p, "app")
	p.Click(".button-primary")
	w.look(p, "totp")
	p.Fill("code", "000000")
	w.send(p, ".card form .button")
	w.wrong(p)
	key := strings.ReplaceAll(text(p, ".copy-text"), " ", "")
	p.Fill("code", w.code(key))
	p.Press(".card form .actions .button")
	w.look(p, "recovery-codes")
	code := text(p, ".codes-list code")
	w.send(p, ".card form .actions .button")
	w.wrong(p)
	p.Check("saved")
	p.Press(".card form .actions .button")
	p.Goto(w.at("havn", "/security"))
	w.look(p, "security")
	w.secure(p, key)
	w.signInAgain(p, "manager."+w.lang+"@post.example", code)
}

// secure sees the pages behind /security.
func (w *walker) secure(p page, key string) {
	p.Goto(w.at("havn", "/security/password"))
	w.look(p, "security-password")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	w.Pass(hour)
	p.Goto(w.at("havn", "/security"))
	if !strings.HasSuffix(p.URL(), "/security") {
		w.again(p, "manager."+w.lang+"@post.example", key)
		w.Pass(hour / 4) // the factor was proven too long ago for new codes
	}
	p.Goto(w.at("havn", "/security/codes"))
	w.look(p)
	p.Fill("current_password", "wrong")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Fill("current_password", e2e.Word)
	p.Fill("code", w.code(key))
	w.send(p, "#shell-main form .actions .button")
	w.look(p)
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Check("saved")
	p.Press("#shell-main form .actions .button")
}

// again signs in by password and code.
func (w *walker) again(p page, address, key string) {
	p.Goto(w.at("havn", "/signin"))
	p.Fill("email", address)
	p.Press(".card .button")
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	p.Fill("code", w.code(key))
	p.Press(".card .actions .button")
}

// signInAgain sees the challenge and the recovery code's page.
func (w *walker) signInAgain(p page, address, code string) {
	p = w.tab()
	p.Goto(w.at("havn", "/signin"))
	p.Fill("email", address)
	p.Press(".card .button")
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	w.look(p, "challenge")
	p.Fill("code", "12")
	w.send(p, ".card .actions .button")
	w.wrong(p)
	p.Click("[href='/mfa/recovery']")
	w.look(p, "recovery")
	p.Fill("code", code) // replaced by a newer set
	w.send(p, ".card .actions .button")
	w.wrong(p)
}

// hr takes a file in and looks after people.
func (w *walker) hr() {
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/")
	w.look(p, "home-hr")
	w.menu(p, "menu-hr")
	p.Goto(w.at("havn", "/admin/roster"))
	w.look(p, "roster")
	w.menu(p, "menu-console")
	w.send(p, "#shell-main form .button")
	w.wrong(p)
	w.choose(p)
	p.Press("#shell-main form .button")
	w.look(p)
	w.Work()
	p.Goto(p.URL())
	w.look(p, "roster-preview")
	p.Press("[name=confirm]")
	w.Work()
	p.Goto(p.URL())
	w.look(p, "roster-done")
	w.book(p)
	w.board(p)
	w.people(p)
}

// menu looks at an open menu. It lies over the page by intent, so the page is not judged by
// what it covers.
func (w *walker) menu(p page, name string) {
	w.t.Helper()
	window, drawn := p.(*browser.Page)
	if !drawn {
		w.frame.Show(p.URL(), strings.Replace(p.HTML(), `<details class="me"`, `<details open class="me"`, 1))
		w.frame.Resize(slices.Min(widths()))
		if l := w.frame.Layout(); l.Width > w.frame.Width() {
			w.t.Errorf("the menu of %s in %s is wider than the window: %q", p.URL(), w.lang, l.Out)
		}
		return
	}
	browser.Eval[bool](window, `document.querySelector(".me").open = true`)
	w.picture(p, []string{name})
	if l := window.Layout(); l.Width > window.Width() {
		w.t.Errorf("the menu of %s in %s is wider than the window: %q", p.URL(), w.lang, l.Out)
	}
	browser.Eval[bool](window, `document.querySelector(".me").open = false`)
}

func (w *walker) people(p page) {
	p.Goto(w.at("havn", "/admin/people"))
	w.look(p, "people")
	p.Goto(w.at("havn", "/admin/people?q=zzzz"))
	w.look(p)
	p.Goto(w.at("havn", "/admin/people/invite-all"))
	w.look(p, "invite-all")
	w.Pass(2 * hour / 60)
	p.Goto(w.at("havn", "/admin/people/invite-all"))
	w.look(p)
	if len(p.Texts("[name=typed]")) > 0 {
		p.Fill("typed", "1")
		if window, drawn := p.(*browser.Page); drawn {
			browser.Eval[bool](window, `(document.querySelectorAll("#shell-main form button").forEach((b) => { b.disabled = false; }), true)`)
		}
		w.send(p, "#shell-main form .button")
		w.wrong(p)
	}
	p.Goto(w.at("havn", "/admin/people/new"))
	w.look(p, "person-new")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p, "person-new-refused")
	p.Goto(w.at("havn", "/admin/people?q=Sofia"))
	p.Click("Sofia")
	w.look(p, "person")
	person := p.URL()
	p.Click("[href*='/edit']")
	w.look(p)
	p.Fill("given_name", "")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Goto(person)
	p.Click("[href*='/end']")
	w.look(p, "person-end")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Goto(person + "/rehire")
	w.look(p)
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
}

// practice sees the demonstration's own host.
func (w *walker) practice() {
	p := w.tab()
	p.Goto("http://" + w.Base + "/")
	w.look(p, "practice")
	p.Goto("http://" + w.Base + "/practice/mailbox")
	w.look(p, "mailbox")
}

// Each page is judged at both widths where it is met. English is walked in Chromium,
// by mouse, keys and scripts, on a wide screen and a phone by turns; what works there
// works in any language, so the others ask the server without a window, and only the
// pages that come are laid out.
func TestEveryPageInEveryLanguageAtEveryWidth(t *testing.T) {
	t.Parallel()
	for _, lang := range languages(t) {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			w := newWalker(t, lang, 360)
			switch {
			case lang == "en":
				w.width = 1280
			case lang != "da" || os.Getenv("SCREENS_DIR") == "": // pictures are taken of both
				w.frame = w.chrome.Frame(lang, slices.Max(widths()))
			}
			w.visitor()
			w.cashier()
			w.keeper()
			w.manager()
			w.forgotten()
			w.robot()
			w.stranger()
			w.lead()
			w.phone()
			w.registering()
			w.backup()
			w.called()
			w.lost()
			w.moving()
			w.hr()
			w.waysBack()
			w.practice()
			w.lostAll()
			w.unmailed()
			w.leaver()
			w.documents()
			w.mydata()
			w.identities()
			w.mails()
			w.complete()
		})
	}
}

// languages are all that have their texts; English, which takes the longest, begins.
func languages(t *testing.T) []string {
	t.Helper()
	catalog, err := i18n.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	others := slices.DeleteFunc(catalog.Languages(), func(lang string) bool { return lang == "en" })
	return append([]string{"en"}, others...)
}
