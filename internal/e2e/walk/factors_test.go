package walk_test

import (
	"strings"
	"time"

	"tilgang/internal/e2e"
	"tilgang/internal/message/voice"
)

// called sets a phone up by a call, and waits for a text that does not come.
func (w *walker) called() {
	w.speaks("nordlys")
	to := "kari." + w.lang + "@post.example"
	w.Hire("nordlys", "902;Kari;Lie;"+to+";"+w.lang+";Montør;Stab;nordlys-energi;2026-11-01")
	p := w.tab()
	p.Goto(w.Link(to, "/invite/"))
	p.Fill("password", e2e.Word)
	p.Fill("password_confirm", e2e.Word)
	p.Press(".card .actions .button")
	p.Click(".card .button")
	p.Click("[href='/mfa/setup/phone']")
	p.Fill("phone", "400 08 216")
	p.Fill("code", w.spoken(p, "+4740008216"))
	p.Press(".card .actions .button")
	w.look(p) // its scripts have shown their buttons by then
	p.Check("saved")
	p.Press(".card form .actions .button")
	w.Pass(time.Minute)
	p = w.tab()
	p.Goto(w.at("nordlys", "/signin"))
	p.Fill("email", to)
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	w.look(p, "challenge-choose")
	p.Press("[name='channel'][value='sms']")
	w.Pass(time.Minute / 2)
	p.Goto(w.at("nordlys", "/mfa"))
	w.look(p, "challenge-late")
}

// spoken asks for the code by a call and gives it; in a language without a voice no
// call is offered, and the code comes by text message.
func (w *walker) spoken(p page, number string) string {
	w.t.Helper()
	_, speaks := voice.For(w.lang)
	if offered := len(p.Texts("[name='channel'][value='voice']")) > 0; offered != speaks {
		w.t.Errorf("a call is offered in %s: %v", w.lang, offered)
	}
	if !speaks {
		p.Press(".card .actions .button")
		w.look(p, "phone-texted")
		return w.Texted(number)
	}
	p.Press("[name='channel'][value='voice']")
	w.look(p, "phone-called")
	return w.Called(number)
}

// lost signs in by a recovery code and replaces the lost app by a second one.
func (w *walker) lost() {
	w.speaks("skog")
	to := "siv." + w.lang + "@post.example"
	w.Hire("skog", "903;Siv;Dahl;"+to+";"+w.lang+";Operatör;Produktion;skog-industri;2026-11-01")
	p := w.tab()
	p.Goto(w.Link(to, "/invite/"))
	p.Fill("password", e2e.Word)
	p.Fill("password_confirm", e2e.Word)
	p.Press(".card .actions .button")
	p.Click(".card .button")
	p.Goto(w.at("skog", "/mfa/setup/totp"))
	key := strings.ReplaceAll(text(p, ".copy-text"), " ", "")
	p.Fill("code", w.code(key))
	p.Press(".card form .actions .button")
	p.Press("[name='action'][value='skip']")
	codes := p.Texts(".codes-list code")
	w.look(p) // its scripts have shown their buttons by then
	p.Check("saved")
	p.Press(".card form .actions .button")
	w.Pass(time.Minute)
	p = w.tab()
	p.Goto(w.at("skog", "/signin"))
	p.Fill("email", to)
	p.Press(".card .button")
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	p.Click("[href='/mfa/recovery']")
	p.Fill("code", codes[0])
	p.Press(".card .actions .button")
	p.Goto(w.at("skog", "/security"))
	w.look(p, "security-lost-offer")
	p.Click("[href='/security/lost']")
	w.look(p, "security-lost")
	p.Fill("current_password", "wrong")
	p.Fill("code", codes[1])
	w.send(p, "[action='/security/lost'] .actions .button")
	w.wrong(p, "security-lost-wrong")
	p.Fill("current_password", e2e.Word)
	p.Fill("code", codes[1])
	p.Press("[action='/security/lost'] .actions .button")
	w.look(p, "totp-lost")
}
