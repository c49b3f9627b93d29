package once_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/captcha"
	"tilgang/internal/e2e"
)

const yaml = `
name: Once
languages: [en]
time_zone: Europe/Copenhagen
legal_employers: [{key: main, name: Once A/S, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Once}
support: {channels: [{kind: phone, value: "+45 70 00 00 27"}], hours: {mon-fri: 08:00-18:00}}
mfa: {methods: {totp: primary, phone: primary, push: off, passkey: off}, offer: skip, recovery: {cooling_off: 24h, open: 168h}, access_pass: {life: 1h}}
reset: {mode: link, life: 24h, magiclink: true}
`

// kind is a kind of secret that works once, and how fifty come to hold one.
type kind struct {
	name    string
	prepare func(w *world) race
}

func kinds() []kind { return slices.Concat(mailed(), onTheFloor(), registrations(), identities()) }

func mailed() []kind {
	return []kind{
		{"the link of an invitation", (*world).invitationLink},
		{"the typed code of an invitation", (*world).invitationCode},
		{"the code that confirms an address", (*world).confirmCode},
		{"the link to a new password", (*world).resetLink},
		{"the code for a new password", (*world).resetCode},
		{"a one-time sign-in link", (*world).magicLink},
		{"the code of a one-time sign-in link", (*world).magicCode},
		{"a flow that owes nothing more", (*world).flow},
		{"a code of the app at sign-in", (*world).appCode},
		{"the code that confirms an app", (*world).appConfirm},
		{"a recovery code", (*world).recoveryCode},
		{"a second recovery code", (*world).secondRecoveryCode},
		{"a set of recovery codes", (*world).codeSet},
		{"a code by text message", (*world).textCode},
		{"a code by call", (*world).callCode},
		{"the code that confirms a phone", (*world).phoneConfirm},
		{"the code that proves an address", (*world).addressCode},
		{"a temporary access pass", (*world).pass},
		{"the code of “this was not me”", (*world).notMe},
		{"the code that takes “this was not me” back", (*world).undo},
		{"the code that stops a recovery", (*world).stopCode},
		{"the answer to a robot check", (*world).robot},
	}
}

// newcomer takes somebody in and gives the address, which is new each time.
func (w *world) newcomer(slug string) (address string) {
	w.t.Helper()
	w.hired++
	address = fmt.Sprintf("person%d@post.example", w.hired)
	w.Hire(slug, fmt.Sprintf("%d;Anna;Ek;%s;en;Operator;Shop;main;2026-11-01", 100+w.hired, address))
	return address
}

// in is a browser in which a newcomer is signed in by the password alone.
func (w *world) in(slug string) (b *apptest.Browser, address string) {
	w.t.Helper()
	address = w.newcomer(slug)
	b = w.Browser(slug)
	w.Accept(b, address)
	b.Submit("@action", "skip")
	w.at(b, "/")
	return b, address
}

// at fails unless a browser is on a page.
func (w *world) at(b *apptest.Browser, path string) {
	w.t.Helper()
	if b.Page.URL.Path != path || b.Page.Status != http.StatusOK {
		w.t.Fatalf("on %s (%d), want %s\n%s", b.Page.URL, b.Page.Status, path, b.Page.Text())
	}
}

// password goes to whatever comes after it, in a browser of its own.
func (w *world) password(slug, address string) *apptest.Browser {
	w.t.Helper()
	b := w.Browser(slug)
	b.Get("/signin")
	b.Submit("email", address)
	b.Submit("password", e2e.Word)
	return b
}

// fifty are as many browsers in which the password was typed.
func (w *world) fifty(slug, address string) (list []*apptest.Browser) {
	w.t.Helper()
	for range w.clients {
		b := w.password(slug, address)
		w.at(b, "/mfa")
		list = append(list, b)
	}
	return list
}

