package register_test

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
)

func TestOfManyClicksOneSettles(t *testing.T) {
	w := setUp(t, always)
	w.odd()
	b := w.alumni()
	w.comes(b, "new@post.example", "400 08 215")
	w.said(w.newest(), odds)
	a, err := w.App.Services.Attempts.ByID(w.ctx, w.newest())
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	cookies := 0
	for range 8 {
		all.Go(func() {
			done, err := w.svc.Settle(w.ctx, a)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if done.Cookie != "" {
				cookies++
			}
		})
	}
	all.Wait()
	if n := w.count(w.ctx, "accounts WHERE registered_at IS NOT NULL"); n != 1 || cookies != 1 {
		t.Errorf("%d accounts, %d cookies", n, cookies)
	}
}

func TestTwoBrowsersOfOnePersonMakeOneAccount(t *testing.T) {
	w := setUp(t, always)
	w.odd()
	one, two := w.alumni(), w.alumni()
	w.comes(one, "one@post.example", "400 08 215")
	w.said(w.newest(), odds)
	w.Pass(minutes)
	w.comes(two, "two@post.example", "411 11 111")
	w.said(w.newest(), odds)
	var pages [2]*apptest.Page
	var all sync.WaitGroup
	for i, b := range []*apptest.Browser{one, two} {
		all.Go(func() { pages[i] = b.Get("/register/proven") })
	}
	all.Wait()
	if n := w.count(w.ctx, "accounts WHERE 1 = 1"); n != 1 {
		t.Errorf("%d accounts", n)
	}
	if n := w.count(w.ctx, "identifiers WHERE kind = 'private'"); n != 2 {
		t.Errorf("%d addresses", n)
	}
	if n := w.count(w.ctx, "authenticators WHERE confirmed_at IS NOT NULL"); n != 1 {
		t.Errorf("%d factors: the second phone is on file too", n)
	}
	asked := 0
	for _, p := range pages {
		if p.URL.Path == "/mfa" {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("on %s and %s", pages[0].URL, pages[1].URL)
	}
}

func TestTwoNumbersAtOnceLeaveOneToProve(t *testing.T) {
	w := setUp(t, always)
	b := w.alumni()
	w.prove(b, "new@post.example")
	b.Submit("password", word, "password_confirm", word)
	b.Submit("country", "NO", "phone", "400 08 215", "@channel", "sms")
	first := w.code("+4740008215")
	w.Pass(time.Minute)
	b.Get("/register/phone")
	w.at(b.Submit("country", "NO", "phone", "411 11 111", "@channel", "sms"), "/register/phone/code", "1111")
	if p := b.Submit("code", first); first != w.code("+4741111111") && p.Status != 422 {
		t.Errorf("the code of the number before: %d %s", p.Status, p.URL)
	}
	b.Get("/register/phone/code")
	w.at(b.Submit("@channel", "voice"), "/register/phone/code", "We are calling")
	if p := b.Submit("code", w.code("+4741111111")); p.URL.Path == "/register/phone/code" {
		t.Errorf("%s", p.Text())
	}
	w.at(b.Post("/register/phone", url.Values{"country": {"NO"}, "phone": {"400 08 215"}}), "/proofing")
}

// errProofed is what rolls a transaction back in a test.
var errProofed = errors.New("not this time")

func TestAProofThatCameToNothingCanBeUsedAgain(t *testing.T) {
	w := setUp(t, always)
	w.odd()
	b := w.alumni()
	w.comes(b, "new@post.example", "400 08 215")
	w.said(w.newest(), odds)
	a, err := w.App.Services.Attempts.ByID(w.ctx, w.newest())
	if err != nil {
		t.Fatal(err)
	}
	err = w.DB.Tx(w.ctx, func(ctx context.Context) error {
		if _, err := w.svc.Settle(ctx, a); err != nil {
			return err
		}
		return errProofed
	})
	if !errors.Is(err, errProofed) {
		t.Fatal(err)
	}
	w.at(b.Get("/register/proven"), "/mfa/setup/recovery")
}

func TestAnotherTenantSeesAndMovesNothing(t *testing.T) {
	w := setUp(t, always)
	w.odd()
	w.hire(w.other, person{name: "Olle", private: "olle@post.example", national: odds})
	b := w.alumni()
	w.comes(b, "new@post.example", "400 08 215")
	w.said(w.newest(), odds)
	a, err := w.App.Services.Attempts.ByID(w.ctx, w.newest())
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func(context.Context, attempt.Attempt) error{
		"a code": func(ctx context.Context, a attempt.Attempt) error { return w.svc.Typed(ctx, a, "123456", "192.0.2.1") },
		"a number": func(ctx context.Context, a attempt.Attempt) error {
			return w.svc.ProvePhone(ctx, a, "123456", "192.0.2.1")
		},
		"the end": func(ctx context.Context, a attempt.Attempt) error { _, err := w.svc.Settle(ctx, a); return err },
	} {
		theirs, unknown := do(w.other, a), do(w.other, attempt.Attempt{ID: uuid.New(), Host: a.Host, Address: a.Address, AddressKey: a.AddressKey})
		if theirs == nil || unknown == nil || theirs.Error() != unknown.Error() {
			t.Errorf("%s: %v, and for an unknown one %v", name, theirs, unknown)
		}
	}
	if n, err := w.svc.Sweep(w.other); n != 0 || err != nil {
		t.Errorf("swept %d %v", n, err)
	}
	w.at(b.Get("/register/proven"), "/mfa/setup/recovery")
	w.do(w.other, func(ctx context.Context) error {
		if _, err := account.ByAddress(ctx, "new@post.example"); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("the other tenant has the account: %v", err)
		}
		return nil
	})
}

func TestRegistrationsAreSweptAfterTwoWeeks(t *testing.T) {
	w := setUp(t, always)
	w.ask(w.alumni(), "new@post.example")
	w.Work()
	w.Pass(14 * 24 * time.Hour)
	if n, err := w.svc.Sweep(w.ctx); n != 0 || err != nil {
		t.Fatalf("%d too early, %v", n, err)
	}
	w.Pass(time.Second)
	if n, err := w.svc.Sweep(w.ctx); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
}

func TestAFrozenAccountIsNotWidened(t *testing.T) {
	w := setUp(t, always)
	had := w.hire(w.ctx, person{name: "Odd", work: "odd@nordlys.example", national: odds, account: true, phone: "+4741111111"})
	w.do(w.ctx, func(ctx context.Context) error { return account.FreezeFor(ctx, had.ID, uuid.New()) })
	b := w.alumni()
	w.comes(b, "new@post.example", "400 08 215")
	if p := w.identify(b, odds); p.Status != 409 {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if _, err := w.accountOf(w.ctx, "new@post.example"); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
