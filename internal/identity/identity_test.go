package identity_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/fault"
	"tilgang/internal/identity"
	"tilgang/internal/people"
)

type bench struct {
	t          *testing.T
	db         *db.DB
	clock      *clock.Fake
	ctx, other context.Context
}

func setUp(t *testing.T) *bench {
	d, now := dbtest.New(t)
	b := &bench{t: t, db: d, clock: now}
	b.ctx, _ = dbtest.Tenant(t, d, "havn")
	b.other, _ = dbtest.Tenant(t, d, "skog")
	return b
}

func (b *bench) do(ctx context.Context, fn func(context.Context) error) {
	b.t.Helper()
	if err := b.db.Tx(ctx, fn); err != nil {
		b.t.Fatal(err)
	}
}

// person makes somebody with an account and, when given, a national number.
func (b *bench) person(ctx context.Context, national []byte) (acc account.Account) {
	b.t.Helper()
	id := uuid.Must(uuid.NewV7())
	b.do(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, `INSERT INTO persons (tenant_id, id, given_name, family_name, national_key, created_at, updated_at) VALUES (@tenant, @id, 'Anna', 'Berg', @national, @now, @now)`,
			sql.Named("id", id), sql.Named("national", national), sql.Named("now", db.Now(ctx)))
		if err != nil {
			return err
		}
		acc, err = account.Create(ctx, account.New{PersonID: id, Kind: account.Private, Address: id.String() + "@post.example", AddressKey: id.String() + "@post.example"})
		return err
	})
	return acc
}

// prove is a visit that came to something.
func (b *bench) prove(ctx context.Context, attempt uuid.UUID, subject, national string) (p identity.Proof) {
	b.t.Helper()
	state := uuid.New()
	b.do(ctx, func(ctx context.Context) (err error) {
		p, err = identity.Begin(ctx, identity.Visit{AttemptID: attempt, State: state[:], Connector: "bankid", Purpose: "prove"})
		if err != nil {
			return err
		}
		r := identity.Result{Subject: []byte(subject), Level: identity.Substantial}
		if national != "" {
			r.National = []byte(national)
		}
		return identity.Complete(ctx, p.ID, r)
	})
	b.do(ctx, func(ctx context.Context) (err error) { p, err = identity.ProofOf(ctx, attempt); return err })
	return p
}

func kind(err error) fault.Kind { return fault.KindOf(err) }

func TestAStateIsUsedOnceAndAProofTakenOnce(t *testing.T) {
	b := setUp(t)
	attempt, state := uuid.New(), []byte("state")
	begin := func(ctx context.Context) error {
		return b.db.Tx(ctx, func(ctx context.Context) error {
			_, err := identity.Begin(ctx, identity.Visit{AttemptID: attempt, State: state, Connector: "bankid"})
			return err
		})
	}
	if err := begin(b.ctx); err != nil {
		t.Fatal(err)
	}
	if err := begin(b.ctx); kind(err) != fault.Expired {
		t.Errorf("a second time: %v", err)
	}
	if err := begin(b.other); err != nil {
		t.Errorf("another tenant's state is another: %v", err)
	}
	attempt = uuid.New()
	b.prove(b.ctx, attempt, "sub", "nat")
	take := func(ctx context.Context) error {
		return b.db.Tx(ctx, func(ctx context.Context) error { _, err := identity.Take(ctx, attempt); return err })
	}
	if err := take(b.other); kind(err) != fault.Expired {
		t.Errorf("another tenant took it: %v", err)
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if take(b.ctx) == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d took it", won.Load())
	}
}

func TestAProofEndsAfterTenMinutesAndWithTheNextVisit(t *testing.T) {
	b := setUp(t)
	first, second := uuid.New(), uuid.New()
	b.prove(b.ctx, first, "a", "")
	b.clock.Move(identity.Life)
	err := b.db.Read(b.ctx, func(ctx context.Context) error { _, err := identity.ProofOf(ctx, first); return err })
	if kind(err) != fault.Expired {
		t.Errorf("after ten minutes: %v", err)
	}
	b.prove(b.ctx, second, "b", "")
	b.clock.Move(time.Second)
	b.do(b.ctx, func(ctx context.Context) error {
		_, err := identity.Begin(ctx, identity.Visit{AttemptID: second, State: []byte("again"), Connector: "bankid"})
		return err
	})
	err = b.db.Tx(b.ctx, func(ctx context.Context) error { _, err := identity.Take(ctx, second); return err })
	if kind(err) != fault.Expired {
		t.Errorf("an earlier proof after a visit that came to nothing: %v", err)
	}
}

