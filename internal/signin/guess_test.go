package signin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/fault"
	"tilgang/internal/password"
	"tilgang/internal/signin"
	"tilgang/internal/throttle"
)

// strangers are addresses that must all be answered alike, the last one with
// its right password.
func strangers(w *world) map[string]string {
	w.hire(w.ctx, person{address: "known@havn.example", password: secretWord})
	w.hire(w.ctx, person{address: "suspended@havn.example", password: secretWord, status: account.Suspended})
	w.hire(w.ctx, person{address: "closed@havn.example", password: secretWord, status: account.Closed})
	w.hire(w.ctx, person{address: "nopassword@havn.example"})
	w.hire(w.ctx, person{address: "left@havn.example", password: secretWord, end: "2026-11-21"})
	w.hire(w.ctx, person{address: "gone@home.example", kind: account.Private, password: secretWord, end: "2021-01-01"})
	w.hire(w.other, person{address: "elsewhere@havn.example", password: secretWord})
	return map[string]string{
		"unknown@havn.example": secretWord, "known@havn.example": "wrong", "suspended@havn.example": secretWord, "closed@havn.example": secretWord,
		"nopassword@havn.example": secretWord, "left@havn.example": secretWord, "gone@home.example": "wrong", "elsewhere@havn.example": secretWord,
	}
}

// answer is all that a stranger can see of an answer, without what is random.
func answer(p *apptest.Page, address string) string {
	var s strings.Builder
	fmt.Fprintln(&s, p.Status)
	for _, name := range slices.Sorted(mapsKeys(p.Header)) {
		switch name {
		case "X-Request-Id", "Date":
		case "Set-Cookie":
			for _, line := range p.Header[name] {
				c, err := http.ParseSetCookie(line)
				if err == nil {
					fmt.Fprintln(&s, c.Name, len(c.Value), c.MaxAge)
				}
			}
		case "Content-Length":
		default:
			fmt.Fprintln(&s, name, p.Header[name])
		}
	}
	body := strings.NewReplacer(address, "ADDRESS", strings.ReplaceAll(address, "@", "&#64;"), "ADDRESS", p.Header.Get("X-Request-Id"), "REQUEST").Replace(p.Body)
	return s.String() + body
}

func mapsKeys(h http.Header) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range h {
			if !yield(name) {
				return
			}
		}
	}
}

func TestNoAnswerTellsWhoIsKnown(t *testing.T) {
	w := setUp(t, "")
	seen := map[string]string{}
	var first, firstName string
	for address, pw := range strangers(w) {
		w.Pass(time.Minute) // the network's bucket is full again
		b := w.Browser("havn")
		b.Get("/signin")
		one := b.Raw(post(b, "/signin", "email="+url.QueryEscape(address)))
		page := b.Get("/signin/password")
		var all strings.Builder
		all.WriteString(answer(one, address) + answer(page, address))
		// Six tries: the fifth locks, the sixth meets the lock.
		for range 6 {
			all.WriteString(answer(b.Raw(post(b, "/signin/password", "password="+url.QueryEscape(pw))), address))
		}
		seen[address] = all.String()
		if first == "" {
			first, firstName = all.String(), address
		}
	}
	if !strings.Contains(first, "The address or the password is not right") || !strings.Contains(first, "429") {
		t.Fatalf("%s: %s", firstName, first)
	}
	for address, got := range seen {
		if diff := cmp.Diff(strings.Split(first, "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s is not answered like %s:\n%s", address, firstName, diff)
		}
	}
	for _, table := range []string{"audit_events WHERE action = 'signin.failed'", "audit_events WHERE action = 'signin.locked'", "outbox WHERE kind = 'signin.locked'"} {
		if n := w.count(w.ctx, table); n%len(seen) != 0 || n == 0 {
			t.Errorf("%s: %d rows for %d addresses", table, n, len(seen))
		}
	}
}

func TestEveryAddressAsksTheSameOfTheDatabase(t *testing.T) {
	w := setUp(t, "")
	var first []string
	log := dbtest.Watch(t, w.ctx, w.DB)
	for address, pw := range strangers(w) {
		w.Pass(time.Minute)
		b := w.Browser("havn")
		b.Get("/signin") // the tenant is known from here on
		log.Take()
		b.Post("/signin", url.Values{"email": {address}})
		for range 6 {
			b.Raw(post(b, "/signin/password", "password="+url.QueryEscape(pw)))
		}
		got := log.Take()
		if first == nil {
			first = got
		}
		if len(got) < 20 {
			t.Fatalf("only %d statements were seen", len(got))
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Errorf("%s:\n%s", address, diff)
		}
	}
}

