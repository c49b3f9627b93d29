package session

import (
	"context"
	"database/sql"
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
