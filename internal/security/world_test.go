package security_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
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
	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/identity"
	"tilgang/internal/message"
	"tilgang/internal/password"
	"tilgang/internal/security"
	"tilgang/internal/session"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

const (
	oldWord = "a long and private sentence"
	newWord = "another long and private one"
	host    = "havn.localhost:8080"
	yaml    = `
name: Havn
languages: [en, da]
time_zone: Europe/Copenhagen
legal_employers: [{key: havn-retail, name: Havn Retail A/S, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Havn}
support:
  channels: [{kind: email, value: help@havn.example}]
  hours: {mon-fri: 08:00-18:00, sun: closed}
  whom_to_ask: {"*": {da: Spørg din leder., en: Ask your manager.}}
session: {idle: 60m, absolute: 12h}
mfa: {methods: {totp: primary}, offer: skip, trusted_device: 30 days}
`
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

func (n told) PasswordChanged(ctx context.Context, _ uuid.UUID) error {
	return n.note(ctx, "password changed")
}

func (n told) RecoveryMade(ctx context.Context, _ uuid.UUID) error {
	return n.note(ctx, "recovery made")
}

func (n told) RecoveryUsed(ctx context.Context, _ uuid.UUID, _ int) error {
	return n.note(ctx, "recovery used")
}

func (n told) FactorRemoved(ctx context.Context, _ uuid.UUID, kind string) error {
	return n.note(ctx, "removed "+kind)
}

func (n told) AddressAdded(ctx context.Context, _ uuid.UUID, i account.Identifier) error {
	return n.note(ctx, "added "+i.Address)
}

func (n told) AddressRemoved(ctx context.Context, _ uuid.UUID, i account.Identifier) error {
	return n.note(ctx, "removed "+i.Address)
}

func (n told) IdentityUnlinked(ctx context.Context, _ uuid.UUID, connector string) error {
	return n.note(ctx, "unlinked "+connector)
}

func (n told) IdentityMoved(ctx context.Context, m identity.Move) error {
	return n.note(ctx, "moved "+m.Connector)
}

func (n told) Locked(ctx context.Context, _ uuid.UUID, _ throttle.Lock) error {
	return n.note(ctx, "locked")
}

// world is one tenant's host with the security pages.
type world struct {
	*testing.T

	db    *db.DB
	clock *clock.Fake
	ctx   context.Context
	other context.Context
	deps  security.Deps
	site  *sitetest.Host
	mails []string
	texts int
}

func setUp(t *testing.T) *world {
	t.Helper()
	d, now := dbtest.New(t)
	w := &world{T: t, db: d, clock: now}
	dir := tenancy.New(d, "localhost:8080")
	w.ctx, w.other = w.apply(dir, "havn"), w.apply(dir, "skog")
	box, tries := sitetest.Box(t), throttle.New(d)
	attempts := attempt.NewService(d, box)
	sessions := session.NewService(d, attempts, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { _ = sessions.Close() })
	factors := factor.New(d, box, tries, account.RenewFactors)
	portal := func(*tenant.Tenant) string { return "https://havn.example" }
	w.deps = security.Deps{
		DB: d, Box: box, Messages: message.NewService(message.Config{DB: d, Box: box, Portal: portal}), Portal: portal,
		Country: func(ip string) string { return map[string]string{"192.0.2.7": "DK"}[ip] }, Attempts: attempts, Sessions: sessions, Throttle: tries, Factors: factors, Phones: factor.NewPhones(factors, factor.PhoneOptions{Text: w.text}),
		Passwords: password.NewPool(password.PoolConfig{Params: password.Params{MemoryKiB: 64, Time: 1, Threads: 1}}), Notices: told{&w.mails},
	}
	w.site = sitetest.New(t, tenant.MustFrom(w.ctx), security.NewPages(security.New(w.deps)).Routes()...)
	w.site.Clock, w.site.Kit.Clock, w.site.Kit.Gate = now, now, w.gate
	return w
}

func (w *world) apply(dir *tenancy.Directory, slug string) context.Context {
	w.Helper()
	spec, problems := tenant.Parse(slug, []byte(yaml), nil)
	if len(problems) > 0 {
		w.Fatal(tenant.Problems(problems))
	}
	if _, err := dir.Apply(context.Background(), spec); err != nil {
		w.Fatal(err)
	}
	found, err := dir.BySlug(context.Background(), slug)
	if err != nil {
		w.Fatal(err)
	}
	return tenancy.Enter(context.Background(), found)
}

// gate finds session and attempt as the product's does.
func (w *world) gate(c *httpkit.Ctx, g httpkit.Gate) (bool, error) {
	if who, _, err := w.deps.Sessions.Load(c.Context(), c.Cookie(session.Cookie), c.Site.Host, false); err == nil {
		c.SetContext(authz.With(c.Context(), who))
	} else if c.Cookie(session.Cookie) != "" {
		c.DropCookie(session.Cookie)
	}
	if g.Kind == "signed_in" && c.Actor().Signed() {
		return false, nil
	}
	if a, err := w.deps.Attempts.Find(c.Context(), c.Cookie(attempt.Cookie), c.Site.Host); g.Kind == "attempt" && err == nil && a.Purpose == g.Purposes[0] {
		c.SetContext(attempt.With(c.Context(), a))
		return false, nil
	}
	return true, c.Redirect("/signin")
}

func (w *world) do(ctx context.Context, fn func(context.Context) error) {
	w.Helper()
	if err := w.db.Tx(ctx, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) hire(address string) (a account.Account) {
	w.Helper()
	hash, err := w.deps.Passwords.Hash(w.ctx, tenant.MustFrom(w.ctx).ID, oldWord)
	if err != nil {
		w.Fatal(err)
	}
	w.do(w.ctx, func(ctx context.Context) (err error) {
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
		a, err = account.Create(ctx, account.New{PersonID: id, Kind: account.Work, Address: address, AddressKey: address, PasswordHash: hash})
		return err
	})
	return a
}

func (w *world) account(id uuid.UUID) (a account.Account) {
	w.Helper()
	w.do(w.ctx, func(ctx context.Context) (err error) { a, err = account.ByID(ctx, id); return })
	return a
}

// enrol gives an account an app and codes, as long ago as no code remembers.
func (w *world) enrol(id uuid.UUID) (key string, codes []string) {
	w.Helper()
	e, err := w.deps.Factors.StartTOTP(w.ctx, id)
	if err == nil {
		err = w.deps.Factors.ConfirmTOTP(w.ctx, id, e.ID, w.code(e.Secret))
	}
	if err == nil {
		codes, err = w.deps.Factors.MakeCodes(w.ctx, id)
	}
	if err != nil {
		w.Fatal(err)
	}
	w.clock.Move(2 * time.Minute)
	return e.Secret, codes
}

func (w *world) code(key string) string {
	w.Helper()
	code, err := totp.GenerateCode(key, w.clock.Now())
	if err != nil {
		w.Fatal(err)
	}
	return code
}

func (w *world) right(id uuid.UUID, pw string) bool {
	w.Helper()
	a := w.account(id)
	ok, _, err := w.deps.Passwords.Verify(w.ctx, a.TenantID, a.PasswordHash, pw)
	if err != nil {
		w.Fatal(err)
	}
	return ok
}

// browser holds the cookies of one browser.
type browser struct {
	*world

	id      uuid.UUID // the account
	cookies map[string]string
	page    sitetest.Answer
}

const sessionCookie = "tilgang-8080"

// signIn opens a session that proved the methods just now.
func (w *world) signIn(id uuid.UUID, amr ...string) *browser {
	w.Helper()
	cookie, _, err := w.deps.Sessions.Open(w.ctx, session.New{AccountID: id, AMR: amr, Host: host})
	if err != nil {
		w.Fatal(err)
	}
	return &browser{world: w, id: id, cookies: map[string]string{sessionCookie: cookie}}
}

func (b *browser) get(path string) *browser { b.Helper(); return b.ask(http.MethodGet, path, "") }

// post sends fields in pairs, and the hidden ones of the page before.
func (b *browser) post(path string, fields ...string) *browser {
	b.Helper()
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`).FindAllStringSubmatch(b.page.Body, -1) {
		form.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.ask(http.MethodPost, path, form.Encode())
}

func (b *browser) ask(method, path, body string) *browser {
	b.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = host
	r.Header.Set("Accept-Language", "en")
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", sitetest.Origin)
	}
	app := b.site.Kit.NewApp(func(f *fiber.Ctx) error { return f.SendString("ok") })
	b.site.Kit.Mount(app, b.site.Routes)
	res, err := app.Test(r, -1)
	if err != nil {
		b.Fatal(err)
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	b.page = sitetest.Answer{Status: res.StatusCode, Header: res.Header, Body: string(answer)}
	return b
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

func (b *browser) signedIn() bool { b.Helper(); return b.get("/security").page.Status == 200 }

func (b *browser) codes() (list []string) {
	for _, m := range regexp.MustCompile(`<li><code>([0-9A-Z-]{19})</code></li>`).FindAllStringSubmatch(b.page.Body, -1) {
		list = append(list, m[1])
	}
	return list
}
