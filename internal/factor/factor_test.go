package factor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
	"tilgang/internal/throttle"
)

type bench struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Fake
	box   *secret.Box
	svc   *Service
	ctx   context.Context // of havn
	other context.Context // of another tenant
	anna  uuid.UUID
	bo    uuid.UUID
}

func setUp(t *testing.T) *bench {
	t.Helper()
	d, now := dbtest.New(t)
	keys, err := secret.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, db: d, clock: now}
	if b.box, err = keys.Box(); err != nil {
		t.Fatal(err)
	}
	b.svc = b.restarted()
	b.ctx, _ = dbtest.Tenant(t, d, "havn")
	b.other, _ = dbtest.Tenant(t, d, "skog")
	b.anna, b.bo = b.account(), b.account()
	return b
}

// restarted is the service of another process on the same database.
func (b *bench) restarted() *Service {
	return New(b.db, b.box, throttle.New(b.db), account.RenewFactors)
}

func (b *bench) do(fn func(context.Context) error) {
	b.t.Helper()
	if err := b.db.Tx(b.ctx, fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) account() uuid.UUID {
	b.t.Helper()
	var a account.Account
	b.do(func(ctx context.Context) (err error) {
		id := uuid.Must(uuid.NewV7())
		text := "INSERT INTO persons (tenant_id, id, given_name, family_name, created_at, updated_at) VALUES (@tenant, '%s', 'Anna', 'Berg', '2026-01-01', '2026-01-01')"
		if _, err := db.Exec(ctx, fmt.Sprintf(text, id)); err != nil {
			return err
		}
		a, err = account.Create(ctx, account.New{PersonID: id})
		return err
	})
	return a.ID
}

func (b *bench) generation(id uuid.UUID) (n int64) {
	b.do(func(ctx context.Context) error {
		a, err := account.ByID(ctx, id)
		n = a.FactorGeneration
		return err
	})
	return n
}

func (b *bench) start(id uuid.UUID) Enrolment {
	b.t.Helper()
	e, err := b.svc.StartTOTP(b.ctx, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

// enrol gives an account an authenticator and lets its first code grow old.
func (b *bench) enrol(id uuid.UUID) Enrolment {
	b.t.Helper()
	e := b.start(id)
	if err := b.svc.ConfirmTOTP(b.ctx, id, e.ID, b.code(e, 0)); err != nil {
		b.t.Fatal(err)
	}
	b.clock.Move(2 * time.Minute)
	return e
}

// code is the enrolment's code some steps from now.
func (b *bench) code(e Enrolment, steps int64) string {
	b.t.Helper()
	seed, err := base32Seed.DecodeString(e.Secret)
	if err != nil {
		b.t.Fatal(err)
	}
	code, err := codeAt(seed, b.clock.Now().Unix()/stepSeconds+steps)
	if err != nil {
		b.t.Fatal(err)
	}
	return code
}

// wrong is a code that is none of those that work now.
func (b *bench) wrong(e Enrolment) string {
	for n := range 10 {
		code := strings.Repeat(fmt.Sprint(n), codeDigits)
		if seed, _ := base32Seed.DecodeString(e.Secret); !matches(seed, code, b.clock.Now()) {
			return code
		}
	}
	panic("no wrong code")
}

func matches(seed []byte, code string, now time.Time) bool {
	_, ok := matchingStep(seed, code, now)
	return ok
}

func codeOf(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return fmt.Sprint(err)
	}
	return f.Code
}

func (b *bench) want(err error, code string) {
	b.t.Helper()
	if codeOf(err) != code {
		b.t.Fatalf("got %v, want %s", err, code)
	}
}

func (b *bench) ok(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func TestVectorsOfTheStandard(t *testing.T) {
	// RFC 6238 appendix B, SHA1; a six-digit code is the last six of the eight.
	seed := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		got, err := codeAt(seed, at/stepSeconds)
		if err != nil || got != want[2:] {
			t.Errorf("at %d: %s, %v, want %s", at, got, err, want[2:])
		}
	}
}

func TestACodeOfOneStepEitherWayIsTaken(t *testing.T) {
	for steps, want := range map[int64]string{-2: CodeWrong, -1: "", 0: "", 1: "", 2: CodeWrong} {
		t.Run(fmt.Sprintf("%d steps from now", steps), func(t *testing.T) {
			b := setUp(t)
			e := b.enrol(b.anna)
			err := b.svc.VerifyTOTP(b.ctx, b.anna, b.code(e, steps))
			if want == "" && err != nil || want != "" && codeOf(err) != want {
				t.Fatalf("got %v, want %q", err, want)
			}
		})
	}
}

func TestACodeWorksOnce(t *testing.T) {
	b := setUp(t)
	e := b.enrol(b.anna)
	code := b.code(e, 0)
	b.ok(b.svc.VerifyTOTP(b.ctx, b.anna, code))
	t.Run("not a second time", func(t *testing.T) { b.want(b.svc.VerifyTOTP(b.ctx, b.anna, code), CodeUsed) })
	t.Run("nor after a restart", func(t *testing.T) { b.want(b.restarted().VerifyTOTP(b.ctx, b.anna, code), CodeUsed) })
	t.Run("nor the code before it", func(t *testing.T) { b.want(b.svc.VerifyTOTP(b.ctx, b.anna, b.code(e, -1)), CodeUsed) })
	t.Run("but the code after it", func(t *testing.T) { b.ok(b.svc.VerifyTOTP(b.ctx, b.anna, b.code(e, 1))) })
	t.Run("after which the one between is gone too", func(t *testing.T) { b.want(b.svc.VerifyTOTP(b.ctx, b.anna, code), CodeUsed) })
}

func TestTypedCodesForgiveSpaces(t *testing.T) {
	b := setUp(t)
	e := b.enrol(b.anna)
	code := b.code(e, 0)
	b.ok(b.svc.VerifyTOTP(b.ctx, b.anna, " "+code[:3]+" "+code[3:]+" "))
	t.Run("what is no code is not counted as a try", func(t *testing.T) {
		for range 200 {
			for _, typed := range []string{"", "12345", "1234567", "12E456", "１２３４５６", strings.Repeat("1", 5000)} {
				err := b.svc.VerifyTOTP(b.ctx, b.anna, typed)
				b.want(err, CodeShape)
				if _, counted := LockOf(err); counted {
					t.Fatal("it was counted")
				}
			}
		}
	})
}

func TestOfSixteenWithTheSameCodeOneWins(t *testing.T) {
	b := setUp(t)
	e := b.enrol(b.anna)
	b.ok(b.svc.SaveCodes(b.ctx, b.anna, b.set()))
	code := b.code(e, 0)
	won, lost := b.race(func(s *Service) error { return s.VerifyTOTP(b.ctx, b.anna, code) })
	if won != 1 {
		t.Fatalf("%d of 16 won, %d lost", won, lost)
	}
}

// set makes recovery codes that are not saved yet.
func (b *bench) set() CodeSet {
	b.t.Helper()
	set, err := b.svc.NewCodes(b.ctx, b.anna)
	b.ok(err)
	return set
}

// race lets sixteen processes do the same at once.
func (b *bench) race(do func(*Service) error) (won, lost int32) {
	var wins, losses atomic.Int32
	var all sync.WaitGroup
	gate := make(chan struct{})
	for range 16 {
		all.Add(1)
		go func() {
			defer all.Done()
			s := b.restarted()
			<-gate
			switch err := do(s); {
			case err == nil:
				wins.Add(1)
			case fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.TooMany || fault.KindOf(err) == fault.Unavailable:
				losses.Add(1)
			default:
				b.t.Error(err)
			}
		}()
	}
	close(gate)
	all.Wait()
	return wins.Load(), losses.Load()
}

// The throttle lets few of sixteen tries through, so the two single uses are
// raced without it as well.
func TestOfSixteenUpdatesOneChangesTheRow(t *testing.T) {
	b := setUp(t)
	e := b.enrol(b.anna)
	codes, err := b.svc.MakeCodes(b.ctx, b.anna)
	b.ok(err)
	hashes, err := b.svc.hashes(b.ctx, codes[:1])
	b.ok(err)
	for name, use := range map[string]func(context.Context) error{
		"of an authenticator's step": func(ctx context.Context) error {
			return raiseStep(ctx, authenticator{ID: e.ID, AccountID: b.anna}, b.clock.Now().Unix()/stepSeconds)
		},
		"of a recovery code": func(ctx context.Context) error { return useCode(ctx, b.anna, hashes[0]) },
	} {
		t.Run(name, func(t *testing.T) {
			var won atomic.Int32
			var all sync.WaitGroup
			for range 16 {
				all.Add(1)
				go func() {
					defer all.Done()
					err := b.db.Tx(b.ctx, use)
					if err == nil {
						won.Add(1)
					} else if !errors.Is(err, db.ErrNotFound) {
						t.Error(err)
					}
				}()
			}
			all.Wait()
			if won.Load() != 1 {
				t.Fatalf("%d won", won.Load())
			}
		})
	}
}

func TestTwentyWrongCodesLock(t *testing.T) {
	b := setUp(t)
	e := b.enrol(b.anna)
	var last error
	for range 20 {
		last = b.svc.VerifyTOTP(b.ctx, b.anna, b.wrong(e))
	}
	if fault.KindOf(last) != fault.TooMany {
		t.Fatalf("twentieth wrong code: %v", last)
	}
	t.Run("the right code is refused, and says for how long", func(t *testing.T) {
		err := b.restarted().VerifyTOTP(b.ctx, b.anna, b.code(e, 0))
		f, _ := fault.As(err)
		if f == nil || f.Kind != fault.TooMany || f.RetryAfter <= 0 {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("another account is not locked", func(t *testing.T) {
		other := b.enrol(b.bo)
		b.ok(b.svc.VerifyTOTP(b.ctx, b.bo, b.code(other, 0)))
	})
	t.Run("when the wait is over the right code works", func(t *testing.T) {
		b.clock.Move(throttle.LongWait)
		b.ok(b.svc.VerifyTOTP(b.ctx, b.anna, b.code(e, 0)))
	})
}

func TestTheFailureThatLocksIsTold(t *testing.T) {
	b := setUp(t)
	e := b.enrol(b.anna)
	first := 0
	for range 10 {
		if lock, ok := LockOf(b.svc.VerifyTOTP(b.ctx, b.anna, b.wrong(e))); ok && lock.First() {
			first++
		}
	}
	if first != 1 {
		t.Fatalf("the owner would be told %d times", first)
	}
}

func TestAFailingCompanionTakesTheCodeBack(t *testing.T) {
	b := setUp(t)
	e := b.enrol(b.anna)
	broken := errors.New("mail refused")
	for range 10 {
		err := b.svc.VerifyTOTP(b.ctx, b.anna, b.code(e, 0), func(context.Context) error { return broken })
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
	}
	b.ok(b.svc.VerifyTOTP(b.ctx, b.anna, b.code(e, 0)))
}

func TestNothingIsVerifiedInsideATransaction(t *testing.T) {
	b := setUp(t)
	e := b.enrol(b.anna)
	err := b.db.Tx(b.ctx, func(ctx context.Context) error { return b.svc.VerifyTOTP(ctx, b.anna, b.code(e, 0)) })
	if err == nil {
		t.Fatal("a rollback could bring the try back")
	}
}
