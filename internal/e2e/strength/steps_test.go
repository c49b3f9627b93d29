package strength_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/factor"
	"tilgang/internal/message/practice"
	"tilgang/internal/phone"
)

// step is one thing that somebody can do, with everything right that it asks
// for, and the routes that it asks.
type step struct {
	name   string
	routes []string
	do     func(p *person)
}

func steps() []step {
	return []step{
		{"signin", []string{"POST /signin"}, func(p *person) { p.post("/signin", "email", p.address) }},
		{"password", []string{"GET /signin/password", "POST /signin/password"}, func(p *person) { p.post("/signin/password", "password", e2e.Word) }},
		{"next", []string{"GET /signin/next"}, func(p *person) { p.get("/signin/next") }},
		{"signout", []string{"POST /signout"}, func(p *person) { p.post("/signout") }},
		{"invitation", []string{"GET /invite/:token", "POST /invite/:token", "GET /invite", "POST /invite", "GET /invite/done"}, (*person).accept},
		{"reset", []string{"GET /reset", "POST /reset", "GET /reset/sent", "GET /reset/:token", "POST /reset/:token", "GET /reset/password", "POST /reset/password"}, (*person).reset},
		{"link", []string{"GET /magiclink", "GET /magiclink/:token", "GET /magiclink/open", "POST /magiclink/open"}, (*person).link},
		{"totp", []string{"GET /mfa", "POST /mfa"}, func(p *person) { p.app() }},
		{"totp, trusting", nil, func(p *person) { p.app("trust", "1") }},
		{"phone", nil, func(p *person) { p.text() }},
		{"phone, trusting", nil, func(p *person) { p.text("trust", "1") }},
		{"recovery", []string{"GET /mfa/recovery", "POST /mfa/recovery"}, (*person).recover},
		{"pass", []string{"GET /mfa/pass", "POST /mfa/pass"}, (*person).pass},
		{"eid", []string{"GET /recovery/eid", "GET /recovery/eid/proven"}, (*person).eid},
		{"another's eid", []string{"GET /proofing/proven"}, (*person).foreign},
		{"skip", []string{"GET /mfa/setup", "POST /mfa/setup"}, func(p *person) { p.post("/mfa/setup", "action", "skip") }},
		{"add totp", []string{"GET /mfa/setup/app", "GET /mfa/setup/totp", "POST /mfa/setup/totp"}, (*person).addApp},
		{"add phone", []string{"GET /mfa/setup/phone", "POST /mfa/setup/phone", "GET /mfa/setup/phone/code", "POST /mfa/setup/phone/code"}, (*person).addPhone},
		{"save codes", []string{"GET /mfa/setup/recovery", "POST /mfa/setup/recovery", "GET /mfa/setup/recovery/file"}, (*person).save},
		{"look", nil, (*person).look},
	}
}

// notSteps are routes of flows that are no step of a sign-in, and why.
func notSteps() map[string]string {
	const (
		provider = "leaves what the provider says at the flow, and proves nothing by itself"
		ahead    = "before there is any account: it ends in the flow of an invitation, which is walked"
		leavers  = "owed by those who have left, after all that is walked here and before any session"
	)
	return map[string]string{
		"GET /alumni/closed":  "says that the window is over, and opens no session",
		"POST /alumni/closed": "asks for a mail about it, and opens no session",

		"GET /federation/:connector/start":    provider,
		"GET /federation/:connector/callback": provider,
		"GET /proofing":                       leavers,
		"POST /proofing":                      leavers,
		"POST /proofing/move":                 leavers,

		"GET /register":             ahead,
		"POST /register":            ahead,
		"GET /register/code":        ahead,
		"POST /register/code":       ahead,
		"GET /register/password":    ahead,
		"POST /register/password":   ahead,
		"GET /register/phone":       ahead,
		"POST /register/phone":      ahead,
		"GET /register/phone/code":  ahead,
		"POST /register/phone/code": ahead,
		"GET /register/proven":      ahead,

		"GET /reset/letter":     "a reset by letter: its code opens the same form as the link",
		"POST /reset/letter":    "as above",
		"GET /reset/code":       "a reset by code: its code opens the same form as the link",
		"POST /reset/code":      "as above",
		"POST /magiclink":       "the same use as the button, by the code that another browser shows",
		"GET /stepup/done":      "the end of a set-up from within, for who has a session",
		"GET /invite/code":      "leads to the form of the link",
		"POST /invite/code":     "as above",
		"POST /invite/confirm":  "proves an address and opens no flow",
		"GET /invite/confirmed": "says so",
		"POST /invite/renew":    "sends the mail again",
		"GET /invite/renewed":   "says so",
		"GET /reset/done":       "says so",
	}
}

func (p *person) accept() {
	p.t.Helper()
	if !p.invited || p.account.PersonID.String() != "00000000-0000-0000-0000-000000000000" {
		p.post("/invite", "password", e2e.Word, "password_confirm", e2e.Word)
		return
	}
	p.b.Get(p.Link(p.address, "/invite/"))
	p.post("/invite", "password", e2e.Word, "password_confirm", e2e.Word)
	p.get("/invite/done")
	p.do(func(ctx context.Context) (err error) { p.account, err = account.ByAddress(ctx, p.address); return err })
}

