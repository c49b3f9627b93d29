package alumni_test

import (
	"strings"
	"sync"
	"testing"

	"tilgang/internal/app/apptest"
)

// remind runs the sweep of every tenant as the worker does.
func (w *world) remind() (n int64) {
	w.T.Helper()
	n, err := w.svc.Remind(w.ctx)
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

func TestEachNoticeGoesOutOnce(t *testing.T) {
	w := setUp(t)
	w.alumna(w.ctx, "anna", "2026-12-31") // until 30 June 2027
	w.alumna(w.other, "odd", "2026-12-31")
	for _, c := range []struct {
		day  string
		want int
	}{
		{"2026-12-31", 0}, {"2027-05-30", 0}, {"2027-05-31", 1}, {"2027-05-31", 1}, {"2027-06-22", 1}, {"2027-06-23", 2}, {"2027-06-30", 2}, {"2027-07-01", 2},
	} {
		w.on(c.day)
		w.remind()
		if got := w.mails("anna@home.example"); len(got) != c.want {
			t.Errorf("on %s: %v", c.day, got)
		}
	}
	got := w.mails("anna@home.example")
	if !strings.Contains(got[0], "Din adgang slutter 30. juni 2027") {
		t.Errorf("%v", got)
	}
	for _, to := range []string{"anna@havn.example", "anna@hr.example", "odd@home.example"} {
		if got := w.mails(to); len(got) > 0 {
			t.Errorf("%s got %v", to, got)
		}
	}
	if n := w.count(w.other, "alumni_notices WHERE 1 = 1"); n != 0 {
		t.Errorf("%d notices of another tenant", n)
	}
}

func TestEightSweepsAtOnceSendOneMail(t *testing.T) {
	w := setUp(t)
	w.alumna(w.ctx, "anna", "2026-12-31")
	w.on("2027-06-10")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := w.svc.Remind(w.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := w.mails("anna@home.example"); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// A worker that was down makes up for it with one mail; a day that has moved
// meanwhile is not told.
func TestAMissedDayIsMadeUpForAndAMovedOneIsNotTold(t *testing.T) {
	w := setUp(t)
	anna := w.alumna(w.ctx, "anna", "2026-12-31")
	w.on("2027-06-26") // both marks have come
	if n := w.remind(); n != 1 {
		t.Fatalf("%d notices", n)
	}
	if _, err := w.svc.Prolong(w.as(w.hr), anna.PersonID, w.jobOf(w.ctx, anna.PersonID).ID, "2027-12-31"); err != nil {
		t.Fatal(err)
	}
	if got := w.mails("anna@home.example"); len(got) != 1 || !strings.Contains(got[0], "31. december 2027") {
		t.Errorf("the old day was told: %v", got)
	}
	w.on("2027-12-01")
	if n := w.remind(); n != 1 {
		t.Errorf("%d notices of the new day", n)
	}
}

func TestWhoHasNoAccountIsToldWhereHRWrites(t *testing.T) {
	w := setUp(t)
	w.hire(w.ctx, "dora", "2020-01-01", "2026-12-31") // no private address on the account
	w.on("2027-06-10")
	w.remind()
	if got := w.mails("dora@hr.example"); len(got) != 1 {
		t.Errorf("%v", got)
	}
	if got := w.mails("dora@havn.example"); len(got) != 0 {
		t.Errorf("at work: %v", got)
	}
}

func TestALeaverIsAskedForAPrivateAddress(t *testing.T) {
	w := setUp(t)
	w.hire(w.ctx, "carl", "2020-01-01", "2027-03-31")
	w.alumna(w.ctx, "emma", "2027-03-31") // has one already
	for _, c := range []struct {
		day  string
		want int
	}{{"2027-03-10", 0}, {"2027-03-11", 1}, {"2027-03-20", 1}} {
		w.on(c.day)
		w.remind()
		if got := w.mails("carl@havn.example"); len(got) != c.want {
			t.Errorf("on %s: %v", c.day, got)
		}
	}
	if got := w.mails("carl@havn.example"); !strings.Contains(got[0], "add a private address before 31 March 2027") {
		t.Errorf("%v", got)
	}
	for _, to := range []string{"emma@havn.example", "emma@home.example"} {
		if got := w.mails(to); len(got) > 0 {
			t.Errorf("%s got %v", to, got)
		}
	}
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", "carl@havn.example")
	if p := b.Submit("password", word); !p.Has("Add a private e-mail address") || !p.Has("31 March 2027") || !leadsTo(p, "/security/addresses/add") {
		t.Fatalf("home does not ask\n%s", p.Text())
	}
	w.handOver(b)
	if p := b.Get("/"); p.Has("Add a private e-mail address") {
		t.Error("home still asks")
	}
	w.on("2027-04-01")
	if b := w.signIn("carl@private.example"); b.Page.URL.Path != "/" || !b.Page.Has("30 September 2027") {
		t.Errorf("the private address ends on %s\n%s", b.Page.URL, b.Page.Text())
	}
	if p := w.signIn("carl@havn.example").Page; p.Status != 422 {
		t.Errorf("the work address: %d on %s", p.Status, p.URL)
	}
}

func leadsTo(p *apptest.Page, path string) bool {
	for _, a := range p.All("a") {
		if apptest.Attr(a, "href") == path {
			return true
		}
	}
	return false
}

// handOver adds a private address by the code that is sent to it.
func (w *world) handOver(b *apptest.Browser) {
	w.T.Helper()
	b.Get("/security/addresses/add")
	if p := b.Submit("email", "carl@private.example", "current_password", word); p.URL.Path != "/security/addresses/code" {
		w.T.Fatalf("%d %s\n%s", p.Status, p.URL, p.Text())
	}
	w.Work()
	code := w.proof("carl@private.example")
	if p := b.Submit("code", code); p.URL.Path != "/security/addresses" {
		w.T.Fatalf("%d %s\n%s", p.Status, p.URL, p.Text())
	}
}
