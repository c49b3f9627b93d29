package e2e_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/captcha"
	"tilgang/internal/e2e"
	"tilgang/internal/throttle"
)

// door is a way to type a password for an account; it tells what was answered.
type door struct {
	name string
	try  func(password string) *apptest.Page
}

// doors are all forms that compare an account's password for whoever asks, each
// with another spelling or another address of it: a shared page and one of two
// steps, the staff's host and the leavers'.
func doors(s *e2e.Stage, work, private string) []door {
	form := func(host, address string, both bool) func(string) *apptest.Page {
		return func(password string) *apptest.Page {
			b := s.BrowserOn(host + "." + s.Base)
			b.Get("/signin")
			if both {
				return b.Submit("email", address, "password", password)
			}
			b.Submit("email", address, "password", "")
			return b.Submit("password", password)
		}
	}
	return []door{
		{"the page that asks for both", form("nordlys", work, true)},
		{"the page for the password", form("nordlys", strings.ToUpper(work), false)},
		{"the leavers' host", form("alumni.nordlys", work, true)},
		{"the other address", form("nordlys", private, true)},
		{"the other address, on the leavers' host", form("alumni.nordlys", strings.ToUpper(private), false)},
	}
}

// secondAddress gives somebody another address to sign in with.
func secondAddress(s *e2e.Stage, slug, first, second string) {
	s.T.Helper()
	err := s.DB.Tx(s.Operator(slug), func(ctx context.Context) error {
		a, err := account.ByAddress(ctx, first)
		if err != nil {
			return err
		}
		return account.AddIdentifier(ctx, a.ID, account.Private, second, second)
	})
	if err != nil {
		s.T.Fatal(err)
	}
}

func TestEveryDoorToAPasswordCountsOnOneAccount(t *testing.T) {
	s := e2e.New(t)
	s.CountHere()
	who := s.Who("nordlys", "employee")
	const private = "second.åse@post.example"
	secondAddress(s, "nordlys", who.Email, private)
	all := doors(s, who.Email, private)
	hashes := func() int64 { return int64(s.App.Services.Signin.Passwords.Stats().Hashes) }
	for n := range throttle.FreeTries + 1 { // one wrong password at each of five doors
		before := hashes()
		if p := all[n].try("wrong"); p.Status != http.StatusUnprocessableEntity || hashes() == before {
			t.Fatalf("%s: %d\n%s", all[n].name, p.Status, p.Text())
		}
	}
	for _, d := range all {
		if p := d.try(who.Password); p.Status != http.StatusTooManyRequests && p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s opens after five wrong passwords: %d %s", d.name, p.Status, p.URL)
		}
	}
	s.Pass(throttle.LongWait)
	if p := all[3].try(who.Password); p.Status != http.StatusOK || p.URL.Path == "/signin" {
		t.Errorf("a quarter of an hour later: %d %s\n%s", p.Status, p.URL, p.Text())
	}
}

// What a browser of nobody's meets at askvik, where the check is always asked,
// is met at every address alike, and whoever waits gets through.
func TestAtAskvikTheRobotCheckIsAlwaysAsked(t *testing.T) {
	s := e2e.New(t)
	address := s.Who("askvik", "employee").Email
	b := s.Browser("askvik")
	for _, typed := range []string{address, "nobody@askvik.example"} {
		b.Get("/reset")
		if p := b.Submit("email", typed); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s at once: %d", typed, p.Status)
		}
		b.Get("/reset")
		if p := b.Submit("email", typed, "altcha", b.Prove(captcha.Reset)); p.URL.Path != "/reset/sent" {
			t.Errorf("%s, proven: %d %s", typed, p.Status, p.Text())
		}
		s.Pass(time.Minute)
	}
	s.Work()
	b.Get(s.Link(address, "/reset/"))
	if p := b.Submit("password", chosen, "password_confirm", chosen); p.URL.Path != "/reset/done" {
		t.Errorf("%d %s", p.Status, p.Text())
	}
}

func TestAtSkogTheRobotCheckIsAskedInTrouble(t *testing.T) {
	s := e2e.New(t)
	s.CountHere()
	b := s.Browser("skog")
	asked := func() bool { return strings.Contains(b.Get("/reset").Body, "data-robot=") }
	for n := range 20 {
		if asked() {
			t.Fatalf("asked after %d wishes", n)
		}
		b.Submit("email", "nobody@skog.example")
	}
	if !asked() {
		t.Error("not asked after twenty")
	}
	if p := b.Submit("email", "nobody@skog.example"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a proof: %d", p.Status)
	}
	s.Pass(10 * time.Minute)
	if asked() {
		t.Error("still asked when it is quiet again")
	}
}
