package notme_test

import (
	"context"
	"database/sql"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/fault"
	"tilgang/internal/message/practice"
	"tilgang/internal/notme"
	"tilgang/internal/tenant"
)

const (
	oldWord = "a long and private sentence"
	newWord = "another quite private sentence"
	day     = 24 * time.Hour
	yaml    = `
name: Havn
languages: [en, da]
time_zone: Europe/Copenhagen
legal_employers: [{key: havn-retail, name: Havn Retail A/S, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Havn}
support: {channels: [{kind: phone, value: "+45 70 00 00 27"}], hours: {mon-fri: 08:00-18:00}}
mfa: {methods: {totp: primary, phone: primary, push: off, passkey: off}, offer: skip}
alumni: {windows: {"*": 24 months}}
`
)

// world is the product with one tenant, and another beside it.
type world struct {
	*apptest.World
	svc   *notme.Service
	ctx   context.Context // of havn
	other context.Context // of skog
}

// The places of the tests: home, and far away.
const (
	home = "198.51.100.7"
	away = "203.0.113.9"
)

func setUp(t *testing.T) *world {
	t.Helper()
	d, now := dbtest.New(t)
	w := &world{World: apptest.Start(t, d, now, "TILGANG_GEOIP="+countries(t), "TILGANG_TRUSTED_PROXIES=127.0.0.1/32")}
	w.svc = w.App.Services.NotMe
	w.ctx, w.other = w.Custom("havn", yaml), w.Custom("skog", yaml)
	return w
}

// countries is a database in which home and away lie in two countries.
func countries(t *testing.T) string {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "Country", IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	for cidr, code := range map[string]string{home + "/32": "DK", away + "/32": "SE"} {
		_, network, _ := net.ParseCIDR(cidr)
		if err := tree.Insert(network, mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String(code)}}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "country.mmdb")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.WriteTo(out); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func (w *world) do(ctx context.Context, fn func(context.Context) error) {
	w.T.Helper()
	if err := w.DB.Tx(ctx, fn); err != nil {
		w.T.Fatal(err)
	}
}

// hire takes somebody in whose addresses, in the order work and private, are
// proven.
func (w *world) hire(ctx context.Context, name string, addresses ...string) (a account.Account) {
	w.T.Helper()
	a.PersonID = uuid.Must(uuid.NewV7())
	hash, err := w.App.Services.Passwords.Hash(ctx, tenant.MustFrom(ctx).ID, oldWord)
	if err != nil {
		w.T.Fatal(err)
	}
	w.do(ctx, func(ctx context.Context) error {
		if err := insertPerson(ctx, a.PersonID, name); err != nil {
			return err
		}
		if a, err = account.Create(ctx, account.New{PersonID: a.PersonID, PasswordHash: hash}); err != nil {
			return err
		}
		for i, address := range addresses {
			kind := []account.Kind{account.Work, account.Private}[i]
			if err := account.AddIdentifier(ctx, a.ID, kind, address, address); err != nil {
				return err
			}
		}
		return nil
	})
	return a
}

func insertPerson(ctx context.Context, id uuid.UUID, name string) error {
	args := []any{
		sql.Named("id", id), sql.Named("name", name), sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String()),
	}
	for _, text := range []string{
		`INSERT INTO persons (tenant_id, id, given_name, family_name, created_at, updated_at) VALUES (@tenant, @id, @name, 'Berg', @now, @now)`,
		`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, start_date, created_at, updated_at)
			SELECT tenant_id, @job, @id, id, @number, '2020-01-01', @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
	} {
		if _, err := db.Exec(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

const (
	atWork = "anna@havn.example"
	atHome = "anna@home.example"
)

// anna can sign in with both of her addresses.
func (w *world) anna() account.Account { return w.hire(w.ctx, "Anna", atWork, atHome) }

// from is a browser at a place.
func (w *world) from(place string) *apptest.Browser {
	b := w.Browser("havn")
	b.From = place
	return b
}

// signIn types address and password and puts the offer of a factor off.
func (w *world) signIn(b *apptest.Browser, address, word string) *apptest.Page {
	w.T.Helper()
	b.Get("/signin")
	b.Submit("email", address)
	if p := b.Submit("password", word); p.URL.Path == "/mfa/setup" {
		b.Submit("@action", "skip")
	}
	return b.Page
}

func (w *world) mustSignIn(b *apptest.Browser, word string) *apptest.Browser {
	w.T.Helper()
	if p := w.signIn(b, atWork, word); p.URL.Path != "/" || !in(b) {
		w.T.Fatalf("not in: %s\n%s", p.URL, p.Text())
	}
	return b
}

func in(b *apptest.Browser) bool { return b.Get("/session").Status == 200 }

// mails are those to an address, oldest first, after the work is done.
func (w *world) mails(to string) []practice.Entry {
	w.T.Helper()
	w.Work()
	all := w.App.Services.Mailbox.List(practice.Filter{To: to})
	slices.Reverse(all)
	return all
}

// kinds are the kinds of the mails to an address, oldest first.
func (w *world) kinds(to string) (kinds []string) {
	w.T.Helper()
	for _, m := range w.mails(to) {
		kinds = append(kinds, m.Kind)
	}
	return kinds
}

// mail is the newest mail of a kind to an address.
func (w *world) mail(to, kind string) practice.Entry {
	w.T.Helper()
	for _, m := range slices.Backward(w.mails(to)) {
		if m.Kind == kind {
			return m
		}
	}
	w.T.Fatalf("no %s to %s but %v", kind, to, w.kinds(to))
	return practice.Entry{}
}

// denial is what a mail offers to whoever did not do it.
type denial struct{ link, token, code string }

var (
	linkText = regexp.MustCompile(`https?://\S+/notme/([A-Za-z0-9_-]{43})`)
	codeText = regexp.MustCompile(`(?m)^    (\d{6})$`)
)

