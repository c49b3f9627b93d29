package session

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/secret"
)

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
		1: {{"pwd"}, {"totp"}, {}, {"link"}},
		2: {{"pwd", "totp"}, {"pwd", "recovery"}, {"link", "totp"}, {"passkey"}},
	} {
		for _, amr := range lists {
			if got := LevelOf(amr); got != level {
				t.Errorf("%v is %d", amr, got)
			}
		}
	}
}

func TestALinkIsNoStepUp(t *testing.T) {
	b := setUp(t)
	cookie, _ := b.open("link")
	who, ses, err := b.load(cookie)
	if err != nil || !who.StepUp.IsZero() || ses.Fresh(b.clock.Now(), time.Hour, "link") || ses.Fresh(b.clock.Now(), time.Hour, "pwd") {
		t.Errorf("%+v %v %v", who.StepUp, ses.StepUps, err)
	}
}
