package magiclink_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/magiclink"
	"tilgang/internal/message/render"
	"tilgang/templates"
)

// everySort are addresses that a stranger must not tell apart, by their kind.
func (w *world) everySort() map[string]string {
	w.T.Helper()
	w.anna()
	w.hire(w.ctx, person{name: "Shut", address: "shut@post.example", status: account.Suspended})
	w.hire(w.ctx, person{name: "Gone", address: "gone@post.example", end: "2020-06-30"})
	w.hire(w.ctx, person{name: "Left", address: "left@skog.example", kind: account.Work, end: "2026-10-31"})
	w.hire(w.ctx, person{name: "Ella", address: "ella@post.example", end: "2026-10-31"})
	w.hire(w.other, person{name: "Hans", address: "hans@post.example"})
	w.hire(w.ctx, person{name: "Nils", address: "nils@post.example", invited: true})
	return map[string]string{
		"an account's": anna, "nobody's": "nobody@post.example", "a suspended account's": "shut@post.example", "somebody's who left long ago": "gone@post.example",
		"a leaver's at work": "left@skog.example", "a leaver's own": "ella@post.example", "another tenant's": "hans@post.example", "somebody's who is invited": "nils@post.example",
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

// way is what a browser is answered that asks for a link and types five wrong
// codes, and what reaches the database.
func (w *world) way(st *dbtest.Statements, address string) (answers, statements []string) {
	w.T.Helper()
	b := w.Browser("skog")
	b.Get("/reset")
	st.Take()
	answers = append(answers, seen(post(b, "/reset", "email", address, "action", "link"), address))
	asked := st.Take()
	w.Work() // what the worker finds out must show nowhere
	st.Take()
	answers = append(answers, seen(b.Raw(b.Request(http.MethodGet, "/magiclink", nil)), address))
	for range 5 {
		answers = append(answers, seen(post(b, "/magiclink", "code", "AAAA-AAAA"), address))
	}
	answers = append(answers, seen(b.Raw(b.Request(http.MethodGet, "/magiclink", nil)), address))
	return answers, append(asked, st.Take()...)
}

func TestEveryAddressGetsOneAnswerAndTheSameWork(t *testing.T) {
	w := setUp(t)
	sorts := w.everySort()
	st := dbtest.Watch(t, w.ctx, w.DB)
	wantAnswers, wantStatements := w.way(st, sorts["an account's"])
	if len(wantStatements) < 20 {
		t.Fatalf("only %d statements are seen", len(wantStatements))
	}
	for who, address := range sorts {
		if who == "an account's" {
			continue
		}
		answers, statements := w.way(st, address)
		if diff := cmp.Diff(wantAnswers, answers); diff != "" {
			t.Errorf("%s address is answered otherwise: %s", who, diff)
		}
		if diff := cmp.Diff(wantStatements, statements); diff != "" {
			t.Errorf("%s address makes other work: %s", who, diff)
		}
	}
	want := map[string][]string{
		"an account's": {"magiclink"}, "a leaver's own": {"magiclink_moved"}, "somebody's who left long ago": {"alumni_closed"}, "somebody's who is invited": {"invite", "invite_again"},
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
	for _, table := range []string{"outbox WHERE args", "audit_events WHERE detail"} {
		if n := w.count(w.ctx, table+" LIKE '%@%'"); n != 0 {
			t.Errorf("%d rows of %s name an address", n, table)
		}
	}
}

func TestALeaverIsToldWhereToAsk(t *testing.T) {
	w := setUp(t)
	w.hire(w.ctx, person{name: "Ella", address: "ella@post.example", end: "2026-10-31"})
	w.wish(w.Browser("skog"), "ella@post.example")
	m := w.last("ella@post.example")
	if m.Kind != "magiclink_moved" || !strings.Contains(m.Text, "http://alumni.skog."+w.Base+"/reset") || strings.Contains(m.Text, "/magiclink/") {
		t.Fatal(m.Text)
	}
	w.Pass(2 * minute)
	b := w.BrowserOn("alumni.skog." + w.Base)
	w.wish(b, "ella@post.example")
	m = w.last("ella@post.example")
	if m.Kind != "magiclink" || !strings.Contains(m.Text, "http://alumni.skog."+w.Base+"/magiclink/") {
		t.Fatal(m.Text)
	}
	b.Get("/magiclink/" + w.token("ella@post.example"))
	if b.Submit(); !signedIn(b) {
		t.Error(b.Page.Text())
	}
}

func TestTheMailSaysWhoAskedFromWhere(t *testing.T) {
	w := setUp(t)
	w.anna()
	w.asked()
	m := w.last(anna)
	text := strings.Join(strings.Fields(m.Text), " ")
	for _, words := range []string{
		"Hi Anna,", "wants to sign in as " + anna, "Account: " + anna, "22 November 2026 at 13:00 (12:00 UTC)", "Chrome 156", "Linux", "127.0.0.1",
		"You can copy the link into your browser", "The link works once, until 22 November 2026 at 13:10.", "Was it not you? Then do nothing", "This address is not read",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("no %q in %s", words, m.Text)
		}
	}
	if err := render.Check(m.HTML, m.Text); err != nil {
		t.Error(err)
	}
}

func TestOneMailAMinuteAndFiveAnHour(t *testing.T) {
	w := setUp(t)
	w.anna()
	b := w.Browser("skog")
	w.wish(b, anna)
	first := b.Cookie("attempt")
	if p := w.wish(b, anna); p.URL.Path != "/magiclink" || !p.Has("You can send it again at 13:01") {
		t.Errorf("%s %s", p.URL, p.Text())
	}
	if n := len(w.mails(anna)); n != 1 {
		t.Fatalf("%d mails", n)
	}
	for range 12 {
		w.Pass(minute)
		p := w.wish(b, anna)
		if w.Work(); p.URL.Path != "/magiclink" || b.Cookie("attempt") != first {
			t.Fatalf("%s %s", p.URL, p.Text())
		}
	}
	if n := len(w.mails(anna)); n != 5 {
		t.Errorf("%d mails in twelve minutes", n)
	}
}

func TestThePagesFitTheirTemplates(t *testing.T) {
	catalog := sitetest.Texts(t)
	for _, lang := range catalog.Languages() {
		if err := pagetest.Check(templates.FS, catalog.Localizer(lang, nil, nil), magiclink.Views()...); err != nil {
			t.Error(err)
		}
	}
}
