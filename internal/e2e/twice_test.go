package e2e_test

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

// clicks is how often a button is pressed at once.
const clicks = 4

// atOnce sends the same form several times at the same moment; each answer is
// a page of ours that is no failure.
func atOnce(t *testing.T, b *apptest.Browser, path string, pairs ...string) (answers []*apptest.Page) {
	t.Helper()
	var all sync.WaitGroup
	answers = make([]*apptest.Page, clicks)
	for i := range answers {
		all.Go(func() { answers[i] = raw(b, path, pairs...) })
	}
	all.Wait()
	for _, p := range answers {
		if p.Status >= 500 || p.Status == http.StatusForbidden || p.Status == http.StatusNotFound {
			t.Errorf("%s answers %d %s", path, p.Status, p.Text())
		}
	}
	return answers
}

// count tells how many rows of a tenant's a condition finds.
func count(t *testing.T, s *e2e.Stage, from string) (n int) {
	t.Helper()
	err := s.DB.Read(s.Operator("havn"), func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT COUNT(*) FROM "+from+" AND tenant_id = @tenant")
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhoeverPressesTwiceGetsOneEffect(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", storeManager)
	b := s.Browser("havn")
	s.OpenMail(b, kirsten)
	t.Run("choosing the password makes one account and the others are told calmly", func(t *testing.T) {
		done := 0
		for _, p := range atOnce(t, b, "/invite", "password", e2e.Word, "password_confirm", e2e.Word) {
			if p.Status == http.StatusSeeOther {
				done++
			} else if p.Status != http.StatusConflict || !p.Has("already") {
				t.Errorf("%d %s", p.Status, p.Text())
			}
		}
		if n := count(t, s, "accounts WHERE id IN (SELECT account_id FROM identifiers WHERE address_key = '"+kirsten+"' AND tenant_id = @tenant)"); n != 1 || done != 1 {
			t.Errorf("%d accounts, %d were led on", n, done)
		}
	})
	b.Get("/signin/next")
	e2e.Follow(b, "/mfa/setup/app")
	page := e2e.Follow(b, "/mfa/setup/totp")
	key := e2e.Key(page)
	t.Run("confirming the app sets up one and leads on each time", func(t *testing.T) {
		for _, p := range atOnce(t, b, "/mfa/setup/totp", "code", now(t, s, key), "enrolment", apptest.Attr(page.Field("enrolment"), "value")) {
			if p.Status != http.StatusSeeOther {
				t.Errorf("%d %s", p.Status, p.Text())
			}
		}
		if n := count(t, s, "messages WHERE kind = 'factor_added'"); n != 1 {
			t.Errorf("%d notices", n)
		}
	})
	page = b.Get("/mfa/setup/recovery")
	codes := e2e.Codes(page)
	t.Run("saving the codes saves one set", func(t *testing.T) {
		atOnce(t, b, "/mfa/setup/recovery", "saved", "1", "set", apptest.Attr(page.Field("set"), "value"))
		if n := count(t, s, "recovery_codes WHERE account_id IN (SELECT account_id FROM identifiers WHERE address_key = '"+kirsten+"' AND tenant_id = @tenant)"); n != 10 {
			t.Errorf("%d codes", n)
		}
	})
	if p := b.Get("/signin/next"); p.URL.Path != "/" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	t.Run("a recovery code is spent once", func(t *testing.T) { spendTwice(t, s, codes[0]) })
	t.Run("one code of the app is spent once in two browsers", func(t *testing.T) { codeTwice(t, s, key) })
}

func spendTwice(t *testing.T, s *e2e.Stage, code string) {
	b := s.Browser("havn")
	raw(b, "/signin", "email", kirsten)
	raw(b, "/signin/password", "password", e2e.Word)
	atOnce(t, b, "/mfa/recovery", "code", code)
	if n := count(t, s, "recovery_codes WHERE used_at IS NOT NULL"); n != 1 {
		t.Errorf("%d are used", n)
	}
	if n := count(t, s, "messages WHERE kind = 'recovery_used'"); n != 1 {
		t.Errorf("%d notices", n)
	}
}

func codeTwice(t *testing.T, s *e2e.Stage, key string) {
	s.Pass(time.Minute)
	var all sync.WaitGroup
	through := make([]bool, clicks)
	for i := range through {
		b := s.Browser("havn")
		raw(b, "/signin", "email", kirsten)
		raw(b, "/signin/password", "password", e2e.Word)
		code := now(t, s, key)
		all.Go(func() { through[i] = raw(b, "/mfa", "code", code).Status == http.StatusSeeOther })
	}
	all.Wait()
	n := 0
	for _, ok := range through {
		if ok {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d of %d browsers passed with one code", n, clicks)
	}
}

func TestWhatSendsMailSendsOne(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", cashier)
	hr := s.As("havn", "hr")
	sent := func(to string) int { return len(s.App.Services.Mailbox.List(practice.Filter{To: to})) }
	s.Pass(2 * time.Minute)
	t.Run("sending to one again", func(t *testing.T) {
		before := sent(freja)
		person := personOf(t, s, "1201")
		atOnce(t, hr, "/admin/people/per_"+person+"/invite")
		s.Work()
		if n := sent(freja) - before; n != 1 {
			t.Errorf("%d mails", n)
		}
	})
	s.Pass(hours24)
	hr = s.As("havn", "hr")
	t.Run("asking for a new link", func(t *testing.T) {
		before := sent(freja)
		b := s.Browser("havn")
		b.Get(s.Link(freja, "/invite/"))
		atOnce(t, b, "/invite/renew")
		s.Work()
		if n := sent(freja) - before; n != 1 {
			t.Errorf("%d mails", n)
		}
	})
	s.Pass(2 * time.Minute)
	t.Run("sending to all who wait", func(t *testing.T) {
		before := len(s.App.Services.Mailbox.List(practice.Filter{Tenant: "havn"}))
		waiting := count(t, s, "invitations WHERE state = 'pending'")
		atOnce(t, hr, "/admin/people/invite-all", "typed", strconv.Itoa(waiting))
		s.Work()
		if n := len(s.App.Services.Mailbox.List(practice.Filter{Tenant: "havn"})) - before; n != waiting {
			t.Errorf("%d mails to %d people", n, waiting)
		}
	})
	t.Run("confirming a file", func(t *testing.T) {
		b := s.Browser("havn")
		p := upload(s, b, newHires)
		atOnce(t, b, p.URL.Path+"/confirm", "confirm", "1")
		s.Work()
		if n := len(newcomers(s)); n != 11 {
			t.Errorf("%d mails", n)
		}
	})
}

func personOf(t *testing.T, s *e2e.Stage, number string) (id string) {
	t.Helper()
	err := s.DB.Read(s.Operator("havn"), func(ctx context.Context) error {
		return db.Rows(ctx, &id, "SELECT CAST(person_id AS text) FROM employments WHERE employee_number = '"+number+"' AND tenant_id = @tenant")
	})
	if err != nil || id == "" {
		t.Fatal(id, err)
	}
	return id
}
