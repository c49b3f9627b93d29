package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
)

type bench struct {
	t     *testing.T
	db    *db.DB
	ctx   context.Context // of havn
	other context.Context // of another tenant
}

func setUp(t *testing.T) *bench {
	d, _ := dbtest.New(t)
	ctx, _ := dbtest.Tenant(t, d, "havn")
	skog, _ := dbtest.Tenant(t, d, "skog")
	return &bench{t: t, db: d, ctx: ctx, other: skog}
}

func (b *bench) do(ctx context.Context, fn func(context.Context) error) {
	b.t.Helper()
	if err := b.db.Tx(ctx, fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) person(ctx context.Context) uuid.UUID {
	b.t.Helper()
	id := uuid.Must(uuid.NewV7())
	b.do(ctx, func(ctx context.Context) error {
		text := "INSERT INTO persons (tenant_id, id, given_name, family_name, created_at, updated_at) VALUES (@tenant, '%s', 'Anna', 'Berg', '2026-01-01', '2026-01-01')"
		_, err := db.Exec(ctx, fmt.Sprintf(text, id))
		return err
	})
	return id
}

func (b *bench) create(ctx context.Context, n New) (a Account) {
	b.t.Helper()
	b.do(ctx, func(ctx context.Context) (err error) { a, err = Create(ctx, n); return })
	return a
}

func (b *bench) get(id uuid.UUID) (a Account) {
	b.t.Helper()
	b.do(b.ctx, func(ctx context.Context) (err error) { a, err = ByID(ctx, id); return })
	return a
}

func TestAnAddressNamesOneAccountOfItsTenant(t *testing.T) {
	b := setUp(t)
	anna := b.create(b.ctx, New{PersonID: b.person(b.ctx), Kind: Work, Address: "Anna@Havn.example", AddressKey: "anna@havn.example", PasswordHash: "h"})
	t.Run("it is found by its canonical key", func(t *testing.T) {
		b.do(b.ctx, func(ctx context.Context) error {
			a, err := ByAddress(ctx, "anna@havn.example")
			if a.ID != anna.ID || a.PasswordHash != "h" || a.PasswordChangedAt == nil {
				t.Errorf("found %+v", a)
			}
			return err
		})
	})
	t.Run("another spelling and the empty one are nobody's", func(t *testing.T) {
		for _, key := range []string{"Anna@Havn.example", "", "anna@havn.example "} {
			err := b.db.Tx(b.ctx, func(ctx context.Context) error { _, err := ByAddress(ctx, key); return err })
			if !errors.Is(err, db.ErrNotFound) {
				t.Errorf("%q gave %v", key, err)
			}
		}
	})
	t.Run("a second account cannot have it", func(t *testing.T) {
		other := b.person(b.ctx)
		err := b.db.Tx(b.ctx, func(ctx context.Context) error {
			_, err := Create(ctx, New{PersonID: other, Kind: Private, Address: "x", AddressKey: "anna@havn.example"})
			return err
		})
		if !errors.Is(err, db.ErrDuplicate) {
			t.Fatalf("got %v", err)
		}
		err = b.db.Tx(b.ctx, func(ctx context.Context) error { _, err := ByPerson(ctx, other); return err })
		if !errors.Is(err, db.ErrNotFound) {
			t.Errorf("half an account stayed: %v", err)
		}
	})
	t.Run("a person cannot have a second account", func(t *testing.T) {
		err := b.db.Tx(b.ctx, func(ctx context.Context) error {
			_, err := Create(ctx, New{PersonID: anna.PersonID, Kind: Private, Address: "p", AddressKey: "p@x.example"})
			return err
		})
		if !errors.Is(err, db.ErrDuplicate) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("in another tenant it names somebody else", func(t *testing.T) {
		twin := b.create(b.other, New{PersonID: b.person(b.other), Kind: Work, Address: "a", AddressKey: "anna@havn.example"})
		b.do(b.other, func(ctx context.Context) error {
			a, err := ByAddress(ctx, "anna@havn.example")
			if a.ID != twin.ID {
				t.Errorf("the other tenant found %v", a.ID)
			}
			return err
		})
	})
	t.Run("work addresses are listed before private ones", func(t *testing.T) {
		b.do(b.ctx, func(ctx context.Context) error {
			if err := AddIdentifier(ctx, anna.ID, Private, "anna@home.example", "anna@home.example"); err != nil {
				return err
			}
			list, err := Identifiers(ctx, anna.ID)
			if len(list) != 2 || list[0].Kind != Work || list[1].AddressKey != "anna@home.example" {
				t.Errorf("listed %+v", list)
			}
			return err
		})
	})
}

func TestWhatEndsSessions(t *testing.T) {
	b := setUp(t)
	id := b.create(b.ctx, New{PersonID: b.person(b.ctx), PasswordHash: "old"}).ID
	steps := []struct {
		name   string
		act    func(context.Context) error
		raises bool
	}{
		{"a new password does", func(ctx context.Context) error { return SetPassword(ctx, id, "new") }, true},
		{"the same password hashed anew does not", func(ctx context.Context) error { return Rehash(ctx, id, "new", "newer") }, false},
		{"a suspension does", func(ctx context.Context) error { return SetStatus(ctx, id, Suspended) }, true},
		{"signing out everywhere does", func(ctx context.Context) error { return EndSessions(ctx, id) }, true},
		{"signing in does not", func(ctx context.Context) error { return SignedIn(ctx, id) }, false},
	}
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			before := b.get(id).SessionEpoch
			b.do(b.ctx, s.act)
			if raised := b.get(id).SessionEpoch > before; raised != s.raises {
				t.Errorf("epoch raised: %v", raised)
			}
		})
	}
	if a := b.get(id); a.PasswordHash != "newer" || a.Status != Suspended || a.LastSigninAt == nil {
		t.Errorf("the account is now %+v", a)
	}
	t.Run("hashing anew gives way to a password changed meanwhile", func(t *testing.T) {
		b.do(b.ctx, func(ctx context.Context) error { return Rehash(ctx, id, "new", "stale") })
		if got := b.get(id).PasswordHash; got != "newer" {
			t.Errorf("the hash is %q", got)
		}
	})
}