// want asks for a mail, some time after the one before.
func (p *person) want(action string) {
	p.t.Helper()
	p.Pass(13 * time.Minute)
	p.get("/reset")
	p.post("/reset", "email", p.address, "action", action)
	p.Work()
}

// mailed is the newest link of a kind to somebody; empty for none.
func (p *person) mailed(kind string) string {
	list := p.App.Services.Mailbox.List(practice.Filter{To: p.address, Kind: kind, Limit: 1})
	if len(list) == 0 {
		return ""
	}
	for _, link := range list[0].Links {
		if strings.Contains(link, "/"+kind+"/") {
			return link
		}
	}
	return ""
}

func (p *person) reset() {
	p.t.Helper()
	p.want("password")
	if link := p.mailed("reset"); link != "" {
		p.get(link)
		p.get("/reset/password")
		p.post("/reset/password", "password", e2e.Word, "password_confirm", e2e.Word)
	}
}

func (p *person) link() {
	p.t.Helper()
	p.want("link")
	p.get("/magiclink")
	if link := p.mailed("magiclink"); link != "" {
		p.get(link)
		p.get("/magiclink/open")
		p.post("/magiclink/open")
	}
}

func (p *person) app(more ...string) {
	p.Pass(30 * time.Second)
	p.post("/mfa?way=totp", append([]string{"code", p.code()}, more...)...)
}

// text asks for a code by text message, and types it.
func (p *person) text(more ...string) {
	p.Pass(31 * time.Second)
	p.post("/mfa?way=phone", "channel", "sms")
	p.post("/mfa?way=phone", append([]string{"code", p.newest()}, more...)...)
}

// newest is the newest code sent to the phone; a wrong one where none was.
func (p *person) newest() string {
	if p.number == "" {
		return "000000"
	}
	p.Work()
	list := p.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, Kind: "phone_code", To: p.number, Limit: 1})
	if len(list) == 0 {
		return "000000"
	}
	return list[0].Text[strings.LastIndex(list[0].Text, "#")+1:]
}

// recover types the next recovery code that was not used.
func (p *person) recover() {
	code := "0000-0000-0000-0000"
	if len(p.codes) > 0 {
		code = p.codes[0]
		p.codes = append(p.codes[1:], code)
	}
	p.get("/mfa/recovery")
	p.post("/mfa/recovery", "code", code)
}

// pass has a pass made, where one may be, and types it; how many one maker makes
// in a day is no matter here.
func (p *person) pass() {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		_, err := db.Exec(ctx, "DELETE FROM access_passes WHERE tenant_id = @tenant")
		return err
	})
	code := "00000-00000"
	if p.account.PersonID.String() != "00000000-0000-0000-0000-000000000000" {
		if made, err := p.App.Services.Recovery.MakePass(p.maker[p.slug], p.account.PersonID); err == nil {
			code = made.Code
		}
	}
	p.get("/mfa/pass")
	p.post("/mfa/pass", "code", code)
}

func (p *person) addApp() {
	p.get("/mfa/setup/app")
	page := p.get("/mfa/setup/totp")
	key := e2e.Key(page)
	if key == "" {
		p.post("/mfa/setup/totp", "code", "000000")
		return
	}
	p.key = key
	p.post("/mfa/setup/totp", "code", p.code(), "enrolment", apptest.Attr(page.Field("enrolment"), "value"))
}

func (p *person) addPhone() {
	p.t.Helper()
	p.Pass(31 * time.Second)
	typed := p.another()
	p.get("/mfa/setup/phone")
	if page := p.post("/mfa/setup/phone", "country", "DK", "phone", typed, "channel", "sms"); page.Header.Get("Location") != "/mfa/setup/phone/code" {
		p.post("/mfa/setup/phone/code", "code", "000000")
		return
	}
	p.number = "+45" + typed
	p.post("/mfa/setup/phone/code", "code", p.newest())
}

// another is a telephone number of Denmark that nobody has.
func (w *world) another() string {
	w.hired++
	return fmt.Sprintf("2012%02d%02d", 10+w.hired/90, 10+w.hired%90)
}

// enrolPhone puts a phone on file past the pages.
func (p *person) enrolPhone(ctx context.Context) {
	p.t.Helper()
	p.number = "+45" + p.another()
	n, err := phone.Parse(p.number, "DK", []string{"DK"})
	if err != nil {
		p.t.Fatal(err)
	}
	flow := factor.Flow{ID: p.account.ID, Host: p.b.Host, Channel: factor.SMS}
	if err := p.App.Services.Phones.StartPhone(ctx, p.account.ID, n, flow); err != nil {
		p.t.Fatal(err)
	}
	if err := p.App.Services.Phones.ConfirmPhone(ctx, p.account.ID, flow, p.newest()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *person) save() {
	page := p.get("/mfa/setup/recovery")
	p.codes = append(e2e.Codes(page), p.codes...)
	p.get("/mfa/setup/recovery/file")
	p.post("/mfa/setup/recovery", "saved", "1", "set", apptest.Attr(page.Field("set"), "value"))
}

// look opens every page of a step: no page changes what was proven.
func (p *person) look() {
	for _, s := range steps() {
		for _, route := range s.routes {
			path, isPage := strings.CutPrefix(route, "GET ")
			if isPage && path != "/signin/next" && !strings.Contains(path, ":") {
				p.get(path)
			}
		}
	}
}
