package mydata_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/factor"
	"tilgang/internal/message/practice"
	"tilgang/internal/mydata"
	"tilgang/internal/people"
)

// leaver is somebody of havn who has left and asked for deletion.
type leaver struct {
	*e2e.Stage

	t        *testing.T
	demo     app.DemoAccount
	b        *apptest.Browser // theirs
	person   people.Person
	account  uuid.UUID
	number   string
	request  uuid.UUID
	database context.Context // havn's
}

func newLeaver(t *testing.T) *leaver {
	t.Helper()
	s := e2e.New(t)
	l := &leaver{Stage: s, t: t, demo: s.Who("havn", "alumnus"), database: s.Operator("havn"), b: s.BrowserOn("alumni.havn." + s.Base)}
	l.read(func(ctx context.Context) error {
		acc, err := account.ByAddress(ctx, l.demo.Email)
		if err != nil {
			return err
		}
		l.account = acc.ID
		l.person, err = people.ByID(ctx, acc.PersonID)
		if err != nil {
			return err
		}
		return db.Rows(ctx, &l.number, "SELECT employee_number FROM employments WHERE tenant_id = @tenant AND person_id = @person", sql.Named("person", acc.PersonID))
	})
	s.SignIn(l.b, l.demo, "/mydata/erasure")
	l.b.Post("/mydata/copy", nil)
	l.b.Post("/mydata/erasure", url.Values{"words": {"Alt, hvad I må"}})
	l.request = openRequest(s, "havn").ID
	s.Work()
	err := s.DB.Tx(l.database, func(ctx context.Context) error { // a text message that brought no code
		return s.App.Services.Phones.Count(ctx, l.account, uuid.New(), "+4520123456", "")
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *leaver) read(do func(ctx context.Context) error) {
	l.t.Helper()
	if err := l.App.DB.Read(l.database, do); err != nil {
		l.t.Fatal(err)
	}
}

// count counts rows of a table of havn's.
func (l *leaver) count(table, where string) (n int) {
	l.t.Helper()
	l.read(func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT count(*) FROM "+table+" x WHERE x.tenant_id = @tenant AND "+where, sql.Named("person", l.person.ID), sql.Named("account", l.account), sql.Named("texts", factor.TextsOf(l.account)))
	})
	return n
}

func (l *leaver) at() string { return "/admin/mydata/" + l.request.String() + "/erase" }

func (l *leaver) carryOut(hr *apptest.Browser, number string) *apptest.Page {
	return hr.Post(l.at(), url.Values{"number": {number}})
}

// tracesOf finds texts anywhere in the tenant's tables, in clear.
func (l *leaver) tracesOf(texts ...string) (found []string) {
	l.t.Helper()
	for _, f := range mydata.Fates() {
		var rows []map[string]any
		l.read(func(ctx context.Context) error {
			return db.Rows(ctx, &rows, "SELECT * FROM "+f.Table+" x WHERE x.tenant_id = @tenant")
		})
		for _, row := range rows {
			for column, value := range row {
				for _, text := range texts {
					if text != "" && strings.Contains(strings.ToLower(fmt.Sprintf("%s", value)), strings.ToLower(text)) {
						found = append(found, f.Table+"."+column)
					}
				}
			}
		}
	}
	return found
}

func TestADeletionThatIsCarriedOutTakesAllButWhatLawKeeps(t *testing.T) {
	l := newLeaver(t)
	hr := l.As("havn", "hr")
	l.Hire("fjord", "F900;Rasmus;Other;"+l.demo.Email+";en;Engineer;Head office;fjord-as;2026-12-01") // another tenant's person
	documents := l.count("documents", "x.person_id = @person")
	if p := hr.Get("/admin/mydata/" + l.request.String()); !p.Has("Se, hvad der slettes") {
		t.Fatal(p.Text())
	}
	p := hr.Get(l.at())
	for _, words := range []string{"Dette sletter", "bogføringsloven § 12", "forældelsesloven § 4", fmt.Sprint(documents, " dokumenter"), "personen kan ikke længere hente", l.number} {
		if !p.Has(words) {
			t.Errorf("the preview does not say %q\n%s", words, p.Text())
		}
	}
	if p := l.carryOut(hr, "1"); p.Status != http.StatusUnprocessableEntity || l.count("accounts", "x.id = @account") != 1 {
		t.Errorf("a wrong number: %d", p.Status)
	}
	if p := l.carryOut(hr, l.number); !p.Has("Sletningen er udført") {
		t.Fatal(p.Text())
	}
	if p := l.carryOut(hr, l.number); !p.Has("allerede besvaret") || events(l.Stage, "havn", "mydata.erased") != 1 {
		t.Errorf("the second click: %s", p.Text())
	}
	l.stays(documents)
	l.gone()
	l.told()
	if p := hr.Get("/admin/people/per_" + l.person.ID.String()); !p.Has("Slettet den") || p.Has(l.demo.Email) || p.Has("Ret stamdata") {
		t.Error(p.Text())
	}
}

// stays fails unless documents, name, employment and the other tenant are there.
func (l *leaver) stays(documents int) {
	l.t.Helper()
	if n := l.count("documents", "x.person_id = @person"); n != documents || n == 0 {
		l.t.Errorf("%d of %d documents are left", n, documents)
	}
	if l.count("persons", "x.id = @person AND x.family_name <> '' AND x.erased_at IS NOT NULL") != 1 || l.count("employments", "x.person_id = @person AND x.employee_number <> ''") == 0 {
		l.t.Error("the record is gone")
	}
	err := l.App.DB.Read(l.Operator("fjord"), func(ctx context.Context) error {
		var n int
		err := db.Rows(ctx, &n, "SELECT count(*) FROM persons p JOIN invitations i ON i.tenant_id = @tenant AND i.person_id = p.id WHERE p.tenant_id = @tenant AND p.private_email = @address", sql.Named("address", l.demo.Email))
		if err == nil && n != 1 {
			l.t.Errorf("the other tenant has %d", n)
		}
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// gone fails for each row that is there still, and for each trace in clear.
func (l *leaver) gone() {
	l.t.Helper()
	for _, f := range mydata.Fates() {
		if f.Does != mydata.Deletes {
			continue
		}
		want := 0
		if f.Table == "messages" {
			want = 1 // the last mail
		}
		if n := l.count(f.Table, f.Where); n != want {
			l.t.Errorf("%s has %d rows of somebody erased", f.Table, n)
		}
	}
	if n := l.count("phone_codes", "x.account_id = @texts"); n != 0 {
		l.t.Errorf("%d text messages are still counted", n)
	}
	if found := l.tracesOf(l.demo.Email, l.person.PrivateEmail, l.person.Phone, l.person.WorkEmail, "Alt, hvad I må"); found != nil {
		l.t.Errorf("found in %v", found)
	}
	if n := l.count("audit_events", "x.subject_id IN (@person, @account)"); n == 0 {
		l.t.Error("the audit went")
	}
	if found := l.tracesOf(l.person.FamilyName); len(found) != 1 || found[0] != "persons.family_name" {
		l.t.Errorf("the name is in %v", found)
	}
	if p := l.b.Get("/document"); p.URL.Path == "/document" {
		l.t.Errorf("an open session reads on\n%s", p.Text())
	}
	b := l.BrowserOn("alumni.havn." + l.Base)
	b.Get("/signin?return_to=/document")
	b.Submit("email", l.demo.Email)
	if p := b.Submit("password", l.demo.Password); p.URL.Path != "/signin/password" {
		l.t.Errorf("the password leads to %s", p.URL)
	}
}

// told fails unless one last mail says what is kept.
func (l *leaver) told() {
	l.t.Helper()
	l.Work()
	var last []practice.Entry
	for _, m := range l.App.Services.Mailbox.List(practice.Filter{To: l.demo.Email, Limit: 50}) {
		if strings.Contains(m.Subject, "Dine data er slettet") {
			last = append(last, m)
		}
	}
	if len(last) != 1 || !strings.Contains(last[0].Text, "bogføringsloven § 12") || !strings.Contains(last[0].Text, "31. december") {
		l.t.Errorf("%d last mails: %+v", len(last), last)
	}
}

func TestWhenNoLawKeepsAnythingNameAndEmploymentsGoByThemselves(t *testing.T) {
	l := newLeaver(t)
	hr := authz.Actor{Kind: authz.Person, PersonID: uuid.Must(uuid.NewV7()), Roles: []string{authz.RoleHR}}
	if err := l.App.Services.Documents.Keep(authz.With(l.database, hr), hr, l.person.ID, "A dispute"); err != nil {
		t.Fatal(err)
	}
	if err := l.App.Services.MyData.CarryOut(authz.With(l.database, hr), hr, l.request, l.number); err != nil {
		t.Fatal(err)
	}
	l.Work()
	finish := func(slug string) int64 {
		t.Helper()
		ctx := l.Operator(slug)
		if _, err := l.App.Services.Documents.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		n, err := l.App.Services.MyData.Finish(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := finish("havn"); n != 0 || l.count("messages", "x.person_id = @person") != 1 {
		t.Errorf("on the same day: %d", n)
	}
	l.Pass(11 * 366 * 24 * time.Hour)
	if n := finish("havn"); n != 0 || l.count("documents", "x.person_id = @person") == 0 || l.count("messages", "x.person_id = @person") != 0 {
		t.Errorf("%d finished in spite of the hold", n)
	}
	if err := l.App.Services.Documents.Release(authz.With(l.database, hr), hr, l.person.ID); err != nil {
		t.Fatal(err)
	}
	if n := finish("fjord"); n != 0 {
		t.Errorf("another tenant's sweep finished %d", n)
	}
	if n := finish("havn"); n != 1 || l.count("employments", "x.person_id = @person") != 0 || l.tracesOf(l.person.FamilyName) != nil {
		t.Errorf("%d finished, the name is in %v", n, l.tracesOf(l.person.FamilyName))
	}
	if n := finish("havn"); n != 0 || events(l.Stage, "havn", "mydata.erasure_finished") != 1 {
		t.Errorf("%d finished twice", n)
	}
	if p := l.As("havn", "hr").Get("/admin/people/per_" + l.person.ID.String()); p.Status != http.StatusOK || p.Has(l.person.FamilyName) {
		t.Errorf("%d %s", p.Status, p.Text())
	}
}

func TestAfterADeletionAStaffFileBringsNothingBackAndARehireBeginsAnew(t *testing.T) {
	l := newLeaver(t)
	hr := l.As("havn", "hr")
	var start string
	l.read(func(ctx context.Context) error {
		return db.Rows(ctx, &start, "SELECT start_date FROM employments WHERE tenant_id = @tenant AND person_id = @person", sql.Named("person", l.person.ID))
	})
	l.carryOut(hr, l.number)
	row := l.number + ";" + l.person.GivenName + ";" + l.person.FamilyName + ";" + l.demo.Email + ";da;;;havn-retail;"
	l.Hire("havn", row+start)
	if l.count("persons", "x.id = @person AND x.private_email = ''") != 1 || l.count("person_tokens", "x.person_id = @person") != 0 {
		t.Error("the file that names them still brought their address back")
	}
	l.Hire("havn", row+"2027-03-01")
	if l.count("persons", "x.id = @person AND x.erased_at IS NULL AND x.private_email <> ''") != 1 || l.count("invitations", "x.person_id = @person AND x.state = 'pending'") != 1 {
		t.Error("they are not hired anew")
	}
	if l.count("accounts", "x.person_id = @person") != 0 || l.count("sessions", "x.account_id = @account") != 0 {
		t.Error("the old account came back")
	}
}
