package reset_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/mailaddr"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/outbox"
	"tilgang/internal/reset"
)

// everySort are addresses that a stranger must not tell apart, by their kind.
func (w *world) everySort() map[string]string {
	w.T.Helper()
	w.anna()
	w.hire(w.ctx, person{name: "Shut", work: "shut@havn.example", status: account.Suspended})
	w.hire(w.ctx, person{name: "Gone", private: "gone@home.example", end: "2020-06-30"})
	w.hire(w.ctx, person{name: "Left", work: "left@havn.example", private: "left@home.example", end: "2026-10-31"})
	w.hire(w.other, person{name: "Sven", work: "sven@skog.example"})
	nils := w.hire(w.ctx, person{name: "Nils", work: "nils@havn.example", idle: true})
	if err := w.App.Services.Invite.Resend(w.ctx, nils.PersonID); err != nil {
		w.T.Fatal(err)
	}
	w.Work()
	w.Pass(2 * time.Minute)
	return map[string]string{
		"an account's": "anna@havn.example", "nobody's": "nobody@havn.example", "a suspended account's": "shut@havn.example", "somebody's who left long ago": "gone@home.example",
		"a leaver's at work": "left@havn.example", "a leaver's own": "left@home.example", "another tenant's": "sven@skog.example", "somebody's who is invited": "nils@havn.example",
	}
}

// seen is an answer as a stranger can compare it, but for what differs by nature.
func seen(p *apptest.Page, typed string) string {
	var b strings.Builder
	fmt.Fprintln(&b, p.Status)
	for _, name := range []string{"Location", "Content-Type", "Cache-Control", "Content-Security-Policy", "Retry-After", "Clear-Site-Data", "Vary"} {
		fmt.Fprintln(&b, name, p.Header.Values(name))
	}
	for _, line := range p.Header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			fmt.Fprintln(&b, err)
			continue
		}
		fmt.Fprintln(&b, c.Name, len(c.Value), c.MaxAge, c.Path, c.HttpOnly, c.SameSite)
	}
	return b.String() + strings.ReplaceAll(p.Body, typed, "TYPED")
}

