package signin_test

import (
	"context"
	"testing"

	"tilgang/internal/account"
	"tilgang/internal/throttle"
)

// twoAddresses is somebody who signs in with either of two.
func (w *world) twoAddresses() account.Account {
	w.T.Helper()
	a := w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	w.do(w.ctx, func(ctx context.Context) error {
		return account.AddIdentifier(ctx, a.ID, account.Private, "åse@home.example", "åse@home.example")
	})
	return a
}

// guess types a password through the pages, so that addresses are read as they
// are typed, and tells whether it was compared.
func (w *world) guess(typed, pw string) (compared bool) {
	w.T.Helper()
	svc := w.App.Services.Signin
	before := svc.Passwords.Stats().Hashes
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", typed)
	b.Submit("password", pw)
	return svc.Passwords.Stats().Hashes > before
}

func TestAllSpellingsOfAnAddressCountTogether(t *testing.T) {
	w := setUp(t, "")
	w.twoAddresses()
	for i, typed := range []string{"åse@home.example", "ÅSE@HOME.example", "A\u030aSE@home.example", "a\u030ase@Home.Example", " åse@home.example "} {
		if !w.guess(typed, "wrong") {
			t.Errorf("try %d was not compared", i+1)
		}
	}
	if w.guess("Åse@home.example", secretWord) {
		t.Error("a sixth spelling opened the lock")
	}
	if !w.guess("åse+hr@home.example", secretWord) {
		t.Error("an address of nobody's shares the lock")
	}
}

// Two addresses lead to one password: whoever knows both has no more guesses,
// and is not told that they are one person's.
func TestTwoAddressesOfAnAccountCountTogether(t *testing.T) {
	w := setUp(t, "")
	a := w.twoAddresses()
	svc := w.App.Services.Signin
	for range 5 {
		_ = w.try(svc, "anna@havn.example", "wrong", "")
	}
	if err := svc.LockedBehind(w.ctx, a.ID); code(err) != throttle.CodeLocked {
		t.Fatalf("the account: %v", err)
	}
	t.Run("the right password at the other address is a wrong one meanwhile", func(t *testing.T) {
		if got, nobody := code(w.try(svc, "åse@home.example", secretWord, "")), code(w.try(svc, "nobody@home.example", secretWord, "")); got != "signin.wrong" || got != nobody {
			t.Errorf("got %s, an address of nobody's %s", got, nobody)
		}
	})
	w.Pass(throttle.FirstWait)
	if err := w.try(svc, "åse@home.example", secretWord, ""); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	if err := svc.LockedBehind(w.ctx, a.ID); err != nil {
		t.Errorf("after the right password: %v", err)
	}
	t.Run("a hundred wrong ones at both together stop the account", func(t *testing.T) {
		for range throttle.Most / 2 {
			for _, address := range []string{"anna@havn.example", "åse@home.example"} {
				w.Pass(throttle.LongWait)
				if got := code(w.try(svc, address, "wrong", "")); got != "signin.wrong" && got != "signin.wrong_wait" {
					t.Fatalf("%s: %s", address, got)
				}
			}
		}
		w.Pass(throttle.LongWait)
		for _, address := range []string{"anna@havn.example", "åse@home.example"} {
			if err := w.try(svc, address, secretWord, ""); err == nil {
				t.Errorf("%s still signs in", address)
			}
		}
	})
	t.Run("a new password opens both", func(t *testing.T) {
		w.do(w.ctx, func(ctx context.Context) error { return svc.Lift(ctx, a.ID) })
		for _, address := range []string{"anna@havn.example", "åse@home.example"} {
			if err := w.try(svc, address, secretWord, ""); err != nil {
				t.Errorf("%s: %v", address, err)
			}
		}
	})
}

// The promise of docs/operating.md, by the clock: whatever strangers do, a
// browser that has signed in before gets in at once; its own wrong passwords
// hold it back for fifteen minutes at a time at most.
func TestTheOwnerOnAKnownBrowserIsShutOutForFifteenMinutesAtMost(t *testing.T) {
	w := setUp(t, "")
	known := w.anna()
	known.Post("/signout", nil)
	device := known.Cookie("-device")
	svc := w.App.Services.Signin
	for range throttle.Most {
		_ = w.try(svc, "anna@havn.example", "wrong", "")
		w.Pass(throttle.LongWait)
	}
	if got := code(w.try(svc, "anna@havn.example", secretWord, "")); got != "signin.stopped" {
		t.Fatalf("a new browser: %s", got)
	}
	if err := w.try(svc, "anna@havn.example", secretWord, device); err != nil {
		t.Fatalf("the known browser while strangers have stopped the address: %v", err)
	}
	for range throttle.Most - 1 {
		_ = w.try(svc, "anna@havn.example", "wrong", device)
		w.Pass(throttle.LongWait)
	}
	if err := w.try(svc, "anna@havn.example", secretWord, device); err != nil {
		t.Errorf("fifteen minutes after its 99th wrong password: %v", err)
	}
}
