package walk_test

import (
	"regexp"
	"strings"

	"tilgang/internal/e2e"
)

var six = regexp.MustCompile(`\b\d{6}\b`)

// act is the button of a form on its own.
const act = "#shell-main form .actions .button"

// keeper looks after the own account: addresses, browsers, ways to confirm.
func (w *walker) keeper() {
	to := "keeper." + w.lang + "@post.example"
	p := w.newcomer("1310", "Nanna", "Kasseassistent", "keeper", false)
	p.Press("[value=skip]")
	w.addresses(p)
	w.sessions(p, to)
	key := w.firstApp(p)
	w.ways(p, key)
	w.devices(p, to, e2e.Word, key)
	p.Goto(w.at("havn", "/security/activity"))
	w.look(p, "security-activity")
	p.Goto(w.at("havn", "/security"))
	w.look(p, "security-overview")
}

// refuse sends a form with a wrong current password.
func (w *walker) refuse(p page) {
	w.t.Helper()
	p.Fill("current_password", "wrong")
	w.send(p, act)
	w.wrong(p)
}

func (w *walker) addresses(p page) {
	w.t.Helper()
	home := "home." + w.lang + "@post.example"
	p.Goto(w.at("havn", "/security/addresses"))
	w.look(p)
	p.Click("[href='/security/addresses/add']")
	w.look(p, "security-address")
	p.Fill("email", "nanna")
	w.refuse(p)
	p.Fill("email", home)
	p.Fill("current_password", e2e.Word)
	p.Press(act)
	w.look(p, "security-address-code")
	p.Fill("code", "12")
	w.send(p, act)
	w.wrong(p)
	w.Work()
	p.Fill("code", six.FindString(w.Mail(home).Text))
	p.Press(act)
	w.look(p, "security-addresses")
	p.Click(".summary-act a")
	w.look(p, "security-address-remove")
	w.refuse(p)
}

// sessions signs in a second time and ends that, long after the first sign-in.
func (w *walker) sessions(p page, to string) {
	w.t.Helper()
	w.Pass(hour / 5)
	other := w.tab()
	other.Goto(w.at("havn", "/signin"))
	other.Fill("email", to)
	other.Press(".card .button")
	other.Fill("password", e2e.Word)
	other.Press(".card .actions .button")
	p.Goto(w.at("havn", "/security/sessions"))
	w.look(p, "security-sessions")
	p.Click("[href='/security/sessions/others']")
	w.look(p)
	w.refuse(p)
	p.Goto(w.at("havn", "/security/sessions"))
	p.Click(".summary-act a")
	w.look(p, "security-session-end")
	w.refuse(p)
	p.Fill("current_password", e2e.Word)
	p.Press(act)
	if other.Goto(w.at("havn", "/security")); strings.HasSuffix(other.URL(), "/security") {
		w.t.Error("the other browser is still signed in")
	}
}

// firstApp sets an authenticator up from the security page and gives its key.
func (w *walker) firstApp(p page) string {
	w.t.Helper()
	p.Goto(w.at("havn", "/security/factor"))
	p.Fill("current_password", e2e.Word)
	p.Press(act)
	p.Click("[href='/mfa/setup/app']")
	p.Click(".button-primary")
	key := strings.ReplaceAll(text(p, ".copy-text"), " ", "")
	p.Fill("code", w.code(key))
	p.Press(".card form .actions .button")
	p.Check("saved")
	p.Press(".card form .actions .button")
	return key
}

// ways sees the list, one of it, its removal and the way to one more.
func (w *walker) ways(p page, key string) {
	w.t.Helper()
	w.Pass(hour / 5)
	p.Goto(w.at("havn", "/security/factors/app"))
	w.look(p, "security-factor-app")
	w.refuse(p)
	p.Fill("current_password", e2e.Word)
	p.Fill("code", w.code(key))
	p.Press(act)
	w.look(p, "app-more")
	p.Click(".button-primary")
	w.look(p)
	more := strings.ReplaceAll(text(p, ".copy-text"), " ", "")
	p.Fill("code", w.code(more))
	p.Press(".card form .actions .button")
	w.look(p, "security-factors")
	p.Click(".summary-act a")
	w.look(p, "security-factor")
	w.post(p, strings.TrimPrefix(p.URL(), w.at("havn", "")), "name", strings.Repeat("Nanna", 20))
	w.wrong(p)
	p.Fill("name", "iPad")
	p.Press(act)
	p.Click(".summary-act a")
	p.Click("[href$='/remove']")
	w.look(p, "security-factor-remove")
	w.refuse(p)
}
