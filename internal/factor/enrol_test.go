package factor

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tilgang/internal/db"
	"tilgang/internal/secret"
)

func TestEnrolment(t *testing.T) {
	t.Run("a started authenticator is nobody's factor", func(t *testing.T) {
		b := setUp(t)
		e := b.start(b.anna)
		list, err := b.svc.Confirmed(b.ctx, b.anna)
		if err != nil || len(list) != 0 {
			t.Fatalf("%v, %v", list, err)
		}
		b.want(b.svc.VerifyTOTP(b.ctx, b.anna, b.code(e, 0)), CodeWrong)
	})
	t.Run("a wrong code leaves it as it is, with the same key", func(t *testing.T) {
		b := setUp(t)
		e := b.start(b.anna)
		b.want(b.svc.ConfirmTOTP(b.ctx, b.anna, e.ID, b.wrong(e)), CodeWrong)
		again, err := b.svc.Pending(b.ctx, b.anna)
		if err != nil || again.ID != e.ID || again.Secret != e.Secret || !again.ExpiresAt.Equal(e.ExpiresAt) {
			t.Fatalf("%v, %v", again, err)
		}
	})
	t.Run("confirming uses the code up", func(t *testing.T) {
		b := setUp(t)
		e := b.start(b.anna)
		code := b.code(e, 0)
		b.ok(b.svc.ConfirmTOTP(b.ctx, b.anna, e.ID, code))
		b.want(b.svc.VerifyTOTP(b.ctx, b.anna, code), CodeUsed)
	})
	t.Run("the key is not shown once it is confirmed", func(t *testing.T) {
		b := setUp(t)
		b.enrol(b.anna)
		if e, err := b.svc.Pending(b.ctx, b.anna); !errors.Is(err, db.ErrNotFound) || e.Secret != "" {
			t.Fatalf("%v, %v", e, err)
		}
	})
	t.Run("a new start makes the one before void", func(t *testing.T) {
		b := setUp(t)
		old, e := b.start(b.anna), b.start(b.anna)
		b.want(b.svc.ConfirmTOTP(b.ctx, b.anna, old.ID, b.code(old, 0)), CodeGone)
		b.ok(b.svc.ConfirmTOTP(b.ctx, b.anna, e.ID, b.code(e, 0)))
	})
	t.Run("after 15 minutes it is gone", func(t *testing.T) {
		b := setUp(t)
		e := b.start(b.anna)
		b.clock.Move(enrolLife - time.Second)
		if _, err := b.svc.Pending(b.ctx, b.anna); err != nil {
			t.Fatal(err)
		}
		b.clock.Move(time.Second)
		b.want(b.svc.ConfirmTOTP(b.ctx, b.anna, e.ID, b.code(e, 0)), CodeGone)
	})
	t.Run("another account's is nobody's", func(t *testing.T) {
		b := setUp(t)
		e := b.start(b.anna)
		b.want(b.svc.ConfirmTOTP(b.ctx, b.bo, e.ID, b.code(e, 0)), CodeGone)
	})
	t.Run("a second one replaces the first", func(t *testing.T) {
		b := setUp(t)
		first := b.enrol(b.anna)
		second := b.enrol(b.anna)
		list, err := b.svc.Confirmed(b.ctx, b.anna)
		if err != nil || len(list) != 1 || list[0].ID != second.ID {
			t.Fatalf("%v, %v", list, err)
		}
		b.want(b.svc.VerifyTOTP(b.ctx, b.anna, b.code(first, 0)), CodeWrong)
	})
	t.Run("each change of factors raises the generation", func(t *testing.T) {
		b := setUp(t)
		before := b.generation(b.anna)
		b.start(b.anna)
		if b.generation(b.anna) != before {
			t.Fatal("a mere start raised it")
		}
		b.enrol(b.anna)
		b.enrol(b.anna)
		if got := b.generation(b.anna); got != before+2 {
			t.Fatalf("from %d to %d", before, got)
		}
	})
}

func TestTheSeedIsSealed(t *testing.T) {
	b := setUp(t)
	e := b.start(b.anna)
	seed, _ := base32Seed.DecodeString(e.Secret)
	if len(seed) != 20 {
		t.Fatalf("%d bytes", len(seed))
	}
	var rows []authenticator
	b.do(func(ctx context.Context) error { return db.From(ctx).Where("1 = 1").Find(&rows).Error })
	if len(rows) != 1 || strings.Contains(string(rows[0].Sealed), string(seed)) || strings.Contains(string(rows[0].Sealed), e.Secret) {
		t.Fatal("the seed lies open")
	}
	if _, err := b.svc.openSeed(b.other, rows[0]); !errors.Is(err, secret.ErrSealed) {
		t.Fatalf("another tenant opens it: %v", err)
	}
}

func TestURI(t *testing.T) {
	e := Enrolment{Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
	got := e.URI("Havn & Søn: Aarhus", "ida@havn.example")
	want := "otpauth://totp/Havn%20&%20S%C3%B8n%20Aarhus:ida@havn.example?algorithm=SHA1&digits=6&issuer=Havn%20%26%20S%C3%B8n%20Aarhus&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestAnotherTenantSeesAndChangesNothing(t *testing.T) {
	b := setUp(t)
	e := b.enrol(b.anna)
	codes, err := b.svc.MakeCodes(b.ctx, b.anna)
	b.ok(err)
	pending := b.start(b.bo)
	t.Run("no factor", func(t *testing.T) {
		if list, err := b.svc.Confirmed(b.other, b.anna); err != nil || len(list) != 0 {
			t.Fatalf("%v, %v", list, err)
		}
	})
	t.Run("no code of the app", func(t *testing.T) { b.want(b.svc.VerifyTOTP(b.other, b.anna, b.code(e, 0)), CodeWrong) })
	t.Run("no enrolment", func(t *testing.T) {
		if _, err := b.svc.Pending(b.other, b.bo); !errors.Is(err, db.ErrNotFound) {
			t.Fatal(err)
		}
		b.want(b.svc.ConfirmTOTP(b.other, b.bo, pending.ID, b.code(pending, 0)), CodeGone)
	})
	t.Run("no recovery code", func(t *testing.T) {
		_, err := b.svc.UseCode(b.other, b.anna, codes[0])
		b.want(err, RecoverWrong)
		if _, total, err := b.svc.Codes(b.other, b.anna); err != nil || total != 0 {
			t.Fatalf("%d, %v", total, err)
		}
	})
	t.Run("no place for codes or factors of its account", func(t *testing.T) {
		if _, err := b.svc.MakeCodes(b.other, b.anna); err == nil {
			t.Fatal("codes of one tenant for an account of another")
		}
		if _, err := b.svc.StartTOTP(b.other, b.anna); err == nil {
			t.Fatal("an authenticator of one tenant for an account of another")
		}
	})
	t.Run("and all of it still works at home", func(t *testing.T) {
		b.ok(b.svc.VerifyTOTP(b.ctx, b.anna, b.code(e, 0)))
		b.ok(b.svc.ConfirmTOTP(b.ctx, b.bo, pending.ID, b.code(pending, 0)))
		if left, err := b.svc.UseCode(b.ctx, b.anna, codes[0]); err != nil || left != 9 {
			t.Fatalf("%d, %v", left, err)
		}
	})
}
