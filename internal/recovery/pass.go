package recovery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// The bounds of passes: of one person and of one maker in 24 hours.
const (
	passesAPerson = 3
	passesAMaker  = 20
	tryPass       = "access_pass"
)

// The refusals.
func errOff() error     { return fault.New(fault.Forbidden, "recovery.pass.off") }
func errRole() error    { return fault.New(fault.Forbidden, "recovery.pass.role") }
func errNotYou() error  { return fault.New(fault.Forbidden, "recovery.pass.self") }
func errNoPass() error  { return fault.New(fault.Conflict, "recovery.pass.none_needed") }
func errNotIn() error   { return fault.New(fault.Conflict, "recovery.pass.not_in") }
func errShape() error   { return fault.Field("code", "recovery.pass.shape") }
func errNotGood() error { return fault.Field("code", "recovery.pass.wrong") }
func errMany(code string, most int, wait time.Duration) error {
	return fault.New(fault.TooMany, code, "Count", most, "Wait", wait).After(wait)
}

// Pass is a new pass as its maker sees it, once.
type Pass struct {
	Code  string
	Until time.Time
}

// MayMake tells whether the actor could make a pass for a person now, and
// changes nothing. Errors are those of MakePass.
func (s *Service) MayMake(ctx context.Context, person uuid.UUID) error {
	err := s.DB.Read(ctx, func(ctx context.Context) error { _, err := s.mayMake(ctx, person); return err })
	return missing(err)
}

// MakePass makes a pass for somebody who stands there; one made before is void.
// Faults: NotFound for whom the actor does not reach; Forbidden
// "recovery.pass.off", "recovery.pass.role", "recovery.pass.self"; Conflict
// "recovery.pass.not_in", "recovery.pass.none_needed", "recovery.pass.young";
// TooMany "recovery.pass.often", "recovery.pass.maker_often".
func (s *Service) MakePass(ctx context.Context, person uuid.UUID) (p Pass, err error) {
	var refused error
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := lockPersons(ctx, s.DB.Postgres(), person, authz.From(ctx).PersonID); err != nil {
			return err
		}
		acc, why := s.mayMake(ctx, person)
		if refused = why; why != nil {
			return noted(ctx, "pass", person, why)
		}
		p, err = s.make(ctx, acc)
		return err
	})
	if err == nil {
		err = refused
	}
	return p, missing(err)
}

func (s *Service) mayMake(ctx context.Context, person uuid.UUID) (acc account.Account, err error) {
	if err := s.reach(ctx, "pass", "make", person); err != nil {
		if f, known := fault.As(err); known && f.Is(errSelf()) {
			return acc, errNotYou()
		}
		if f, known := fault.As(err); known && f.Is(errAbove()) {
			return acc, errRole()
		}
		return acc, err
	}
	if tenant.MustFrom(ctx).Mfa.AccessPass.Life == 0 {
		return acc, errOff()
	}
	acc, err = account.ByPerson(ctx, person)
	if errors.Is(err, db.ErrNotFound) || err == nil && acc.Status != account.Active {
		return acc, errNotIn()
	}
	if err != nil {
		return acc, err
	}
	if err := s.fits(ctx, acc, s.DB.Now()); err != nil {
		return acc, err
	}
	return acc, seldomPasses(ctx, person, authz.From(ctx).PersonID, s.DB.Now())
}

// fits tells whether a pass made at a moment may let an account in: it has no
// role, and either a factor is on file that the password is older than, by the
// cooling-off time, or none is, one is demanded and this is the first sign-in.
func (s *Service) fits(ctx context.Context, acc account.Account, made time.Time) error {
	privileged, err := isPrivileged(ctx, acc.PersonID)
	if err != nil {
		return err
	}
	if privileged {
		return errRole()
	}
	list, err := s.Factors.Confirmed(ctx, acc.ID)
	if err != nil {
		return err
	}
	t := tenant.MustFrom(ctx)
	if len(list) > 0 {
		return oldEnough(acc, made, t.Mfa.Recovery.CoolingOff)
	}
	subject, _, err := people.SubjectOf(ctx, acc.PersonID, s.DB.Now(), t)
	if err != nil {
		return err
	}
	if err := oldEnough(acc, made, 0); err != nil {
		return err
	}
	if acc.LastSigninAt != nil || !t.Mfa.For(subject, s.DB.Now()).Mandatory {
		return errNoPass()
	}
	return nil
}

// oldEnough keeps a new password and a pass from coming out of the same hand:
// whoever had the one sent must not make the other on the same day.
func oldEnough(acc account.Account, made time.Time, age time.Duration) error {
	if acc.PasswordChangedAt == nil {
		return errNotIn()
	}
	if from := acc.PasswordChangedAt.Add(age); made.Before(from) {
		return fault.New(fault.Conflict, "recovery.pass.young", "When", from)
	}
	return nil
}

func seldomPasses(ctx context.Context, person, maker uuid.UUID, now time.Time) error {
	since := now.Add(-24 * time.Hour)
	list, err := passTimes(ctx, passesOf, person, since)
	if err != nil {
		return err
	}
	if len(list) >= passesAPerson {
		return errMany("recovery.pass.often", passesAPerson, list[passesAPerson-1].Add(24*time.Hour).Sub(now))
	}
	if list, err = passTimes(ctx, passesBy, maker, since); err == nil && len(list) >= passesAMaker {
		return errMany("recovery.pass.maker_often", passesAMaker, list[passesAMaker-1].Add(24*time.Hour).Sub(now))
	}
	return err
}

