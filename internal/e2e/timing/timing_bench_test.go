package timing_test

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/e2e"
)

// The numbers of docs/performance.md: pairs, and how far from a half the
// chance to tell known from unknown may be.
const (
	pairs = 10_000
	most  = 0.02
)

// batch is how many pairs are asked before all counters are forgotten, each with
// an address of its own.
const batch = 100

const yaml = `
name: Timing
languages: [en]
time_zone: Europe/Copenhagen
legal_employers: [{key: main, name: Timing A/S, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Timing}
support: {channels: [{kind: phone, value: "+45 70 00 00 27"}], hours: {mon-fri: 08:00-18:00}}
mfa: {methods: {totp: primary, phone: off, push: off, passkey: off}, offer: skip}
`

// Known and unknown addresses in turn, in an order by chance; what is printed is
// the chance to tell them by the time alone.
func BenchmarkKnownAndUnknown(b *testing.B) {
	for name, c := range map[string]struct {
		fill func(w *world)
		ask  func(w *world, address string) time.Duration
	}{
		"sign-in":         {(*world).accounts, (*world).signIn},
		"new-password":    {(*world).accounts, (*world).reset},
		"invitation-code": {(*world).invited, (*world).code},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w := setUp(b)
				c.fill(w)
				w.measure(c.ask)
			}
		})
	}
}

type world struct {
	*e2e.Stage

	b     *testing.B
	from  *apptest.Browser
	asked int
}

func setUp(b *testing.B) *world {
	b.Helper()
	d, now := dbtest.New(b)
	w := &world{Stage: &e2e.Stage{World: apptest.Start(b, d, now, "TILGANG_TRUSTED_PROXIES=127.0.0.1/32")}, b: b}
	w.CountHere()
	w.Custom("timing", yaml)
	return w
}

func known(i int) string   { return fmt.Sprintf("person%03d@post.example", i) }
func unknown(i int) string { return fmt.Sprintf("nobody%03d@post.example", i) }

// accounts have a password that nobody types.
func (w *world) accounts() {
	for i := range batch {
		w.do(func(ctx context.Context) error {
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
			tenant, _ := db.TenantID(ctx)
			hash, err := w.App.Services.Passwords.Hash(ctx, tenant, e2e.Word)
			if err == nil {
				_, err = account.Create(ctx, account.New{PersonID: id, Kind: account.Work, Address: known(i), AddressKey: known(i), PasswordHash: hash})
			}
			return err
		})
	}
}

func (w *world) invited() {
	var rows []string
	for i := range batch {
		rows = append(rows, fmt.Sprintf("%d;Ida;Berg;%s;en;Operator;Shop;main;2020-01-01", 100+i, known(i)))
	}
	w.Hire("timing", rows...)
}

func (w *world) do(fn func(context.Context) error) {
	w.b.Helper()
	if err := w.DB.Tx(w.Operator("timing"), fn); err != nil {
		w.b.Fatal(err)
	}
}

// measure asks in pairs, and tells.
func (w *world) measure(ask func(*world, string) time.Duration) {
	n := pairs
	if few, err := strconv.Atoi(os.Getenv("PAIRS")); err == nil && few > 0 {
		n = few
	}
	dice := rand.New(rand.NewPCG(7, 11)) // an order, no secret
	times := map[bool][]float64{}
	for i := range n {
		if i%batch == 0 {
			w.forget()
		}
		order := []bool{true, false}
		if dice.IntN(2) == 0 {
			order = []bool{false, true}
		}
		for _, isKnown := range order {
			address := unknown(i % batch)
			if isKnown {
				address = known(i % batch)
			}
			times[isKnown] = append(times[isKnown], float64(ask(w, address)))
		}
	}
	found := auc(times[true], times[false])
	w.b.ReportMetric(found, "auc")
	w.b.ReportMetric(float64(n), "pairs")
	if n >= pairs && math.Abs(found-0.5) >= most {
		w.b.Errorf("an answer tells known from unknown by its time: AUC %.4f", found)
	}
}

// forget lets nothing be counted against anybody, and each code be tried anew.
func (w *world) forget() {
	w.Work()
	w.Pass(26 * time.Hour)
	w.do(func(ctx context.Context) error {
		for _, text := range []string{"DELETE FROM throttles WHERE tenant_id = @tenant", "UPDATE invitations SET code_tries = 0 WHERE tenant_id = @tenant"} {
			if _, err := db.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
}

// somewhere is a browser in a network of its own.
func (w *world) somewhere() *apptest.Browser {
	if w.from == nil {
		w.from = w.Browser("timing")
	}
	w.asked++
	w.from.Forget()
	w.from.From = fmt.Sprintf("2001:db8:%x:%x::1", w.asked>>16, w.asked&0xffff)
	return w.from
}

// timed sends a form and tells how long the answer took.
func (w *world) timed(b *apptest.Browser, path string, pairs ...string) time.Duration {
	w.b.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := b.Request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	began := time.Now()
	p := b.Raw(req)
	took := time.Since(began)
	if p.Status != http.StatusUnprocessableEntity && p.Status != http.StatusSeeOther {
		w.b.Fatalf("%s answers %d\n%s", path, p.Status, p.Text())
	}
	return took
}

func (w *world) signIn(address string) time.Duration {
	b := w.somewhere()
	w.timed(b, "/signin", "email", address)
	return w.timed(b, "/signin/password", "password", "not the password at all")
}

func (w *world) reset(address string) time.Duration {
	b := w.somewhere()
	w.timed(b, "/signin", "email", "first@post.example") // the connection is open by then
	return w.timed(b, "/reset", "email", address, "action", "password")
}

func (w *world) code(address string) time.Duration {
	b := w.somewhere()
	w.timed(b, "/signin", "email", "first@post.example")
	return w.timed(b, "/invite/code", "email", address, "code", "AAAAA-AAAAA")
}
