package walk_test

import (
	"context"
	"regexp"
	"strings"
	"time"

	"tilgang/internal/db"
	"tilgang/internal/e2e"
)

var (
	resetLine = regexp.MustCompile(`(?m)^reset: \{.*\}`)
	sixDigits = regexp.MustCompile(`\b\d{6}\b`)
)

// waysBack lets Havn send codes and one-time links, and goes through both with the
// cashier.
func (w *walker) waysBack() {
	w.t.Helper()
	w.changes("havn", func(yaml string) string {
		return resetLine.ReplaceAllString(yaml, "reset: {mode: code, life: 15m, magiclink: true}")
	})
	w.Pass(2 * time.Minute)
	to := "cashier." + w.lang + "@post.example"
	w.byCode(to)
	w.byLink(to)
	w.moved(to)
}

// byCode resets by code, with two wrong ones on the way.
func (w *walker) byCode(to string) {
	w.t.Helper()
	p := w.tab()
	p.Goto(w.at("havn", "/reset"))
	w.look(p, "reset-ways")
	p.Fill("email", to)
	p.Press("[name=action][value=password]")
	w.look(p, "reset-code")
	w.Work()
	code := sixDigits.FindString(w.Mail(to).Text)
	p.Fill("code", "12")
	w.send(p, ".card form .button")
	w.wrong(p, "reset-code-wrong")
	p.Fill("code", code)
	p.Press(".card form .button")
	p.Fill("password", e2e.Word+"?")
	p.Fill("password_confirm", e2e.Word+"?")
	p.Press(".card form .actions .button")
	w.Pass(2 * time.Minute)
	w.guesses(w.tab(), to)
}

// guesses types wrong codes until no more are taken.
func (w *walker) guesses(p page, to string) {
	w.t.Helper()
	p.Goto(w.at("havn", "/reset"))
	p.Fill("email", to)
	p.Press("[name=action][value=password]")
	w.Work()
	wrong := "000000"
	if sixDigits.FindString(w.Mail(to).Text) == wrong {
		wrong = "000001"
	}
	for range 5 {
		p.Fill("code", wrong)
		p.Press(".card form .button")
	}
	w.look(p, "reset-over")
}

// byLink opens a link where it was asked for, elsewhere, and when it is dead.
func (w *walker) byLink(to string) {
	w.t.Helper()
	w.Pass(2 * time.Minute)
	p := w.tab()
	p.Goto(w.at("havn", "/reset"))
	p.Fill("email", to)
	p.Press("[name=action][value=link]")
	w.look(p, "magiclink-wait")
	w.Work()
	link := w.Link(to, "/magiclink/")
	p.Fill("code", "12")
	w.send(p, ".card form .button")
	w.wrong(p, "magiclink-wait-wrong")
	other := w.tab()
	other.Goto(link)
	w.look(other, "magiclink-elsewhere")
	p.Goto(link)
	w.look(p, "magiclink-open")
	p.Press(".card form .button")
	if strings.Contains(p.URL(), "/magiclink") {
		w.t.Errorf("the button led to %s", p.URL())
	}
	other.Goto(link)
	w.look(other, "magiclink-used")
	other.Goto(w.at("havn", "/magiclink/"+strings.Repeat("A", 43)))
	w.look(other, "magiclink-dead")
	w.Pass(2 * time.Minute)
	other.Goto(w.at("havn", "/reset"))
	other.Fill("email", to)
	other.Press("[name=action][value=link]")
	for range 5 {
		other.Fill("code", "AAAA-AAAA")
		other.Press(".card form .button")
	}
	w.look(other, "magiclink-over")
}

// moved asks for a link on the staff host after the last day.
func (w *walker) moved(to string) {
	w.t.Helper()
	w.Pass(2 * time.Minute)
	err := w.DB.Tx(w.Operator("havn"), func(ctx context.Context) error {
		_, err := db.Exec(ctx, `UPDATE employments SET end_date = '2026-11-20' WHERE tenant_id = @tenant AND employee_number = '1301'`)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	p := w.tab()
	p.Goto(w.at("havn", "/reset"))
	p.Fill("email", to)
	p.Press("[name=action][value=link]")
	w.Work()
}
