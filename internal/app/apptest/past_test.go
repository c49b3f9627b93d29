package apptest_test

import (
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/limit"
	"tilgang/internal/message/practice"
	"tilgang/internal/testenv"
)

func TestNothingOfWhatCameAfterAMomentIsLeft(t *testing.T) {
	if testenv.Dialect() == testenv.Postgres {
		return // it cannot go back
	}
	w := apptest.New(t)
	w.Tenant("havn")
	past, b, s := w.Past(), w.Browser("havn"), &w.App.Services
	once := limit.Rule{Name: "once", Rate: 1, Per: 24 * time.Hour, Burst: 1}
	b.Get("/signin")
	world, browser := past.Mark(), b.Mark()
	before, cookies := w.Clock.Now(), len(b.Cookies())

	for range 2 { // as often as it is called
		if err := s.Limiter.Allow(t.Context(), once, "key"); err != nil {
			t.Fatal(err)
		}
		w.Pass(time.Hour)
		w.Tenant("nordlys")
		b.Submit("email", "nobody@post.example")
		b.SetCookie("more", "1")
		if _, err := s.Mailbox.Deliver(practice.Entry{ID: "one", To: "nobody@post.example"}); err != nil {
			t.Fatal(err)
		}
		if page := b.Page.URL.Path; page != "/signin/password" {
			t.Fatalf("it stands on %s", page)
		}

		world()
		browser()
		if _, err := w.App.Directory.BySlug(t.Context(), "nordlys"); err == nil {
			t.Error("the employer is there")
		}
		if now := w.Clock.Now(); !now.Equal(before) {
			t.Errorf("it is %v", now)
		}
		if _, there := s.Mailbox.Get("one"); there || len(s.Mailbox.List(practice.Filter{})) > 0 {
			t.Error("the mail is there")
		}
		if got := b.Cookies(); len(got) != cookies || b.Page.URL.Path != "/signin" {
			t.Errorf("the browser is on %s with %v", b.Page.URL, got)
		}
	}
}
