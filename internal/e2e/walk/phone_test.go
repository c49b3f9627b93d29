package walk_test

import (
	"strings"

	"tilgang/internal/e2e"
)

// olas is the number of the person of this walk, as typed and as dialled.
const (
	olas   = "400 08 215"
	dialed = "+4740008215"
)

// phone sets a phone up at Nordlys, signs in with it and replaces it.
func (w *walker) phone() {
	w.speaks("nordlys")
	to := "ola." + w.lang + "@post.example"
	w.Hire("nordlys", "901;Ola;Vik;"+to+";"+w.lang+";Montør;Stab;nordlys-energi;2026-11-01")
	p := w.tab()
	p.Goto(w.Link(to, "/invite/"))
	p.Fill("password", e2e.Word)
	p.Fill("password_confirm", e2e.Word)
	p.Press(".card .actions .button")
	p.Click(".card .button")
	w.look(p, "setup-by-phone")
	p.Click("[href='/mfa/setup/phone']")
	w.look(p, "phone")
	w.send(p, ".card .actions .button")
	w.wrong(p, "phone-refused")
	p.Fill("phone", olas)
	p.Press(".card .actions .button")
	w.look(p, "phone-code")
	w.guess(p, "phone-code-wrong")
	p.Fill("code", w.Texted(dialed))
	p.Press(".card .actions .button")
	w.look(p) // its scripts have shown their buttons by then
	p.Check("saved")
	p.Press(".card form .actions .button")
	w.byText(to)
	w.otherPhone(p)
}

// guess types a code that is none.
func (w *walker) guess(p page, name string) {
	w.t.Helper()
	p.Fill("code", "12")
	w.send(p, ".card .actions .button")
	w.wrong(p, name)
}

// byText signs in again; the code comes by itself.
func (w *walker) byText(to string) {
	w.t.Helper()
	p := w.tab()
	p.Goto(w.at("nordlys", "/signin"))
	p.Fill("email", to)
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	w.look(p, "challenge-by-phone")
	w.guess(p, "challenge-by-phone-wrong")
	p.Fill("code", w.Texted(dialed))
	p.Press(".card .actions .button")
	if !strings.HasSuffix(p.URL(), "/") {
		w.t.Errorf("the code led to %s", p.URL())
	}
}

// otherPhone replaces the phone on the security page, long after the sign-in.
func (w *walker) otherPhone(p page) {
	w.t.Helper()
	w.Pass(hour / 5)
	p.Goto(w.at("nordlys", "/security"))
	w.look(p, "security-by-phone")
	p.Click("[href='/security/factors']")
	p.Click("[href='/security/phone']")
	w.look(p, "security-phone")
	p.Press("[action='/security/code'] .button")
	w.look(p, "security-phone-sent")
	p.Fill("current_password", "wrong")
	w.send(p, "[action='/security/phone'] .button")
	w.wrong(p)
	p.Fill("current_password", e2e.Word)
	p.Fill("code", w.Texted(dialed))
	p.Press("[action='/security/phone'] .button")
	w.look(p, "phone-other")
	p.Fill("phone", "400 00 555")
	p.Press(".card .actions .button")
	p.Fill("code", w.Texted("+4740000555"))
	p.Press(".card .actions .button")
	w.look(p, "security-other-phone")
}

// backup sees the offer of a phone beside the app, and the app's other way.
func (w *walker) backup() {
	w.speaks("skog")
	to := "maja." + w.lang + "@post.example"
	w.Hire("skog", "901;Maja;Ek;"+to+";"+w.lang+";Operatör;Produktion;skog-industri;2026-11-01")
	p := w.tab()
	p.Goto(w.Link(to, "/invite/"))
	p.Fill("password", e2e.Word)
	p.Fill("password_confirm", e2e.Word)
	p.Press(".card .actions .button")
	p.Click(".card .button")
	p.Click("[href='/mfa/setup/app']")
	p.Click(".button-primary")
	key := strings.ReplaceAll(text(p, ".copy-text"), " ", "")
	p.Fill("code", w.code(key))
	p.Press(".card form .actions .button")
	w.look(p, "phone-backup")
	p.Fill("phone", "070-174 06 05")
	p.Press(".card .actions .button")
	p.Fill("code", w.Texted("+46701740605"))
	p.Press(".card .actions .button")
	w.look(p) // its scripts have shown their buttons by then
	p.Check("saved")
	p.Press(".card form .actions .button")
	w.Pass(hour / 60)
	p = w.tab()
	p.Goto(w.at("skog", "/signin"))
	p.Fill("email", to)
	p.Press(".card .button")
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	w.look(p, "challenge-ways")
	p.Click("[href='/mfa?way=phone']")
	w.look(p, "challenge-other-way")
	p.Fill("code", w.Texted("+46701740605"))
	p.Press(".card .actions .button")
	if !strings.HasSuffix(p.URL(), "/") {
		w.t.Errorf("the code led to %s", p.URL())
	}
}
