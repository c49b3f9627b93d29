package message

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/i18n"
	"tilgang/internal/message/email"
	"tilgang/internal/message/render"
	"tilgang/internal/outbox"
	"tilgang/internal/secret"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/templates"
)

// bench is a message service on a database of its own, with two tenants.
type bench struct {
	t        testing.TB
	db       *db.DB
	clock    *clock.Fake
	box      *secret.Box
	catalog  *i18n.Catalog
	renderer *render.Renderer
	service  *Service
	post     *post
	tenants  map[uuid.UUID]*tenant.Tenant
	ctx      context.Context // of havn
	other    context.Context // of skog
}

func setUp(t testing.TB) *bench {
	t.Helper()
	d, now := dbtest.New(t)
	keys, err := secret.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, db: d, clock: now, post: &post{}, tenants: map[uuid.UUID]*tenant.Tenant{}}
	if b.box, err = keys.Box(); err != nil {
		t.Fatal(err)
	}
	if b.renderer, err = render.New(templates.FS); err != nil {
		t.Fatal(err)
	}
	b.catalog = sitetest.Texts(t)
	b.ctx, b.other = b.tenant("havn"), b.tenant("skog")
	b.restart()
	return b
}

func (b *bench) tenant(slug string) context.Context {
	b.t.Helper()
	ctx, id := dbtest.Tenant(b.t, b.db, slug)
	t := tenant.Defaults()
	t.ID, t.Slug, t.Name, t.Status, t.Languages = id, slug, "House of "+slug, "active", []string{"da", "en", "nb", "sv"}
	b.tenants[id] = &t
	return tenancy.Enter(ctx, &t)
}

func (b *bench) of(ctx context.Context) *tenant.Tenant { return tenant.MustFrom(ctx) }

// restart puts a new process in the place of the former.
func (b *bench) restart() {
	b.t.Helper()
	b.service = NewService(Config{
		DB: b.db, Box: b.box, Sender: b.post, Renderer: b.renderer, Catalog: b.catalog,
		Portal: func(t *tenant.Tenant) string { return "https://" + t.Slug + ".example" }, Host: "hr.example:8080", Log: slog.New(slog.DiscardHandler),
	})
	b.service.Register(Kind{Name: "link", Prepare: b.link})
	b.service.Register(Kind{Name: "link_bulk", Lane: outbox.Bulk, Prepare: b.link})
}

// link writes a mail with a link that is minted once, in the claim.
func (b *bench) link(ctx context.Context, m Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	switch m.Args["do"] {
	case "drop":
		return render.Doc{}, ErrNotWanted
	case "break":
		return render.Doc{}, errors.New("poison")
	}
	secret, _ := secret.Token()
	_, err := db.Exec(ctx, `INSERT INTO throttles (tenant_id, purpose, subject, failures, last_at) VALUES (@tenant, @link, @id, 0, @now) ON CONFLICT DO NOTHING`,
		sql.Named("link", "link:"+secret), sql.Named("id", m.ID[:]), sql.Named("now", db.Now(ctx)))
	if err != nil {
		return render.Doc{}, err
	}
	var links []string
	if err := db.Rows(ctx, &links, `SELECT purpose FROM throttles WHERE tenant_id = @tenant AND subject = @id ORDER BY purpose`, sql.Named("id", m.ID[:])); err != nil {
		return render.Doc{}, err
	}
	if len(links) > 1 {
		// An earlier try minted one: that one counts.
		if _, err := db.Exec(ctx, `DELETE FROM throttles WHERE tenant_id = @tenant AND purpose = @link`, sql.Named("link", "link:"+secret)); err != nil {
			return render.Doc{}, err
		}
		links = remove(links, "link:"+secret)
	}
	d := Letter(words, t, b.service.Portal(t))
	d.Subject, d.Heading, d.Blocks = "Subject", "Heading", []render.Block{render.Button{Label: "Go", URL: "https://havn.example/" + links[0][len("link:"):]}}
	return d, nil
}

func remove(list []string, gone string) (kept []string) {
	for _, s := range list {
		if s != gone {
			kept = append(kept, s)
		}
	}
	return kept
}

// send stores a message of the kind "link" for each address.
func (b *bench) send(ctx context.Context, kind string, args map[string]string, to ...string) []uuid.UUID {
	b.t.Helper()
	var before, after []uuid.UUID
	list := make([]New, len(to))
	for i, address := range to {
		list[i] = New{Kind: kind, To: address, Language: "en", Args: args}
	}
	err := b.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.From(ctx).Model(&row{}).Pluck("id", &before).Error; err != nil {
			return err
		}
		if err := b.service.SendAll(ctx, list); err != nil {
			return err
		}
		return db.From(ctx).Model(&row{}).Order("id").Where("id NOT IN ?", append(before, uuid.Nil)).Pluck("id", &after).Error
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return after
}

// work does what is due; rows of a dead process are given back first.
func (b *bench) work() {
	b.t.Helper()
	ctx := context.Background()
	if err := outbox.Requeue(ctx, b.db, b.clock.Now().Add(1e9)); err != nil {
		b.t.Fatal(err)
	}
	w := &outbox.Worker{
		DB: b.db, Kinds: map[string]outbox.Kind{Deliver: b.service.OutboxKind()}, Log: slog.New(slog.DiscardHandler),
		Enter: func(ctx context.Context, id uuid.UUID) (context.Context, error) {
			return tenancy.Enter(ctx, b.tenants[id]), nil
		},
	}
	if err := outbox.Drain(ctx, b.db, w); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) row(ctx context.Context, id uuid.UUID) (r row) {
	b.t.Helper()
	if err := b.db.Read(ctx, func(ctx context.Context) error { return db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&r)) }); err != nil {
		b.t.Fatal(err)
	}
	return r
}

// undone counts the outbox rows that still have work.
func (b *bench) undone(ctx context.Context) (n int64) {
	b.t.Helper()
	err := b.db.Read(ctx, func(ctx context.Context) error {
		return db.From(ctx).Model(&outbox.Row{}).Where("done_at IS NULL AND failed_at IS NULL").Count(&n).Error
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// post is a sender that keeps what it took and fails as it is told.
type post struct {
	mu    sync.Mutex
	mails []email.Mail
	fail  func(email.Mail) error // before taking; nil: takes
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
	return email.Receipt{ProviderID: fmt.Sprintf("p%d", len(p.mails))}, nil
}

// Close implements email.Sender.
func (*post) Close() error { return nil }

func (p *post) taken() []email.Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]email.Mail(nil), p.mails...)
}
