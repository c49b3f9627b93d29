package reset_test

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
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/message/practice"
	"tilgang/internal/reset"
	"tilgang/internal/tenant"
)

const (
	oldWord = "a long and private sentence"
	newWord = "another quite private sentence"
	yaml    = `
name: Havn
languages: [en, da]
time_zone: Europe/Copenhagen
legal_employers: [{key: havn-retail, name: Havn Retail A/S, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Havn}
support:
  channels: [{kind: phone, value: "+45 70 00 00 27", note: {da: Tast 1, en: Press 1}}, {kind: email, value: help@havn.example}]
  hours: {mon-fri: 08:00-18:00, sun: closed}
  whom_to_ask: {account: {da: Spørg din leder., en: Ask your manager.}}
mfa: {methods: {totp: off, phone: off, push: off, passkey: off}, offer: skip}
alumni: {windows: {"*": 24 months}}
`
)

// unchecked leaves the robot check out, where a test asks very often.
const unchecked = "captcha: off\n"

// world is the product with one tenant, and another beside it.
type world struct {
	*apptest.World
	svc   *reset.Service
	ctx   context.Context // of havn
	other context.Context // of skog
}

func setUp(t *testing.T, more ...string) *world {
	t.Helper()
	w := &world{World: apptest.New(t)}
	w.svc = w.App.Services.Reset
	w.ctx, w.other = w.Custom("havn", yaml+strings.Join(more, "")), w.Custom("skog", yaml)
	return w
}

func (w *world) do(ctx context.Context, fn func(context.Context) error) {
	w.T.Helper()
	if err := w.DB.Tx(ctx, fn); err != nil {
		w.T.Fatal(err)
	}
}

// person is somebody taken in; private and without an end unless said otherwise.
type person struct {
	name     string
	work     string // address
	private  string
	end      string // last day
	language string
	idle     bool // has no account
	status   account.Status
}

// hire takes somebody in and gives an account whose addresses are proven; for an
// idle person the account has only the person's id.
func (w *world) hire(ctx context.Context, p person) (a account.Account) {
	w.T.Helper()
	a.PersonID = uuid.Must(uuid.NewV7())
	w.do(ctx, func(ctx context.Context) error { return insertPerson(ctx, a.PersonID, p) })
	if p.idle {
		return a
	}
	hash, err := w.App.Services.Passwords.Hash(ctx, tenant.MustFrom(ctx).ID, oldWord)
	if err != nil {
		w.T.Fatal(err)
	}
	w.do(ctx, func(ctx context.Context) error {
		if a, err = account.Create(ctx, account.New{PersonID: a.PersonID, PasswordHash: hash}); err != nil {
			return err
		}
		for kind, address := range map[account.Kind]string{account.Work: p.work, account.Private: p.private} {
			if address == "" {
				continue
			}
			if err := account.AddIdentifier(ctx, a.ID, kind, address, address); err != nil {
				return err
			}
		}
		if p.status != "" {
			return account.SetStatus(ctx, a.ID, p.status)
		}
		return nil
	})
	return a
}

func insertPerson(ctx context.Context, id uuid.UUID, p person) error {
	args := []any{
		sql.Named("id", id), sql.Named("name", p.name), sql.Named("work", p.work), sql.Named("private", p.private), sql.Named("language", p.language),
		sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("end", p.end), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String()),
	}
	for _, text := range []string{
		`INSERT INTO persons (tenant_id, id, given_name, family_name, work_email, work_email_key, private_email, private_email_key, language, created_at, updated_at)
			VALUES (@tenant, @id, @name, 'Berg', @work, @work, @private, @private, @language, @now, @now)`,
		`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, start_date, end_date, created_at, updated_at)
			SELECT tenant_id, @job, @id, id, @number, '2020-01-01', @end, @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
	} {
		if _, err := db.Exec(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

// anna can sign in with both of her addresses.
func (w *world) anna() account.Account {
	w.T.Helper()
	return w.hire(w.ctx, person{name: "Anna", work: "anna@havn.example", private: "anna@home.example"})
}

// as is havn's context in which somebody acts in a role.
func (w *world) as(who account.Account, roles ...string) context.Context {
	return authz.With(w.ctx, authz.Actor{Kind: authz.Person, AccountID: who.ID, PersonID: who.PersonID, SessionID: who.ID, Roles: roles, Language: "en"})
}

// manager is Mette, who acts as a manager.
func (w *world) manager() context.Context {
	w.T.Helper()
	return w.as(w.hire(w.ctx, person{name: "Mette", work: "mette@havn.example"}), authz.RoleEmployee, authz.RoleManager)
}

// mails are those to an address of the kinds of this package and of invitations,
// oldest first, after the work is done.
func (w *world) mails(to string) (list []practice.Entry) {
	w.T.Helper()
	w.Work()
	all := w.App.Services.Mailbox.List(practice.Filter{To: to})
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Kind != message.NewSignin { // what sign-ins of a test bring comes whenever
			list = append(list, all[i])
		}
	}
	return list
}

// last is the newest mail to an address.
func (w *world) last(to string) practice.Entry {
	w.T.Helper()
	list := w.mails(to)
	if len(list) == 0 {
		w.T.Fatalf("no mail to %s", to)
	}
	return list[len(list)-1]
}

var linkText = regexp.MustCompile(`/reset/([A-Za-z0-9_-]{43})`)

// token is the link's token in a mail.
func (w *world) token(m practice.Entry) string {
	w.T.Helper()
	found := linkText.FindStringSubmatch(m.Text)
	if found == nil {
		w.T.Fatalf("no link in %s", m.Text)
	}
	return found[1]
}

// ask has a link sent to an address as a visitor does, and gives its token.
func (w *world) ask(address string) string {
	w.T.Helper()
	w.Work()
	w.wish(address)
	return w.token(w.last(address))
}

// wish sends the form of /reset.
func (w *world) wish(address string) *apptest.Page {
	w.T.Helper()
	b := w.Browser("havn")
	b.Get("/reset")
	return b.Submit("email", address)
}

// choose uses a link.
func (w *world) choose(ctx context.Context, token, word string) error {
	return w.chooseFrom(ctx, "192.0.2.1", token, word)
}

func (w *world) chooseFrom(ctx context.Context, network, token, word string) error {
	_, err := w.svc.Choose(ctx, reset.ChooseForm{Token: token, Password: word, Confirm: word, Host: "havn." + w.Base, Network: network})
	return err
}

// count tells how many rows a query of a tenant's finds.
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

// signIn tries an address and a password.
func (w *world) signIn(address, word string) *apptest.Browser {
	w.T.Helper()
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", address)
	b.Submit("password", word)
	return b
}

func (w *world) mustSignIn(address, word string) *apptest.Browser {
	w.T.Helper()
	b := w.signIn(address, word)
	if b.Page.URL.Path != "/" || b.Get("/session").Status != 200 {
		w.T.Fatalf("not in: %s", b.Page.Text())
	}
	return b
}

const day = 24 * time.Hour
