package walk_test

import (
	"context"
	"strings"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/e2e"
	"tilgang/internal/people"
)

// forgotten goes from a forgotten password to the sign-in page with the address
// filled in, and sees what a link says that was used.
func (w *walker) forgotten() {
	w.t.Helper()
	to := "cashier." + w.lang + "@post.example"
	p := w.tab()
	p.Goto(w.at("havn", "/reset"))
	w.send(p, ".card form .button")
	w.wrong(p)
	p.Fill("email", to)
	p.Press(".card form .button")
	w.look(p, "reset-sent")
	w.Work()
	link := w.Link(to, "/reset/")
	p.Goto(link)
	w.look(p, "reset-choose")
	p.Fill("password", "Havn")
	p.Fill("password_confirm", "other")
	w.send(p, ".card form .actions .button")
	w.wrong(p, "reset-refused")
	p.Fill("password", e2e.Word+"!")
	p.Fill("password_confirm", e2e.Word+"!")
	p.Press(".card form .actions .button")
	w.look(p, "reset-done")
	p.Click(".card .button")
	if !strings.HasSuffix(p.URL(), "/signin/password") {
		w.t.Errorf("the way ends on %s", p.URL())
	}
	p.Goto(link)
	w.look(p, "reset-used")
	p.Goto(w.at("havn", "/reset/"+strings.Repeat("A", 43)))
	w.look(p, "reset-dead")
	w.receipt()
}

// receipt has a mail sent by one person to another, for its receipt.
func (w *walker) receipt() {
	w.t.Helper()
	ctx := w.Operator("havn")
	var from account.Account
	var to people.Person
	err := w.DB.Read(ctx, func(ctx context.Context) error {
		manager, err := people.ByNumber(ctx, "1302")
		if err != nil {
			return err
		}
		if from, err = account.ByPerson(ctx, manager.ID); err != nil {
			return err
		}
		to, err = people.ByNumber(ctx, "1301")
		return err
	})
	if err == nil {
		actor := authz.Actor{Kind: authz.Person, AccountID: from.ID, PersonID: from.PersonID, Roles: []string{authz.RoleManager}, Language: w.lang}
		_, err = w.App.Services.Reset.SendFor(authz.With(ctx, actor), to.ID)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.Work()
}
