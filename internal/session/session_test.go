package session

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
)

const host = "havn.localhost:8080"

type bench struct {
	t        *testing.T
	db       *db.DB
	clock    *clock.Fake
	attempts *attempt.Service
	svc      *Service
	tenant   *tenant.Tenant
	ctx      context.Context
	other    context.Context
	person   uuid.UUID
	account  account.Account
	employer uuid.UUID
}

// setUp makes Anna, who works at havn since 2020.
func setUp(t *testing.T) *bench {
	d, now := dbtest.New(t)
	keys, err := secret.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	box, err := keys.Box()
	if err != nil {
		t.Fatal(err)
	}
	attempts := attempt.NewService(d, box)
	b := &bench{t: t, db: d, clock: now, attempts: attempts, svc: NewService(d, attempts, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	t.Cleanup(func() { _ = b.svc.Close() })
	b.ctx, b.tenant = enter(t, d, "havn")
	b.other, _ = enter(t, d, "skog")
	b.people()
	return b
}

func enter(t *testing.T, d *db.DB, slug string) (context.Context, *tenant.Tenant) {
	_, id := dbtest.Tenant(t, d, slug)
	havn := tenant.Defaults()
	havn.ID, havn.Slug, havn.Name, havn.Status = id, slug, slug, "active"
	return tenancy.Enter(context.Background(), &havn), &havn
}

func (b *bench) people() {
	b.person, b.employer = uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	b.exec(`INSERT INTO persons (tenant_id, id, given_name, family_name, language, created_at, updated_at) VALUES (@tenant, @id, 'Anna', 'Berg', 'da', @now, @now)`, sql.Named("id", b.person))
	b.exec(`INSERT INTO legal_employers (tenant_id, id, key, name) VALUES (@tenant, @id, 'havn-retail', 'Havn')`, sql.Named("id", b.employer))
	b.employ("1", "2020-01-01", "")
	b.do(func(ctx context.Context) (err error) {
		b.account, err = account.Create(ctx, account.New{PersonID: b.person, Kind: account.Work, Address: "anna@havn.example", AddressKey: "anna@havn.example", PasswordHash: "h"})
		return err
	})
}

func (b *bench) employ(number, from, to string) {
	b.t.Helper()
	b.exec(`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, start_date, end_date, created_at, updated_at)
		VALUES (@tenant, @id, @person, @employer, @number, @from, @to, @now, @now)`, sql.Named("id", uuid.Must(uuid.NewV7())),
		sql.Named("person", b.person), sql.Named("employer", b.employer), sql.Named("number", number), sql.Named("from", from), sql.Named("to", to))
}

func (b *bench) exec(text string, args ...any) {
	b.t.Helper()
	b.do(func(ctx context.Context) error {
		_, err := db.Exec(ctx, text, append(args, sql.Named("now", db.Now(ctx)))...)
		return err
	})
}

func (b *bench) do(fn func(context.Context) error) {
	b.t.Helper()
	if err := b.db.Tx(b.ctx, fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) open(amr ...string) (cookie string, s Session) {
	b.t.Helper()
	cookie, s, err := b.svc.Open(b.ctx, New{AccountID: b.account.ID, AMR: amr, Host: host, Network: "10.0.0.1", UserAgent: "Firefox"})
	if err != nil {
		b.t.Fatal(err)
	}
	return cookie, s
}

// load is a request on the staff host.
func (b *bench) load(cookie string) (authz.Actor, Session, error) {
	return b.svc.Load(b.ctx, cookie, host, false)
}

func (b *bench) why(cookie string) string {
	b.t.Helper()
	_, _, err := b.load(cookie)
	if err != nil && fault.KindOf(err) != fault.Unauthenticated {
		b.t.Fatal(err)
	}
	return Why(err)
}

func (b *bench) alive(cookie string) bool {
	b.t.Helper()
	_, _, err := b.load(cookie)
	return err == nil
}

func TestASessionSaysWhoAsks(t *testing.T) {
	b := setUp(t)
	b.exec("INSERT INTO person_roles (tenant_id, person_id, role, granted_at) VALUES (@tenant, @p, 'hr', @now), (@tenant, @p, 'auditor', @now)", sql.Named("p", b.person))
	b.employ("2", "2024-01-01", "")
	cookie, _ := b.open("pwd", "totp")
	who, s, err := b.load(cookie)
	if err != nil {
		t.Fatal(err)
	}
	if who.Name != "Anna Berg" || who.Language != "da" || who.Standing != "staff" || who.AAL != 2 || who.AccountID != b.account.ID || who.PersonID != b.person {
		t.Errorf("%+v", who)
	}
	if len(who.Roles) != 3 || !who.Has("employee") || !who.Has("hr") || !who.Has("auditor") {
		t.Errorf("roles %v", who.Roles)
	}
	if !who.StepUp.Equal(b.clock.Now()) || !who.ExpiresAt.Equal(b.clock.Now().Add(30*time.Minute)) || !who.EndsAt.Equal(b.clock.Now().Add(12*time.Hour)) {
		t.Errorf("times %v %v %v", who.StepUp, who.ExpiresAt, who.EndsAt)
	}
	if len(s.Terms) != 2 || s.Account.ID != b.account.ID || s.Account.PasswordHash != "" {
		t.Errorf("%+v", s)
	}
}

func TestATokenIsFoundNowhereElse(t *testing.T) {
	b := setUp(t)
	cookie, s := b.open("pwd")
	for name, load := range map[string]func() (authz.Actor, Session, error){
		"another tenant":  func() (authz.Actor, Session, error) { return b.svc.Load(b.other, cookie, host, false) },
		"another host":    func() (authz.Actor, Session, error) { return b.svc.Load(b.ctx, cookie, "alumni."+host, true) },
		"a made-up token": func() (authz.Actor, Session, error) { made, _ := secret.Token(); return b.load(made) },
		"its id":          func() (authz.Actor, Session, error) { return b.load(s.ID.String()) },
		"no cookie":       func() (authz.Actor, Session, error) { return b.load("") },
	} {
		t.Run(name, func(t *testing.T) {
			if who, _, err := load(); err == nil || Why(err) != "" || who.Signed() {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
	if !b.alive(cookie) {
		t.Error("the session suffered")
	}
}

func TestASessionEndsToTheSecond(t *testing.T) {
	t.Run("when nothing happens", func(t *testing.T) {
		b := setUp(t)
		cookie, _ := b.open("pwd")
		b.clock.Move(30*time.Minute - time.Second)
		if !b.alive(cookie) {
			t.Fatal("ended a second before")
		}
		b.clock.Move(30 * time.Minute)
		if why := b.why(cookie); why != Idle {
			t.Fatalf("ended by %q", why)
		}
		b.clock.Move(-10 * time.Minute)
		if why := b.why(cookie); why != Idle {
			t.Errorf("a clock set back revived it: %q", why)
		}
	})
	t.Run("however busy, after twelve hours", func(t *testing.T) {
		b := setUp(t)
		cookie, _ := b.open("pwd")
		for range 12*3 - 1 {
			b.clock.Move(20 * time.Minute)
			if !b.alive(cookie) {
				t.Fatal("ended early")
			}
		}
		b.clock.Move(20*time.Minute - time.Second)
		who, _, err := b.load(cookie)
		if err != nil || !who.ExpiresAt.Equal(who.EndsAt) {
			t.Fatalf("%v, %v", who.ExpiresAt, err)
		}
		b.clock.Move(time.Second)
		if why := b.why(cookie); why != Absolute {
			t.Errorf("ended by %q", why)
		}
	})
	t.Run("sooner, once the employer says so", func(t *testing.T) {
		b := setUp(t)
		cookie, _ := b.open("pwd")
		b.clock.Move(10 * time.Minute)
		b.tenant.Session.Idle = 5 * time.Minute
		if why := b.why(cookie); why != Idle {
			t.Errorf("ended by %q", why)
		}
	})
}

func (b *bench) lastSeen(id uuid.UUID) (at time.Time) {
	b.t.Helper()
	b.do(func(ctx context.Context) error {
		r, err := byID(ctx, id)
		at = r.LastSeenAt
		return err
	})
	return at
}

func TestTheLastUseIsStoredOnceAMinute(t *testing.T) {
	b := setUp(t)
	cookie, s := b.open("pwd")
	opened := b.clock.Now()
	b.clock.Move(50 * time.Second)
	b.alive(cookie)
	if at := b.lastSeen(s.ID); !at.Equal(opened) {
		t.Errorf("stored at %v already", at)
	}
	t.Run("and still the idle time is kept to the second", func(t *testing.T) {
		b.clock.Move(30*time.Minute - time.Second)
		if !b.alive(cookie) {
			t.Error("the use in between was forgotten")
		}
	})
	t.Run("and stored when the service closes", func(t *testing.T) {
		_ = b.svc.Close()
		if at := b.lastSeen(s.ID); !at.Equal(b.clock.Now()) {
			t.Errorf("stored %v, used %v", at, b.clock.Now())
		}
	})
}

func TestWhatEndsASession(t *testing.T) {
	at := func(fn func(*bench, context.Context) error) func(*bench) {
		return func(b *bench) { b.do(func(ctx context.Context) error { return fn(b, ctx) }) }
	}
	for name, act := range map[string]func(*bench){
		"a new password": at(func(b *bench, ctx context.Context) error { return account.SetPassword(ctx, b.account.ID, "n") }),
		"a suspension": at(func(b *bench, ctx context.Context) error {
			return account.SetStatus(ctx, b.account.ID, account.Suspended)
		}),
		"a suspension that raised no epoch": func(b *bench) { b.exec("UPDATE accounts SET status = 'suspended' WHERE tenant_id = @tenant") },
		"new factors":                       at(func(b *bench, ctx context.Context) error { return account.RenewFactors(ctx, b.account.ID) }),
		"a restore of the database": func(b *bench) {
			if err := b.db.Shared(b.ctx, func(ctx context.Context) error {
				_, err := db.SharedExec(ctx, "UPDATE instance SET security_epoch = security_epoch + 1")
				return err
			}); err != nil {
				b.t.Fatal(err)
			}
		},
		"the end of the window": func(b *bench) { b.exec("UPDATE employments SET end_date = '2021-01-01' WHERE tenant_id = @tenant") },
		"the last day, on the staff host": func(b *bench) {
			b.exec("UPDATE employments SET end_date = '2026-11-21' WHERE tenant_id = @tenant")
		},
		"signing out everywhere": func(b *bench) {
			if err := b.svc.EndAll(b.ctx, b.account.ID, uuid.Nil); err != nil {
				b.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t)
			cookie, _ := b.open("pwd")
			act(b)
			if b.alive(cookie) {
				t.Fatal("still alive")
			}
			b.exec("UPDATE accounts SET status = 'active' WHERE tenant_id = @tenant")
			b.exec("UPDATE employments SET end_date = '' WHERE tenant_id = @tenant")
			if b.alive(cookie) {
				t.Error("came back to life")
			}
		})
	}
}

func TestOnesOwnSessionOutlivesANewPassword(t *testing.T) {
	b := setUp(t)
	mine, s := b.open("pwd", "totp")
	stolen, _ := b.open("pwd")
	flow, _, err := b.attempts.Start(b.ctx, attempt.New{Purpose: attempt.Signin, AccountID: b.account.ID, AMR: []string{"pwd"}, Host: host})
	if err != nil {
		t.Fatal(err)
	}
	b.do(func(ctx context.Context) error {
		return errors.Join(account.SetPassword(ctx, b.account.ID, "n"), account.RenewFactors(ctx, b.account.ID), b.svc.EndAll(ctx, b.account.ID, s.ID))
	})
	if !b.alive(mine) {
		t.Error("the own session ended")
	}
	if why := b.why(stolen); why != Ended {
		t.Errorf("the other ended by %q", why)
	}
	if _, err := b.attempts.Find(b.ctx, flow, host); err == nil {
		t.Error("a sign-in under the old password goes on")
	}
}

func TestRolesBeginAndEndWithTheWork(t *testing.T) {
	for name, c := range map[string]struct {
		from, to string
		alumni   bool
		standing string
		roles    []string
	}{
		"before the first day":          {"2026-11-23", "", false, "joiner", []string{"employee"}},
		"on the first day":              {"2026-11-22", "", false, "staff", []string{"employee", "hr", "manager"}},
		"on the last day":               {"2020-01-01", "2026-11-22", false, "staff", []string{"employee", "hr", "manager"}},
		"the day after, on alumni host": {"2020-01-01", "2026-11-21", true, "alumnus", []string{"alumnus"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t)
			b.exec("INSERT INTO person_roles (tenant_id, person_id, role, granted_at) VALUES (@tenant, @p, 'hr', @now)", sql.Named("p", b.person))
			report := b.person
			b.exec("UPDATE employments SET start_date = @from, end_date = @to WHERE tenant_id = @tenant", sql.Named("from", c.from), sql.Named("to", c.to))
			b.person = uuid.Must(uuid.NewV7())
			b.exec(`INSERT INTO persons (tenant_id, id, given_name, family_name, created_at, updated_at) VALUES (@tenant, @id, 'Bo', 'Dahl', @now, @now)`, sql.Named("id", b.person))
			b.employ("9", "2020-01-01", "")
			b.exec("UPDATE employments SET manager_person_id = @boss WHERE tenant_id = @tenant AND employee_number = '9'", sql.Named("boss", report))
			cookie, _, err := b.svc.Open(b.ctx, New{AccountID: b.account.ID, AMR: []string{"pwd"}, Host: host})
			if err != nil {
				t.Fatal(err)
			}
			who, _, err := b.svc.Load(b.ctx, cookie, host, c.alumni)
			if err != nil || who.Standing != c.standing || len(who.Roles) != len(c.roles) {
				t.Fatalf("%v %v, %v", who.Standing, who.Roles, err)
			}
			for _, r := range c.roles {
				if !who.Has(r) {
					t.Errorf("not %s: %v", r, who.Roles)
				}
			}
		})
	}
}

func TestAdmits(t *testing.T) {
	some := []people.Term{{Start: "2020-01-01"}}
	for _, c := range []struct {
		name     string
		standing people.Standing
		terms    []people.Term
		granted  bool
		staff    bool
		alumni   bool
	}{
		{"staff", people.Staff, some, false, true, true},
		{"a joiner", people.Joiner, some, false, true, true},
		{"an alumnus", people.Alumnus, some, true, false, true},
		{"one who left long ago, whatever was granted", people.NoOne, some, true, false, false},
		{"an outside administrator", people.NoOne, nil, true, true, false},
		{"a person of no employment and no role", people.NoOne, nil, false, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Admits(c.standing, c.terms, c.granted, false); got != c.staff {
				t.Errorf("staff host: %v", got)
			}
			if got := Admits(c.standing, c.terms, c.granted, true); got != c.alumni {
				t.Errorf("alumni host: %v", got)
			}
		})
	}
}

func TestAStepUpGivesANewToken(t *testing.T) {
	b := setUp(t)
	former, s := b.open("pwd")
	b.clock.Move(20 * time.Minute)
	cookie, err := b.svc.StepUp(b.ctx, s.ID, "totp")
	if err != nil {
		t.Fatal(err)
	}
	if b.alive(former) {
		t.Error("the former token lives on")
	}
	who, now, err := b.load(cookie)
	if err != nil || who.AAL != 2 || !who.StepUp.Equal(b.clock.Now()) || !who.AuthTime.Equal(s.AuthTime) {
		t.Fatalf("%+v, %v", who, err)
	}
	if now.Fresh(b.clock.Now(), 10*time.Minute, "pwd", "totp") || !now.Fresh(b.clock.Now(), 10*time.Minute, "totp") || now.Fresh(b.clock.Now(), time.Hour) {
		t.Errorf("proven at %v", now.StepUps)
	}
	b.clock.Move(10 * time.Minute)
	if now.Fresh(b.clock.Now(), 10*time.Minute, "totp") {
		t.Error("fresh after ten minutes")
	}
	if _, err := b.svc.StepUp(b.other, s.ID, "pwd"); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("another tenant: %v", err)
	}
}

func TestAnotherTenantEndsNothing(t *testing.T) {
	b := setUp(t)
	cookie, s := b.open("pwd")
	if err := b.svc.End(b.other, s.ID, SignedOut); err != nil {
		t.Fatal(err)
	}
	if err := b.svc.EndAll(b.other, b.account.ID, uuid.Nil); err == nil {
		t.Error("ended all of somebody else's")
	}
	if !b.alive(cookie) {
		t.Fatal("the session ended")
	}
	if err := b.svc.End(b.ctx, s.ID, SignedOut); err != nil {
		t.Fatal(err)
	}
	if why := b.why(cookie); why != SignedOut {
		t.Errorf("ended by %q", why)
	}
}

func TestABrowserIsRecognised(t *testing.T) {
	b := setUp(t)
	_, first := b.open("pwd")
	if first.Device == "" {
		t.Fatal("no cookie for a new browser")
	}
	_, again, err := b.svc.Open(b.ctx, New{AccountID: b.account.ID, AMR: []string{"pwd"}, Host: host, Device: first.Device})
	if err != nil || again.Device != "" || again.DeviceID != first.DeviceID {
		t.Errorf("%+v, %v", again, err)
	}
	made, _ := secret.Token()
	_, fresh, err := b.svc.Open(b.ctx, New{AccountID: b.account.ID, AMR: []string{"pwd"}, Host: host, Device: made})
	if err != nil || fresh.Device == "" || fresh.Device == made {
		t.Errorf("a planted cookie was adopted: %v", err)
	}
	for name, c := range map[string]struct {
		ctx     context.Context
		device  string
		address string
		want    bool
	}{
		"its own address": {b.ctx, first.Device, "anna@havn.example", true},
		"another address": {b.ctx, first.Device, "bo@havn.example", false},
		"another browser": {b.ctx, made, "anna@havn.example", false},
		"another tenant":  {b.other, first.Device, "anna@havn.example", false},
		"no cookie":       {b.ctx, "", "anna@havn.example", false},
	} {
		if known, err := b.svc.KnownDevice(c.ctx, c.device, c.address); known != c.want || err != nil {
			t.Errorf("%s: %v, %v", name, known, err)
		}
	}
}

func TestASuspendedAccountOpensNothing(t *testing.T) {
	b := setUp(t)
	b.do(func(ctx context.Context) error { return account.SetStatus(ctx, b.account.ID, account.Suspended) })
	if _, _, err := b.svc.Open(b.ctx, New{AccountID: b.account.ID, AMR: []string{"pwd"}, Host: host}); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("got %v", err)
	}
}

func TestLevels(t *testing.T) {
	for level, lists := range map[int][][]string{
		1: {{"pwd"}, {"totp"}, {}, {"magiclink"}},
		2: {{"pwd", "totp"}, {"pwd", "recovery"}, {"passkey"}},
	} {
		for _, amr := range lists {
			if got := LevelOf(amr); got != level {
				t.Errorf("%v is %d", amr, got)
			}
		}
	}
}
