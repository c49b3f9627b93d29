package mfa_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/mfa"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

const base = `
name: Havn
languages: [en, da]
time_zone: Europe/Copenhagen
legal_employers: [{key: havn-retail, name: Havn Retail A/S, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Havn}
support:
  channels: [{kind: email, value: help@havn.example}]
  hours: {mon-fri: 08:00-18:00, sun: closed}
  whom_to_ask: {"*": {da: Spørg din leder., en: Ask your manager.}}
`

// The policies of the tests.
const (
	maySkip   = "mfa: {methods: {totp: primary, phone: off}, offer: skip}\n"
	mayLater  = "mfa: {methods: {totp: primary, phone: off}, offer: later, postponements: 2}\n"
	mandatory = "mfa: {methods: {totp: primary, phone: off}, offer: mandatory}\n"
	datedDuty = "mfa: {methods: {totp: primary}, offer: skip, requirements: [{job_titles: [Butikschef], from: 2027-03-01, postponements: 3}]}\n"
)

// told collects the mails that would be written.
type told struct{ list *[]string }

func (n told) note(ctx context.Context, what string) error {
	if !db.InTx(ctx) {
		return errors.New("a mail outside the transaction of its fact")
	}
	*n.list = append(*n.list, what)
	return nil
}

func (n told) FactorAdded(ctx context.Context, _ uuid.UUID, kind string) error {
	return n.note(ctx, "added "+kind)
}

func (n told) FactorReplaced(ctx context.Context, _ uuid.UUID, kind string) error {
	return n.note(ctx, "replaced "+kind)
}

func (n told) RecoveryUsed(ctx context.Context, _ uuid.UUID, _ int) error {
	return n.note(ctx, "recovery used")
}

func (n told) Locked(ctx context.Context, _ uuid.UUID, _ throttle.Lock) error {
	return n.note(ctx, "locked")
}

// world is one tenant's host with the flow's own pages.
type world struct {
	*testing.T

	db       *db.DB
	clock    *clock.Fake
	ctx      context.Context
	attempts *attempt.Service
	factors  *factor.Service
	phones   *factor.Phones
	texts    []factor.Text
	host     *sitetest.Host
	dir      *tenancy.Directory
	mails    []string
}

func setUp(t *testing.T, policy string) *world {
	t.Helper()
	d, now := dbtest.New(t)
	w := &world{T: t, db: d, clock: now, dir: tenancy.New(d, "localhost:8080")}
	w.apply(policy)
	box := sitetest.Box(t)
	w.attempts = attempt.NewService(d, box)
	w.factors = factor.New(d, box, throttle.New(d), account.RenewFactors)
	w.phones = factor.NewPhones(w.factors, factor.PhoneOptions{Text: w.text})
	service := mfa.New(d, w.phones, w.attempts, told{&w.mails})
	w.host = sitetest.New(t, tenant.MustFrom(w.ctx), mfa.NewPages(service).Routes()...)
	w.host.Clock, w.host.Kit.Clock, w.host.Kit.Gate = now, now, w.gate
	return w
}

// apply puts the tenant's policy into force.
func (w *world) apply(policy string) {
	w.Helper()
	spec, problems := tenant.Parse("havn", []byte(base+policy), nil)
	if len(problems) > 0 {
		w.Fatal(tenant.Problems(problems))
	}
	if _, err := w.dir.Apply(context.Background(), spec); err != nil {
		w.Fatal(err)
	}
	found, err := w.dir.BySlug(context.Background(), "havn")
	if err != nil {
		w.Fatal(err)
	}
	w.ctx = tenancy.Enter(context.Background(), found)
	if w.host != nil {
		w.host.Tenant = found
	}
}

// gate finds the attempt as the product's does.
func (w *world) gate(c *httpkit.Ctx, g httpkit.Gate) (bool, error) {
	a, err := w.attempts.Find(c.Context(), c.Cookie(attempt.Cookie), c.Site.Host)
	if err != nil {
		return true, c.Redirect("/signin")
	}
	for _, p := range g.Purposes {
		if p == a.Purpose {
			c.SetContext(attempt.With(c.Context(), a))
			return false, nil
		}
	}
	return true, c.Redirect("/signin")
}

func (w *world) do(fn func(context.Context) error) {
	w.Helper()
	if err := w.db.Tx(w.ctx, fn); err != nil {
		w.Fatal(err)
	}
}

