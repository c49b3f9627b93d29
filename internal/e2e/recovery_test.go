package e2e_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/httpkit"
)

// The budgets of steps: HR from the person's page on, the approver from the
// start page on, and the person from the sign-in page home with a new app.
const (
	startSteps   = 2
	approveSteps = 4
	anewSteps    = 7
)

// held are the identities of an account's factors and recovery codes.
func held(t *testing.T, s *e2e.Stage, person uuid.UUID) (found string) {
	t.Helper()
	err := s.DB.Read(s.Operator("havn"), func(ctx context.Context) error {
		acc, err := account.ByPerson(ctx, person)
		if err != nil {
			return err
		}
		for _, table := range []string{"authenticators", "recovery_codes"} {
			var ids []string
			if err := db.Rows(ctx, &ids, "SELECT CAST(id AS TEXT) FROM "+table+" WHERE tenant_id = @tenant AND account_id = @id ORDER BY id", map[string]any{"id": acc.ID}); err != nil {
				return err
			}
			found += table + " " + strings.Join(ids, " ") + "\n"
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// shownKey is the key of the app that the page shows.
func shownKey(p *apptest.Page) (key string) {
	for _, n := range p.All("code") {
		key = strings.ReplaceAll(apptest.Text(n), " ", "")
	}
	return key
}

func appCode(t *testing.T, s *e2e.Stage, key string) string {
	t.Helper()
	code, err := totp.GenerateCode(key, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// lost is Camilla, a store manager of havn, whose telephone is gone.
func lost(t *testing.T, s *e2e.Stage) (app.DemoAccount, uuid.UUID) {
	t.Helper()
	return theirs(t, s, "manager")
}

func TestHRAndAnAdministratorBringAStoreManagerBackIn(t *testing.T) {
	s := e2e.New(t)
	s.Pass(time.Minute)
	who, id := lost(t, s)
	hr := s.As("havn", "hr")
	hr.Steps = 0
	hr.Get("/admin/people/per_" + id.String())
	e2e.Follow(hr, "/admin/people/per_"+id.String()+"/recovery")
	if p := hr.Submit("reason", "Her phone is at the bottom of the harbour. I met her in the shop."); !p.Has("Venter på godkendelse") || hr.Steps > startSteps {
		t.Fatalf("%s after %d steps\n%s", p.URL, hr.Steps, p.Text())
	}
	s.Work()
	stop := s.Mail(who.Email)
	if !strings.Contains(stop.Text, "/recovery/stop") {
		t.Fatalf("she is not told how to stop it\n%s", stop.Text)
	}
	t.Run("HR cannot approve the own start", func(t *testing.T) {
		hr.Follow("Åbn sagen")
		if p := hr.Post(hr.Page.URL.Path+"/approve", nil); p.Status != http.StatusForbidden || p.Has("Godkendt,") {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	admin := s.As("havn", "admin")
	admin.Steps = 0
	e2e.Follow(admin, "/admin/people")
	e2e.Follow(admin, "/admin/recovery")
	admin.Follow(person(t, s, "havn", number(t, s, id)).Name())
	if p := admin.Submit(); !p.Has("Godkendt, ventetiden løber") || admin.Steps > approveSteps {
		t.Fatalf("after %d steps\n%s", admin.Steps, p.Text())
	}
	before := held(t, s, id)
	t.Run("a day passes first", func(t *testing.T) {
		s.Pass(23 * time.Hour)
		b := s.Browser("havn")
		b.Get("/signin")
		b.Submit("email", who.Email)
		if b.Submit("password", who.Password); b.Page.URL.Path != "/mfa" {
			t.Fatalf("%s", b.Page.URL)
		}
	})
	s.Pass(time.Hour)
	s.Work()
	b := s.Browser("havn")
	b.Get("/signin")
	b.Submit("email", who.Email)
	if b.Submit("password", who.Password); b.Page.URL.Path != "/mfa/setup" {
		t.Fatalf("%s\n%s", b.Page.URL, b.Page.Text())
	}
	if strings.Contains(b.Page.Body, `value="skip"`) || held(t, s, id) != before {
		t.Error("something was given away before the new factor is there")
	}
	e2e.Follow(b, "/mfa/setup/app")
	b.Get("/mfa/setup/totp")
	b.Submit("code", appCode(t, s, shownKey(b.Page)))
	if p := b.Submit("saved", "1"); p.URL.Path != "/" || b.Steps > anewSteps {
		t.Fatalf("%s after %d steps\n%s", p.URL, b.Steps, p.Text())
	}
	if held(t, s, id) == before {
		t.Error("she still has the lost factor")
	}
	s.Work()
	if m := s.Mail(who.Email); !strings.Contains(m.Kind, "factor_replaced") && !strings.Contains(m.Kind, "recovery_ended") {
		t.Errorf("she was told %s", m.Kind)
	}
}

// number is a person's employee number.
func number(t *testing.T, s *e2e.Stage, id uuid.UUID) (number string) {
	t.Helper()
	err := s.DB.Read(s.Operator("havn"), func(ctx context.Context) error {
		return db.Rows(ctx, &number, "SELECT employee_number FROM employments WHERE tenant_id = @tenant AND person_id = @id LIMIT 1", map[string]any{"id": id})
	})
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func TestSheStopsWhatSheDidNotAskFor(t *testing.T) {
	s := e2e.New(t)
	s.Pass(time.Minute)
	who, id := lost(t, s)
	admin := s.As("havn", "admin")
	admin.Get("/admin/people/per_" + id.String() + "/recovery")
	admin.Submit("reason", "She called me, I think.")
	s.Work()
	mail := s.Mail(who.Email)
	before := contents(t, s, s.Operator("havn"))
	b := s.Browser("havn")
	b.Lang = "en"
	b.Get(s.Link(who.Email, "/recovery/stop"))
	if after := contents(t, s, s.Operator("havn")); after["recoveries"] != before["recoveries"] {
		t.Error("opening the link changed something")
	}
	code := ""
	for _, word := range strings.Fields(mail.Text) {
		if len(word) == 11 && word[5] == '-' && word == strings.ToUpper(word) {
			code = word
		}
	}
	if p := b.Submit("code", code); !p.Has("It is stopped") {
		t.Fatalf("%q\n%s", code, p.Text())
	}
	hr := s.As("havn", "hr")
	if p := hr.Get("/admin/recovery"); !p.Has("Personen stoppede den") {
		t.Error(p.Text())
	}
}

// tried are forms that hold whatever a route might ask for about a victim.
func tried(id uuid.UUID) []url.Values {
	all := url.Values{
		"id": {"per_" + id.String()}, "reason": {"I say so, and I am an administrator."}, "action": {"skip"}, "code": {"000000"}, "saved": {"1"}, "confirm": {"1"},
		"email": {"thief@post.example"}, "private_email": {"thief@post.example"}, "given_name": {"Camilla"}, "family_name": {"Thief"}, "password": {e2e.Word}, "password_confirm": {e2e.Word}, "phone": {"+4520123456"},
	}
	return []url.Values{{}, all}
}

// One administrator sends every form that there is about somebody, twice, with
// days in between: what that person holds stays, and is asked for.
func TestOneAdministratorAloneRemovesNoFactor(t *testing.T) {
	s := e2e.New(t)
	s.Pass(time.Minute)
	who, id := lost(t, s)
	before := held(t, s, id)
	sent := 0
	for range 2 {
		admin := s.As("havn", "admin")
		for _, form := range tried(id) {
			targets := []string{"per_" + id.String(), id.String(), newestRecovery(t, s)}
			for _, r := range app.AllRoutes() {
				if r.Method != http.MethodPost || r.Side == httpkit.BaseSide || r.Side == httpkit.EidSide || r.Gate.Kind == "attempt" || strings.Contains(r.Path, "signout") || r.Upload > 0 {
					continue
				}
				for _, target := range targets {
					raw(admin, strings.Replace(r.Path, ":id", target, 1), pairs(form)...)
					sent++
					if !strings.Contains(r.Path, ":id") {
						break
					}
				}
			}
		}
		s.Pass(30 * time.Hour)
	}
	if sent < 100 {
		t.Errorf("only %d forms were sent", sent)
	}
	if after := held(t, s, id); after != before {
		t.Errorf("what she holds has changed:\n%s\n%s", before, after)
	}
	if n := count(t, s, "recoveries WHERE approved_at IS NOT NULL"); n != 0 {
		t.Errorf("%d recoveries are approved", n)
	}
	b := s.Browser("havn")
	b.Get("/signin")
	b.Submit("email", who.Email)
	if b.Submit("password", who.Password); b.Page.URL.Path != "/mfa" {
		t.Errorf("she is led to %s\n%s", b.Page.URL, b.Page.Text())
	}
}

func pairs(form url.Values) (list []string) {
	for name, values := range form {
		list = append(list, name, values[0])
	}
	return list
}

// newestRecovery is the id of the newest recovery at havn, or one that nothing has.
func newestRecovery(t *testing.T, s *e2e.Stage) string {
	t.Helper()
	var ids []uuid.UUID
	err := s.DB.Read(s.Operator("havn"), func(ctx context.Context) error {
		return db.Rows(ctx, &ids, "SELECT id FROM recoveries WHERE tenant_id = @tenant ORDER BY created_at DESC LIMIT 1")
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) == 0 {
		return uuid.NewString()
	}
	return ids[0].String()
}

// On the shop floor: Oliver has left his phone at home, and his manager gives
// him a code.
func TestAManagerLetsAReportInForAnHour(t *testing.T) {
	s := e2e.New(t)
	oliver := s.Who("havn", "employee")
	id := person(t, s, "havn", "1012").ID
	enrolled(t, s, id)
	s.Pass(25 * time.Hour)
	boss := s.As("havn", "manager")
	boss.Steps = 0
	e2e.Follow(boss, "/manager")
	e2e.Follow(boss, "/manager/per_"+id.String())
	e2e.Follow(boss, "/manager/per_"+id.String()+"/pass")
	p := boss.Submit()
	code := shownKey(p)
	if p.Status != http.StatusOK || len(code) != 11 || boss.Steps > sendSteps {
		t.Fatalf("%d after %d steps\n%s", p.Status, boss.Steps, p.Text())
	}
	before := held(t, s, id)
	b := s.Browser("havn")
	b.Lang = "en"
	b.Get("/signin?return_to=/profile")
	b.Submit("email", oliver.Email)
	if b.Submit("password", oliver.Password); b.Page.URL.Path != "/mfa" {
		t.Fatalf("%s", b.Page.URL)
	}
	e2e.Follow(b, "/mfa/pass")
	if p := b.Submit("code", code); p.URL.Path != "/profile" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	s.Work()
	if m := s.Mail(oliver.Email); m.Kind != "access_pass" || strings.Contains(m.Text, code) {
		t.Errorf("%s\n%s", m.Kind, m.Text)
	}
	for range 4 {
		s.Pass(15 * time.Minute)
		b.Get("/profile")
	}
	if b.Page.URL.Path == "/profile" || held(t, s, id) != before {
		t.Errorf("after an hour he is on %s", b.Page.URL)
	}
	t.Run("not for a person with a role", func(t *testing.T) {
		_, hr := theirs(t, s, "hr")
		admin := s.As("havn", "admin")
		if p := admin.Get("/admin/people/per_" + hr.String() + "/pass"); !p.Has("får ingen midlertidig kode") {
			t.Error(p.Text())
		}
	})
}

// theirs is the account and the person of a part at havn.
func theirs(t *testing.T, s *e2e.Stage, role string) (who app.DemoAccount, id uuid.UUID) {
	t.Helper()
	who = s.Who("havn", role)
	err := s.DB.Read(s.Operator("havn"), func(ctx context.Context) error {
		acc, err := account.ByAddress(ctx, strings.ToLower(who.Email))
		id = acc.PersonID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return who, id
}

// enrolled gives a person an authenticator whose key nobody has any more.
func enrolled(t *testing.T, s *e2e.Stage, person uuid.UUID) {
	t.Helper()
	ctx := s.Operator("havn")
	var acc account.Account
	err := s.DB.Read(ctx, func(ctx context.Context) (err error) { acc, err = account.ByPerson(ctx, person); return })
	if err != nil {
		t.Fatal(err)
	}
	f := s.App.Services.Factors
	e, err := f.StartTOTP(ctx, acc.ID)
	if err == nil {
		err = f.ConfirmTOTP(ctx, acc.ID, e.ID, appCode(t, s, e.Secret))
	}
	if err != nil {
		t.Fatal(err)
	}
}
