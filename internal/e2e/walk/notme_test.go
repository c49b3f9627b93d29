package walk_test

import (
	"regexp"
	"strings"

	"tilgang/internal/e2e"
)

var denialCode = regexp.MustCompile(`(?m)^    (\d{6})$`)

// stranger signs in with somebody's password; the owner says that it was not
// them, takes it back, says it again, and HR lifts it.
func (w *walker) stranger() {
	w.t.Helper()
	to := "nora." + w.lang + "@post.example"
	w.newcomer("1304", "Nora", "Kasseassistent", "nora", false).Press("[value=skip]")
	w.entersAs(to)
	w.Work()
	p := w.tab()
	p.Goto(w.Link(to, "/notme/"))
	code := denialCode.FindStringSubmatch(w.Mail(to).Text)[1]
	w.look(p, "notme")
	w.send(p, ".card form .button")
	w.wrong(p)
	p.Fill("code", code)
	p.Press(".card form .button")
	w.look(p, "notme-reported")
	w.send(p, ".card form .button")
	w.wrong(p)
	own := w.entersAs(to)
	w.look(own, "home-frozen")
	own.Goto(w.at("havn", "/security"))
	w.look(own, "security-frozen")
	w.lifts()
	p.Goto(w.at("havn", "/notme"))
	w.look(p, "notme-over")
	p.Goto(w.at("havn", "/notme/"+strings.Repeat("A", 43)))
	w.look(p, "notme-dead")
}

// entersAs signs in on a browser of its own.
func (w *walker) entersAs(address string) page {
	w.t.Helper()
	p := w.tab()
	p.Goto(w.at("havn", "/signin"))
	p.Fill("email", address)
	p.Press(".card .button")
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	return p
}

// lifts is HR's part.
func (w *walker) lifts() {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/admin/people?q=nora")
	p.Click("Nora")
	w.look(p, "person-frozen")
	p.Click("[href$='/freeze']")
	w.look(p, "person-freeze")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Check("how")
	p.Press("#shell-main form .actions .button")
	w.look(p)
}
