package fleet

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/sendertest"
	"tilgang/internal/password"
)

const (
	span = 4 * time.Second // of each measurement under load
	mega = 1 << 20
)

// The staff file of a thousand, ten thousand and a hundred thousand people, by
// the command; docs/performance.md, "Import". What a file costs once, however
// long, is measured first and taken off; IMPORT_TIMES=5 gives medians of five.
func BenchmarkImport(b *testing.B) {
	one, two := importing(b, 1000), importing(b, 2000)
	once := one.less(two.less(one.work))
	start := importing(b, 1)
	b.Run("once", func(b *testing.B) {
		for b.Loop() {
			b.ReportMetric(float64(once.statements), "statements")
			b.ReportMetric(float64(once.rows), "rows")
			b.ReportMetric(start.CPU.Seconds(), "CPU-s")
		}
	})
	for _, n := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n, "-people"), func(b *testing.B) {
			for b.Loop() {
				list := importingOften(b, n)
				perThousand := float64(n) / 1000
				b.ReportMetric(float64(n)/medianOf(list, func(i imported) float64 { return i.Wall.Seconds() }), "people/s")
				b.ReportMetric((medianOf(list, func(i imported) float64 { return i.CPU.Seconds() })-start.CPU.Seconds())/perThousand, "CPU-s/1000")
				b.ReportMetric(medianOf(list, func(i imported) float64 { return float64(i.Peak) })/mega, "peak-MB")
				b.ReportMetric(medianOf(list, func(i imported) float64 { return float64(i.rows - once.rows) })/perThousand, "rows/1000")
				b.ReportMetric(medianOf(list, func(i imported) float64 { return float64(i.statements - once.statements) })/perThousand, "statements/1000")
			}
		})
	}
}

// imported is what one import took.
type imported struct {
	Usage
	work
}

func importing(b *testing.B, n int) imported {
	b.Helper()
	f := New(b, sendertest.SinkConfig{Keep: -1})
	f.Employer("havn", fmt.Sprintf(Yaml, "Havn"))
	file := f.staff(1, n)
	before := f.work(b)
	u := f.Run("person", "import", file, "--tenant", "havn")
	return imported{u, f.work(b).less(before)}
}

func importingOften(b *testing.B, n int) (list []imported) {
	b.Helper()
	times, err := strconv.Atoi(os.Getenv("IMPORT_TIMES"))
	for range max(1, times) {
		list = append(list, importing(b, n))
	}
	if err != nil && os.Getenv("IMPORT_TIMES") != "" {
		b.Fatal(err)
	}
	return list
}

