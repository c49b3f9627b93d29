package magiclink_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
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
	"tilgang/internal/magiclink"
	"tilgang/internal/message/practice"
	"tilgang/internal/tenant"
)

const (
	word = "a long and private sentence"
	yaml = `
name: Skog
languages: [en, sv]
time_zone: Europe/Stockholm
legal_employers: [{key: skog-industri, name: Skog Industri AB, country: SE}]
branding: {primary: "#1f7a4d", sender_name: Skog}
support:
  channels: [{kind: email, value: help@skog.example}]
  hours: {mon-fri: 08:00-18:00}
  whom_to_ask: {account: {en: Ask your manager.}}
mfa: {methods: {totp: primary, phone: off, push: off, passkey: off}, offer: skip, requirements: [{job_titles: [Chef]}]}
reset: {mode: link, life: 24h, magiclink: true}
alumni: {windows: {"*": 24 months}}
`
)

// world is the product with one employer that offers links, and another beside
// it.
type world struct {
	*apptest.World
	svc   *magiclink.Service
	ctx   context.Context // of skog
	other context.Context // of havn
}

func setUp(t *testing.T) *world {
	t.Helper()
	w := &world{World: apptest.New(t)}
	w.svc = w.App.Services.Magiclink
	w.ctx, w.other = w.Custom("skog", yaml), w.Custom("havn", yaml)
	return w
}

func (w *world) do(ctx context.Context, fn func(context.Context) error) {
	w.T.Helper()
	if err := w.DB.Tx(ctx, fn); err != nil {
		w.T.Fatal(err)
	}
}

// person is somebody taken in.
type person struct {
	name, address, title, end string
	kind                      account.Kind // of the address; private when empty
	status                    account.Status
	invited                   bool // and has no account
}

// hire takes somebody in; all but those who are only invited have an account.
func (w *world) hire(ctx context.Context, p person) (a account.Account) {
	w.T.Helper()
	if p.kind == "" {
		p.kind = account.Private
	}
	a.PersonID = uuid.Must(uuid.NewV7())
	w.do(ctx, func(ctx context.Context) error { return insertPerson(ctx, a.PersonID, p) })
	if p.invited {
		if err := w.App.Services.Invite.Resend(ctx, a.PersonID); err != nil {
			w.T.Fatal(err)
		}
		w.Work()
		w.Pass(2 * minute)
		return a
	}
	hash, err := w.App.Services.Passwords.Hash(ctx, tenant.MustFrom(ctx).ID, word)
	if err != nil {
		w.T.Fatal(err)
	}
	w.do(ctx, func(ctx context.Context) error {
		a, err = account.Create(ctx, account.New{PersonID: a.PersonID, Kind: p.kind, Address: p.address, AddressKey: p.address, PasswordHash: hash})
		if err == nil && p.status != "" {
			err = account.SetStatus(ctx, a.ID, p.status)
		}
		return err
	})
	return a
}

func insertPerson(ctx context.Context, id uuid.UUID, p person) error {
	mails := map[account.Kind]string{p.kind: p.address}
	args := []any{
		sql.Named("id", id), sql.Named("name", p.name), sql.Named("work", mails[account.Work]), sql.Named("private", mails[account.Private]),
		sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("title", p.title), sql.Named("end", p.end), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String()),
	}
	for _, text := range []string{
		`INSERT INTO persons (tenant_id, id, given_name, family_name, work_email, work_email_key, private_email, private_email_key, created_at, updated_at)
			VALUES (@tenant, @id, @name, 'Berg', @work, @work, @private, @private, @now, @now)`,
		`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, job_title, start_date, end_date, created_at, updated_at)
			SELECT tenant_id, @job, @id, id, @number, @title, '2020-01-01', @end, @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
	} {
		if _, err := db.Exec(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

const anna = "anna@post.example"

func (w *world) anna() account.Account {
	w.T.Helper()
	return w.hire(w.ctx, person{name: "Anna", address: anna})
}

// wish asks for a link in a browser and leads to the page that waits.
func (w *world) wish(b *apptest.Browser, address string) *apptest.Page {
	w.T.Helper()
	b.Get("/reset")
	return b.Submit("email", address, "@action", "link")
}

// mails are those to an address, oldest first, after the work is done.
func (w *world) mails(to string) (list []practice.Entry) {
	w.T.Helper()
	w.Work()
	all := w.App.Services.Mailbox.List(practice.Filter{To: to})
	for i := len(all) - 1; i >= 0; i-- {
		list = append(list, all[i])
	}
	return list
}

func (w *world) last(to string) practice.Entry {
	w.T.Helper()
	list := w.mails(to)
	if len(list) == 0 {
		w.T.Fatalf("no mail to %s", to)
	}
	return list[len(list)-1]
}

var linkText = regexp.MustCompile(`/magiclink/([A-Za-z0-9_-]{43})`)

// token is that of the newest mail to somebody.
func (w *world) token(to string) string {
	w.T.Helper()
	m := w.last(to)
	found := linkText.FindStringSubmatch(m.Text)
	if found == nil {
		w.T.Fatalf("no link in %s", m.Text)
	}
	return found[1]
}

// asked is a browser that has asked for Anna's link, with the link's token.
func (w *world) asked() (*apptest.Browser, string) {
	w.T.Helper()
	b := w.Browser("skog")
	if p := w.wish(b, anna); p.URL.Path != "/magiclink" {
		w.T.Fatalf("%s %s", p.URL, p.Text())
	}
	return b, w.token(anna)
}

// shown is the code that a link shows in a browser that did not ask for it.
func (w *world) shown(token string) string {
	w.T.Helper()
	b := w.Browser("skog")
	p := b.Get("/magiclink/" + token)
	for _, n := range p.All("p") {
		if apptest.Attr(n, "class") == "code-text" {
			return apptest.Text(n)
		}
	}
	w.T.Fatalf("no code on %s\n%s", p.URL, p.Text())
	return ""
}

// own is the attempt of a browser.
func (w *world) own(b *apptest.Browser) attempt.Attempt {
	w.T.Helper()
	a, err := w.App.Services.Attempts.Find(w.ctx, b.Cookie("attempt"), "skog."+w.Base)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

func signedIn(b *apptest.Browser) bool {
	return b.Raw(b.Request(http.MethodGet, "/session", nil)).Status == http.StatusOK
}

func (w *world) count(ctx context.Context, from string) (n int) {
	w.T.Helper()
	w.do(ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT COUNT(*) FROM "+from+" AND tenant_id = @tenant")
	})
	return n
}

func post(b *apptest.Browser, path string, fields ...string) *apptest.Page {
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	req := b.Request(http.MethodPost, path, strings.NewReader(v.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Raw(req)
}

// refused holds an error to a fault's code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if f, known := fault.As(err); !known || f.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

const minute = time.Minute
