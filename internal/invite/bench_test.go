package invite

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/limit"
	"tilgang/internal/message"
	"tilgang/internal/message/email"
	"tilgang/internal/message/render"
	"tilgang/internal/outbox"
	"tilgang/internal/password"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
	"tilgang/templates"
)

// good is a password that the default rules allow.
const good = "kaffe-og-blå-cykler-2026"

// bench is two employers with a post office.
type bench struct {
	t       testing.TB
	db      *db.DB
	clock   *clock.Fake
	post    *post
	service *Service
	kinds   map[string]outbox.Kind
	tenants map[uuid.UUID]*tenant.Tenant
	ctx     context.Context // of havn
	other   context.Context // of skog
	number  int
}

func setUp(t testing.TB) *bench {
	t.Helper()
	d, now := dbtest.New(t)
	b := &bench{t: t, db: d, clock: now, post: &post{}, kinds: map[string]outbox.Kind{}, tenants: map[uuid.UUID]*tenant.Tenant{}}
	b.build()
	b.ctx, b.other = b.tenant("havn"), b.tenant("skog")
	return b
}

func (b *bench) build() {
	b.t.Helper()
	must := func(err error) {
		b.t.Helper()
		if err != nil {
			b.t.Fatal(err)
		}
	}
	keys, err := secret.NewKeyset()
	must(err)
	box, err := keys.Box()
	must(err)
	catalog := sitetest.Texts(b.t)
	renderer, err := render.New(templates.FS)
	must(err)
	portal := func(t *tenant.Tenant) string { return "https://" + t.Slug + ".example" }
	log := slog.New(slog.DiscardHandler)
	messages := message.NewService(message.Config{DB: b.db, Box: box, Sender: b.post, Renderer: renderer, Catalog: catalog, Portal: portal, Host: "hr.example", Log: log})
	b.service = NewService(Config{
		DB: b.db, Box: box, Messages: messages, Attempts: attempt.NewService(b.db, box),
		Pool:   password.NewPool(password.PoolConfig{Params: password.Params{MemoryKiB: 64, Time: 1, Threads: 1}, MaxWait: time.Minute}),
		Limits: limit.New(nil, b.clock, log), Throttle: throttle.New(b.db), Notices: owners{messages}, Portal: portal,
	})
	for _, k := range append(b.service.Kinds(), messages.OutboxKind()) {
		b.kinds[k.Name] = k
	}
}

func (b *bench) tenant(slug string) context.Context {
	b.t.Helper()
	ctx, id := dbtest.Tenant(b.t, b.db, slug)
	t := tenant.Defaults()
	t.ID, t.Slug, t.Name, t.Status, t.Languages = id, slug, "House of "+slug, "active", []string{"en", "da"}
	b.tenants[id] = &t
	ctx = tenancy.Enter(ctx, &t)
	b.do(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, "INSERT INTO legal_employers (tenant_id, id, key, name) VALUES (@tenant, @id, 'main', 'Main')", sql.Named("id", uuid.Must(uuid.NewV7())))
		return err
	})
	return ctx
}

func (b *bench) of(ctx context.Context) *tenant.Tenant { return tenant.MustFrom(ctx) }

func (b *bench) do(ctx context.Context, fn func(context.Context) error) {
	b.t.Helper()
	if err := b.db.Tx(ctx, fn); err != nil {
		b.t.Fatal(err)
	}
}

// hire takes people in as a committed import does, one a given name; change may
// alter each record.
func (b *bench) hire(ctx context.Context, change func(*people.Record), names ...string) (ids []uuid.UUID) {
	b.t.Helper()
	var records []people.Record
	for _, name := range names {
		b.number++
		local := strings.ToLower(name)
		r := people.Record{
			LegalEmployer: "main", EmployeeNumber: fmt.Sprint(1000 + b.number), GivenName: name, FamilyName: "Berg",
			WorkEmail: local + "@work.example", WorkEmailKey: local + "@work.example", Start: "2026-01-01", Language: "en",
		}
		if change != nil {
			change(&r)
		}
		records = append(records, r)
	}
	b.do(ctx, func(ctx context.Context) error {
		out, err := people.Apply(ctx, records, 3)
		if err != nil {
			return err
		}
		if ids = out.People; len(ids) != len(names) {
			b.t.Fatalf("hired %d of %d: %+v", len(ids), len(names), out.Verdicts)
		}
		return outbox.Put(ctx, outbox.Event{Kind: "import.committed", Lane: outbox.Bulk, Args: imported{People: ids}})
	})
	return ids
}