func TestAnOfferIsPostponedOnceADay(t *testing.T) {
	b := setUp(t)
	id := b.create(b.ctx, New{PersonID: b.person(b.ctx)}).ID
	for _, day := range []string{"2026-11-22", "2026-11-22", "2026-11-23"} {
		b.do(b.ctx, func(ctx context.Context) error { return PostponeFactor(ctx, id, day) })
	}
	b.do(b.ctx, func(ctx context.Context) error { return SkipFactor(ctx, id, "policy") })
	if a := b.get(id); a.MfaPostponed != 2 || a.MfaOfferedOn != "2026-11-23" || a.MfaSkipped != "policy" {
		t.Errorf("counted %d, offered on %q, skipped %q", a.MfaPostponed, a.MfaOfferedOn, a.MfaSkipped)
	}
}

func TestAnotherTenantSeesAndChangesNothing(t *testing.T) {
	b := setUp(t)
	a := b.create(b.ctx, New{PersonID: b.person(b.ctx), Kind: Work, Address: "a@x.example", AddressKey: "a@x.example", PasswordHash: "h"})
	before := b.get(a.ID)
	refused := map[string]func(context.Context) error{
		"by id":      func(ctx context.Context) error { _, err := ByID(ctx, a.ID); return err },
		"by address": func(ctx context.Context) error { _, err := ByAddress(ctx, "a@x.example"); return err },
		"by person":  func(ctx context.Context) error { _, err := ByPerson(ctx, a.PersonID); return err },
		"password":   func(ctx context.Context) error { return SetPassword(ctx, a.ID, "stolen") },
		"status":     func(ctx context.Context) error { return SetStatus(ctx, a.ID, Closed) },
		"epoch":      func(ctx context.Context) error { return EndSessions(ctx, a.ID) },
		"factors":    func(ctx context.Context) error { return RenewFactors(ctx, a.ID) },
		"signed in":  func(ctx context.Context) error { return SignedIn(ctx, a.ID) },
		"skip":       func(ctx context.Context) error { return SkipFactor(ctx, a.ID, "p") },
		"other person": func(ctx context.Context) error {
			_, err := Create(ctx, New{PersonID: a.PersonID})
			return notFound(err)
		},
		"other account": func(ctx context.Context) error {
			return notFound(AddIdentifier(ctx, a.ID, Work, "b@x.example", "b@x.example"))
		},
	}
	for name, act := range refused {
		t.Run(name, func(t *testing.T) {
			if err := b.db.Tx(b.other, act); !errors.Is(err, db.ErrNotFound) {
				t.Errorf("got %v", err)
			}
		})
	}
	b.do(b.other, func(ctx context.Context) error {
		return errors.Join(Rehash(ctx, a.ID, "h", "x"), PostponeFactor(ctx, a.ID, "2026-11-22"))
	})
	b.do(b.other, func(ctx context.Context) error {
		found, err := ByPersons(ctx, []uuid.UUID{a.PersonID})
		list, err2 := Identifiers(ctx, a.ID)
		if len(found)+len(list) > 0 {
			t.Errorf("found %v and %v", found, list)
		}
		return errors.Join(err, err2)
	})
	if after := b.get(a.ID); after.PasswordHash != before.PasswordHash || after.SessionEpoch != before.SessionEpoch || after.MfaPostponed != 0 {
		t.Errorf("the account changed: %+v", after)
	}
}

// notFound is for rows that hang on a row of another tenant: the database has
// no such row to hang them on.
func notFound(err error) error {
	if err != nil {
		return db.ErrNotFound
	}
	return nil
}

func TestAHashReachesNoLog(t *testing.T) {
	var out strings.Builder
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "account", Account{PasswordHash: "$argon2id$secret"})
	if strings.Contains(out.String(), "argon2id") {
		t.Error(out.String())
	}
}