func (w *world) denial(m practice.Entry) denial {
	w.T.Helper()
	link, code := linkText.FindStringSubmatch(m.Text), codeText.FindStringSubmatch(m.Text)
	if link == nil || code == nil {
		w.T.Fatalf("no way to deny in %s", m.Text)
	}
	return denial{link[0], link[1], code[1]}
}

// strangers is the denial of a stranger's sign-in from far away, and where the
// stranger is in.
func (w *world) strangers() (denial, *apptest.Browser) {
	w.T.Helper()
	w.mustSignIn(w.from(home), oldWord)
	b := w.mustSignIn(w.from(away), oldWord)
	return w.denial(w.mail(atWork, "new_signin")), b
}

// answer opens a denial's link and presses the button of a form with a code.
func (w *world) answer(d denial, path, code string) *apptest.Page {
	w.T.Helper()
	b := w.from(home)
	b.Get(d.link)
	return b.Post(path, url.Values{"code": {code}})
}

func (w *world) report(d denial) {
	w.T.Helper()
	if p := w.answer(d, "/notme", d.code); p.Title() != "Everyone is signed out" {
		w.T.Fatalf("%d %s\n%s", p.Status, p.URL, p.Text())
	}
}

// frozen tells whether an account is.
func (w *world) frozen(a account.Account) (frozen bool) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error {
		f, err := account.OpenFreeze(ctx, a.ID)
		frozen = f.Open()
		return err
	})
	return frozen
}

// count tells how many rows of a tenant's a condition finds.
func (w *world) count(from string) (n int) {
	w.T.Helper()
	w.do(w.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT COUNT(*) FROM "+from+" AND tenant_id = @tenant")
	})
	return n
}

// app puts an authenticator app on file, with recovery codes, and gives its key.
func (w *world) app(a account.Account) string {
	w.T.Helper()
	e, err := w.App.Services.Factors.StartTOTP(w.ctx, a.ID)
	if err == nil {
		err = w.App.Services.Factors.ConfirmTOTP(w.ctx, a.ID, e.ID, w.code(e.Secret))
	}
	if err == nil {
		_, err = w.App.Services.Factors.MakeCodes(w.ctx, a.ID)
	}
	if err != nil {
		w.T.Fatal(err)
	}
	w.Pass(time.Minute)
	return e.Secret
}

// code is an app's code of now.
func (w *world) code(key string) string {
	w.T.Helper()
	code, err := totp.GenerateCode(key, w.Clock.Now())
	if err != nil {
		w.T.Fatal(err)
	}
	return code
}

// chooses a new password by mail.
func (w *world) chooses(word string) {
	w.T.Helper()
	b := w.from(home)
	b.Get("/reset")
	b.Submit("email", atWork)
	m := w.mail(atWork, "reset")
	b.Get(regexp.MustCompile(`/reset/[A-Za-z0-9_-]{43}`).FindString(m.Text))
	if p := b.Submit("password", word, "password_confirm", word); p.URL.Path != "/reset/done" {
		w.T.Fatalf("%s\n%s", p.URL, p.Text())
	}
}

// as is havn's context in which somebody acts in roles.
func (w *world) as(who account.Account, roles ...string) context.Context {
	return authz.With(w.ctx, authz.Actor{Kind: authz.Person, AccountID: who.ID, PersonID: who.PersonID, SessionID: who.ID, Roles: roles})
}

// grant gives a role.
func (w *world) grant(a account.Account, role string) {
	w.T.Helper()
	if err := w.App.Services.People.SetRoles(authz.With(w.ctx, authz.Actor{Kind: authz.Command, Roles: []string{authz.RoleAdmin}}), a.PersonID, []string{role}); err != nil {
		w.T.Fatal(err)
	}
}

// refused holds an error to a fault's code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if f, known := fault.As(err); !known || f.Code != code && !slices.Contains(values(f.Fields), code) {
		t.Errorf("got %v, want %s", err, code)
	}
}

func values(m map[string]string) (list []string) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

func says(t *testing.T, p *apptest.Page, words ...string) {
	t.Helper()
	for _, s := range words {
		if !strings.Contains(p.Text(), s) {
			t.Errorf("%s does not say %q\n%s", p.URL, s, p.Text())
		}
	}
}
