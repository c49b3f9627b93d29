package register_test

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/identity"
	"tilgang/internal/message/practice"
	"tilgang/internal/phone"
	"tilgang/internal/register"
	"tilgang/internal/tenant"
)

const (
	word    = "a long and private sentence"
	oldWord = "what it was before all this"
	always  = "alumni: {windows: {\"*\": 24 months}, proofing: always}\n"
	address = "alumni: {windows: {\"*\": 24 months}, proofing: unmatched_address}\n"
	yaml    = `
name: Nordlys
languages: [en, nb]
time_zone: Europe/Oslo
legal_employers: [{key: nordlys-energi, name: Nordlys Energi AS, country: "NO"}]
branding: {primary: "#7a4fd0", sender_name: Nordlys}
support:
  channels: [{kind: phone, value: "+47 22 00 01 00"}]
  whom_to_ask: {"*": {en: Ask HR where you worked., nb: Spør HR der du jobbet.}}
mfa: {methods: {phone: primary, totp: backup}, offer: mandatory}
captcha: off
reset: {mode: code, life: 15m, magiclink: false}
`
	provider = "connectors: [{key: bankid, kind: practice, name: BankID}]\n"
)

// The numbers of the practice identities, as hashes: whose is whose.
var (
	odds   = []byte("the key of the number of Odd.....")
	others = []byte("the key of somebody else's number")
)

// world is the product with one tenant, and another beside it.
type world struct {
	*apptest.World
	svc   *register.Service
	ctx   context.Context // of nordlys
	other context.Context // of skog
}

func setUp(t *testing.T, alumni string) *world {
	t.Helper()
	w := &world{World: apptest.New(t)}
	w.svc = w.App.Services.Register
	w.ctx, w.other = w.Custom("nordlys", yaml+provider+alumni), w.Custom("skog", yaml+provider+alumni)
	return w
}

func (w *world) do(ctx context.Context, fn func(context.Context) error) {
	w.T.Helper()
	if err := w.DB.Tx(ctx, fn); err != nil {
		w.T.Fatal(err)
	}
}

// person is somebody taken in who left on 31 May 2026 unless said otherwise.
type person struct {
	name     string
	work     string
	private  string
	national []byte
	end      string // last day; "-": none
	phone    string // of an account of theirs; it is their factor
	account  bool
	own      bool // the private address signs the account in too
	status   account.Status
}

func (w *world) hire(ctx context.Context, p person) (a account.Account) {
	w.T.Helper()
	a.PersonID = uuid.Must(uuid.NewV7())
	w.do(ctx, func(ctx context.Context) error { return insertPerson(ctx, a.PersonID, p) })
	if !p.account {
		return a
	}
	hash, err := w.App.Services.Passwords.Hash(ctx, tenant.MustFrom(ctx).ID, oldWord)
	if err != nil {
		w.T.Fatal(err)
	}
	w.do(ctx, func(ctx context.Context) error {
		a, err = account.Create(ctx, account.New{PersonID: a.PersonID, PasswordHash: hash, Kind: account.Work, Address: p.work, AddressKey: p.work})
		if err == nil && p.own {
			err = account.AddIdentifier(ctx, a.ID, account.Private, p.private, p.private)
		}
		if err == nil && p.status != "" {
			err = account.SetStatus(ctx, a.ID, p.status)
		}
		return err
	})
	if p.phone != "" {
		if err := w.App.Services.Phones.PresetPhone(ctx, a.ID, phone.Number{E164: p.phone}); err != nil {
			w.T.Fatal(err)
		}
	}
	return a
}

