package factor

import (
	"context"
	"strings"
	"testing"
	"time"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/throttle"
)

func TestRecoveryCodes(t *testing.T) {
	b := setUp(t)
	codes, err := b.svc.MakeCodes(b.ctx, b.anna)
	b.ok(err)
	others, err := b.svc.MakeCodes(b.ctx, b.bo)
	b.ok(err)
	if len(codes) != 10 {
		t.Fatalf("%d codes", len(codes))
	}
	t.Run("one works, however it is typed, and the rest are counted", func(t *testing.T) {
		left, err := b.svc.UseCode(b.ctx, b.anna, "  "+strings.ToLower(strings.ReplaceAll(codes[0], "-", " "))+" ")
		if err != nil || left != 9 {
			t.Fatalf("%d, %v", left, err)
		}
	})
	for name, typed := range map[string]string{
		"a used one":         codes[0],
		"another person's":   others[0],
		"a guess":            "0000-0000-0000-0000",
		"one that is shaped": strings.Repeat("Z", 16),
	} {
		t.Run("refused: "+name, func(t *testing.T) {
			_, err := b.svc.UseCode(b.ctx, b.anna, typed)
			b.want(err, RecoverWrong)
			b.clock.Move(throttle.LongWait)
		})
	}
	t.Run("what is no code is not counted as a try", func(t *testing.T) {
		_, err := b.svc.UseCode(b.ctx, b.anna, "123456")
		b.want(err, RecoverShape)
		if _, counted := LockOf(err); counted {
			t.Fatal("counted")
		}
	})
	t.Run("the factor is still asked for", func(t *testing.T) {
		e := b.enrol(b.anna)
		if _, err := b.svc.UseCode(b.ctx, b.anna, codes[1]); err != nil {
			t.Fatal(err)
		}
		b.ok(b.svc.VerifyTOTP(b.ctx, b.anna, b.code(e, 0)))
	})
	t.Run("a person's own still works", func(t *testing.T) {
		if left, err := b.svc.UseCode(b.ctx, b.bo, others[0]); err != nil || left != 9 {
			t.Fatalf("%d, %v", left, err)
		}
	})
}

func TestGuessingRecoveryCodesLocks(t *testing.T) {
	b := setUp(t)
	codes, err := b.svc.MakeCodes(b.ctx, b.anna)
	b.ok(err)
	for range 20 {
		_, _ = b.svc.UseCode(b.ctx, b.anna, "0000-0000-0000-0000")
	}
	_, err = b.restarted().UseCode(b.ctx, b.anna, codes[0])
	if fault.KindOf(err) != fault.TooMany {
		t.Fatalf("got %v", err)
	}
	b.clock.Move(throttle.LongWait)
	if _, err := b.svc.UseCode(b.ctx, b.anna, codes[0]); err != nil {
		t.Fatalf("after the wait: %v", err)
	}
}

