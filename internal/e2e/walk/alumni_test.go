package walk_test

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/people"
)

// leaver follows Asta from before her last day to after the window, and HR, who
// says no once and then gives her more time.
func (w *walker) leaver() {
	w.t.Helper()
	p := w.newcomer("1307", "Asta", "Kasseassistent", "asta", false)
	p.Press("[value=skip]")
	w.Pass(hour / 2)
	id := w.asta(func(ctx context.Context, id uuid.UUID) error { return w.address(ctx, id, account.Work) }, map[string]any{"end_date": w.day(10)})
	w.reminds()
	p = w.tab()
	w.types(p, w.at("havn", "/signin"), "asta."+w.lang+"@post.example")
	w.look(p, "home-leaver")
	w.asta(func(ctx context.Context, id uuid.UUID) error { return w.address(ctx, id, account.Private) }, map[string]any{"end_date": "2020-12-31", "access_until": w.day(5)})
	w.reminds()
	p = w.onAlumni()
	w.look(p, "home-alumna")
	w.asta(nil, map[string]any{"access_until": w.day(-3)})
	p.Goto(w.at("alumni.havn", "/profile"))
	w.look(p, "signin-closed")
	p = w.onAlumni()
	w.look(p, "closed")
	p.Press("[action='/alumni/closed'] .button")
	w.look(p, "closed-asked")
	w.tooLate()
	w.answers(id)
	p = w.onAlumni()
	w.look(p, "home-prolonged")
}

// answers is HR's part.
func (w *walker) answers(id uuid.UUID) {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/admin/alumni")
	w.look(p, "alumni-board")
	p.Click(".table a")
	w.look(p, "access")
	p.Fill("until", "1999-01-01")
	w.send(p, "[action$='/access'] .button")
	w.wrong(p, "access-refused")
	p.Press("[action$='/decline'] .button")
	w.look(p, "alumni-declined")
	w.Work()
	closed := w.onAlumni()
	w.look(closed, "closed-declined")
	p.Goto(w.at("havn", "/admin/people/per_"+id.String()+"/access"))
	p.Fill("until", w.day(40))
	p.Press("[action$='/access'] .button")
	w.look(p)
	w.Work()
	p.Goto(w.at("havn", "/admin/alumni"))
	w.look(p, "alumni-prolonged")
}

// tooLate asks for a new password once the access is over.
func (w *walker) tooLate() {
	w.t.Helper()
	p := w.tab()
	p.Goto(w.at("alumni.havn", "/reset"))
	w.post(p, "/language", "language", w.lang, "path", "/reset")
	p.Fill("email", "asta."+w.lang+"@post.example")
	p.Press("[name=action][value=password]")
	w.Work()
}

// day is some days from now, as a form writes it.
func (w *walker) day(after int) string {
	return w.Clock.Now().AddDate(0, 0, after).Format("2006-01-02")
}

// asta changes her employment, and what else is asked for.
func (w *walker) asta(also func(context.Context, uuid.UUID) error, set map[string]any) (id uuid.UUID) {
	w.t.Helper()
	err := w.DB.Tx(w.Operator("havn"), func(ctx context.Context) error {
		who, err := people.ByNumber(ctx, "1307")
		if err != nil {
			return err
		}
		id = who.ID
		if also != nil {
			if err := also(ctx, id); err != nil {
				return err
			}
		}
		return db.From(ctx).Model(&people.Employment{}).Where("person_id = ?", id).Updates(set).Error
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// address makes her one address the employer's, or her own.
func (w *walker) address(ctx context.Context, id uuid.UUID, kind account.Kind) error {
	acc, err := account.ByPerson(ctx, id)
	if err != nil {
		return err
	}
	return db.From(ctx).Model(&account.Identifier{}).Where("account_id = ?", acc.ID).Update("kind", kind).Error
}

// reminds does what the worker does every hour.
func (w *walker) reminds() {
	w.t.Helper()
	if n, err := w.App.Services.Alumni.Remind(w.Operator("havn")); err != nil || n == 0 {
		w.t.Fatalf("%d reminders: %v", n, err)
	}
	w.Work()
}

// onAlumni signs her in on the host for former employees.
func (w *walker) onAlumni() page {
	w.t.Helper()
	w.Pass(hour / 60)
	p := w.tab()
	p.Goto(w.at("alumni.havn", "/signin"))
	w.post(p, "/language", "language", w.lang, "path", "/signin")
	p.Fill("email", "asta."+w.lang+"@post.example")
	p.Press(".card .button")
	p.Fill("password", e2e.Word)
	p.Press(".card .actions .button")
	return p
}
