package recovery_test

import (
	"context"
	"database/sql"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
	"tilgang/internal/phone"
	"tilgang/internal/recovery"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

const (
	word   = "a long and private sentence"
	reason = "Her phone fell into the harbour; I met her in the shop."
	hour   = time.Hour
	day    = 24 * hour
	yaml   = `
name: Havn
languages: [en, da]
time_zone: Europe/Copenhagen
legal_employers: [{key: havn-retail, name: Havn Retail A/S, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Havn}
support: {channels: [{kind: email, value: help@havn.example}]}
manager: {depth: 2}
mfa:
  methods: {totp: primary, phone: backup, push: off, passkey: off}
  offer: skip
  requirements: [{job_titles: [Chief]}]
  recovery: {cooling_off: 24h, open: 72h}
  access_pass: {life: 1h}
`
)

// world is the product with one tenant, and another beside it.
type world struct {
	*apptest.World
	svc   *recovery.Service
	ctx   context.Context // of havn
	other context.Context // of skog
	// Anna has a factor; Mette is her manager; Hanne and Hugo are HR; Adam, Ada
	// and Alma administer; Otto is somebody else's report.
	anna, mette, hanne, hugo, adam, ada, alma, otto someone
}

// someone is a person with an account.
type someone struct {
	account.Account
	name, address string
}

func setUp(t *testing.T, more ...string) *world {
	t.Helper()
	w := &world{World: apptest.New(t)}
	w.svc = w.App.Services.Recovery
	w.ctx, w.other = w.Custom("havn", yaml+strings.Join(more, "")), w.Custom("skog", yaml)
	for name, into := range map[string]*someone{
		"anna": &w.anna, "mette": &w.mette, "hanne": &w.hanne, "hugo": &w.hugo, "adam": &w.adam, "ada": &w.ada, "alma": &w.alma, "otto": &w.otto,
	} {
		*into = w.hire(w.ctx, name)
	}
	for _, who := range []someone{w.hanne, w.hugo} {
		w.grant(who, authz.RoleHR)
	}
	for _, who := range []someone{w.adam, w.ada, w.alma} {
		w.grant(who, authz.RoleAdmin)
	}
	w.set(w.anna, "manager_person_id", w.mette.PersonID)
	w.Pass(2 * day)
	return w
}

func (w *world) do(ctx context.Context, fn func(context.Context) error) {
	w.T.Helper()
	if err := w.DB.Tx(ctx, fn); err != nil {
		w.T.Fatal(err)
	}
}

// hire takes somebody in with two addresses, of which the work one signs in.
func (w *world) hire(ctx context.Context, name string) someone {
	w.T.Helper()
	who := someone{name: name, address: name + "@havn.example"}
	hash, err := w.App.Services.Passwords.Hash(ctx, tenant.MustFrom(ctx).ID, word)
	if err != nil {
		w.T.Fatal(err)
	}
	id := uuid.Must(uuid.NewV7())
	w.do(ctx, func(ctx context.Context) error {
		args := []any{
			sql.Named("id", id), sql.Named("name", strings.ToUpper(name[:1])+name[1:]), sql.Named("work", who.address), sql.Named("private", name+"@home.example"),
			sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String()),
		}
		for _, text := range []string{
			`INSERT INTO persons (tenant_id, id, given_name, family_name, work_email, work_email_key, private_email, private_email_key, language, created_at, updated_at)
				VALUES (@tenant, @id, @name, 'Berg', @work, @work, @private, @private, 'en', @now, @now)`,
			`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, start_date, created_at, updated_at)
				SELECT tenant_id, @job, @id, id, @number, '2020-01-01', @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
		} {
			if _, err := db.Exec(ctx, text, args...); err != nil {
				return err
			}
		}
		var err error
		who.Account, err = account.Create(ctx, account.New{PersonID: id, PasswordHash: hash, Kind: account.Work, Address: who.address, AddressKey: who.address})
		return err
	})
	return who
}

func (w *world) grant(who someone, role string) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error { return people.Grant(ctx, who.PersonID, role) })
}

func (w *world) exec(text string, args ...any) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error { _, err := db.Exec(ctx, text, args...); return err })
}

// set changes a column of somebody's employment.
func (w *world) set(who someone, column string, value any) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error {
		return db.From(ctx).Model(&people.Employment{}).Where("person_id = ?", who.PersonID).Update(column, value).Error
	})
}

// enrol gives somebody an authenticator and recovery codes.
func (w *world) enrol(who someone) (key string) {
	w.T.Helper()
	f := w.App.Services.Factors
	e, err := f.StartTOTP(w.ctx, who.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	if err := f.ConfirmTOTP(w.ctx, who.ID, e.ID, w.code(e.Secret)); err != nil {
		w.T.Fatal(err)
	}
	if _, err := f.MakeCodes(w.ctx, who.ID); err != nil {
		w.T.Fatal(err)
	}
	w.Pass(time.Minute)
	return e.Secret
}

func (w *world) code(key string) string {
	w.T.Helper()
	code, err := totp.GenerateCode(key, w.Clock.Now())
	if err != nil {
		w.T.Fatal(err)
	}
	return code
}

// presetPhone puts a phone on somebody's file.
func (w *world) presetPhone(who someone, typed string) {
	w.T.Helper()
	n, err := phone.Parse(typed, "", []string{"DK"})
	if err == nil {
		err = w.App.Services.Phones.PresetPhone(w.ctx, who.ID, n)
	}
	if err != nil {
		w.T.Fatal(err)
	}
}

// as is havn's context in which somebody acts, with the roles they hold.
func (w *world) as(who someone) context.Context {
	w.T.Helper()
	roles := []string{authz.RoleEmployee}
	w.do(w.ctx, func(ctx context.Context) error {
		granted, err := people.Granted(ctx, who.PersonID)
		roles = append(roles, granted...)
		return err
	})
	if who.ID == w.mette.ID {
		roles = append(roles, authz.RoleManager)
	}
	return authz.With(w.ctx, authz.Actor{Kind: authz.Person, AccountID: who.ID, PersonID: who.PersonID, SessionID: who.ID, Roles: roles, Language: "en"})
}

// start has somebody start a recovery of another's.
func (w *world) start(by, of someone) recovery.Recovery {
	w.T.Helper()
	r, err := w.svc.Start(w.as(by), of.PersonID, reason)
	if err != nil {
		w.T.Fatalf("%s starts: %v", by.name, err)
	}
	return r
}

func (w *world) approve(by someone, r recovery.Recovery) bool {
	w.T.Helper()
	enough, err := w.svc.Approve(w.as(by), r.ID)
	if err != nil {
		w.T.Fatalf("%s approves: %v", by.name, err)
	}
	return enough
}

// opened tells whether a new factor could be set up for somebody now.
func (w *world) opened(who someone) (open bool) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) (err error) { open, err = w.svc.Opened(ctx, who.ID, nil); return })
	return open
}

// reopened brings somebody's recovery to the moment at which it opens.
func (w *world) reopened(who someone) recovery.Recovery {
	w.T.Helper()
	r := w.start(w.hanne, who)
	w.approve(w.hugo, r)
	w.Pass(day)
	return r
}

// factors are how many authenticators and recovery codes somebody has.
func (w *world) factors(who someone) (authenticators, codes int) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error {
		if err := db.Rows(ctx, &authenticators, "SELECT count(*) FROM authenticators WHERE tenant_id = @tenant AND account_id = @id AND confirmed_at IS NOT NULL", sql.Named("id", who.ID)); err != nil {
			return err
		}
		return db.Rows(ctx, &codes, "SELECT count(*) FROM recovery_codes WHERE tenant_id = @tenant AND account_id = @id", sql.Named("id", who.ID))
	})
	return authenticators, codes
}

// count tells how many rows of a tenant's a query finds.
func (w *world) count(from string, args ...any) (n int) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT COUNT(*) FROM "+from+" AND tenant_id = @tenant", args...)
	})
	return n
}

// mails are those to an address, newest first, after the work is done.
func (w *world) mails(to string) []practice.Entry {
	w.T.Helper()
	w.Work()
	return w.App.Services.Mailbox.List(practice.Filter{To: to})
}

func (w *world) last(to string) practice.Entry {
	w.T.Helper()
	list := w.mails(to)
	if len(list) == 0 {
		w.T.Fatalf("nothing came to %s", to)
	}
	return list[0]
}

var stopCode = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}`)

func (w *world) stopCode(to string) string {
	w.T.Helper()
	m := w.last(to)
	code := stopCode.FindString(m.Text)
	if code == "" {
		w.T.Fatalf("no code in %s", m.Text)
	}
	return code
}

// signIn types somebody's address and password.
func (w *world) signIn(who someone) *apptest.Browser {
	w.T.Helper()
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", who.address)
	b.Submit("password", word)
	return b
}

// in is somebody signed in, who proves the factor of a key where one is given.
func (w *world) in(who someone, key string) *apptest.Browser {
	w.T.Helper()
	b := w.signIn(who)
	switch {
	case key != "":
		b.Submit("code", w.code(key))
	case b.Page.URL.Path == "/mfa/setup":
		b.Submit("@action", "skip")
	}
	if b.Page.URL.Path != "/" || b.Get("/session").Status != http.StatusOK {
		w.T.Fatalf("%s is not in: %s\n%s", who.name, b.Page.URL, b.Page.Text())
	}
	return b
}

// session opens a session of somebody's, and tells whether it lives.
func (w *world) session(who someone) (lives func() bool) {
	w.T.Helper()
	host := "havn." + w.Base
	cookie, _, err := w.App.Services.Sessions.Open(w.ctx, session.New{AccountID: who.ID, AMR: []string{"pwd", "totp"}, Host: host})
	if err != nil {
		w.T.Fatal(err)
	}
	return func() bool {
		_, _, err := w.App.Services.Sessions.Load(w.ctx, cookie, host, false)
		return err == nil
	}
}

// refused holds an error to a fault's code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if f, known := fault.As(err); !known || f.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}