// app is somebody with an authenticator app and recovery codes.
func (w *world) app(slug string) (address, key string, codes []string) {
	w.t.Helper()
	address = w.newcomer(slug)
	b := w.Browser(slug)
	w.Accept(b, address)
	b.Get("/mfa/setup/totp")
	key = e2e.Key(b.Page)
	b.Submit("code", w.code(key))
	codes = e2e.Codes(b.Page)
	b.Submit("saved", "1")
	w.at(b, "/")
	w.Pass(time.Minute)
	return address, key, codes
}

func (w *world) code(key string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(key, w.Clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// number is a telephone number that nobody else has.
func (w *world) number() (typed, whole string) {
	typed = fmt.Sprintf("20 12 %02d 56", w.hired%100)
	return typed, "+45" + strings.ReplaceAll(typed, " ", "")
}

// found is what a pattern finds in the newest mail to somebody.
func (w *world) found(to, pattern string) string {
	w.t.Helper()
	w.Work()
	m := regexp.MustCompile(pattern).FindStringSubmatch(w.Mail(to).Text)
	if m == nil {
		w.t.Fatalf("no code in %s", w.Mail(to).Text)
	}
	return m[1]
}

// The shapes of codes in mails: six digits, and ten characters on a line of
// their own.
const (
	six = `\b(\d{6})\b`
	own = `(?m)^ {4}(\d{6})$`
	ten = `(?m)^\s*([0-9A-Z]{5}-[0-9A-Z]{5})\s*$`
)

// hr is the context of somebody of HR.
func (w *world) hr(slug string) context.Context {
	w.t.Helper()
	_, address := w.in(slug)
	acc := w.account(slug, address)
	return authz.With(w.Operator(slug), authz.Actor{Kind: authz.Person, AccountID: acc.ID, PersonID: acc.PersonID, Roles: []string{authz.RoleHR}, Language: "en"})
}

func (w *world) account(slug, address string) (acc account.Account) {
	w.t.Helper()
	err := w.DB.Read(w.Operator(slug), func(ctx context.Context) (err error) {
		acc, err = account.ByAddress(ctx, address)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return acc
}

func (w *world) invitationLink() race {
	to := w.newcomer("once")
	b := w.Browser("once")
	w.OpenMail(b, to)
	return race{
		slug: "once", from: []*apptest.Browser{b}, path: "/invite", fields: []string{"password", e2e.Word, "password_confirm", e2e.Word},
		won: leads("/invite/done"), rows: acted("invite.accepted"),
	}
}

func (w *world) invitationCode() race {
	to := w.newcomer("once")
	code := w.found(to, ten)
	r := race{slug: "once", path: "/invite", fields: []string{"password", e2e.Word, "password_confirm", e2e.Word}, won: leads("/invite/done"), rows: acted("invite.accepted")}
	for i := range w.clients {
		b := w.Browser("once")
		b.From = network(i)
		b.Get("/invite/code")
		b.Submit("email", to, "code", code)
		w.at(b, "/invite")
		r.from = append(r.from, b)
	}
	return r
}

func (w *world) confirmCode() race {
	to := w.newcomer("moving")
	b := w.Browser("moving")
	w.OpenMail(b, to)
	return race{
		slug: "moving", from: []*apptest.Browser{b}, path: "/invite/confirm", fields: []string{"code", w.found(to, ten)},
		rows: acted("invite.confirmed"),
	}
}

// forgot asks for a way back in.
func (w *world) forgot(slug, action string) (b *apptest.Browser, to string) {
	_, to = w.in(slug)
	b = w.Browser(slug)
	b.Get("/reset")
	b.Submit("email", to, "@action", action)
	w.Work()
	return b, to
}

func (w *world) resetLink() race {
	b, to := w.forgot("once", "password")
	b.Get(w.Link(to, "/reset/"))
	return race{
		slug: "once", from: []*apptest.Browser{b}, path: "/reset/password", fields: []string{"password", e2e.Word + "!", "password_confirm", e2e.Word + "!"},
		rows: acted("reset.completed"),
	}
}

func (w *world) resetCode() race {
	b, to := w.forgot("coded", "password")
	return race{slug: "coded", from: []*apptest.Browser{b}, path: "/reset/code", fields: []string{"code", w.found(to, six)}, rows: acted("reset.code_typed")}
}

func (w *world) magicLink() race {
	b, to := w.forgot("once", "link")
	b.Get(w.Link(to, "/magiclink/"))
	return race{slug: "once", from: []*apptest.Browser{b}, path: "/magiclink/open", rows: acted("magiclink.used")}
}

func (w *world) magicCode() race {
	b, to := w.forgot("once", "link")
	other := w.Browser("once")
	code := regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`).FindString(other.Get(w.Link(to, "/magiclink/")).Text())
	return race{slug: "once", from: []*apptest.Browser{b}, path: "/magiclink", fields: []string{"code", code}, rows: acted("magiclink.used")}
}

// flow is a sign-in that owes nothing more, asked for its session.
func (w *world) flow() race {
	_, to := w.in("once")
	b := w.Browser("once")
	b.Get("/signin")
	b.Submit("email", to)
	req := b.Request(http.MethodPost, "/signin/password", strings.NewReader(url.Values{"password": {e2e.Word}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.Raw(req)
	return race{slug: "once", from: []*apptest.Browser{b}, method: http.MethodGet, path: "/signin/next", won: leads("/"), rows: acted("signin.succeeded")}
}

func (w *world) appCode() race {
	to, key, _ := w.app("once")
	from := w.fifty("once", to)
	return race{slug: "once", from: from, path: "/mfa", fields: []string{"code", w.code(key)}, won: leads("/signin/next")}
}

func (w *world) appConfirm() race {
	to := w.newcomer("once")
	b := w.Browser("once")
	w.Accept(b, to)
	page := b.Get("/mfa/setup/totp")
	fields := []string{"code", w.code(e2e.Key(page)), "enrolment", apptest.Attr(page.Field("enrolment"), "value")}
	return race{slug: "once", from: []*apptest.Browser{b}, path: "/mfa/setup/totp", fields: fields, rows: acted("factor.added")}
}

func (w *world) recoveryCode() race {
	to, _, codes := w.app("once")
	return race{
		slug: "once", from: w.fifty("once", to), path: "/mfa/recovery", fields: []string{"code", codes[0]},
		won: leads("/signin/next"), rows: acted("factor.recovery_used"),
	}
}

// secondRecoveryCode replaces a lost app, in a session that the first one opened.
func (w *world) secondRecoveryCode() race {
	to, _, codes := w.app("once")
	b := w.password("once", to)
	b.Get("/mfa/recovery")
	b.Submit("code", codes[0])
	w.at(b, "/")
	b.Get("/security/lost")
	return race{
		slug: "once", from: []*apptest.Browser{b}, path: "/security/lost", fields: []string{"lost", "totp", "current_password", e2e.Word, "code", codes[1]},
		won: leads("/mfa/setup/totp"), rows: acted("factor.recovery_used"),
	}
}

func (w *world) codeSet() race {
	to := w.newcomer("once")
	b := w.Browser("once")
	w.Accept(b, to)
	b.Get("/mfa/setup/totp")
	page := b.Submit("code", w.code(e2e.Key(b.Page)))
	return race{
		slug: "once", from: []*apptest.Browser{b}, path: "/mfa/setup/recovery", fields: []string{"saved", "1", "set", apptest.Attr(page.Field("set"), "value")},
		rows: acted("factor.codes_saved"),
	}
}

// phone is somebody with a phone on file, and a browser at the challenge.
func (w *world) phone() (b *apptest.Browser, number string) {
	to := w.newcomer("once")
	b = w.Browser("once")
	w.Accept(b, to)
	typed, number := w.number()
	b.Get("/mfa/setup/phone")
	b.Submit("country", "DK", "phone", typed, "channel", "sms")
	b.Submit("code", w.Texted(number))
	b.Submit("saved", "1")
	w.at(b, "/")
	w.Pass(time.Hour)
	b = w.password("once", to)
	w.at(b, "/mfa")
	return b, number
}

// spent are the codes sent to phones that were used.
const spent = "phone_codes WHERE used_at IS NOT NULL"

func (w *world) textCode() race {
	b, number := w.phone()
	return race{slug: "once", from: []*apptest.Browser{b}, path: "/mfa", fields: []string{"code", w.Texted(number)}, rows: spent}
}

func (w *world) callCode() race {
	b, number := w.phone()
	b.Submit("channel", "voice")
	return race{slug: "once", from: []*apptest.Browser{b}, path: "/mfa", fields: []string{"code", w.Called(number)}, rows: spent}
}

func (w *world) phoneConfirm() race {
	to := w.newcomer("once")
	b := w.Browser("once")
	w.Accept(b, to)
	typed, number := w.number()
	b.Get("/mfa/setup/phone")
	b.Submit("country", "DK", "phone", typed, "channel", "sms")
	return race{slug: "once", from: []*apptest.Browser{b}, path: "/mfa/setup/phone/code", fields: []string{"code", w.Texted(number)}, rows: acted("factor.added")}
}

func (w *world) addressCode() race {
	b, _ := w.in("once")
	to := fmt.Sprintf("home%d@post.example", w.hired)
	b.Get("/security/addresses/add")
	b.Submit("email", to, "current_password", e2e.Word)
	w.at(b, "/security/addresses/code")
	return race{slug: "once", from: []*apptest.Browser{b}, path: "/security/addresses/code", fields: []string{"code", w.found(to, six)}, rows: acted("security.address_added")}
}

func (w *world) pass() race {
	to, _, _ := w.app("once")
	hr := w.hr("once")
	w.Pass(25 * time.Hour)
	p, err := w.App.Services.Recovery.MakePass(hr, w.account("once", to).PersonID)
	if err != nil {
		w.t.Fatal(err)
	}
	return race{
		slug: "once", from: w.fifty("once", to), path: "/mfa/pass", fields: []string{"code", p.Code},
		won: leads("/signin/next"), rows: acted("recovery.pass_used"),
	}
}

// denied is a browser on the page of a notice, and its code.
func (w *world) denied() (b *apptest.Browser, code string) {
	_, to := w.in("once")
	w.password("once", to) // on a browser that was never seen
	code = w.found(to, own)
	b = w.Browser("once")
	b.Get(w.Link(to, "/notme/"))
	w.at(b, "/notme")
	return b, code
}

func (w *world) notMe() race {
	b, code := w.denied()
	return race{slug: "once", from: []*apptest.Browser{b}, path: "/notme", fields: []string{"code", code}, rows: acted("notme.reported")}
}

func (w *world) undo() race {
	b, code := w.denied()
	b.Submit("code", code)
	return race{slug: "once", from: []*apptest.Browser{b}, path: "/notme/undo", fields: []string{"code", code}, rows: acted("notme.undone")}
}

func (w *world) stopCode() race {
	to, _, _ := w.app("once")
	if _, err := w.App.Services.Recovery.Start(w.hr("once"), w.account("once", to).PersonID, "The phone fell into the harbour."); err != nil {
		w.t.Fatal(err)
	}
	return race{
		slug: "once", from: []*apptest.Browser{w.Browser("once")}, path: "/recovery/stop", fields: []string{"code", w.found(to, ten)},
		rows: acted("recovery.ended"),
	}
}

// robot answers one check in fifty browsers that want a mail.
func (w *world) robot() race {
	b := w.Browser("robots")
	b.Get("/reset")
	return race{
		slug: "robots", from: []*apptest.Browser{b}, path: "/reset", fields: []string{"email", "nobody@post.example", "altcha", b.Prove(captcha.Reset)},
		rows: "captcha_answers WHERE expires_at IS NOT NULL",
	}
}
