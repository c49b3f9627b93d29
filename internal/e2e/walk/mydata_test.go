package walk_test

import (
	"context"
	"strings"
	"time"

	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// mydata is somebody's copy of everything and what they ask of HR, and HR's
// answer.
func (w *walker) mydata() {
	w.t.Helper()
	who := w.Who("havn", "employee")
	w.reads("1012")
	p := w.tab()
	w.signIn(p, who, "/mydata")
	p.Goto(w.at("havn", "/mydata"))
	w.look(p, "mydata")
	p.Press(`[action="/mydata/copy"] .button`)
	w.Work()
	p.Goto(w.at("havn", "/mydata"))
	w.look(p, "mydata-ready")
	p.Goto(w.at("havn", "/mydata/correction"))
	w.look(p, "mydata-correction")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Fill("words", "Løkke, not Lykke")
	p.Press("#shell-main form .actions .button")
	w.look(p, "mydata-asked")
	p.Goto(w.at("havn", "/mydata/erasure"))
	w.look(p, "mydata-erasure")
	w.post(p, "/mydata/erasure", "words", strings.Repeat("x ", 600))
	w.wrong(p)
	w.Pass(11 * time.Minute)
	p.Goto(w.at("havn", httpkit.ProveAt("/mydata")))
	w.look(p, "mydata-prove")
	p.Fill("current_password", "wrong")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	w.answersRequests()
}

// reads lets mails to somebody come in the language of the walk.
func (w *walker) reads(number string) {
	w.t.Helper()
	err := w.DB.Tx(w.Operator("havn"), func(ctx context.Context) error {
		who, err := people.ByNumber(ctx, number)
		if err != nil {
			return err
		}
		return people.SetLanguage(ctx, who.ID, w.lang)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// answersRequests is HR's part.
func (w *walker) answersRequests() {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/")
	p.Goto(w.at("havn", "/admin/mydata"))
	w.look(p, "mydata-board")
	p.Click(".table a")
	w.look(p, "mydata-case")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	w.erases(p)
}

// erases is HR's page of a deletion that somebody who has left asked for, and
// what the record says after it.
func (w *walker) erases(p page) {
	w.t.Helper()
	var who people.Person
	err := w.DB.Read(w.Operator("havn"), func(ctx context.Context) (err error) { who, err = people.ByNumber(ctx, "1025"); return })
	if err != nil {
		w.t.Fatal(err)
	}
	person := "/admin/people/per_" + who.ID.String()
	p.Goto(w.at("havn", "/admin/mydata?person=per_"+who.ID.String()))
	w.look(p, "mydata-note")
	p.Press(`[action="` + person + `/mydata"] .button`)
	w.look(p, "mydata-case-erasure")
	p.Press("#shell-main .actions a.button[href$='/erase']")
	w.look(p, "mydata-erase")
	p.Fill("number", "1")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
}
