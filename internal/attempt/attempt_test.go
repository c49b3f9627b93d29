package attempt

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
)

const host = "havn.localhost:8080"

type bench struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Fake
	svc   *Service
	box   *secret.Box
	ctx   context.Context
	other context.Context
}

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
	b := &bench{t: t, db: d, clock: now, svc: NewService(d, box), box: box}
	b.ctx, _ = dbtest.Tenant(t, d, "havn")
	b.other, _ = dbtest.Tenant(t, d, "skog")
	return b
}

func (b *bench) start() (string, Attempt) {
	b.t.Helper()
	cookie, a, err := b.svc.Start(b.ctx, New{Purpose: Signin, Address: "Anna@havn.example", AddressKey: "anna@havn.example", Resume: "/profile", Host: host})
	if err != nil {
		b.t.Fatal(err)
	}
	return cookie, a
}

func expired(err error) bool { return fault.KindOf(err) == fault.Expired }

func TestAnAttemptIsFoundByItsCookieAlone(t *testing.T) {
	b := setUp(t)
	cookie, a := b.start()
	t.Run("with all that was typed", func(t *testing.T) {
		found, err := b.svc.Find(b.ctx, cookie, host)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a.Address+a.AddressKey+a.Resume, found.Address+found.AddressKey+found.Resume); diff != "" {
			t.Error(diff)
		}
	})
	refused := map[string]func() error{
		"not on another host":   func() error { _, err := b.svc.Find(b.ctx, cookie, "alumni."+host); return err },
		"not in another tenant": func() error { _, err := b.svc.Find(b.other, cookie, host); return err },
		"not by a part of it":   func() error { _, err := b.svc.Find(b.ctx, cookie[:42], host); return err },
		"not without one":       func() error { _, err := b.svc.Find(b.ctx, "", host); return err },
		"not by its id":         func() error { _, err := b.svc.Find(b.ctx, a.ID.String(), host); return err },
	}
	for name, find := range refused {
		t.Run(name, func(t *testing.T) {
			if err := find(); !expired(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTheDatabaseHoldsNeitherCookieNorAddress(t *testing.T) {
	b := setUp(t)
	cookie, a := b.start()
	err := b.db.Tx(b.ctx, func(ctx context.Context) error {
		r, err := byID(ctx, a.ID)
		if all := string(r.CookieHash) + string(r.AddressHash) + string(r.Sealed) + r.Host; strings.Contains(all, cookie) || strings.Contains(strings.ToLower(all), "anna") || strings.Contains(all, "/profile") {
			t.Errorf("stored in the open: %q", all)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnAttemptEndsAfterFifteenMinutesToTheSecond(t *testing.T) {
	b := setUp(t)
	cookie, a := b.start()
	b.clock.Move(Life - time.Second)
	if _, err := b.svc.Find(b.ctx, cookie, host); err != nil {
		t.Fatalf("a second before: %v", err)
	}
	b.clock.Move(time.Second)
	for name, err := range map[string]error{
		"find": second(b.svc.Find(b.ctx, cookie, host)), "bind": second(b.svc.Bind(b.ctx, a.ID, uuid.New(), Password)),
		"prove": b.svc.Prove(b.ctx, a.ID, TOTP), "settle": b.svc.Settle(b.ctx, a.ID, Skip), "finish": b.svc.Finish(b.ctx, a.ID),
	} {
		if !expired(err) {
			t.Errorf("%s after the end: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestWhatIsProvenIsKeptInOrder(t *testing.T) {
	b := setUp(t)
	former, a := b.start()
	anna := uuid.New()
	cookie, err := b.svc.Bind(b.ctx, a.ID, anna, Password)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{TOTP, TOTP, Recovery} {
		if err := b.svc.Prove(b.ctx, a.ID, m); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.svc.Settle(b.ctx, a.ID, Later); err != nil {
		t.Fatal(err)
	}
	found, err := b.svc.Find(b.ctx, cookie, host)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{Password, TOTP, Recovery}, found.AMR); diff != "" || found.Settled != Later || found.AccountID != anna {
		t.Errorf("%+v: %s", found, diff)
	}
	t.Run("the cookie from before the password is worth nothing", func(t *testing.T) {
		if _, err := b.svc.Find(b.ctx, former, host); !expired(err) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("it never becomes another account's", func(t *testing.T) {
		if _, err := b.svc.Bind(b.ctx, a.ID, uuid.New(), Password); !expired(err) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("another tenant proves and ends nothing", func(t *testing.T) {
		for name, err := range map[string]error{
			"bind": second(b.svc.Bind(b.other, a.ID, anna, Password)), "prove": b.svc.Prove(b.other, a.ID, "phone"),
			"settle": b.svc.Settle(b.other, a.ID, Skip), "finish": b.svc.Finish(b.other, a.ID), "by id": second(b.svc.ByID(b.other, a.ID)),
		} {
			if err == nil {
				t.Errorf("%s was let through", name)
			}
		}
		if err := b.svc.EndOf(b.other, anna); err != nil {
			t.Error(err)
		}
		if _, err := b.svc.Find(b.ctx, cookie, host); err != nil {
			t.Errorf("the attempt suffered: %v", err)
		}
	})
	t.Run("a changed password ends it", func(t *testing.T) {
		if err := b.svc.EndOf(b.ctx, anna); err != nil {
			t.Fatal(err)
		}
		if _, err := b.svc.Find(b.ctx, cookie, host); !expired(err) {
			t.Errorf("got %v", err)
		}
	})
}

func TestOfSixteenAtOnceOneFinishes(t *testing.T) {
	b := setUp(t)
	_, a := b.start()
	var won atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			err := b.svc.Finish(b.ctx, a.ID)
			if err == nil {
				won.Add(1)
			} else if !expired(err) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d finished", won.Load())
	}
}

func TestTwoProofsAtOnceAreBothKept(t *testing.T) {
	b := setUp(t)
	cookie, a := b.start()
	var all sync.WaitGroup
	for _, m := range []string{"a", "b", "c", "d", "a", "b"} {
		all.Go(func() {
			if err := b.svc.Prove(b.ctx, a.ID, m); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	found, err := b.svc.Find(b.ctx, cookie, host)
	if err != nil || len(found.AMR) != 4 {
		t.Errorf("proven %v, %v", found.AMR, err)
	}
}

func TestAnAttemptIsSweptTwoDaysAfterItsEnd(t *testing.T) {
	b := setUp(t)
	_, a := b.start()
	b.clock.Move(Life + 48*time.Hour)
	if n, err := b.svc.Sweep(b.ctx); n != 0 || err != nil {
		t.Fatalf("swept %d too early, %v", n, err)
	}
	b.clock.Move(time.Second)
	if n, err := b.svc.Sweep(b.other); n != 0 || err != nil {
		t.Fatalf("another tenant swept %d, %v", n, err)
	}
	if n, err := b.svc.Sweep(b.ctx); n != 1 || err != nil {
		t.Fatalf("swept %d, %v", n, err)
	}
	if _, err := b.svc.ByID(b.ctx, a.ID); err == nil {
		t.Error("still there")
	}
}

func TestCodesTypedAreCountedOnTheAttempt(t *testing.T) {
	b := setUp(t)
	_, a := b.start()
	var passed atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			left, ok, err := b.svc.Try(b.ctx, a.ID, 5)
			if err != nil || !ok && left != 0 {
				t.Error(left, err)
			}
			if ok {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if passed.Load() != 5 {
		t.Errorf("%d of fifty at once passed", passed.Load())
	}
	t.Run("and asking again gives none back", func(t *testing.T) {
		if err := b.svc.Prolong(b.ctx, a.ID, 0); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := b.svc.Try(b.ctx, a.ID, 5); ok || err != nil {
			t.Errorf("%t %v", ok, err)
		}
	})
	t.Run("another tenant's, an unknown and an ended one have none", func(t *testing.T) {
		_, fresh := b.start()
		if err := b.svc.Finish(b.ctx, fresh.ID); err != nil {
			t.Fatal(err)
		}
		_, other := b.start()
		for name, c := range map[string]struct {
			ctx context.Context
			id  uuid.UUID
		}{"unknown": {b.ctx, uuid.New()}, "ended": {b.ctx, fresh.ID}, "another tenant's": {b.other, other.ID}} {
			if _, ok, err := b.svc.Try(c.ctx, c.id, 5); ok || err != nil {
				t.Errorf("%s: %t %v", name, ok, err)
			}
		}
	})
}

func TestAnAttemptIsProlongedWhileItIsNobodys(t *testing.T) {
	b := setUp(t)
	cookie, a := b.start()
	b.clock.Move(Life - time.Minute)
	if err := b.svc.Prolong(b.other, a.ID, 0); !expired(err) {
		t.Errorf("another tenant: %v", err)
	}
	if err := b.svc.Prolong(b.ctx, a.ID, time.Hour); err != nil {
		t.Fatal(err)
	}
	b.clock.Move(time.Hour - time.Second)
	found, err := b.svc.Find(b.ctx, cookie, host)
	if err != nil || !found.CreatedAt.Equal(b.clock.Now().Add(time.Second-time.Hour)) {
		t.Fatalf("%v %v", found.CreatedAt, err)
	}
	if _, err := b.svc.Bind(b.ctx, a.ID, uuid.New(), Password); err != nil {
		t.Fatal(err)
	}
	if err := b.svc.Prolong(b.ctx, a.ID, 0); !expired(err) {
		t.Errorf("once it is somebody's: %v", err)
	}
}