func TestASetCountsFromTheTick(t *testing.T) {
	b := setUp(t)
	old, err := b.svc.MakeCodes(b.ctx, b.anna)
	b.ok(err)
	set := b.set()
	t.Run("until then the codes shown do nothing and the old ones work", func(t *testing.T) {
		_, err := b.svc.UseCode(b.ctx, b.anna, set.Codes[0])
		b.want(err, RecoverWrong)
		if left, err := b.svc.UseCode(b.ctx, b.anna, old[0]); err != nil || left != 9 {
			t.Fatalf("%d, %v", left, err)
		}
	})
	t.Run("the browser's sealed copy gives the same codes back", func(t *testing.T) {
		again, err := b.svc.OpenCodes(b.ctx, b.anna, set.Sealed)
		if err != nil || strings.Join(again.Codes, " ") != strings.Join(set.Codes, " ") || again.ID != set.ID {
			t.Fatalf("%v, %v", again, err)
		}
		if strings.Contains(set.Sealed, set.Codes[0]) {
			t.Fatal("the copy is not sealed")
		}
	})
	t.Run("saving replaces the old ones", func(t *testing.T) {
		b.ok(b.svc.SaveCodes(b.ctx, b.anna, set))
		_, err := b.svc.UseCode(b.ctx, b.anna, old[1])
		b.want(err, RecoverWrong)
		if left, err := b.svc.UseCode(b.ctx, b.anna, set.Codes[0]); err != nil || left != 9 {
			t.Fatalf("%d, %v", left, err)
		}
	})
	t.Run("saving twice brings no used code back", func(t *testing.T) {
		b.ok(b.svc.SaveCodes(b.ctx, b.anna, set))
		_, err := b.svc.UseCode(b.ctx, b.anna, set.Codes[0])
		b.want(err, RecoverWrong)
	})
	t.Run("a rolled back save saves nothing", func(t *testing.T) {
		fresh := b.set()
		_ = b.db.Tx(b.ctx, func(ctx context.Context) error {
			if err := b.svc.SaveCodes(ctx, b.anna, fresh); err != nil {
				t.Fatal(err)
			}
			return db.ErrNotFound
		})
		if left, total, err := b.svc.Codes(b.ctx, b.anna); err != nil || left != 9 || total != 10 {
			t.Fatalf("%d of %d, %v", left, total, err)
		}
	})
}

func TestTheSealedCopyOpensForItsOwnerOnly(t *testing.T) {
	b := setUp(t)
	set := b.set()
	for name, open := range map[string]func() error{
		"another account": func() error { _, err := b.svc.OpenCodes(b.ctx, b.bo, set.Sealed); return err },
		"another tenant":  func() error { _, err := b.svc.OpenCodes(b.other, b.anna, set.Sealed); return err },
		"a changed copy":  func() error { _, err := b.svc.OpenCodes(b.ctx, b.anna, changed(set.Sealed)); return err },
		"no copy":         func() error { _, err := b.svc.OpenCodes(b.ctx, b.anna, ""); return err },
		"rubbish":         func() error { _, err := b.svc.OpenCodes(b.ctx, b.anna, "%%%"); return err },
	} {
		t.Run("not for "+name, func(t *testing.T) { b.want(open(), CodesGone) })
	}
	t.Run("not after 15 minutes", func(t *testing.T) {
		b.clock.Move(setLife)
		_, err := b.svc.OpenCodes(b.ctx, b.anna, set.Sealed)
		b.want(err, CodesGone)
	})
}

func changed(s string) string {
	letter := "A"
	if s[50:51] == letter {
		letter = "B"
	}
	return s[:50] + letter + s[51:]
}

func TestStoredCodesAreKeyedHashes(t *testing.T) {
	b := setUp(t)
	codes, err := b.svc.MakeCodes(b.ctx, b.anna)
	b.ok(err)
	var rows []recoveryCode
	b.do(func(ctx context.Context) error { return db.From(ctx).Where("1 = 1").Find(&rows).Error })
	for _, r := range rows {
		if len(r.CodeHash) != 32 || r.SavedAt == nil {
			t.Fatalf("row %+v", r)
		}
		for _, c := range codes {
			if strings.Contains(string(r.CodeHash), c[:4]) {
				t.Fatal("a code lies open")
			}
		}
	}
}

func TestOfSixteenWithTheSameRecoveryCodeOneWins(t *testing.T) {
	b := setUp(t)
	codes, err := b.svc.MakeCodes(b.ctx, b.anna)
	b.ok(err)
	won, _ := b.race(func(s *Service) error { _, err := s.UseCode(b.ctx, b.anna, codes[3]); return err })
	if won != 1 {
		t.Fatalf("%d won", won)
	}
	b.clock.Move(time.Hour)
	if left, _, _ := b.svc.Codes(b.ctx, b.anna); left != 9 {
		t.Fatalf("%d left", left)
	}
}