// told are the notices that a test reads.
type told struct{ accounts []uuid.UUID }

func (n *told) Locked(_ context.Context, id uuid.UUID, _ throttle.Lock) error {
	n.accounts = append(n.accounts, id)
	return nil
}

// try types a password on the service itself.
func (w *world) try(svc *signin.Service, address, pw, device string) error {
	w.T.Helper()
	ctx := authz.With(w.ctx, authz.Actor{Kind: authz.Nobody})
	_, a, err := svc.Attempts.Start(ctx, attemptOf(address))
	if err != nil {
		w.T.Fatal(err)
	}
	_, err = svc.Verify(ctx, signin.Try{Attempt: a, Password: pw, Device: device, Network: uuid.NewString()})
	return err
}

func code(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return ""
	}
	return f.Code
}

func TestGuessingIsSlowedDown(t *testing.T) {
	w := setUp(t, "")
	a := w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	svc := w.App.Services.Signin
	notices := &told{}
	svc.Notices = notices
	for i := range 5 {
		want := "signin.wrong"
		if i == 4 {
			want = "signin.wrong_wait"
		}
		if got := code(w.try(svc, "anna@havn.example", "wrong", "")); got != want {
			t.Fatalf("try %d: %s", i+1, got)
		}
	}
	w.Pass(4 * time.Second)
	if got := code(w.try(svc, "anna@havn.example", secretWord, "")); got != "signin.locked" {
		t.Fatalf("a second before: %s", got)
	}
	t.Run("the owner is told once, the unknown is not", func(t *testing.T) {
		for range 5 {
			_ = w.try(svc, "unknown@havn.example", "wrong", "")
		}
		w.Work()
		if diff := cmp.Diff([]uuid.UUID{a.ID}, notices.accounts); diff != "" {
			t.Error(diff)
		}
	})
	w.Pass(time.Second)
	if err := w.try(svc, "anna@havn.example", secretWord, ""); err != nil {
		t.Fatalf("after the wait: %v", err)
	}
	t.Run("the right password forgets the failures", func(t *testing.T) {
		for i := range 4 {
			if got := code(w.try(svc, "anna@havn.example", "wrong", "")); got != "signin.wrong" {
				t.Fatalf("try %d: %s", i+1, got)
			}
		}
	})
}

func TestAfterAHundredFailuresOnlyHelpHelps(t *testing.T) {
	w := setUp(t, "")
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	svc := w.App.Services.Signin
	for range 100 {
		_ = w.try(svc, "anna@havn.example", "wrong", "")
		w.Pass(15 * time.Minute)
	}
	if got := code(w.try(svc, "anna@havn.example", secretWord, "")); got != "signin.stopped" {
		t.Errorf("got %s", got)
	}
}

