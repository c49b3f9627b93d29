package strength_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/tenant"
	"tilgang/internal/testenv"
)

const yaml = `
name: Strength
languages: [en]
time_zone: Europe/Copenhagen
legal_employers: [{key: main, name: Strength A/S, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Strength}
support: {channels: [{kind: phone, value: "+45 70 00 00 27"}], hours: {mon-fri: 08:00-18:00}}
session: {idle: 1h, absolute: 12h}
reset: {mode: link, life: 24h, magiclink: true}
`

// employers are the rules on second factors of each.
func employers() map[string]string {
	const rest = "trusted_device: 30 days, access_pass: {life: 1h}}\n"
	return map[string]string{
		off:       "mfa: {methods: {totp: off, phone: off, push: off, passkey: off}, offer: skip, " + rest,
		offered:   "mfa: {methods: {totp: primary, phone: primary, push: off, passkey: off}, offer: skip, " + rest,
		mandatory: "mfa: {methods: {totp: primary, phone: primary, push: off, passkey: off}, offer: mandatory, " + rest,
	}
}

// world is a product with three employers.
type world struct {
	*e2e.Stage

	t       *testing.T
	hired   int
	command map[string]context.Context  // of the operator at each employer
	maker   map[string]context.Context  // of somebody who makes passes
	open    map[string]*apptest.Browser // one an employer: connections are dear
	kept    map[string]*person          // accounts that a walk leaves as it found them
	past    *apptest.Past               // nil on Postgres, which cannot go back
}

func setUp(t *testing.T) *world {
	t.Helper()
	w := &world{
		Stage: &e2e.Stage{World: apptest.New(t)}, t: t, command: map[string]context.Context{}, maker: map[string]context.Context{},
		kept: map[string]*person{}, open: map[string]*apptest.Browser{},
	}
	if testenv.Dialect() == testenv.Postgres {
		w.CountHere()
	} else {
		w.past = w.Past()
	}
	much := factor.Bound{Hour: 1 << 20, Day: 1 << 20}
	w.App.Services.Phones.Limits.Bounds = factor.Bounds{Account: much, Number: much, Network: much, Block: much}
	for slug, mfa := range employers() {
		ctx := w.Custom(slug, yaml+mfa)
		w.command[slug] = ctx
		maker := w.hire(slug)
		w.maker[slug] = authz.With(ctx, authz.Actor{Kind: authz.Person, AccountID: maker.account.ID, PersonID: maker.account.PersonID, Roles: []string{authz.RoleHR}, Language: "en"})
	}
	return w
}

// person is somebody with a browser.
type person struct {
	*world

	slug, address string
	invited       bool
	account       account.Account
	hash          string // of Word
	key           string // of the app
	number        string // of the phone
	codes         []string
	file          []uuid.UUID // its factors
	subject       []byte      // of the electronic identity tied to it
	b             *apptest.Browser
}

