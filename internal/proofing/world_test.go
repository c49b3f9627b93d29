package proofing_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/identity"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

const (
	word = "a long and private sentence"
	// Test persons of the practice provider at this employer, from its staff file.
	solveig, solveigNumber = "Solveig Rønning", "03916132181"
	ane, aneNumber         = "Ane Storvik", "14859130187"
	stranger               = "Nobody Knowsme"
	yaml                   = `
name: Nordlys
languages: [en, nb]
time_zone: Europe/Oslo
legal_employers: [{key: energi, name: Nordlys Energi AS, country: "NO"}]
support: {channels: [{kind: email, value: hr@nordlys.example}], links: [{url: "https://www.nordlys.example/video", name: {en: Watch the video}}]}
mfa: {methods: {totp: primary}, offer: skip}
`
	always    = "alumni: {proofing: always}\nconnectors: [{key: bankid, kind: practice, name: BankID}]\n"
	unmatched = "alumni: {proofing: unmatched_address}\nconnectors: [{key: bankid, kind: practice, name: BankID}]\n"
)

// world is the product with nordlys, and skog beside it.
type world struct {
	*apptest.World

	ctx, other context.Context
}

// someone is a person with an account.
type someone struct {
	account.Account
	address string
}

func setUp(t *testing.T, more string) *world {
	t.Helper()
	w := &world{World: apptest.New(t)}
	w.ctx, w.other = w.Custom("nordlys", yaml+more), w.Custom("skog", strings.ReplaceAll(yaml, "nordlys", "skog")+more)
	return w
}

func (w *world) do(ctx context.Context, fn func(context.Context) error) {
	w.T.Helper()
	if err := w.DB.Tx(ctx, fn); err != nil {
		w.T.Fatal(err)
	}
}

// key is a national number as persons keep it at an employer.
func (w *world) key(ctx context.Context, number string) []byte {
	w.T.Helper()
	if number == "" {
		return nil
	}
	id, err := sheet.ParseNationalID(number, "NO", w.Clock.Now())
	if err != nil {
		w.T.Fatal(err)
	}
	return people.NationalKey(w.App.Box, tenant.MustFrom(ctx).ID, id)
}

// hire takes somebody in who signs in with a private address. A leaver left last
// month; a number is the one of the record, empty for none.
func (w *world) hire(ctx context.Context, name, number string, leaver bool) someone {
	w.T.Helper()
	who := someone{address: name + "@post.example"}
	hash, err := w.App.Services.Passwords.Hash(ctx, tenant.MustFrom(ctx).ID, word)
	if err != nil {
		w.T.Fatal(err)
	}
	id, end := uuid.Must(uuid.NewV7()), ""
	if leaver {
		end = w.Clock.Now().AddDate(0, -1, 0).Format(time.DateOnly)
	}
	w.do(ctx, func(ctx context.Context) error {
		args := []any{
			sql.Named("id", id), sql.Named("name", name), sql.Named("address", who.address), sql.Named("national", w.key(ctx, number)),
			sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String()), sql.Named("end", end),
		}
		for _, text := range []string{
			`INSERT INTO persons (tenant_id, id, given_name, family_name, private_email, private_email_key, language, national_key, created_at, updated_at)
				VALUES (@tenant, @id, @name, 'Berg', @address, @address, 'en', @national, @now, @now)`,
			`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, number_key, start_date, end_date, created_at, updated_at)
				SELECT tenant_id, @job, @id, id, @number, @number, '2020-01-01', @end, @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
		} {
			if _, err := db.Exec(ctx, text, args...); err != nil {
				return err
			}
		}
		who.Account, err = account.Create(ctx, account.New{PersonID: id, PasswordHash: hash, Kind: account.Private, Address: who.address, AddressKey: who.address})
		return err
	})
	return who
}

// in types address and password on a host.
func (w *world) in(b *apptest.Browser, who someone) *apptest.Page {
	w.T.Helper()
	b.Get("/signin")
	b.Submit("email", who.address)
	b.Submit("password", word)
	if b.Page.URL.Path == "/mfa/setup" {
		b.Submit("@action", "skip")
	}
	return b.Page
}

func (w *world) alumni() *apptest.Browser { return w.BrowserOn("alumni.nordlys." + w.Base) }

// as chooses a test person at the provider, from a page that leads there.
func (w *world) as(b *apptest.Browser, person string) *apptest.Page {
	w.T.Helper()
	b.Get("/federation/bankid/start")
	if !strings.HasPrefix(b.Page.URL.Host, "eid.") {
		w.T.Fatalf("not at the provider but on %s (%d)\n%s", b.Page.URL, b.Page.Status, b.Page.Text())
	}
	return b.Follow(person)
}

func (w *world) path(b *apptest.Browser, want string) {
	w.T.Helper()
	if b.Page.URL.Path != want {
		w.T.Fatalf("on %s (%d), want %s\n%s", b.Page.URL, b.Page.Status, want, b.Page.Text())
	}
}

func (w *world) says(b *apptest.Browser, want string) {
	w.T.Helper()
	if !strings.Contains(b.Page.Text(), want) {
		w.T.Errorf("%s does not say %q:\n%s", b.Page.URL, want, b.Page.Text())
	}
}

func (w *world) linked(ctx context.Context, who someone) (list []identity.Linked) {
	w.T.Helper()
	w.do(ctx, func(ctx context.Context) (err error) { list, err = identity.LinkedTo(ctx, who.ID); return err })
	return list
}

// link ties a test person's identity to somebody, as if proven.
func (w *world) link(ctx context.Context, who someone, subject string, proven bool) {
	w.T.Helper()
	w.do(ctx, func(ctx context.Context) error {
		_, err := identity.Link(ctx, who.ID, identity.Proof{Connector: "bankid", SubjectHash: []byte(subject), Level: identity.Substantial}, proven)
		return err
	})
}

// audited is how often an action is in the audit.
func (w *world) audited(ctx context.Context, action string) (n int) {
	w.T.Helper()
	w.do(ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, `SELECT count(*) FROM audit_events WHERE tenant_id = @tenant AND action = @action`, sql.Named("action", action))
	})
	return n
}

// mailed are the subjects of what an address got.
func (w *world) mailed(address string) (subjects []string) {
	w.T.Helper()
	w.Work()
	for _, e := range w.App.Services.Mailbox.List(practice.Filter{}) {
		if e.To == address {
			subjects = append(subjects, e.Subject)
		}
	}
	return subjects
}

func (w *world) grant(who someone, role string) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error { return people.Grant(ctx, who.PersonID, role) })
}

// enrol gives somebody an authenticator.
func (w *world) enrol(who someone) (key string) {
	w.T.Helper()
	f := w.App.Services.Factors
	e, err := f.StartTOTP(w.ctx, who.ID)
	if err == nil {
		err = f.ConfirmTOTP(w.ctx, who.ID, e.ID, w.code(e.Secret))
	}
	if err == nil {
		_, err = f.MakeCodes(w.ctx, who.ID)
	}
	if err != nil {
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
