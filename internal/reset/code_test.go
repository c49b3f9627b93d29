package reset_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/attempt"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/message/render"
)

// byCode makes the employers send codes.
const byCode = "reset: {mode: code, life: 15m}\n"

var codeText = regexp.MustCompile(`\b\d{6}\b`)

// code is the one in the newest mail to somebody.
func (w *world) code(to string) string {
	w.T.Helper()
	m := w.last(to)
	code := codeText.FindString(m.Text)
	if m.Kind != "reset_code" || code == "" {
		w.T.Fatalf("no code in %s %s", m.Kind, m.Text)
	}
	return code
}

// other is a code that this one is not.
func other(code string) string {
	return string('0'+(code[0]-'0'+1)%10) + code[1:]
}

// waiting is a browser that has asked for a code and waits for it.
func (w *world) waiting(address string) *apptest.Browser {
	w.T.Helper()
	b := w.Browser("havn")
	b.Get("/reset")
	if p := b.Submit("email", address); p.URL.Path != "/reset/code" {
		w.T.Fatalf("%s %s", p.URL, p.Text())
	}
	return b
}

// own is the attempt of a browser.
func (w *world) own(b *apptest.Browser) attempt.Attempt {
	w.T.Helper()
	a, err := w.App.Services.Attempts.Find(w.ctx, b.Cookie("attempt"), "havn."+w.Base)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

func form(b *apptest.Browser, path string, fields ...string) *apptest.Page {
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	req := b.Request(http.MethodPost, path, strings.NewReader(v.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Raw(req)
}

func TestTheWayBackInByCode(t *testing.T) {
	w := setUp(t, byCode)
	w.anna()
	elsewhere := w.mustSignIn("anna@home.example", oldWord)
	b := w.Browser("havn")
	b.Get("/reset")
	if p := b.Submit("email", " Anna@Havn.example "); p.URL.Path != "/reset/code" || !p.Has("Sent to Anna@havn.example") || !p.Has("works for 15 minutes") || !p.Has("no-reply@localhost") {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	code := w.code("anna@havn.example")
	if p := b.Submit("code", " "+code[:3]+" "+code[3:]+" "); p.URL.Path != "/reset/password" || !p.Has("You sign in with anna@havn.example") {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	if p := b.Submit("password", newWord, "password_confirm", newWord); p.URL.Path != "/reset/done" {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	if p := b.Follow("Go to sign-in"); p.URL.Path != "/signin/password" || b.Get("/session").Status != http.StatusUnauthorized {
		t.Errorf("%s %s", p.URL, p.Text())
	}
	if elsewhere.Get("/session").Status != http.StatusUnauthorized {
		t.Error("an older session lives on")
	}
	w.mustSignIn("anna@havn.example", newWord)
	for _, to := range []string{"anna@havn.example", "anna@home.example"} {
		if m := w.last(to); m.Kind != "password_changed" {
			t.Errorf("%s was told %s", to, m.Text)
		}
	}
	for action, n := range map[string]int{"reset.requested": 1, "reset.mailed": 1, "reset.code_typed": 1, "reset.code_failed": 0, "reset.completed": 1} {
		if got := w.count(w.ctx, "audit_events WHERE action = '"+action+"'"); got != n {
			t.Errorf("%d audit rows %s", got, action)
		}
	}
}

func TestTheMailShowsTheCode(t *testing.T) {
	w := setUp(t, byCode)
	w.anna()
	w.mustSignIn("anna@havn.example", oldWord)
	w.waiting("anna@havn.example")
	m := w.last("anna@havn.example")
	code, text := w.code("anna@havn.example"), strings.Join(strings.Fields(m.Text), " ")
	for _, words := range []string{
		"Hi Anna,", "Your code " + code, "Account: anna@havn.example", "Chrome 156", "Linux", "127.0.0.1", "Last used: 22 November 2026 at 13:00 (12:00 UTC)",
		"works once, until 22 November 2026 at 13:15", "tell the code to nobody", "This address is not read",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("no %q in %s", words, m.Text)
		}
	}
	if strings.Contains(m.Subject, code) || strings.Contains(m.Text, "/reset/") {
		t.Error("the subject holds the code, or the mail a link")
	}
	if err := render.Check(m.HTML, m.Text); err != nil {
		t.Error(err)
	}
}

func TestACodeIsForItsOwnFlow(t *testing.T) {
	w := setUp(t, byCode)
	w.anna()
	b := w.waiting("anna@havn.example")
	code := w.code("anna@havn.example")
	w.Pass(time.Minute)
	attacker := w.waiting("anna@havn.example")
	w.Work()
	if p := attacker.Submit("code", code); p.Status != http.StatusUnprocessableEntity || !p.Has("Tries left: 4") {
		t.Errorf("another browser's: %d %s", p.Status, p.Text())
	}
	_, err := w.svc.Typed(w.other, w.own(b), code, "192.0.2.1")
	if err == nil {
		t.Error("another tenant took it")
	}
	if p := form(w.Browser("havn"), "/reset/code", "code", code); p.Header.Get("Location") != "/signin" {
		t.Errorf("no flow at all: %d %s", p.Status, p.Text())
	}
	if p := b.Submit("code", code); p.URL.Path != "/reset/password" {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if p := form(b, "/reset/code", "code", code); p.Header.Get("Location") != "/reset/password" {
		t.Errorf("a second time: %d %s", p.Status, p.Text())
	}
}

func TestFiveTriesAFlow(t *testing.T) {
	w := setUp(t, byCode)
	w.anna()
	b := w.waiting("anna@havn.example")
	code := w.code("anna@havn.example")
	for _, typed := range []string{"", "12345", "1234567", "12345a", strings.Repeat("1", 300)} {
		if p := form(b, "/reset/code", "code", typed); p.Status != http.StatusUnprocessableEntity || !p.Has("6 digits") {
			t.Errorf("%.8q: %d %s", typed, p.Status, p.Text())
		}
	}
	for n := range 3 {
		if p := form(b, "/reset/code", "code", other(code)); p.Status != http.StatusUnprocessableEntity || p.Has(other(code)) {
			t.Errorf("try %d: %d %s", n, p.Status, p.Text())
		}
	}
	t.Run("a new code in the flow replaces the first and keeps the tries", func(t *testing.T) {
		w.Pass(time.Minute)
		b.Get("/reset/code")
		if p := b.Submit("email", "anna@havn.example", "@action", "password"); p.URL.Path != "/reset/code" || !p.Has("a new mail is on its way") {
			t.Fatalf("%s %s", p.URL, p.Text())
		}
		fresh := w.code("anna@havn.example")
		if fresh == code { // by chance; then any other is wrong
			code = other(fresh)
		}
		if p := form(b, "/reset/code", "code", code); p.Status != http.StatusUnprocessableEntity || !p.Has("Tries left: 1") {
			t.Errorf("%d %s", p.Status, p.Text())
		}
		code = fresh
	})
	if p := form(b, "/reset/code", "code", other(code)); p.Status != http.StatusTooManyRequests || !p.Has("5 codes were typed") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if p := form(b, "/reset/code", "code", code); p.Header.Get("Location") != "/signin" {
		t.Errorf("the right one after five: %d %s", p.Status, p.Text())
	}
	w.Pass(time.Minute)
	again := w.waiting("anna@havn.example")
	if p := again.Submit("code", w.code("anna@havn.example")); p.URL.Path != "/reset/password" {
		t.Errorf("and then another flow: %d %s", p.Status, p.Text())
	}
}

// guess types wrong codes in flows of five until n were wrong.
func (w *world) guess(address string, n int) *apptest.Page {
	w.T.Helper()
	var p *apptest.Page
	for ; n > 0; n -= 5 {
		w.Pass(13 * time.Minute)
		b := w.waiting(address)
		wrong := other(w.code(address))
		for range min(n, 5) {
			p = form(b, "/reset/code", "code", wrong)
		}
	}
	return p
}

func TestTenWrongCodesADayAndThenTheLink(t *testing.T) {
	w := setUp(t, byCode)
	w.anna()
	if p := w.guess("anna@havn.example", 10); p.Status != http.StatusTooManyRequests || !p.Has("10 wrong codes") || !p.Has("Send me a link") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	w.Pass(13 * time.Minute)
	b := w.Browser("havn")
	b.Get("/reset")
	if p := b.Submit("email", "anna@havn.example"); p.URL.Path != "/reset/sent" {
		t.Errorf("%s %s", p.URL, p.Text())
	}
	if m := w.last("anna@havn.example"); m.Kind != "reset" {
		t.Fatalf("the mail is %s", m.Kind)
	}
	if err := w.choose(w.ctx, w.token(w.last("anna@havn.example")), newWord); err != nil {
		t.Error(err)
	}
	t.Run("and a day later codes again", func(t *testing.T) {
		w.Pass(day)
		b := w.waiting("anna@havn.example")
		if p := b.Submit("code", w.code("anna@havn.example")); p.URL.Path != "/reset/password" {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
}

// The answers go by address, so that an account's second address is not told
// apart; what works goes by account.
func TestTenWrongCodesAnAccountWhicheverAddress(t *testing.T) {
	w := setUp(t, byCode)
	w.anna()
	home := w.waiting("anna@home.example")
	code := w.code("anna@home.example")
	w.guess("anna@havn.example", 5) // 13 minutes
	w.Pass(time.Minute)
	b := w.waiting("anna@havn.example")
	wrong := other(w.code("anna@havn.example"))
	for range 5 {
		form(b, "/reset/code", "code", wrong)
	}
	if p := home.Submit("code", code); p.Status != http.StatusUnprocessableEntity || !p.Has("The code is not right") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	w.Pass(2 * time.Minute)
	w.waiting("anna@home.example")
	if m := w.last("anna@home.example"); m.Kind != "reset" {
		t.Errorf("the mail is %s", m.Kind)
	}
}

func TestACodeLivesToTheSecond(t *testing.T) {
	w := setUp(t, "reset: {mode: code, life: 30m}\n")
	w.anna()
	b := w.waiting("anna@havn.example")
	w.Pass(3 * time.Minute) // the life counts from the sending
	code := w.code("anna@havn.example")
	w.Pass(30*time.Minute - time.Second)
	early := *b
	w.Pass(time.Second)
	if p := early.Submit("code", code); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("at its end: %d %s", p.Status, p.Text())
	}
	b = w.waiting("anna@havn.example")
	code = w.code("anna@havn.example")
	w.Pass(30*time.Minute - time.Second)
	if p := b.Submit("code", code); p.URL.Path != "/reset/password" {
		t.Fatalf("a second before: %d %s", p.Status, p.Text())
	}
	w.Pass(15*time.Minute - time.Second) // to choose
	if p := b.Submit("password", newWord, "password_confirm", newWord); p.URL.Path != "/reset/done" {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	t.Run("and none is sent that nobody waits for", func(t *testing.T) {
		w.Pass(time.Minute)
		w.waiting("anna@havn.example")
		w.Pass(time.Hour)
		if m := w.last("anna@havn.example"); m.Kind == "reset_code" && m.CreatedAt.Equal(w.Clock.Now()) {
			t.Error("it was")
		}
	})
}

func TestCodesDieWhenTheAccountChanges(t *testing.T) {
	changes := map[string]func(ctx context.Context, a account.Account) error{
		"a new password": func(ctx context.Context, a account.Account) error { return account.SetPassword(ctx, a.ID, "x") },
		"a suspension": func(ctx context.Context, a account.Account) error {
			return account.SetStatus(ctx, a.ID, account.Suspended)
		},
		"a sign-out everywhere": func(ctx context.Context, a account.Account) error { return account.EndSessions(ctx, a.ID) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			w := setUp(t, byCode)
			a := w.anna()
			typed := w.waiting("anna@home.example")
			if p := typed.Submit("code", w.code("anna@home.example")); p.URL.Path != "/reset/password" {
				t.Fatal(p.Text())
			}
			w.Pass(time.Minute)
			b := w.waiting("anna@havn.example")
			code := w.code("anna@havn.example")
			w.do(w.ctx, func(ctx context.Context) error { return change(ctx, a) })
			if p := b.Submit("code", code); p.Status != http.StatusUnprocessableEntity {
				t.Errorf("the code: %d %s", p.Status, p.Text())
			}
			if p := typed.Submit("password", newWord, "password_confirm", newWord); p.Status != http.StatusGone {
				t.Errorf("what it opened: %d %s", p.Status, p.Text())
			}
		})
	}
}

func TestOfFiftyCodesAtOnceOneWins(t *testing.T) {
	w := setUp(t, byCode)
	w.anna()
	a := w.own(w.waiting("anna@havn.example"))
	code := w.code("anna@havn.example")
	var won atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := w.svc.Typed(w.ctx, a, code, "192.0.2.1"); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won", won.Load())
	}
	if n := w.count(w.ctx, "audit_events WHERE action = 'reset.code_typed'"); n != 1 {
		t.Errorf("%d audit rows", n)
	}
}

func TestOfFiftyWrongCodesAtOnceFiveAreLookedAt(t *testing.T) {
	w := setUp(t, byCode)
	w.anna()
	a := w.own(w.waiting("anna@havn.example"))
	wrong := other(w.code("anna@havn.example"))
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := w.svc.Typed(w.ctx, a, wrong, "192.0.2.1"); err == nil {
				t.Error("a wrong one was taken")
			}
		})
	}
	all.Wait()
	if n := w.count(w.ctx, "resets WHERE code_tries = 5"); n != 1 {
		t.Error("other than five were counted")
	}
}

// codeWay is what a browser is answered that asks for a code and types wrong
// ones, and what reaches the database.
func (w *world) codeWay(st *dbtest.Statements, address string) (answers, statements []string) {
	w.T.Helper()
	w.Pass(time.Minute)
	b := w.Browser("havn")
	b.Get("/reset")
	st.Take()
	answers = append(answers, seen(form(b, "/reset", "email", address, "action", "password"), address))
	asked := st.Take()
	w.Work() // what the worker finds out must show nowhere
	st.Take()
	answers = append(answers, seen(b.Raw(b.Request(http.MethodGet, "/reset/code", nil)), address))
	for n := range 6 {
		if n == 3 {
			w.Pass(time.Minute)
			answers = append(answers, seen(form(b, "/reset", "email", address), address))
			asked = append(asked, st.Take()...)
			w.Work()
			st.Take()
		}
		answers = append(answers, seen(form(b, "/reset/code", "code", "000000"), address))
	}
	for n := range answers {
		answers[n] = clockText.ReplaceAllString(answers[n], "TIME")
	}
	return answers, append(asked, st.Take()...)
}

var clockText = regexp.MustCompile(`\b\d\d:\d\d\b`)

func TestEveryAddressGetsOneAnswerAndTheSameWorkByCode(t *testing.T) {
	w := setUp(t, byCode)
	sorts := w.everySort()
	st := dbtest.Watch(t, w.ctx, w.DB)
	wantAnswers, wantStatements := w.codeWay(st, sorts["an account's"])
	if len(wantStatements) < 30 {
		t.Fatalf("only %d statements are seen", len(wantStatements))
	}
	for who, address := range sorts {
		if who == "an account's" {
			continue
		}
		answers, statements := w.codeWay(st, address)
		if diff := cmp.Diff(wantAnswers, answers); diff != "" {
			t.Errorf("%s address is answered otherwise: %s", who, diff)
		}
		if diff := cmp.Diff(wantStatements, statements); diff != "" {
			t.Errorf("%s address makes other work: %s", who, diff)
		}
	}
	kinds := func(of string) (list []string) {
		for _, m := range w.mails(sorts[of]) {
			list = append(list, m.Kind)
		}
		return list
	}
	if got := kinds("an account's"); !slices.Equal(got, []string{"reset_code", "reset_code"}) {
		t.Errorf("the account got %v", got)
	}
	if got := kinds("somebody's who is invited"); len(got) < 2 || got[len(got)-1] != "invite_again" {
		t.Errorf("the invited got %v", got)
	}
	if got := kinds("somebody's who left long ago"); !slices.Equal(got, []string{"alumni_closed", "alumni_closed"}) {
		t.Errorf("who left long ago got %v", got)
	}
	for _, who := range []string{"nobody's", "a suspended account's", "another tenant's", "a leaver's at work"} {
		if got := kinds(who); len(got) != 0 {
			t.Errorf("%s address got %v", who, got)
		}
	}
}

func TestWhatHRHasSentIsALinkThatLastsADay(t *testing.T) {
	w := setUp(t, byCode)
	anna := w.anna()
	if _, err := w.svc.SendFor(w.manager(), anna.PersonID); err != nil {
		t.Fatal(err)
	}
	m := w.last("anna@havn.example")
	if m.Kind != "reset_manager" {
		t.Fatalf("%s", m.Kind)
	}
	w.Pass(day - time.Second)
	if err := w.choose(w.ctx, w.token(m), newWord); err != nil {
		t.Error(err)
	}
}

// Somebody who was in the account before its owner came back: whatever they
// hold is worth nothing from the new password on.
func TestTheOwnersNewPasswordEndsWhatAnIntruderHolds(t *testing.T) {
	w := setUp(t)
	a := w.anna()
	signed := w.mustSignIn("anna@havn.example", oldWord)
	w.ctx = w.Custom("havn", strings.Replace(yaml, "totp: off", "totp: primary", 1)+"reset: {mode: link, life: 24h, magiclink: true}\n")
	w.Pass(time.Minute)
	services := &w.App.Services
	halfway := w.signIn("anna@home.example", oldWord) // before the second step
	planted, err := services.Factors.StartTOTP(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	link := w.Browser("havn")
	link.Get("/reset")
	link.Submit("email", "anna@home.example", "@action", "link")
	magic := regexp.MustCompile(`/magiclink/[A-Za-z0-9_-]{43}`).FindString(w.last("anna@home.example").Text)
	w.Pass(time.Minute)
	earlier := w.ask("anna@havn.example")
	w.Pass(time.Minute)
	if err := w.choose(w.ctx, w.ask("anna@havn.example"), newWord); err != nil {
		t.Fatal(err)
	}
	t.Run("sessions and half sign-ins", func(t *testing.T) {
		for _, b := range []*apptest.Browser{signed, halfway} {
			if b.Get("/signin/next"); b.Get("/session").Status != http.StatusUnauthorized {
				t.Error("one lives on")
			}
		}
	})
	t.Run("links of both kinds", func(t *testing.T) {
		refused(t, w.choose(w.ctx, earlier, oldWord), "reset.replaced")
		if p := link.Get(magic); p.Status != http.StatusGone {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	t.Run("the old password", func(t *testing.T) {
		if w.signIn("anna@havn.example", oldWord).Get("/session").Status != http.StatusUnauthorized {
			t.Error("it works")
		}
	})
	t.Run("the factor being set up, whose seed they know", func(t *testing.T) {
		b := w.signIn("anna@havn.example", newWord)
		if b.Page.URL.Path != "/mfa/setup" {
			t.Fatalf("%s %s", b.Page.URL, b.Page.Text())
		}
		e, err := services.Factors.Pending(w.ctx, a.ID)
		if err == nil && e.Secret == planted.Secret {
			t.Error("the owner is shown the intruder's seed")
		}
		if p := b.Get("/mfa/setup/totp"); strings.Contains(strings.ReplaceAll(p.Text(), " ", ""), planted.Secret) {
			t.Error("the owner is shown the intruder's seed")
		}
	})
}

func TestTooSoonIsSaid(t *testing.T) {
	w := setUp(t, "reset: {mode: link, life: 24h, magiclink: true}\n")
	w.anna()
	b := w.Browser("havn")
	b.Get("/reset")
	if !b.Page.Has("One-time sign-in link") || !b.Page.Has("signs you in on this device, once") || !b.Page.Has("It works for 24 hours") {
		t.Error(b.Page.Text())
	}
	b.Submit("email", "anna@havn.example", "@action", "password")
	for _, action := range []string{"password", "link"} {
		b.Get("/reset")
		if p := b.Submit("email", "anna@havn.example", "@action", action); p.URL.Path != "/reset/sent" || !p.Has("You can send it again at 13:01") {
			t.Errorf("%s: %s %s", action, p.URL, p.Text())
		}
	}
	if n := len(w.mails("anna@havn.example")); n != 1 {
		t.Errorf("%d mails", n)
	}
	w.Pass(time.Minute)
	if p := b.Submit("email", "anna@havn.example", "@action", "password"); !p.Has("a new mail is on its way") {
		t.Error(p.Text())
	}
	if list := w.mails("anna@havn.example"); len(list) != 2 || list[1].Kind != "reset" {
		t.Errorf("%d mails", len(list))
	}
}