func TestANumberTellsWhoseProofItIs(t *testing.T) {
	b := setUp(t)
	anna := b.person(b.ctx, []byte("anna"))
	p := b.prove(b.ctx, uuid.New(), "sub", "anna")
	b.do(b.ctx, func(ctx context.Context) error {
		person, err := identity.PersonOf(ctx, p)
		if err != nil || person.ID != anna.PersonID {
			t.Errorf("%v %v", person.ID, err)
		}
		return nil
	})
	b.do(b.other, func(ctx context.Context) error {
		if _, err := identity.PersonOf(ctx, p); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("in another tenant: %v", err)
		}
		if _, err := identity.PersonOf(ctx, identity.Proof{}); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("without a number: %v", err)
		}
		return nil
	})
	for name, c := range map[string]struct {
		proof, record string
		want          identity.Match
	}{
		"the same": {"a", "a", identity.Same}, "another": {"a", "b", identity.Other}, "none on record": {"a", "", identity.Unsure}, "none proven": {"", "b", identity.Unsure},
	} {
		if got := identity.Compare(identity.Proof{NationalKey: []byte(c.proof)}, people.Person{NationalKey: []byte(c.record)}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAnIdentityBelongsToOneAccountOfATenant(t *testing.T) {
	b := setUp(t)
	anna, bo, foreign := b.person(b.ctx, nil), b.person(b.ctx, nil), b.person(b.other, nil)
	p := b.prove(b.ctx, uuid.New(), "sub", "n")
	link := func(ctx context.Context, acc account.Account, p identity.Proof, proven bool) (l identity.Linked, err error) {
		err = b.db.Tx(ctx, func(ctx context.Context) error { l, err = identity.Link(ctx, acc.ID, p, proven); return err })
		return l, err
	}
	if _, err := link(b.ctx, anna, p, false); err != nil {
		t.Fatal(err)
	}
	if _, err := link(b.ctx, bo, p, true); kind(err) != fault.Conflict {
		t.Errorf("a second account: %v", err)
	}
	if _, err := link(b.other, foreign, b.prove(b.other, uuid.New(), "sub", "n"), true); err != nil {
		t.Errorf("the same person at another employer: %v", err)
	}
	again, err := link(b.ctx, anna, p, true)
	if err != nil || !again.Proven {
		t.Errorf("renewed: %+v %v", again, err)
	}
	if again, err = link(b.ctx, anna, p, false); err != nil || !again.Proven {
		t.Errorf("what was proven stays so: %+v %v", again, err)
	}
	if _, err := link(b.ctx, anna, b.prove(b.ctx, uuid.New(), "another", "n"), false); err != nil {
		t.Fatal(err)
	}
	b.do(b.ctx, func(ctx context.Context) error {
		list, err := identity.LinkedTo(ctx, anna.ID)
		if err != nil || len(list) != 1 || string(list[0].SubjectHash) != "another" {
			t.Errorf("one a connector: %d %v", len(list), err)
		}
		return err
	})
	b.do(b.other, func(ctx context.Context) error {
		if list, err := identity.LinkedTo(ctx, anna.ID); err != nil || len(list) != 0 {
			t.Errorf("another tenant sees %d, %v", len(list), err)
		}
		return nil
	})
}

func TestUnlinkIsTheOwnersAlone(t *testing.T) {
	b := setUp(t)
	anna, bo := b.person(b.ctx, nil), b.person(b.ctx, nil)
	var l identity.Linked
	p := b.prove(b.ctx, uuid.New(), "sub", "")
	b.do(b.ctx, func(ctx context.Context) (err error) { l, err = identity.Link(ctx, anna.ID, p, true); return err })
	unlink := func(ctx context.Context, acc account.Account, id uuid.UUID) error {
		return b.db.Tx(ctx, func(ctx context.Context) error { _, err := identity.Unlink(ctx, acc.ID, id); return err })
	}
	for name, err := range map[string]error{
		"somebody else": unlink(b.ctx, bo, l.ID), "another tenant": unlink(b.other, anna, l.ID), "an unknown one": unlink(b.ctx, anna, uuid.New()),
	} {
		if kind(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := unlink(b.ctx, anna, l.ID); err != nil {
		t.Fatal(err)
	}
	if err := unlink(b.ctx, anna, l.ID); kind(err) != fault.NotFound {
		t.Errorf("twice: %v", err)
	}
}

func TestAMoveCanBeTakenBackByEitherForThreeDays(t *testing.T) {
	b := setUp(t)
	anna, bo, eve := b.person(b.ctx, nil), b.person(b.ctx, nil), b.person(b.ctx, nil)
	p := b.prove(b.ctx, uuid.New(), "sub", "")
	b.do(b.ctx, func(ctx context.Context) error { _, err := identity.Link(ctx, anna.ID, p, true); return err })
	move := func() (m identity.Move) {
		b.do(b.ctx, func(ctx context.Context) (err error) { m, err = identity.MoveTo(ctx, bo.ID, p, false); return err })
		return m
	}
	undo := func(ctx context.Context, acc account.Account, m identity.Move) error {
		return b.db.Tx(ctx, func(ctx context.Context) error { _, err := identity.Undo(ctx, acc.ID, m.ID); return err })
	}
	owner := func(want account.Account, proven bool) {
		t.Helper()
		b.do(b.ctx, func(ctx context.Context) error {
			l, err := identity.Owner(ctx, p)
			if err != nil || l.AccountID != want.ID || l.Proven != proven {
				t.Errorf("%+v %v", l, err)
			}
			return nil
		})
	}
	m := move()
	owner(bo, false)
	for name, err := range map[string]error{"a third": undo(b.ctx, eve, m), "another tenant": undo(b.other, anna, m)} {
		if kind(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.clock.Move(identity.UndoWithin - time.Second)
	if err := undo(b.ctx, anna, m); err != nil {
		t.Fatal(err)
	}
	owner(anna, true)
	if err := undo(b.ctx, anna, m); kind(err) != fault.Expired {
		t.Errorf("twice: %v", err)
	}
	m = move()
	b.clock.Move(identity.UndoWithin)
	if err := undo(b.ctx, anna, m); kind(err) != fault.Expired {
		t.Errorf("too late: %v", err)
	}
	owner(bo, false)
}

// What the former owner ties in the meantime is theirs: the other account does not
// put it aside by taking the move back.
func TestAMoveIsNotTakenBackOverANewerIdentity(t *testing.T) {
	b := setUp(t)
	anna, bo := b.person(b.ctx, nil), b.person(b.ctx, nil)
	p, own := b.prove(b.ctx, uuid.New(), "sub", ""), b.prove(b.ctx, uuid.New(), "her own", "")
	var m identity.Move
	b.do(b.ctx, func(ctx context.Context) error { _, err := identity.Link(ctx, anna.ID, p, true); return err })
	b.do(b.ctx, func(ctx context.Context) (err error) { m, err = identity.MoveTo(ctx, bo.ID, p, false); return err })
	b.do(b.ctx, func(ctx context.Context) error { _, err := identity.Link(ctx, anna.ID, own, true); return err })
	err := b.db.Tx(b.ctx, func(ctx context.Context) error { _, err := identity.Undo(ctx, bo.ID, m.ID); return err })
	if kind(err) != fault.Expired {
		t.Errorf("taken back: %v", err)
	}
	b.do(b.ctx, func(ctx context.Context) error {
		list, err := identity.LinkedTo(ctx, anna.ID)
		if err != nil || len(list) != 1 || string(list[0].SubjectHash) != string(own.SubjectHash) {
			t.Errorf("she has %v, %v", list, err)
		}
		return nil
	})
}

func TestHRDecidesOnceAndNeverForItself(t *testing.T) {
	b := setUp(t)
	anna, hr := b.person(b.ctx, nil), b.person(b.ctx, nil)
	p := b.prove(b.ctx, uuid.New(), "sub", "n")
	var r identity.Review
	ask := func() {
		b.do(b.ctx, func(ctx context.Context) error { return identity.Ask(ctx, anna, p) })
		b.do(b.ctx, func(ctx context.Context) (err error) { r, err = identity.NewestReview(ctx, anna.ID); return err })
	}
	decide := func(ctx context.Context, who account.Account, yes bool) error {
		ctx = authz.With(ctx, authz.Actor{Kind: authz.Person, PersonID: who.PersonID, AccountID: who.ID})
		return b.db.Tx(ctx, func(ctx context.Context) error { _, _, err := identity.Decide(ctx, r.ID, yes); return err })
	}
	known := func() (ok bool) {
		b.do(b.ctx, func(ctx context.Context) (err error) { ok, err = identity.Known(ctx, anna.ID); return err })
		return ok
	}
	ask()
	ask() // the second takes the first one's place
	if err := decide(b.ctx, anna, true); kind(err) != fault.Forbidden {
		t.Errorf("for oneself: %v", err)
	}
	if err := decide(b.other, hr, true); kind(err) != fault.NotFound {
		t.Errorf("another tenant: %v", err)
	}
	if err := decide(b.ctx, hr, false); err != nil || known() {
		t.Errorf("rejected: %v, known %t", err, known())
	}
	if err := decide(b.ctx, hr, true); kind(err) != fault.Conflict {
		t.Errorf("twice: %v", err)
	}
	b.clock.Move(time.Second)
	ask()
	if err := decide(b.ctx, hr, true); err != nil || !known() {
		t.Errorf("confirmed: %v, known %t", err, known())
	}
}

// Between the question and the answer a staff file may bring the number.
func TestHRConfirmsNoIdentityWhoseNumberIsAnothers(t *testing.T) {
	b := setUp(t)
	anna, hr := b.person(b.ctx, nil), b.person(b.ctx, nil)
	p := b.prove(b.ctx, uuid.New(), "sub", "n")
	var r identity.Review
	b.do(b.ctx, func(ctx context.Context) error { return identity.Ask(ctx, anna, p) })
	b.do(b.ctx, func(ctx context.Context) (err error) { r, err = identity.NewestReview(ctx, anna.ID); return err })
	b.person(b.ctx, []byte("n"))
	decide := func(yes bool) error {
		ctx := authz.With(b.ctx, authz.Actor{Kind: authz.Person, PersonID: hr.PersonID, AccountID: hr.ID})
		return b.db.Tx(ctx, func(ctx context.Context) error { _, _, err := identity.Decide(ctx, r.ID, yes); return err })
	}
	if f, known := fault.As(decide(true)); !known || f.Code != "identity.review.foreign" {
		t.Errorf("confirmed: %v", f)
	}
	if err := decide(false); err != nil {
		t.Errorf("rejected: %v", err)
	}
}

func TestProofsAreSweptADayAfterTheirEnd(t *testing.T) {
	b := setUp(t)
	b.prove(b.ctx, uuid.New(), "sub", "n")
	b.clock.Move(48 * time.Hour)
	b.do(b.other, func(ctx context.Context) error {
		if n, err := identity.Sweep(ctx); n != 0 || err != nil {
			t.Errorf("another tenant swept %d, %v", n, err)
		}
		return nil
	})
	b.do(b.ctx, func(ctx context.Context) error {
		if n, err := identity.Sweep(ctx); n != 1 || err != nil {
			t.Errorf("swept %d, %v", n, err)
		}
		return nil
	})
}

// What HR decided is linked, or it was a no; neither needs the number any longer.
func TestDecidedQuestionsAreSweptButHRsWordAlone(t *testing.T) {
	b := setUp(t)
	hr := b.person(b.ctx, nil)
	decided := func(p identity.Proof, yes bool) {
		who := b.person(b.ctx, nil)
		b.do(b.ctx, func(ctx context.Context) error { return identity.Ask(ctx, who, p) })
		ctx := authz.With(b.ctx, authz.Actor{Kind: authz.Person, PersonID: hr.PersonID, AccountID: hr.ID})
		b.do(ctx, func(ctx context.Context) error {
			r, err := identity.NewestReview(ctx, who.ID)
			if err == nil {
				_, _, err = identity.Decide(ctx, r.ID, yes)
			}
			return err
		})
	}
	decided(b.prove(b.ctx, uuid.New(), "one", "n"), true)
	decided(b.prove(b.ctx, uuid.New(), "two", "m"), false)
	decided(identity.Proof{}, false)
	decided(identity.Proof{}, true)
	waits := b.person(b.ctx, nil)
	b.do(b.ctx, func(ctx context.Context) error { return identity.Ask(ctx, waits, identity.Proof{}) })
	left := func() (n int) {
		b.do(b.ctx, func(ctx context.Context) error {
			if _, err := identity.Sweep(ctx); err != nil {
				return err
			}
			return db.Rows(ctx, &n, "SELECT COUNT(*) FROM identity_reviews WHERE tenant_id = @tenant")
		})
		return n
	}
	b.clock.Move(90 * 24 * time.Hour)
	if n := left(); n != 5 {
		t.Errorf("after ninety days %d are left", n)
	}
	b.clock.Move(time.Second)
	if n := left(); n != 2 {
		t.Errorf("a second later %d are left", n)
	}
}
