package signin_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/tenant"
)

const (
	secretWord = "a long and private sentence"
	yaml       = `
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
`
)

// world is a product with one tenant of few rules, and another beside it.
type world struct {
	*apptest.World

	ctx   context.Context
	other context.Context
}

func setUp(t *testing.T, more string) *world {
	w := &world{World: apptest.New(t)}
	w.ctx, w.other = w.Custom("havn", yaml+more), w.Custom("skog", yaml)
	return w
}

// person is somebody who can sign in, unless one of the fields says otherwise.
type person struct {
	address  string
	kind     account.Kind
	password string
	status   account.Status
	end      string // last day
}

func (w *world) hire(ctx context.Context, p person) account.Account {
	w.T.Helper()
	t := tenant.MustFrom(ctx)
	hash := ""
	if p.password != "" {
		var err error
		if hash, err = w.App.Services.Passwords.Hash(ctx, t.ID, p.password); err != nil {
			w.T.Fatal(err)
		}
	}
	if p.kind == "" {
		p.kind = account.Work
	}
	var a account.Account
	w.do(ctx, func(ctx context.Context) (err error) {
		id := uuid.Must(uuid.NewV7())
		if err := insertPerson(ctx, id, p.end); err != nil {
			return err
		}
		a, err = account.Create(ctx, account.New{PersonID: id, Kind: p.kind, Address: p.address, AddressKey: p.address, PasswordHash: hash})
		if err == nil && p.status != "" {
			err = account.SetStatus(ctx, a.ID, p.status)
		}
		return err
	})
	return a
}

func insertPerson(ctx context.Context, id uuid.UUID, end string) error {
	args := []any{sql.Named("id", id), sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("end", end), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String())}
	for _, text := range []string{
		`INSERT INTO persons (tenant_id, id, given_name, family_name, created_at, updated_at) VALUES (@tenant, @id, 'Anna', 'Berg', @now, @now)`,
		`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, start_date, end_date, created_at, updated_at)
			SELECT tenant_id, @job, @id, id, @number, '2020-01-01', @end, @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
	} {
		if _, err := db.Exec(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) do(ctx context.Context, fn func(context.Context) error) {
	w.T.Helper()
	if err := w.DB.Tx(ctx, fn); err != nil {
		w.T.Fatal(err)
	}
}

// count tells how many rows a query of a tenant's finds.
func (w *world) count(ctx context.Context, from string) (n int) {
	w.T.Helper()
	w.do(ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT COUNT(*) FROM "+from+" AND tenant_id = @tenant")
	})
	return n
}

// anna is a browser of somebody who is signed in.
func (w *world) anna() *apptest.Browser {
	w.T.Helper()
	w.hire(w.ctx, person{address: "anna@havn.example", password: secretWord})
	b := w.Browser("havn")
	signIn(b, "anna@havn.example", secretWord)
	if b.Get("/session").Status != 200 {
		w.T.Fatalf("not signed in: %s", b.Page.Text())
	}
	return b
}

func signIn(b *apptest.Browser, address, password string) *apptest.Page {
	b.T.Helper()
	b.Get("/signin")
	b.Submit("email", address)
	return b.Submit("password", password)
}
