package walk_test

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/people"
)

// lostAll follows Lone, who works in Camilla's shop and has lost her phone.
func (w *walker) lostAll() {
	w.t.Helper()
	p := w.newcomer("1306", "Lone", "Kasseassistent", "lone", false)
	p.Press("[value=skip]")
	id := w.enrolLone()
	w.Pass(25 * hour)
	report, person := w.at("havn", "/manager/per_"+id.String()), w.at("havn", "/admin/people/per_"+id.String())
	w.starts(report)
	w.decides(person)
	w.Pass(24 * hour)
	w.Work()
	lone := w.lone()
	w.look(lone, "setup-anew")
	lone.Click("[href='/mfa']")
	w.look(lone, "challenge-found")
	w.cancels(person)
	w.passes(report, person)
	w.stops()
}

// enrolLone gives her an authenticator, and Camilla as her manager.
func (w *walker) enrolLone() (id uuid.UUID) {
	w.t.Helper()
	ctx := w.Operator("havn")
	var acc account.Account
	err := w.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := people.ByNumber(ctx, "1306")
		if err != nil {
			return err
		}
		boss, err := account.ByAddress(ctx, strings.ToLower(w.Who("havn", "manager").Email))
		if err != nil {
			return err
		}
		if acc, err = account.ByPerson(ctx, who.ID); err != nil {
			return err
		}
		id = who.ID
		return db.From(ctx).Model(&people.Employment{}).Where("person_id = ?", id).Update("manager_person_id", boss.PersonID).Error
	})
	if err != nil {
		w.t.Fatal(err)
	}
	f := w.App.Services.Factors
	e, err := f.StartTOTP(ctx, acc.ID)
	if err == nil {
		err = f.ConfirmTOTP(ctx, acc.ID, e.ID, w.code(e.Secret))
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// lone signs in with her password, as far as that goes.
func (w *walker) lone() page {
	w.t.Helper()
	p := w.tab()
	p.Goto(w.at("havn", "/signin"))
	p.Fill("email", "lone."+w.lang+"@post.example")
	p.Press(".card .button")
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	return p
}

// starts is the manager's part.
func (w *walker) starts(report string) {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "manager"), "/manager")
	p.Goto(report)
	w.look(p, "report-with-codes")
	p.Click("[href$='/recovery']")
	w.look(p, "recovery-start")
	p.Fill("reason", "no")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p, "recovery-start-refused")
	p.Fill("reason", "Her phone is at the bottom of the harbour.")
	p.Press("#shell-main form .actions .button")
	w.look(p, "recovery-started")
	w.Work()
}

// decides is HR's part.
func (w *walker) decides(person string) {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/admin/people")
	p.Goto(person + "/recovery")
	w.look(p, "recovery-person")
	p.Goto(w.at("havn", "/admin/recovery"))
	w.look(p, "recovery-board")
	p.Click(".table a")
	w.look(p, "recovery-case")
	p.Press("[action$='/approve'] .button")
	w.look(p, "recovery-approved")
	w.Work()
}

// cancels ends the case, and starts one that HR cannot approve alone.
func (w *walker) cancels(person string) {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/admin/people")
	p.Goto(w.at("havn", "/admin/recovery"))
	p.Click(".table a")
	p.Press("[action$='/cancel'] .button")
	w.look(p, "recovery-cancelled")
	w.Work()
	p.Goto(person + "/recovery")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Fill("reason", "She told me so.")
	p.Press("#shell-main form .actions .button")
	p.Click("[href^='/admin/recovery/']")
	w.look(p, "recovery-own-start")
	address := strings.TrimPrefix(p.URL(), w.at("havn", ""))
	w.post(p, address+"/approve")
	w.picture(p, []string{"recovery-refused"})
	w.judge(p, "POST") // a page that says who can, and no form
	w.Work()
}

// passes are made by the manager until there are enough for a day; the last one
// lets Lone in.
func (w *walker) passes(report, person string) {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "manager"), "/manager")
	code := ""
	for range 3 {
		p.Goto(report + "/pass")
		w.look(p, "pass-make")
		p.Press("#shell-main form .actions .button")
		w.look(p, "pass-made")
		code = text(p, ".copy-text")
	}
	w.post(p, strings.TrimPrefix(report, w.at("havn", ""))+"/pass")
	w.wrong(p)
	hr := w.tab()
	w.signIn(hr, w.Who("havn", "hr"), "/admin/people")
	hr.Goto(person + "/pass")
	w.look(hr, "pass-often")
	w.post(hr, strings.TrimPrefix(person, w.at("havn", ""))+"/pass")
	w.wrong(hr)
	w.Work()
	lone := w.lone()
	w.look(lone, "challenge-with-pass")
	lone.Click("[href='/mfa/pass']")
	w.look(lone, "pass")
	w.send(lone, ".card .actions .button")
	w.wrong(lone, "pass-wrong")
	lone.Fill("code", code)
	lone.Press(".card .actions .button")
	lone.Goto(w.at("havn", "/recovery"))
	w.look(lone, "recovery-own")
	lone.Press("#shell-main form .actions .button")
	w.look(lone, "recovery-own-stopped")
}

// stops is the page of the notice's link.
func (w *walker) stops() {
	w.t.Helper()
	p := w.tab()
	p.Goto(w.at("havn", "/recovery/stop"))
	w.look(p, "recovery-stop")
	w.send(p, ".card .actions .button")
	w.wrong(p, "recovery-stop-wrong")
}