func insertPerson(ctx context.Context, id uuid.UUID, p person) error {
	end := map[string]string{"": "2026-05-31", "-": ""}
	if _, special := end[p.end]; !special {
		end[p.end] = p.end
	}
	args := []any{
		sql.Named("id", id), sql.Named("name", p.name), sql.Named("work", p.work), sql.Named("private", p.private), sql.Named("national", p.national),
		sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("end", end[p.end]), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String()),
	}
	for _, text := range []string{
		`INSERT INTO persons (tenant_id, id, given_name, family_name, work_email, work_email_key, private_email, private_email_key, national_key, created_at, updated_at)
			VALUES (@tenant, @id, @name, 'Kleppe', @work, @work, @private, @private, @national, @now, @now)`,
		`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, start_date, end_date, created_at, updated_at)
			SELECT tenant_id, @job, @id, id, @number, '2015-01-01', @end, @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
	} {
		if _, err := db.Exec(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

// odd has left and has no account; HR has his private address and his number.
func (w *world) odd() account.Account {
	w.T.Helper()
	return w.hire(w.ctx, person{name: "Odd", work: "odd@nordlys.example", private: "odd@post.example", national: odds})
}

// alumni is a fresh browser on the portal for those who have left.
func (w *world) alumni() *apptest.Browser { return w.BrowserOn("alumni.nordlys." + w.Base) }

// sent are the messages to an address or a number, the newest first.
func (w *world) sent(to string) []practice.Entry {
	w.T.Helper()
	w.Work()
	return w.App.Services.Mailbox.List(practice.Filter{To: to})
}

// sixDigits are written together, and spoken one by one.
var sixDigits = regexp.MustCompile(`\b(\d{6}|\d( \d){5})\b`)

// code is that of the newest message to an address or a number.
func (w *world) code(to string) string {
	w.T.Helper()
	for _, m := range w.sent(to) {
		if code := sixDigits.FindString(m.Text); code != "" {
			return strings.ReplaceAll(code, " ", "")
		}
	}
	w.T.Fatalf("no code went to %s", to)
	return ""
}

// at holds a page to its path and words.
func (w *world) at(p *apptest.Page, path string, words ...string) *apptest.Page {
	w.T.Helper()
	if p.URL.Path != path {
		w.T.Fatalf("on %s (%d), want %s\n%s", p.URL, p.Status, path, p.Text())
	}
	for _, s := range words {
		if !p.Has(s) {
			w.T.Fatalf("no %q on\n%s", s, p.Text())
		}
	}
	return p
}

// ask sends the form of /register.
func (w *world) ask(b *apptest.Browser, to string) *apptest.Page {
	w.T.Helper()
	b.Get("/register")
	return w.at(b.Submit("email", to), "/register/code", to)
}

// prove goes as far as the proven address.
func (w *world) prove(b *apptest.Browser, to string) {
	w.T.Helper()
	w.ask(b, to)
	w.at(b.Submit("code", w.code(to)), "/register/password", "Your e-mail address is confirmed. You can now continue.", to)
}

// comes goes as far as the proven phone and gives where that led.
func (w *world) comes(b *apptest.Browser, to, number string) *apptest.Page {
	w.T.Helper()
	w.prove(b, to)
	w.at(b.Submit("password", word, "password_confirm", word), "/register/phone")
	w.at(b.Submit("country", "NO", "phone", number, "@channel", "sms"), "/register/phone/code", "XXX")
	return b.Submit("code", w.code("+47"+strings.ReplaceAll(number, " ", "")))
}

// identify puts what an electronic ID said into the newest registration, and
// comes back to it.
func (w *world) identify(b *apptest.Browser, national []byte) *apptest.Page {
	w.T.Helper()
	w.said(w.newest(), national)
	return b.Get("/register/proven")
}

// newest is the attempt that began last.
func (w *world) newest() uuid.UUID {
	w.T.Helper()
	var ids []uuid.UUID
	w.do(w.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &ids, `SELECT id FROM attempts WHERE tenant_id = @tenant AND purpose = 'register' ORDER BY created_at DESC, id DESC LIMIT 1`)
	})
	return ids[0]
}

func (w *world) said(attemptID uuid.UUID, national []byte) {
	w.T.Helper()
	w.saidAt(identity.High, attemptID, national)
}

func (w *world) saidAt(level identity.Level, attemptID uuid.UUID, national []byte) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error {
		state := uuid.New()
		p, err := identity.Begin(ctx, identity.Visit{AttemptID: attemptID, State: state[:], Connector: "bankid", Purpose: attempt.Register})
		if err != nil {
			return err
		}
		return identity.Complete(ctx, p.ID, identity.Result{Subject: append([]byte("subject of "), national...), National: national, Level: level})
	})
}

// home goes from the opened account to the home page.
func (w *world) home(b *apptest.Browser) {
	w.T.Helper()
	w.at(b.Page, "/mfa/setup/recovery")
	w.at(b.Submit("saved", "1"), "/")
	if p := b.Get("/session"); p.Status != 200 {
		w.T.Fatalf("not in: %d %s", p.Status, p.Text())
	}
}

// accountOf is the account that an address signs in.
func (w *world) accountOf(ctx context.Context, address string) (a account.Account, err error) {
	w.T.Helper()
	err = w.DB.Tx(ctx, func(ctx context.Context) (err error) { a, err = account.ByAddress(ctx, address); return err })
	return a, err
}

func (w *world) count(ctx context.Context, from string) (n int) {
	w.T.Helper()
	w.do(ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT COUNT(*) FROM "+from+" AND tenant_id = @tenant")
	})
	return n
}

// refused holds an error to a fault's code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if f, known := fault.As(err); !known || f.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

const minutes = 2 * time.Minute
