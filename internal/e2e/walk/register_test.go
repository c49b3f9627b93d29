package walk_test

import (
	"testing"

	"tilgang/internal/e2e"
	"tilgang/internal/e2e/browser"
	"tilgang/internal/message/practice"
)

// registering brings somebody who has left Nordlys in by a private address: once
// to the end, once to nobody, once to too many wrong codes, and once to the mail
// that says that there is an account.
func (w *walker) registering() {
	w.t.Helper()
	w.speaks("nordlys")
	p := w.tab()
	p.Goto(w.at("alumni.nordlys", "/"))
	w.look(p, "register-landing")
	to := "reg." + w.lang + "@free.example"
	w.toPassword(p, to)
	p.Fill("password", "nordlys")
	p.Fill("password_confirm", "other")
	w.send(p, ".card form .actions .button")
	w.wrong(p, "register-password-refused")
	w.toProof(p)
	w.look(p, "register-proofing")
	w.identifies(p, oddHimself)
	w.look(p, "register-opened")
	w.toNobody()
	w.toTooMany()
	p = w.tab()
	p.Goto(w.at("alumni.nordlys", "/register"))
	p.Fill("email", to)
	p.Press(".card form .button")
	w.Work()
}

// toPassword goes as far as the proven address, by way of what is refused.
func (w *walker) toPassword(p page, to string) {
	w.t.Helper()
	p.Goto(w.at("alumni.nordlys", "/register"))
	w.look(p, "register-ask")
	w.send(p, ".card form .button")
	w.wrong(p)
	p.Fill("email", to)
	p.Press(".card form .button")
	w.look(p, "register-code")
	p.Fill("code", "12")
	w.send(p, ".card form .button")
	w.wrong(p, "register-code-refused")
	p.Fill("code", w.mailed(to))
	p.Press(".card form .button")
	w.look(p, "register-password")
}

// toProof chooses a password and proves a phone.
func (w *walker) toProof(p page) {
	w.t.Helper()
	p.Fill("password", e2e.Word)
	p.Fill("password_confirm", e2e.Word)
	p.Press(".card form .actions .button")
	w.look(p, "register-phone")
	w.send(p, ".card .actions .button")
	w.wrong(p, "register-phone-refused")
	p.Fill("phone", "400 07 215")
	p.Press(".card .actions .button")
	w.look(p, "register-phone-code")
	w.guess(p, "register-phone-code-wrong")
	p.Fill("code", w.Texted("+4740007215"))
	p.Press(".card .actions .button")
}

// toNobody ends a registration at an electronic ID that nobody here has.
func (w *walker) toNobody() {
	w.t.Helper()
	w.Pass(2 * hour)
	p := w.tab()
	p.Goto(w.at("alumni.nordlys", "/register"))
	to := "nobody." + w.lang + "@free.example"
	p.Fill("email", to)
	p.Press(".card form .button")
	p.Fill("code", w.mailed(to))
	p.Press(".card form .button")
	w.toProof(p)
	w.identifies(p, aStranger)
	w.look(p, "register-nobody")
}

// toTooMany types wrong codes until no more are looked at.
func (w *walker) toTooMany() {
	w.t.Helper()
	p := w.tab()
	p.Goto(w.at("alumni.nordlys", "/register"))
	p.Fill("email", "wrong."+w.lang+"@free.example")
	p.Press(".card form .button")
	for range 5 {
		p.Fill("code", "000000")
		p.Press(".card form .button")
	}
	w.judge(p, "POST")
	w.picture(p, []string{"register-over"})
}

// mailed is the newest code that went to an address.
func (w *walker) mailed(to string) string {
	w.t.Helper()
	w.Work()
	for _, m := range w.App.Services.Mailbox.List(practice.Filter{To: to}) {
		if code := sixDigits.FindString(m.Text); code != "" {
			return code
		}
	}
	w.t.Fatalf("no code went to %s", to)
	return ""
}

// Test persons of the practice identity, by their place on its page: of the staff
// file who have a number, then those whom nobody knows.
const (
	oddHimself = "2"
	aStranger  = "3"
)

// identifies proves to be one of the test persons, from the page that asks for it.
func (w *walker) identifies(p page, who string) {
	w.t.Helper()
	p.Click("[href^='/federation/']")
	p.Click("[href*='&as=" + who + "&']")
}

func TestTheGuideForThoseWhoHaveLeftInChromium(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]browser.Options{"on a phone": {}, "on a phone without JavaScript": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalker(t, "nb", 360)
			w.options = options
			w.speaks("nordlys")
			p := w.window()
			p.Goto(w.at("alumni.nordlys", "/"))
			p.Click("[href='/signin']")
			p.Click("[href='/register']")
			p.Fill("email", "odd.kleppe@post.example")
			p.Press(".card form .button")
			p.Fill("code", w.mailed("odd.kleppe@post.example"))
			p.Press(".card form .button")
			if !p.Has(w.say("register.password.confirmed")) {
				t.Errorf("%s: %s", p.URL(), p.Text())
			}
			p.Fill("password", e2e.Word)
			p.Fill("password_confirm", e2e.Word)
			p.Press(".card form .actions .button")
			p.Fill("phone", "400 07 215")
			p.Press(".card .actions .button")
			p.Fill("code", w.Texted("+4740007215"))
			p.Press(".card .actions .button")
			w.identifies(p, oddHimself)
			p.Check("saved")
			p.Press(".card form .actions .button")
			if !p.Has("Odd") || p.HorizontalOverflow() {
				t.Errorf("%s: %s", p.URL(), p.Text())
			}
		})
	}
}