// hire makes an account with a password, years ago.
func (w *world) hire(slug string) *person {
	w.t.Helper()
	w.hired++
	p := &person{world: w, slug: slug, address: fmt.Sprintf("person%d@post.example", w.hired)}
	ctx := w.command[slug]
	hash, err := w.App.Services.Passwords.Hash(ctx, tenant.MustFrom(ctx).ID, e2e.Word)
	if err != nil {
		w.t.Fatal(err)
	}
	p.hash = hash
	p.do(func(ctx context.Context) error {
		id := uuid.Must(uuid.NewV7())
		args := []any{sql.Named("id", id), sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String())}
		for _, text := range []string{
			`INSERT INTO persons (tenant_id, id, given_name, family_name, created_at, updated_at) VALUES (@tenant, @id, 'Ida', 'Berg', @now, @now)`,
			`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, start_date, created_at, updated_at)
				SELECT tenant_id, @job, @id, id, @number, '2020-01-01', @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
		} {
			if _, err := db.Exec(ctx, text, args...); err != nil {
				return err
			}
		}
		p.account, err = account.Create(ctx, account.New{PersonID: id, Kind: account.Work, Address: p.address, AddressKey: p.address, PasswordHash: hash})
		return err
	})
	p.fresh()
	return p
}

// invite is somebody who has an invitation and nothing else.
func (w *world) invite(slug string) *person {
	w.t.Helper()
	w.hired++
	p := &person{world: w, slug: slug, invited: true, address: fmt.Sprintf("person%d@post.example", w.hired)}
	w.Hire(slug, fmt.Sprintf("%d;Ida;Berg;%s;en;Operator;Shop;main;2020-01-01", w.hired, p.address))
	p.browser()
	return p
}

func (p *person) do(fn func(context.Context) error) {
	p.t.Helper()
	if err := p.DB.Tx(p.command[p.slug], fn); err != nil {
		p.t.Fatal(err)
	}
}

// browser opens one that nobody has seen, in a network of its own.
func (p *person) browser() {
	if p.open[p.slug] == nil {
		p.open[p.slug] = p.Browser(p.slug)
	}
	p.b = p.open[p.slug]
	p.b.Forget()
}

// fresh undoes what a path did to an account: it has its old password, all its
// codes, and nothing under way.
func (p *person) fresh() {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		args := []any{sql.Named("id", p.account.ID), sql.Named("person", p.account.PersonID), sql.Named("hash", p.hash), sql.Named("old", db.Now(ctx).AddDate(-1, 0, 0))}
		for _, text := range []string{
			`UPDATE accounts SET password_hash = @hash, password_changed_at = @old, mfa_skipped = '', last_signin_at = NULL WHERE tenant_id = @tenant AND id = @id`,
			`UPDATE recovery_codes SET used_at = NULL WHERE tenant_id = @tenant AND account_id = @id`,
			`DELETE FROM trusted_devices WHERE tenant_id = @tenant AND account_id = @id`,
			`DELETE FROM access_passes WHERE tenant_id = @tenant AND account_id = @id`,
			`DELETE FROM eid_recoveries WHERE tenant_id = @tenant AND account_id = @id`,
			`DELETE FROM phone_codes WHERE tenant_id = @tenant AND account_id = @id`,
			`DELETE FROM resets WHERE tenant_id = @tenant AND person_id = @person`,
			`DELETE FROM magiclinks WHERE tenant_id = @tenant AND person_id = @person`,
		} {
			if _, err := db.Exec(ctx, text, args...); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		return nil
	})
	p.browser()
}

// enrol puts factors on file, with recovery codes, past the pages.
func (p *person) enrol(kinds string) {
	p.t.Helper()
	ctx, f := p.command[p.slug], p.App.Services.Factors
	if has(kinds, "totp") {
		e, err := f.StartTOTP(ctx, p.account.ID)
		if err == nil {
			p.key = e.Secret
			err = f.ConfirmTOTP(ctx, p.account.ID, e.ID, p.code())
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	if has(kinds, "phone") {
		p.enrolPhone(ctx)
	}
	if kinds != "" {
		codes, err := f.MakeCodes(ctx, p.account.ID)
		if err != nil {
			p.t.Fatal(err)
		}
		p.codes, p.file = codes, p.onFile()
		p.tie()
	}
	p.Pass(time.Minute)
}

// amr is what a browser's flow has proven; flow is whether there is one.
func (p *person) amr() (proven string, flow bool) {
	p.t.Helper()
	cookie := p.b.Cookie("-attempt")
	if cookie == "" {
		return "", false
	}
	a, err := p.App.Services.Attempts.Find(p.command[p.slug], cookie, p.b.Host)
	if fault.KindOf(err) == fault.Expired || err == nil && a.Purpose == "reset" {
		return "", false
	}
	if err != nil {
		p.t.Fatal(err)
	}
	slices.Sort(a.AMR)
	return strings.Join(a.AMR, " "), true
}

// session is what /session tells; level 0 for nobody who is signed in.
func (p *person) session() (amr string, level int) {
	p.t.Helper()
	page := p.b.Raw(p.b.Request(http.MethodGet, "/session", nil))
	var s struct {
		AAL int      `json:"aal"`
		AMR []string `json:"amr"`
	}
	if page.Status != http.StatusOK {
		return "", 0
	}
	if err := json.Unmarshal([]byte(page.Body), &s); err != nil {
		p.t.Fatal(err)
	}
	slices.Sort(s.AMR)
	return strings.Join(s.AMR, " "), s.AAL
}

func (p *person) code() string {
	p.t.Helper()
	if p.key == "" {
		return "000000"
	}
	code, err := totp.GenerateCode(p.key, p.Clock.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

// post sends a form and follows nothing.
func (p *person) post(path string, pairs ...string) *apptest.Page {
	p.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := p.b.Request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.b.Raw(req)
}

// get opens a page and follows nothing.
func (p *person) get(path string) *apptest.Page {
	return p.b.Raw(p.b.Request(http.MethodGet, path, nil))
}