func TestStrangersDoNotLockTheOwnerOut(t *testing.T) {
	w := setUp(t, "")
	b := w.anna()
	device := b.Cookie("-device")
	svc := w.App.Services.Signin
	for range 5 {
		_ = w.try(svc, "anna@havn.example", "wrong", "")
	}
	if got := code(w.try(svc, "anna@havn.example", secretWord, "")); got != "signin.locked" {
		t.Fatalf("a new browser: %s", got)
	}
	if err := w.try(svc, "anna@havn.example", secretWord, device); err != nil {
		t.Errorf("the known browser: %v", err)
	}
	t.Run("but a thief with the browser is slowed too", func(t *testing.T) {
		for range 5 {
			_ = w.try(svc, "anna@havn.example", "wrong", device)
		}
		if got := code(w.try(svc, "anna@havn.example", secretWord, device)); got != "signin.locked" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("and the browser opens no other address", func(t *testing.T) {
		w.hire(w.ctx, person{address: "bo@havn.example", password: secretWord})
		for range 5 {
			_ = w.try(svc, "bo@havn.example", "wrong", "")
		}
		if got := code(w.try(svc, "bo@havn.example", secretWord, device)); got != "signin.locked" {
			t.Errorf("got %s", got)
		}
	})
}

func TestOfSixteenGuessesAtOnceOnlyFiveAreCompared(t *testing.T) {
	w := setUp(t, "")
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	svc := w.App.Services.Signin
	before := svc.Passwords.Stats().Hashes
	var all sync.WaitGroup
	var compared atomic.Int32
	for range 16 {
		all.Go(func() {
			if got := code(w.try(svc, "anna@havn.example", "wrong", "")); got == "signin.wrong" || got == "signin.wrong_wait" {
				compared.Add(1)
			}
		})
	}
	all.Wait()
	if n := svc.Passwords.Stats().Hashes - before; n != 5 || compared.Load() != 5 {
		t.Errorf("%d hashes, %d compared", n, compared.Load())
	}
}

func TestANetworkAndATenantHaveTheirShare(t *testing.T) {
	w := setUp(t, "")
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	b := w.Browser("havn")
	b.Get("/signin")
	var last *apptest.Page
	for i := range 31 {
		b.Post("/signin", url.Values{"email": {fmt.Sprintf("nobody%d@havn.example", i)}})
		last = b.Submit("password", "wrong")
	}
	if last.Status != 429 || last.Header.Get("Retry-After") == "" || !last.Has("There are many tries right now. Enter your password again") {
		t.Errorf("%d %s", last.Status, last.Text())
	}
	w.Pass(time.Minute)
	for i := range 40 {
		b := w.Browser("havn")
		if signIn(b, "anna@havn.example", secretWord); b.Get("/session").Status != 200 {
			t.Fatalf("colleague %d behind the same address was refused", i+1)
		}
	}
}

func TestAFullPoolIsACalmPage(t *testing.T) {
	w := setUp(t, "")
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	svc := w.App.Services.Signin
	svc.Passwords = password.NewPool(password.PoolConfig{
		Workers: 1, QueuePerWorker: 1, MaxWait: 20 * time.Millisecond,
		Params: password.Params{MemoryKiB: 64 * 1024, Time: 16, Threads: 1},
	})
	var all sync.WaitGroup
	pages := make(chan *apptest.Page, 6)
	for i := range 6 {
		b := w.Browser("havn")
		b.Post("/signin", url.Values{"email": {fmt.Sprintf("nobody%d@havn.example", i)}})
		all.Go(func() { pages <- b.Raw(post(b, "/signin/password", "password=wrong")) })
	}
	all.Wait()
	close(pages)
	busy := 0
	for p := range pages {
		if p.Status == 503 {
			busy++
			if p.Header.Get("Retry-After") == "" || p.Field("password") == nil || !p.Has("There are a lot of sign-ins right now") {
				t.Errorf("%s", p.Text())
			}
		}
	}
	if busy == 0 {
		t.Fatal("nobody was turned away")
	}
	if n := w.count(w.ctx, "throttles WHERE failures > 0"); n != 2*(6-busy) { // on the address, and on the account behind it
		t.Errorf("%d tries count, %d were compared", n, 6-busy)
	}
}

func TestAHashIsBroughtUpToDate(t *testing.T) {
	w := setUp(t, "")
	a := w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	svc := w.App.Services.Signin
	pepper := w.App.Box.Pepper()
	svc.Passwords = password.NewPool(password.PoolConfig{Pepper: pepper, Params: password.Params{MemoryKiB: 128, Time: 1, Threads: 1}})
	if err := w.try(svc, "anna@havn.example", secretWord, ""); err != nil {
		t.Fatal(err)
	}
	w.do(w.ctx, func(ctx context.Context) error {
		now, err := account.ByID(ctx, a.ID)
		if !strings.Contains(now.PasswordHash, "m=128,") || now.SessionEpoch != a.SessionEpoch {
			t.Errorf("epoch %d, hash with new costs: %v", now.SessionEpoch, strings.Contains(now.PasswordHash, "m=128,"))
		}
		return err
	})
	if err := w.try(svc, "anna@havn.example", secretWord, ""); err != nil {
		t.Errorf("with the new hash: %v", err)
	}
}

func TestAgainURL(t *testing.T) {
	for _, c := range []struct{ why, path, want string }{
		{"", "/", "/signin"},
		{"idle", "/profile?a=1", "/signin?ended=idle&return_to=%2Fprofile%3Fa%3D1"},
		{"", "//evil.test", "/signin"},
		{"", "/signin/password", "/signin"},
		{"", "/signing", "/signin?return_to=%2Fsigning"},
	} {
		if got := signin.AgainURL(c.why, c.path); got != c.want {
			t.Errorf("%q %q: %s", c.why, c.path, got)
		}
	}
}
