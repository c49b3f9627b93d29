package walk_test

import (
	"strings"

	"tilgang/internal/e2e"
	"tilgang/internal/factor"
	"tilgang/internal/message/practice"
)

// changedPhone is a new phone of the person who came in by the first.
const changedPhone = "+4520123413"

// rephoned puts another phone on file for who has no e-mail address.
func (w *walker) rephoned(p page) {
	w.t.Helper()
	p.Goto(w.at("havn", "/signin"))
	p.Fill("email", phonedNumber)
	p.Press(".card .button")
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	if strings.HasSuffix(p.URL(), "/mfa/setup") {
		p.Press("[value=skip]")
	}
	p.Goto(w.at("havn", "/security"))
	w.look(p, "security-by-number")
	p.Click("[href='/security/texts']")
	w.look(p, "security-texts")
	p.Fill("phone", "12")
	w.send(p, act)
	w.wrong(p, "security-texts-wrong")
	p.Fill("phone", "20 12 34 13")
	p.Fill("current_password", e2e.Word)
	p.Press(act)
	w.look(p, "security-texts-code")
	p.Fill("code", "12")
	w.send(p, act)
	w.wrong(p, "security-texts-code-wrong")
	w.Work()
	list := w.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, Kind: factor.TextCode, To: changedPhone, Limit: 1})
	if len(list) == 0 {
		w.t.Fatal("no code")
	}
	p.Fill("code", six.FindString(list[0].Text))
	p.Press(act)
	w.look(p, "security-texts-done")
}
