package walk_test

import (
	"strings"
)

// moving confirms an address at Skog, whose people still sign in elsewhere.
func (w *walker) moving() {
	w.t.Helper()
	w.speaks("skog")
	to := "sanna." + w.lang + "@post.example"
	w.Hire("skog", "941;Sanna;Ek;"+to+";"+w.lang+";Operatör;Produktion;skog-industri;2026-11-01")
	p := w.tab()
	p.Goto(w.at("skog", "/signin"))
	w.look(p)
	p.Goto(w.Link(to, "/invite/"))
	w.look(p, "prepare")
	p.Fill("code", "00000-00000")
	p.Press("[action='/invite/confirm'] .button")
	w.wrong(p)
	p.Fill("code", w.typedCode(to))
	p.Press("[action='/invite/confirm'] .button")
	w.look(p, "confirmed")
}

// typedCode is the code that stands in the newest mail to somebody.
func (w *walker) typedCode(to string) string {
	w.t.Helper()
	for line := range strings.Lines(w.Mail(to).Text) {
		if code := strings.TrimSpace(line); len(code) == 11 && strings.Count(code, "-") == 1 && !strings.Contains(code, " ") {
			return code
		}
	}
	w.t.Fatalf("no code in %s", w.Mail(to).Text)
	return ""
}
