package alumni_test

import (
	"context"
	"database/sql"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/alumni"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

const (
	word = "a long and private sentence"
	yaml = `
name: Havn
languages: [en, da]
time_zone: Europe/Copenhagen
legal_employers: [{key: havn-retail, name: Havn Retail A/S, country: DK}, {key: havn-cafe, name: Havn Café ApS, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Havn}
support: {channels: [{kind: email, value: help@havn.example}], whom_to_ask: {"*": {en: Ask the office in Aarhus., da: Spørg kontoret i Aarhus.}}}
mfa: {methods: {totp: off, phone: off, push: off, passkey: off}, offer: skip}
alumni: {windows: {"*": 6 months}, notices: [30, 7], handover: 20}
`
)

// world is the product with one tenant, and another beside it.
type world struct {
	*apptest.World

	svc        *alumni.Service
	ctx, other context.Context
	hr         account.Account
}

func setUp(t *testing.T, more ...string) *world {
	t.Helper()
	w := &world{World: apptest.New(t)}
	w.svc = w.App.Services.Alumni
	w.ctx, w.other = w.Custom("havn", yaml+strings.Join(more, "")), w.Custom("skog", yaml)
	w.hr = w.hire(w.ctx, "hanne", "2020-01-01", "")
	w.do(w.ctx, func(ctx context.Context) error { return people.Grant(ctx, w.hr.PersonID, authz.RoleHR) })
	return w
}

func (w *world) do(ctx context.Context, fn func(context.Context) error) {
	w.T.Helper()
	if err := w.DB.Tx(ctx, fn); err != nil {
		w.T.Fatal(err)
	}
}

// hire takes somebody in, with a work address that signs in and a private one
// that HR knows. Anna reads Danish.
func (w *world) hire(ctx context.Context, name, start, end string) (acc account.Account) {
	w.T.Helper()
	hash, err := w.App.Services.Passwords.Hash(ctx, tenant.MustFrom(ctx).ID, word)
	if err != nil {
		w.T.Fatal(err)
	}
	id, language := uuid.Must(uuid.NewV7()), "en"
	if name == "anna" {
		language = "da"
	}
	w.do(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, `INSERT INTO persons (tenant_id, id, given_name, family_name, work_email, work_email_key, private_email, private_email_key, language, created_at, updated_at)
			VALUES (@tenant, @id, @name, 'Berg', @work, @work, @private, @private, @language, @now, @now)`,
			sql.Named("id", id), sql.Named("name", strings.ToUpper(name[:1])+name[1:]), sql.Named("work", name+"@havn.example"), sql.Named("private", name+"@hr.example"), sql.Named("language", language), sql.Named("now", db.Now(ctx)))
		if err != nil {
			return err
		}
		acc, err = account.Create(ctx, account.New{PersonID: id, PasswordHash: hash, Kind: account.Work, Address: name + "@havn.example", AddressKey: name + "@havn.example"})
		return err
	})
	w.job(ctx, id, "havn-retail", start, end)
	return acc
}

func (w *world) job(ctx context.Context, person uuid.UUID, employer, start, end string) (id uuid.UUID) {
	w.T.Helper()
	id = uuid.Must(uuid.NewV7())
	w.do(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, `INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, job_title, start_date, end_date, created_at, updated_at)
			SELECT tenant_id, @job, @person, id, @number, 'Kasserer', @start, @end, @now, @now FROM legal_employers WHERE tenant_id = @tenant AND key = @employer`,
			sql.Named("job", id), sql.Named("person", person), sql.Named("number", id.String()), sql.Named("start", start), sql.Named("end", end),
			sql.Named("employer", employer), sql.Named("now", db.Now(ctx)))
		return err
	})
	return id
}

// alumna is somebody who left with a private address on the account.
func (w *world) alumna(ctx context.Context, name, end string) account.Account {
	w.T.Helper()
	acc := w.hire(ctx, name, "2020-01-01", end)
	w.do(ctx, func(ctx context.Context) error {
		return account.AddIdentifier(ctx, acc.ID, account.Private, name+"@home.example", name+"@home.example")
	})
	return acc
}

// jobOf is the newest employment of a person.
func (w *world) jobOf(ctx context.Context, person uuid.UUID) (j people.Job) {
	w.T.Helper()
	o, err := w.svc.Look(ctx, person)
	if err != nil || len(o.Jobs) == 0 {
		w.T.Fatalf("%v %+v", err, o)
	}
	return o.Jobs[0]
}

// as is HR's context.
func (w *world) as(a account.Account) context.Context {
	return authz.With(w.ctx, authz.Actor{Kind: authz.Person, AccountID: a.ID, PersonID: a.PersonID, Roles: []string{authz.RoleHR}})
}

// on sets the clock to noon in UTC of a day.
func (w *world) on(day string) {
	w.T.Helper()
	when, err := time.Parse(time.DateOnly, day)
	if err != nil {
		w.T.Fatal(err)
	}
	w.Clock.Move(when.Add(12 * time.Hour).Sub(w.Clock.Now()))
}

// signIn signs in on the alumni host.
func (w *world) signIn(address string) *apptest.Browser {
	w.T.Helper()
	b := w.BrowserOn("alumni.havn." + w.Base)
	b.Get("/signin")
	b.Submit("email", address)
	b.Submit("password", word)
	return b
}

// hrIn is a browser in which HR is signed in.
func (w *world) hrIn() *apptest.Browser {
	w.T.Helper()
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", "hanne@havn.example")
	if p := b.Submit("password", word); p.URL.Path != "/" || p.Status != http.StatusOK {
		w.T.Fatalf("HR is on %s\n%s", p.URL, p.Text())
	}
	return b
}

func (w *world) count(ctx context.Context, from string) (n int) {
	w.T.Helper()
	w.do(ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT COUNT(*) FROM "+from+" AND tenant_id = @tenant")
	})
	return n
}

// mails are the subjects of what was sent to an address.
func (w *world) mails(to string) (subjects []string) {
	w.T.Helper()
	w.Work()
	for _, m := range w.App.Services.Mailbox.List(practice.Filter{To: to, Limit: 50}) {
		subjects = append(subjects, m.Subject)
	}
	return subjects
}

func codeOf(err error) string {
	f, _ := fault.As(err)
	if f == nil {
		return ""
	}
	if code, at := f.Fields["until"]; at {
		return code
	}
	return f.Code
}

// proof is the code of the newest mail to an address.
func (w *world) proof(to string) string {
	w.T.Helper()
	list := w.App.Services.Mailbox.List(practice.Filter{To: to, Limit: 1})
	if len(list) == 0 {
		w.T.Fatalf("no mail for %s", to)
	}
	code := regexp.MustCompile(`\b[0-9]{3} ?[0-9]{3}\b`).FindString(list[0].Text)
	if code == "" {
		w.T.Fatalf("no code in %s", list[0].Text)
	}
	return code
}