// work does what is due.
func (b *bench) work() {
	b.t.Helper()
	w := &outbox.Worker{
		DB: b.db, Kinds: b.kinds, Log: slog.New(slog.DiscardHandler),
		Enter: func(ctx context.Context, id uuid.UUID) (context.Context, error) {
			return tenancy.Enter(ctx, b.tenants[id]), nil
		},
	}
	if err := outbox.Drain(context.Background(), b.db, w); err != nil {
		b.t.Fatal(err)
	}
	var failed int64
	err := b.db.Shared(context.Background(), func(ctx context.Context) error { return nil })
	for id := range b.tenants {
		b.do(db.WithTenant(context.Background(), id), func(ctx context.Context) error {
			return db.From(ctx).Model(&outbox.Row{}).Where("failed_at IS NOT NULL").Count(&failed).Error
		})
		if failed > 0 || err != nil {
			b.t.Fatalf("%d rows of work were given up", failed)
		}
	}
}

// invited hires one person and has the mail sent.
func (b *bench) invited(name string) (uuid.UUID, mail) {
	b.t.Helper()
	ids := b.hire(b.ctx, nil, name)
	b.work()
	return ids[0], b.last(strings.ToLower(name) + "@work.example")
}

func (b *bench) accept(ctx context.Context, token string) error {
	_, err := b.service.Accept(ctx, AcceptForm{Token: token, Password: good, Confirm: good, Host: "havn.example", Network: "192.0.2.1"})
	return err
}

// everybody are the persons of a tenant.
func (b *bench) everybody(owner uuid.UUID) (ids []uuid.UUID) {
	b.t.Helper()
	b.do(db.WithTenant(context.Background(), owner), func(ctx context.Context) error {
		return db.From(ctx).Model(&people.Person{}).Order("id").Pluck("id", &ids).Error
	})
	return ids
}

func (b *bench) state(ctx context.Context, person uuid.UUID) State {
	b.t.Helper()
	found, err := b.service.StatesOf(ctx, []uuid.UUID{person})
	if err != nil {
		b.t.Fatal(err)
	}
	return found[person].State
}

// mail is a sent mail with what it opens.
type mail struct {
	email.Mail
	Token, Code string
}

var (
	linkText = regexp.MustCompile(`/invite/([A-Za-z0-9_-]{43})`)
	codeText = regexp.MustCompile(`\b([0-9A-Z]{5}-[0-9A-Z]{5})\b`)
)

func opened(m email.Mail) mail {
	found := mail{Mail: m}
	if link := linkText.FindStringSubmatch(m.Text); link != nil {
		found.Token = link[1]
	}
	if code := codeText.FindStringSubmatch(m.Text); code != nil {
		found.Code = code[1]
	}
	return found
}

// sent are the mails to an address, oldest first.
func (b *bench) sent(to string) (list []mail) {
	for _, m := range b.post.taken() {
		if m.To == to {
			list = append(list, opened(m))
		}
	}
	return list
}

func (b *bench) last(to string) mail {
	b.t.Helper()
	list := b.sent(to)
	if len(list) == 0 {
		b.t.Fatalf("no mail to %s", to)
	}
	return list[len(list)-1]
}

// post is a sender that keeps what it took.
type post struct {
	mu    sync.Mutex
	mails []email.Mail
	fail  func(email.Mail) error // nil: takes
	lose  func(email.Mail) error // after taking; nil: answers
}

// Send implements email.Sender.
func (p *post) Send(_ context.Context, m email.Mail) (email.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		if err := p.fail(m); err != nil {
			return email.Receipt{}, err
		}
	}
	p.mails = append(p.mails, m)
	if p.lose != nil {
		if err := p.lose(m); err != nil {
			return email.Receipt{}, err
		}
	}
	return email.Receipt{ProviderID: m.ID}, nil
}

// Close implements email.Sender.
func (*post) Close() error { return nil }

func (p *post) taken() []email.Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]email.Mail(nil), p.mails...)
}

// owners writes to the proven addresses of an account.
type owners struct{ messages *message.Service }

func (o owners) ContactChanged(ctx context.Context, accountID uuid.UUID) error {
	list, err := account.Identifiers(ctx, accountID)
	for _, i := range list {
		if err == nil {
			err = o.messages.Send(ctx, message.New{Kind: message.ContactChanged, To: i.Address})
		}
	}
	return err
}