// hire makes an account of a person with a job title.
func (w *world) hire(title string) (a account.Account) {
	w.Helper()
	w.do(func(ctx context.Context) (err error) {
		id := uuid.Must(uuid.NewV7())
		args := []any{
			sql.Named("id", id), sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String()),
			sql.Named("title", title), sql.Named("key", tenant.FoldTitle(title)),
		}
		for _, text := range []string{
			`INSERT INTO persons (tenant_id, id, given_name, family_name, created_at, updated_at) VALUES (@tenant, @id, 'Ida', 'Berg', @now, @now)`,
			`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, job_title, job_title_key, start_date, created_at, updated_at)
				SELECT tenant_id, @job, @id, id, @number, @title, @key, '2020-01-01', @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
		} {
			if _, err := db.Exec(ctx, text, args...); err != nil {
				return err
			}
		}
		a, err = account.Create(ctx, account.New{PersonID: id, Kind: account.Work, Address: id.String() + "@havn.example", AddressKey: id.String() + "@havn.example"})
		return err
	})
	return a
}

// browser holds one attempt's cookies.
type browser struct {
	*world

	account account.Account
	id      uuid.UUID
	cookies map[string]string
	page    sitetest.Answer
}

// comes is a browser of somebody who has just typed the password.
func (w *world) comes(a account.Account) *browser { return w.comesFor(a, attempt.Signin) }

func (w *world) comesFor(a account.Account, purpose string) *browser {
	w.Helper()
	cookie, att, err := w.attempts.Start(w.ctx, attempt.New{
		Purpose: purpose, Address: "ida@havn.example", AddressKey: "ida@havn.example", AccountID: a.ID, AMR: []string{attempt.Password}, Host: "havn.localhost:8080",
	})
	if err != nil {
		w.Fatal(err)
	}
	return &browser{world: w, account: a, id: att.ID, cookies: map[string]string{"tilgang-8080-attempt": cookie}}
}

func (b *browser) keep(a sitetest.Answer) *browser {
	res := http.Response{Header: a.Header}
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
			continue
		}
		b.cookies[c.Name] = c.Value
	}
	b.page = a
	return b
}

func (b *browser) get(path string) *browser {
	b.Helper()
	return b.keep(b.ask(http.MethodGet, path, ""))
}

// ask sends one request through the whole path of requests.
func (b *browser) ask(method, path, body string) sitetest.Answer {
	b.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = strings.TrimPrefix(sitetest.Origin, "http://")
	r.Header.Set("Accept-Language", "en")
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", sitetest.Origin)
	}
	app := b.host.Kit.NewApp(func(f *fiber.Ctx) error { return f.SendString("ok") })
	b.host.Kit.Mount(app, b.host.Routes)
	res, err := app.Test(r, -1)
	if err != nil {
		b.Fatal(err)
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return sitetest.Answer{Status: res.StatusCode, Header: res.Header, Body: string(answer)}
}

// post sends fields in pairs, and the hidden ones of the page before.
func (b *browser) post(path string, fields ...string) *browser {
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`).FindAllStringSubmatch(b.page.Body, -1) {
		form.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.keep(b.ask(http.MethodPost, path, form.Encode()))
}

func (b *browser) leads(to string) *browser {
	b.Helper()
	if b.page.Status != 303 || b.page.Header.Get("Location") != to {
		b.Fatalf("got %d to %q, want %s\n%s", b.page.Status, b.page.Header.Get("Location"), to, b.page.Main())
	}
	return b
}

func (b *browser) shows(status int, words ...string) *browser {
	b.Helper()
	if b.page.Status != status {
		b.Fatalf("got %d to %q, want %d\n%s", b.page.Status, b.page.Header.Get("Location"), status, b.page.Text())
	}
	for _, s := range words {
		if !strings.Contains(b.page.Text(), s) {
			b.Fatalf("no %q on\n%s", s, b.page.Text())
		}
	}
	return b
}

func (b *browser) lacks(words ...string) *browser {
	b.Helper()
	for _, s := range words {
		if strings.Contains(b.page.Body, s) {
			b.Fatalf("%q on\n%s", s, b.page.Main())
		}
	}
	return b
}

// secret is the key that the page shows.
func (b *browser) secret() string {
	b.Helper()
	m := regexp.MustCompile(`data-copy-text>([A-Z2-7 ]{32,})<`).FindStringSubmatch(b.page.Body)
	if m == nil {
		b.Fatalf("no key on\n%s", b.page.Main())
	}
	return strings.ReplaceAll(m[1], " ", "")
}

func (w *world) code(secret string) string {
	w.Helper()
	code, err := totp.GenerateCode(secret, w.clock.Now())
	if err != nil {
		w.Fatal(err)
	}
	return code
}

// codes are the recovery codes that the page shows.
func (b *browser) codes() (list []string) {
	for _, m := range regexp.MustCompile(`<li><code>([0-9A-Z-]{19})</code></li>`).FindAllStringSubmatch(b.page.Body, -1) {
		list = append(list, m[1])
	}
	return list
}

func (b *browser) proven() string {
	b.Helper()
	a, err := b.attempts.ByID(b.ctx, b.id)
	if err != nil {
		b.Fatal(err)
	}
	return strings.Join(a.AMR, " ")
}

// enrolled is somebody with an app and saved codes.
func (w *world) enrolled() (a account.Account, secret string, codes []string) {
	w.Helper()
	a = w.hire("Butiksassistent")
	e, err := w.factors.StartTOTP(w.ctx, a.ID)
	if err != nil {
		w.Fatal(err)
	}
	if err := w.factors.ConfirmTOTP(w.ctx, a.ID, e.ID, w.code(e.Secret)); err != nil {
		w.Fatal(err)
	}
	if codes, err = w.factors.MakeCodes(w.ctx, a.ID); err != nil {
		w.Fatal(err)
	}
	w.clock.Move(2 * time.Minute)
	return a, e.Secret, codes
}
