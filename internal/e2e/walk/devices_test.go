package walk_test

import (
	"strings"
)

// devices trusts this browser at a sign-in, where the employer allows it, and
// takes that back.
func (w *walker) devices(p page, to, word, key string) {
	w.t.Helper()
	w.changes("havn", func(yaml string) string {
		return strings.Replace(yaml, "  offer: skip\n", "  offer: skip\n  trusted_device: 30 days\n", 1)
	})
	w.Pass(hour / 5)
	p.Goto(w.at("havn", "/"))
	w.post(p, "/signout")
	p.Goto(w.at("havn", "/signin"))
	p.Fill("email", to)
	p.Press(".card .button")
	p.Fill("password", word)
	p.Press(".card .actions .button")
	w.look(p, "challenge-trust")
	p.Check("trust")
	p.Fill("code", w.code(key))
	p.Press(".card .button")
	p.Goto(w.at("havn", "/security/sessions"))
	w.look(p, "security-devices")
	p.Click("[href^='/security/devices/']")
	w.look(p, "security-device-remove")
	p.Press(act)
}