func medianOf(list []imported, figure func(imported) float64) float64 {
	all := make([]float64, len(list))
	for i, one := range list {
		all[i] = figure(one)
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// work is what the database did so far.
type work struct{ rows, statements int64 }

func (w work) less(other work) work {
	return work{w.rows - other.rows, w.statements - other.statements}
}

// work asks for it. The pieces of a file are left out, with the three statements
// around each that begin and end its transaction: there is one a megabyte, not
// one so many people. Rows are those of our own tables: the server keeps
// statistics in tables too. Statements stay 0 where pg_stat_statements is not
// loaded.
func (f *Fleet) work(b *testing.B) (w work) {
	b.Helper()
	time.Sleep(1100 * time.Millisecond) // the server tells its figures once a second
	f.ask("SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_user_tables WHERE relname <> 'import_parts'", &w.rows)
	var there bool
	f.ask("SELECT current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%'", &there)
	if there {
		f.tell("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
		f.ask(`SELECT (coalesce(sum(calls) FILTER (WHERE query NOT LIKE '%import_parts%'), 0)
				- 3 * coalesce(sum(calls) FILTER (WHERE query LIKE 'SELECT%import_parts%' OR query LIKE 'INSERT%import_parts%'), 0))::bigint
			FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
			WHERE d.datname = current_database()
			AND userid = (SELECT oid FROM pg_roles WHERE rolname = 'tilgang_app')`, &w.statements)
	}
	return w
}

// Ten thousand welcome mails by one worker, to a mail server that answers at
// once and to one that takes 50 ms.
func BenchmarkDelivery(b *testing.B) {
	for name, c := range map[string]struct {
		delay   time.Duration
		setting []string
	}{
		"at-once": {0, nil},
		"50ms":    {50 * time.Millisecond, []string{"TILGANG_SMTP_CONNECTIONS=64"}},
	} {
		b.Run(name, func(b *testing.B) {
			const people = 10_000
			for b.Loop() {
				f := New(b, sendertest.SinkConfig{Keep: -1, Delay: c.delay})
				f.Employer("havn", fmt.Sprintf(Yaml, "Havn"))
				worker := f.Worker(c.setting...)
				file := f.staff(1, people)
				began := time.Now()
				f.Run("person", "import", file, "--tenant", "havn")
				imported := time.Now()
				if !eventually(5*time.Minute, func() bool { return f.Sink.Count() >= people }) {
					b.Fatalf("%d of %d mails left", f.Sink.Count(), people)
				}
				b.ReportMetric(people/time.Since(began).Seconds(), "mails/s")
				b.ReportMetric(time.Since(imported).Seconds(), "s-after-import")
				b.ReportMetric(time.Since(began).Seconds(), "s-file-to-last-mail")
				b.ReportMetric(float64(worker.Peak())/mega, "worker-peak-MB")
			}
		})
	}
}

// house is an installation with people who can sign in.
type house struct {
	*Fleet
	web    *Process
	people []member
}

type member struct {
	slug, address string
	browser       *apptest.Browser
}

// newHouse lets n people of eight employers choose a password.
func newHouse(b *testing.B, n int) *house {
	b.Helper()
	f := New(b, sendertest.SinkConfig{Keep: 2 * n})
	f.environ = append(f.environ, "TILGANG_TRUSTED_PROXIES=127.0.0.1/32")
	h := &house{Fleet: f, web: f.Serve()}
	f.Worker()
	const employers = 8
	for i := range employers {
		slug := fmt.Sprintf("house%d", i)
		f.Employer(slug, fmt.Sprintf(Yaml, slug))
		f.Run("person", "import", f.staff(i*n+1, n/employers), "--tenant", slug)
		for j := range n / employers {
			h.people = append(h.people, member{slug: slug, address: fmt.Sprintf("person%d@post.example", i*n+1+j)})
		}
	}
	var wait sync.WaitGroup
	for i := range h.people {
		wait.Go(func() {
			p := &h.people[i]
			p.browser = f.Browser(p.slug, h.web)
			p.browser.From = fmt.Sprintf("198.51.100.%d", i)
			p.browser.Get(f.Link(p.address))
			p.browser.Submit("password", e2e.Word, "password_confirm", e2e.Word)
			p.browser.Get("/signin/next")
		})
	}
	wait.Wait()
	return h
}

// signIn is a sign-in from the first page to the last.
func (p member) signIn() error {
	p.browser.Post("/signout", nil)
	p.browser.Get("/signin")
	p.browser.Submit("email", p.address)
	p.browser.Submit("password", e2e.Word)
	if p.browser.Page.URL.Path != "/" || p.browser.Page.Status != 200 {
		return fmt.Errorf("%s ended on %s: %s", p.address, p.browser.Page.URL, p.browser.Page.Text())
	}
	return nil
}

// Signing in against what the machine can hash; docs/performance.md, "Sign-in".
func BenchmarkSignIn(b *testing.B) {
	for b.Loop() {
		h := newHouse(b, 64)
		before := h.work(b)
		if err := h.people[0].signIn(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(h.work(b).statements-before.statements), "statements")
		for _, clients := range []int{8, 32} {
			hashes := press(b, clients, span, hashing(b))
			signIns := press(b, clients, span, func(i int) error { return h.people[i].signIn() })
			b.ReportMetric(signIns.PerSecond(), fmt.Sprintf("signins/s-%d", clients))
			b.ReportMetric(signIns.PerSecond()/hashes.PerSecond(), fmt.Sprintf("of-hashes-%d", clients))
		}
		b.ReportMetric(float64(h.web.Peak())/mega, "peak-MB")
	}
}

// hashing computes what a sign-in must, and nothing else.
func hashing(b *testing.B) func(int) error {
	pool := password.NewPool(password.PoolConfig{Pepper: make([]byte, 32), Params: password.DefaultParams(), MaxWait: time.Minute})
	who := uuid.New()
	return func(int) error {
		_, err := pool.Hash(b.Context(), who, e2e.Word)
		return err
	}
}

// The session check and the home page, against a bare handler that sends the
// same batch; docs/performance.md, "Session check" and "Home page".
func BenchmarkSession(b *testing.B) {
	for b.Loop() {
		h := newHouse(b, 8)
		p := h.people[0]
		cookie := ""
		for _, c := range p.browser.Cookies() {
			cookie += c.Name + "=" + c.Value + "; "
		}
		host := p.slug + "." + h.Base
		bare := h.bare(b)
		for _, clients := range []int{1, 8, 32} {
			limit := press(b, clients, span, getter(bare, host, "/", cookie))
			session := press(b, clients, span, getter(h.web.Address, host, "/session", cookie))
			b.ReportMetric(session.PerSecond(), fmt.Sprintf("checks/s-%d", clients))
			b.ReportMetric(session.PerSecond()/limit.PerSecond(), fmt.Sprintf("of-bare-%d", clients))
			b.ReportMetric(float64(session.P99)/float64(session.P50), fmt.Sprintf("p99/p50-%d", clients))
			if clients == 1 {
				home := press(b, 1, span, getter(h.web.Address, host, "/", cookie))
				b.ReportMetric(session.P50.Seconds()*1000, "session-p50-ms")
				b.ReportMetric(home.P50.Seconds()*1000, "home-p50-ms")
			}
		}
	}
}

// bare serves a handler that reads one session row for its tenant as the
// program does, and nothing else.
func (f *Fleet) bare(b *testing.B) (address string) {
	b.Helper()
	pool, err := pgxpool.New(context.Background(), f.AppURL+"&pool_max_conns=20")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	var tenant, session uuid.UUID
	f.ask("SELECT tenant_id FROM sessions LIMIT 1", &tenant)
	f.ask("SELECT id FROM sessions LIMIT 1", &session)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/", func(c *fiber.Ctx) error {
		var batch pgx.Batch
		batch.Queue("SELECT set_config('app.tenant_id', $1, true)", tenant.String())
		batch.Queue("SELECT account_id, expires_at FROM sessions WHERE tenant_id = $1 AND id = $2", tenant, session)
		answers := pool.SendBatch(c.Context(), &batch)
		defer func() { _ = answers.Close() }()
		if _, err := answers.Exec(); err != nil {
			return err
		}
		var account uuid.UUID
		var until time.Time
		if err := answers.QueryRow().Scan(&account, &until); err != nil {
			return err
		}
		return c.JSON(map[string]any{"account": account, "expires_at": until})
	})
	address = "127.0.0.1:" + freePort(b)
	go func() { _ = app.Listen(address) }()
	b.Cleanup(func() { _ = app.Shutdown() })
	eventually(patience, func() bool { return getter(address, "x", "/", "")(0) == nil })
	return address
}

// A start on a migrated database; docs/performance.md, "Start".
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		f := New(b, sendertest.SinkConfig{Keep: -1})
		f.Serve().Stop() // the first finds cold files
		best := f.Serve()
		time.Sleep(2 * time.Second)
		b.ReportMetric(best.Started.Seconds()*1000, "ms-to-ready")
		b.ReportMetric(float64(best.Resident())/mega, "resident-MB")
		size, err := os.Stat(f.program)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(size.Size())/mega, "binary-MB")
	}
}