func (s *Service) make(ctx context.Context, acc account.Account) (Pass, error) {
	t, now := tenant.MustFrom(ctx), db.Now(ctx)
	p := Pass{Code: secret.InviteCode(), Until: now.Add(t.Mfa.AccessPass.Life)}
	raised, err := epoch(ctx, acc.ID)
	if err != nil {
		return p, err
	}
	row := pass{
		SecurityEpoch: raised,
		ID:            uuid.Must(uuid.NewV7()), PersonID: acc.PersonID, AccountID: acc.ID, MakerID: authz.From(ctx).PersonID,
		CodeHash: s.passHash(t.ID, acc.ID, p.Code), CreatedAt: now, ExpiresAt: p.Until,
	}
	if err := voidPasses(ctx, acc.ID); err != nil {
		return p, err
	}
	if err := insertPass(ctx, row); err != nil {
		return p, err
	}
	c, err := channelsOf(ctx, acc.PersonID, acc.ID)
	if err != nil {
		return p, err
	}
	if err := s.mail(ctx, c, message.New{Kind: kindPass, RefID: &row.ID}); err != nil {
		return p, err
	}
	if c.texts {
		if err := s.Phones.TellPhones(ctx, acc.ID, kindPassText, row.ID, c.numbers...); err != nil {
			return p, err
		}
	}
	return p, audit.Record(ctx, passEvent("recovery.pass_made", row, nil))
}

// UsePass takes a pass in place of the factor that the attempt owes, once. Tries
// are counted before the code is compared. Refusals: Expired "attempt.expired"
// without a proven password; Invalid at code; TooMany.
func (s *Service) UsePass(ctx context.Context, a attempt.Attempt, typed string) error {
	if !s.takes(ctx, a) {
		return fault.New(fault.Expired, "attempt.expired")
	}
	code := secret.NormaliseCode(typed)
	if len(code) != codeCharacter {
		return errShape()
	}
	lock, err := s.Throttle.Try(ctx, tryPass, a.AccountID[:])
	if err != nil {
		return err
	}
	var refused error
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		refused, err = s.use(ctx, a, code)
		return err
	})
	if err != nil {
		return errors.Join(err, s.Throttle.Forgive(ctx, tryPass, a.AccountID[:], lock))
	}
	return refused
}

// takes tells whether an attempt may use a pass at all: a sign-in whose password
// is proven, where the employer has passes.
func (s *Service) takes(ctx context.Context, a attempt.Attempt) bool {
	return a.AccountID != uuid.Nil && a.Has(attempt.Password) && slices.Contains([]string{attempt.Signin, attempt.Activate}, a.Purpose) &&
		tenant.MustFrom(ctx).Mfa.AccessPass.Life > 0
}

func (s *Service) use(ctx context.Context, a attempt.Attempt, code string) (refused, err error) {
	t := tenant.MustFrom(ctx)
	row, err := openPass(ctx, a.AccountID)
	if errors.Is(err, db.ErrNotFound) {
		return errNotGood(), nil
	}
	if err != nil {
		return nil, err
	}
	acc, err := account.ByID(ctx, a.AccountID)
	if err != nil {
		return nil, err
	}
	raised, err := epoch(ctx, acc.ID)
	if err != nil {
		return nil, err
	}
	if !secret.Equal(row.CodeHash, s.passHash(t.ID, acc.ID, code)) || acc.Status != account.Active || raised != row.SecurityEpoch {
		return errNotGood(), nil
	}
	if why := s.fits(ctx, acc, row.CreatedAt); why != nil {
		if _, known := fault.As(why); known {
			return errNotGood(), nil
		}
		return nil, why
	}
	if err := spendPass(ctx, row.ID); err != nil {
		if errors.Is(err, db.ErrNotFound) {
			return errNotGood(), nil
		}
		return nil, err
	}
	if err := s.Attempts.Prove(ctx, a.ID, attempt.Pass); err != nil {
		return nil, err
	}
	if err := s.Throttle.Clear(ctx, tryPass, a.AccountID[:]); err != nil {
		return nil, err
	}
	return nil, audit.Record(ctx, passEvent("recovery.pass_used", row, map[string]any{"attempt": a.ID.String()}))
}

func (s *Service) passHash(owner, accountID uuid.UUID, code string) []byte {
	return s.Box.Keyed(tryPass, owner, accountID.String()+" "+secret.NormaliseCode(code))
}

func passEvent(action string, p pass, detail map[string]any) audit.Event {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["pass"], detail["account"] = p.ID.String(), p.AccountID.String()
	return audit.Event{Action: action, Subject: audit.Subject{Kind: "person", ID: p.PersonID}, Detail: detail}
}

// Owed tells whether a challenge, or a set-up that cannot be put off, is what an
// attempt owes, so that a pass could take its place.
func (s *Service) Owed(ctx context.Context, a attempt.Attempt) (bool, error) {
	if !s.takes(ctx, a) || a.Has(attempt.Pass) || factor.Proven(a.AMR) {
		return false, nil
	}
	var owed bool
	err := s.DB.Read(ctx, func(ctx context.Context) error {
		acc, err := account.ByID(ctx, a.AccountID)
		if err != nil {
			return err
		}
		list, err := s.Factors.Confirmed(ctx, acc.ID)
		if err != nil || len(list) > 0 {
			owed = len(list) > 0
			return err
		}
		t := tenant.MustFrom(ctx)
		subject, _, err := people.SubjectOf(ctx, acc.PersonID, s.DB.Now(), t)
		owed = t.Mfa.For(subject, s.DB.Now()).Mandatory
		return err
	})
	if err != nil {
		return false, fmt.Errorf("see whether a pass helps: %w", err)
	}
	return owed, nil
}
