package mydata_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/httpkit"
	"tilgang/internal/mydata"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// there tells whether the leaver's account is.
func (l *leaver) there() bool { return l.count("accounts", "x.id = @account") == 1 }

func TestOnlyHROfTheSameTenantCarriesADeletionOut(t *testing.T) {
	l := newLeaver(t)
	for _, role := range []string{"employee", "manager", "auditor"} {
		if p := l.carryOut(l.As("havn", role), l.number); p.Status != http.StatusForbidden || !l.there() {
			t.Errorf("%s: %d", role, p.Status)
		}
	}
	other := l.As("fjord", "hr")
	if p := l.carryOut(other, l.number); p.Status != http.StatusNotFound || !l.there() {
		t.Errorf("another tenant's HR: %d", p.Status)
	}
	if p := other.Post("/admin/people/per_"+l.person.ID.String()+"/mydata", nil); p.Status != http.StatusNotFound || rows[mydata.Request](l.Stage, "fjord") != 0 {
		t.Errorf("another tenant's HR notes a request: %d", p.Status)
	}
	hr := l.As("havn", "hr")
	if p := hr.Post("/admin/mydata/"+l.request.String(), url.Values{"state": {"done"}, "words": {"Slettet"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("said to be done, and not done: %d", p.Status)
	}
	l.Pass(11 * time.Minute)
	if p := l.carryOut(hr, l.number); p.URL.Path != httpkit.ProvePath || !l.there() {
		t.Errorf("a session that was left open: %s", p.URL)
	}
	who := l.Who("havn", "hr")
	if p := hr.Submit("current_password", who.Password, "code", who.Code(l.Clock.Now())); p.URL.Path != "/admin/mydata/"+l.request.String()+"/erase" || !l.there() {
		t.Errorf("the proof leads to %s", p.URL)
	}
	if l.carryOut(hr, l.number); l.there() {
		t.Error("HR could not")
	}
}

func TestNobodyCarriesOutTheirOwnDeletionNorThatOfAHigherRole(t *testing.T) {
	l := newLeaver(t)
	hr, admin := l.As("havn", "hr"), l.As("havn", "admin")
	l.carryOut(hr, l.number)
	admin.Post("/mydata/erasure", url.Values{"words": {""}})
	l.request = openRequest(l.Stage, "havn").ID
	if p := l.carryOut(admin, "1003"); !p.Has("din egen anmodning") || events(l.Stage, "havn", "mydata.erased") != 1 {
		t.Errorf("the own one: %s", p.Text())
	}
	if p := l.carryOut(hr, "1003"); !p.Has("Personen har en rolle") || events(l.Stage, "havn", "mydata.erased") != 1 {
		t.Errorf("of an administrator: %d %s", p.Status, p.Text())
	}
}

func TestNothingIsDeletedWhileTheOwnerSaysThatItWasNotThem(t *testing.T) {
	l := newLeaver(t)
	hr := l.As("havn", "hr")
	change := func(do func(ctx context.Context) error) {
		t.Helper()
		if err := l.App.DB.Tx(l.database, do); err != nil {
			t.Fatal(err)
		}
	}
	change(func(ctx context.Context) error {
		return db.InsertAll(ctx, []account.Freeze{{ID: uuid.Must(uuid.NewV7()), AccountID: l.account, NoticeID: uuid.Must(uuid.NewV7()), FrozenAt: db.Now(ctx)}}, db.Clash{})
	})
	if p := l.carryOut(hr, l.number); !p.Has("Nogen har sagt") || !l.there() {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	change(func(ctx context.Context) error {
		_, err := db.Exec(ctx, "UPDATE freezes SET lifted_at = @now, lifted_why = 'hr' WHERE tenant_id = @tenant", sql.Named("now", db.Now(ctx)))
		return err
	})
	if l.carryOut(hr, l.number); l.there() {
		t.Error("it stays after that is cleared up")
	}
}

// staff is somebody of havn in service with a private address and a trusted
// browser.
type staff struct {
	*e2e.Stage

	t       *testing.T
	account account.Account
	number  string
}

func newStaff(t *testing.T) *staff {
	t.Helper()
	s := &staff{Stage: e2e.New(t), t: t}
	cookie, _ := secret.Token()
	ctx := s.Operator("havn")
	lenient := *tenant.MustFrom(ctx)
	lenient.Mfa.TrustedDays = 30
	err := s.App.DB.Tx(tenant.With(ctx, &lenient), func(ctx context.Context) (err error) {
		if s.account, err = account.ByAddress(ctx, s.Who("havn", "employee").Email); err != nil {
			return err
		}
		if err := s.App.Services.Factors.Trust(ctx, s.account.ID, cookie, "Firefox"); err != nil {
			return err
		}
		_, err = db.Exec(ctx, "UPDATE persons SET private_email = 'hjemme@example.org', private_email_key = 'hjemme@example.org', phone = '+4520120199' WHERE tenant_id = @tenant AND id = @person",
			sql.Named("person", s.account.PersonID))
		if err != nil {
			return err
		}
		return db.Rows(ctx, &s.number, "SELECT employee_number FROM employments WHERE tenant_id = @tenant AND person_id = @person", sql.Named("person", s.account.PersonID))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *staff) count(rest string) (n int) {
	s.t.Helper()
	err := s.App.DB.Read(s.Operator("havn"), func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT count(*) FROM "+rest+" AND tenant_id = @tenant", sql.Named("person", s.account.PersonID), sql.Named("account", s.account.ID))
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// ask lets HR note the request, twice, and gives its page.
func (s *staff) ask(hr *apptest.Browser) string {
	s.t.Helper()
	note := "/admin/people/per_" + s.account.PersonID.String() + "/mydata"
	hr.Post(note, nil)
	at := "/admin/mydata/" + openRequest(s.Stage, "havn").ID.String()
	if p := hr.Post(note, nil); p.URL.Path != at || rows[mydata.Request](s.Stage, "havn") != 1 {
		s.t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	return at + "/erase"
}

func TestSomebodyInServiceLosesOnlyWhatWorkDoesNotNeed(t *testing.T) {
	s := newStaff(t)
	b, hr := s.As("havn", "employee"), s.As("havn", "hr")
	if p := b.Get("/mydata/erasure"); !p.Has("Mens du arbejder her") {
		t.Error(p.Text())
	}
	const trusted = "trusted_devices WHERE account_id = @account"
	at := s.ask(hr)
	if p := hr.Get(at); !p.Has("arbejder her") || s.count(trusted) == 0 {
		t.Error(p.Text())
	}
	if p := hr.Post(at, url.Values{"number": {s.number}}); !p.Has("Sletningen er udført") {
		t.Fatal(p.Text())
	}
	if s.count(trusted) != 0 || s.count("persons WHERE id = @person AND private_email = '' AND phone = '' AND work_email <> '' AND erased_at IS NULL") != 1 {
		t.Error("what work does not need is there still, or more is gone")
	}
	if s.count("person_tokens WHERE person_id = @person") == 0 || s.count("person_tokens WHERE person_id = @person AND token LIKE 'hjemme%'") != 0 {
		t.Error("HR's search is wrong")
	}
	if p := b.Get("/mydata"); p.URL.Path != "/mydata" || !p.Has("Udført: Det, som ingen lov") {
		t.Errorf("%s %s", p.URL, p.Text())
	}
	demo := s.Who("havn", "employee")
	if p := s.SignIn(s.Browser("havn"), demo, "/document"); p.URL.Path != "/document" {
		t.Errorf("they sign in and land at %s", p.URL)
	}
	if s.Work(); s.Mail(demo.Email).Subject != "Havn: Dine data er slettet" {
		t.Errorf("%s", s.Mail(demo.Email).Subject)
	}
}