// asked is what asking for an address answers and sends to the database.
func (w *world) asked(b *apptest.Browser, st *dbtest.Statements, address string) (answers, statements []string) {
	w.T.Helper()
	b.Get("/reset")
	st.Take()
	req := b.Request(http.MethodPost, "/reset", strings.NewReader(url.Values{"email": {address}, "action": {"password"}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answers = append(answers, seen(b.Raw(req), address))
	answers = append(answers, seen(b.Raw(b.Request(http.MethodGet, "/reset/sent", nil)), address))
	return answers, st.Take()
}

func TestEveryAddressGetsOneAnswerAndTheSameWork(t *testing.T) {
	w := setUp(t)
	sorts := w.everySort()
	st := dbtest.Watch(t, w.ctx, w.DB)
	wantAnswers, wantStatements := w.asked(w.Browser("havn"), st, sorts["an account's"])
	if len(wantStatements) < 4 {
		t.Fatalf("only %d statements are seen", len(wantStatements))
	}
	for who, address := range sorts {
		if who == "an account's" {
			continue
		}
		answers, statements := w.asked(w.Browser("havn"), st, address)
		if diff := cmp.Diff(wantAnswers, answers); diff != "" {
			t.Errorf("%s address is answered otherwise: %s", who, diff)
		}
		if diff := cmp.Diff(wantStatements, statements); diff != "" {
			t.Errorf("%s address makes other work: %s", who, diff)
		}
	}
	t.Run("and so do those beyond the limit", func(t *testing.T) {
		for _, who := range []string{"an account's", "nobody's"} {
			if answers, _ := w.asked(w.Browser("havn"), st, sorts[who]); !slices.Equal(answers, wantAnswers) {
				t.Errorf("%s address is answered otherwise the second time", who)
			}
		}
	})
	t.Run("no address stands in the database as it was typed", func(t *testing.T) {
		if n := w.count(w.ctx, "outbox WHERE args LIKE '%@%'"); n != 0 {
			t.Errorf("%d rows of work name one", n)
		}
		if n := w.count(w.ctx, "audit_events WHERE detail LIKE '%@%'"); n != 0 {
			t.Errorf("%d audit rows name one", n)
		}
	})
}

func TestOnlyTheMailboxHearsWhoseAddressItIs(t *testing.T) {
	w := setUp(t)
	sorts := w.everySort()
	for _, address := range sorts {
		if p := w.wish(address); p.URL.Path != "/reset/sent" {
			t.Fatalf("%s\n%s", p.URL, p.Text())
		}
	}
	want := map[string][]string{
		"an account's": {"reset"}, "a leaver's own": {"reset"}, "somebody's who left long ago": {"alumni_closed"}, "somebody's who is invited": {"invite", "invite_again"},
	}
	for who, address := range sorts {
		var kinds []string
		for _, m := range w.mails(address) {
			kinds = append(kinds, m.Kind)
		}
		if !slices.Equal(kinds, want[who]) {
			t.Errorf("%s address got %v, want %v", who, kinds, want[who])
		}
	}
	if m := w.last("left@home.example"); !strings.Contains(m.Text, "http://alumni.havn."+w.Base+"/reset/") {
		t.Error("the leaver's link does not lead to the alumni host")
	}
	if n := w.count(w.ctx, "outbox WHERE done_at IS NULL"); n != 0 {
		t.Errorf("%d rows of work are left", n)
	}
	t.Run("and nobody invited whose day has not come", func(t *testing.T) {
		later := w.hire(w.ctx, person{name: "Lise", work: "lise@havn.example", idle: true})
		w.do(w.ctx, func(ctx context.Context) error {
			_, err := w.App.Services.Invite.EnsureFor(ctx, []uuid.UUID{later.PersonID})
			if err == nil {
				_, err = db.Exec(ctx, "UPDATE invitations SET due_at = NULL WHERE tenant_id = @tenant AND person_id = @id AND sent_at IS NULL", map[string]any{"id": later.PersonID})
			}
			return err
		})
		before := len(w.mails("lise@havn.example"))
		w.wish("lise@havn.example")
		if n := len(w.mails("lise@havn.example")); n != before {
			t.Errorf("%d mails", n)
		}
	})
}

func TestTheMailSaysWhoAskedFromWhere(t *testing.T) {
	w := setUp(t)
	w.anna()
	w.wish(" Anna@Havn.example ")
	m := w.last("anna@havn.example")
	text := strings.Join(strings.Fields(m.Text), " ")
	for _, words := range []string{
		"Hi Anna,", "asked for a new password for anna@havn.example", "Account: anna@havn.example", "22 November 2026 at 13:00 (12:00 UTC)", "Chrome 156", "Linux", "127.0.0.1",
		"You can copy the link into your browser", "works until 23 November 2026 at 13:00. It works once.", "Was it not you? Then do nothing.", "+45 70 00 00 27", "This address is not read",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("no %q in %s", words, m.Text)
		}
	}
	if err := render.Check(m.HTML, m.Text); err != nil {
		t.Error(err)
	}
}

func TestALinkIsBuiltFromTheConfiguration(t *testing.T) {
	w := setUp(t)
	w.anna()
	b := w.Browser("havn")
	b.Get("/reset")
	req := b.Request(http.MethodPost, "/reset", strings.NewReader("email=anna%40havn.example"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, name := range []string{"X-Forwarded-Host", "X-Original-Host", "Forwarded"} {
		req.Header.Set(name, "host=evil.test")
	}
	b.Do(req)
	if m := w.last("anna@havn.example"); strings.Contains(m.Text, "evil") || !strings.Contains(m.Text, "http://havn."+w.Base+"/reset/") {
		t.Error(m.Text)
	}
}

func TestOneMailAMinuteAndFiveAnHour(t *testing.T) {
	w := setUp(t, unchecked)
	w.anna()
	b := w.Browser("havn")
	for range 100 {
		b.Get("/reset")
		if p := b.Submit("email", "anna@havn.example"); p.URL.Path != "/reset/sent" {
			t.Fatalf("%s %s", p.URL, p.Text())
		}
	}
	if n := len(w.mails("anna@havn.example")); n != 1 {
		t.Fatalf("%d mails for a hundred wishes", n)
	}
	for range 20 {
		w.Pass(time.Minute)
		w.wish("anna@havn.example")
		w.Work()
	}
	if n := len(w.mails("anna@havn.example")); n != 5 {
		t.Errorf("%d mails in twenty minutes", n)
	}
	w.mustSignIn("anna@havn.example", oldWord) // asking locks nobody out
}

// Two replicas, or one that was restarted, have no buckets in common while
// Redis is gone.
func TestTheDatabaseKeepsToOneMailWhenTheBucketsAreLost(t *testing.T) {
	w := setUp(t)
	w.anna()
	twin := *w.svc
	twin.Limits = reset.Limits{}
	a, err := mailaddr.Parse("anna@havn.example")
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if _, err := twin.Ask(w.ctx, reset.Wish{Address: a, Host: "havn." + w.Base, Asker: attempt.Asker{Network: "192.0.2.1"}}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.mails("anna@havn.example")); n != 1 {
		t.Errorf("%d mails", n)
	}
}

func TestANetworksMailsAreBounded(t *testing.T) {
	w := setUp(t, unchecked)
	for n := range 100 {
		if p := w.wish(fmt.Sprintf("nobody%d@havn.example", n)); p.URL.Path != "/reset/sent" || p.Status != http.StatusOK {
			t.Fatalf("%d: %d %s", n, p.Status, p.Text())
		}
	}
	most := reset.DefaultLimits().Mails.Burst
	if n := w.count(w.ctx, "outbox WHERE kind = 'reset.requested'"); n != most {
		t.Errorf("%d of a hundred wishes were followed, want %d", n, most)
	}
	t.Run("and one that floods is told to wait", func(t *testing.T) {
		b := w.Browser("havn")
		b.Get("/reset")
		var p *apptest.Page
		for range reset.DefaultLimits().Start.Burst {
			p = b.Post("/reset", url.Values{"email": {"nobody@havn.example"}})
		}
		if p.Status != http.StatusTooManyRequests && p.Status != http.StatusUnprocessableEntity || p.Field("email") == nil {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
}

func TestWhatIsNoAddressIsSaidAtTheField(t *testing.T) {
	w := setUp(t)
	b := w.Browser("havn")
	for _, typed := range []string{"", "anna", "anna@", strings.Repeat("a", 400) + "@havn.example"} {
		b.Get("/reset")
		if p := b.Submit("email", typed); p.Status != http.StatusUnprocessableEntity || p.URL.Path != "/reset" {
			t.Errorf("%.20q: %d %s", typed, p.Status, p.URL)
		}
	}
	if p := b.Post("/reset", url.Values{"email": {"anna@havn.example"}, "action": {"destroy"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown button: %d", p.Status)
	}
	if p := b.Get("/reset/sent"); p.URL.Path != "/signin" {
		t.Errorf("a page about nothing: %s", p.URL)
	}
}

// sendAgain has the one mail with a link sent once more.
func (w *world) sendAgain() {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error {
		var ids []uuid.UUID
		if err := db.Rows(ctx, &ids, "UPDATE messages SET state = 'queued' WHERE tenant_id = @tenant AND kind = 'reset' RETURNING id"); err != nil || len(ids) != 1 {
			return fmt.Errorf("%d mails: %w", len(ids), err)
		}
		return outbox.Put(ctx, outbox.Event{Kind: message.Deliver, Lane: outbox.Security, Args: map[string]any{"message": ids[0]}})
	})
}

// A mail that is sent again, since nobody knew whether it had gone, holds the
// same link; one that waited longer than the link lives counts anew.
func TestAFurtherTryHoldsTheSameLink(t *testing.T) {
	w := setUp(t)
	w.anna()
	token := w.ask("anna@havn.example")
	for _, wait := range []time.Duration{time.Minute, 25 * time.Hour} {
		w.Pass(wait)
		w.sendAgain()
		if again := w.token(w.last("anna@havn.example")); again != token {
			t.Errorf("after %s it is another link", wait)
		}
	}
	if n := len(w.mails("anna@havn.example")); n != 3 {
		t.Fatalf("%d mails", n)
	}
	w.Pass(day - time.Second)
	if err := w.choose(w.ctx, token, newWord); err != nil {
		t.Errorf("its life counts from the last sending: %v", err)
	}
	t.Run("and none is sent once it was used", func(t *testing.T) {
		w.sendAgain()
		if m := w.last("anna@havn.example"); m.Kind == "reset" {
			t.Error("a dead link was sent")
		}
	})
}
