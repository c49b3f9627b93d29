// Package apptest runs the whole product inside a test: real database, real
// routes, a clock that is moved by hand, and a browser without a screen that
// keeps cookies and follows redirects as people's browsers do.
package apptest

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tilgang/internal/app"
	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/config"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/outbox"
	"tilgang/internal/roster"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/tenants"
)

// look is what pages are drawn with, loaded once for all worlds.
var look = sync.OnceValues(app.LoadLook)

// World is a running product with nobody in it.
type World struct {
	T     testing.TB
	App   *app.App
	DB    *db.DB
	Clock *clock.Fake
	Base  string // host:port of the installation

	port string // on which this process of it answers
}

// New starts a product on a database of its own. It serves on a loopback port;
// the outbox is worked by Work, when the test says so.
func New(tb testing.TB) *World {
	tb.Helper()
	d, now := dbtest.New(tb)
	return Start(tb, d, now)
}

// Start is New on a given database, with settings of the test's own.
func Start(tb testing.TB, d *db.DB, now *clock.Fake, settings ...string) *World {
	tb.Helper()
	return start(tb, d, now, "", nil, settings)
}

// StartIn is Start with a data folder that fill puts files into, told what the
// installation is called.
func StartIn(tb testing.TB, d *db.DB, now *clock.Fake, fill func(dir, base string) error) *World {
	tb.Helper()
	return start(tb, d, now, "", fill, nil)
}

// Beside starts a second process of the same installation: another port, the
// same hosts, keys and database.
func (w *World) Beside() *World {
	w.T.Helper()
	return start(w.T, w.DB, w.Clock, w.Base, nil, []string{"TILGANG_KEYSET=" + w.App.Config.KeysetPath})
}

// start serves on a port of its own; without a base the installation is called
// by it. The data folder is a fresh one where the settings name none.
func start(tb testing.TB, d *db.DB, now *clock.Fake, base string, fill func(dir, base string) error, settings []string) *World {
	tb.Helper()
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if base == "" {
		base = "localhost:" + port
	}
	dir := tb.TempDir()
	if fill != nil {
		if err := fill(dir, base); err != nil {
			tb.Fatal(err)
		}
	}
	settings = append([]string{"TILGANG_DATA_DIR=" + dir, "TILGANG_LISTEN=" + l.Addr().String()}, settings...)
	a, err := Build(d, now, base, settings...)
	if err != nil {
		tb.Fatal(err)
	}
	serve(tb, a, l)
	return &World{T: tb, App: a, DB: d, Clock: now, Base: base, port: port}
}

// Build is a product that does not serve; the last word on a setting holds.
func Build(d *db.DB, now clock.Clock, base string, settings ...string) (*app.App, error) {
	cfg, err := config.Load(append(settings, "TILGANG_BASE_URL=http://"+base), config.Demo)
	if err != nil {
		return nil, err
	}
	look, err := look()
	if err != nil {
		return nil, err
	}
	return app.Build(context.Background(), cfg, app.Options{Clock: now, Database: d, Log: slog.New(slog.DiscardHandler), Cheap: true, Look: look})
}

func serve(tb testing.TB, a *app.App, l net.Listener) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, l, false) }()
	tb.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			tb.Error(err)
		}
		if err := a.Close(); err != nil {
			tb.Error(err)
		}
	})
}

// Tenant loads a demonstration tenant, without people, and gives its context as
// the operator.
func (w *World) Tenant(slug string) context.Context {
	w.T.Helper()
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		w.T.Fatal(err)
	}
	return w.Apply(spec)
}

// Custom loads a tenant of the test's own making.
func (w *World) Custom(slug, yaml string) context.Context {
	w.T.Helper()
	spec, problems := tenant.Parse(slug, []byte(yaml), nil)
	if len(problems) > 0 {
		w.T.Fatal(tenant.Problems(problems))
	}
	return w.Apply(spec)
}

// Apply applies a tenant's file.
func (w *World) Apply(spec *tenant.Spec) context.Context {
	w.T.Helper()
	if _, err := w.App.Directory.Apply(context.Background(), spec); err != nil {
		w.T.Fatal(err)
	}
	return w.Operator(spec.Slug)
}

// Operator is a context of a tenant's, acting as the operator.
func (w *World) Operator(slug string) context.Context {
	w.T.Helper()
	t, err := w.App.Directory.BySlug(context.Background(), slug)
	if err != nil {
		w.T.Fatal(err)
	}
	return authz.With(tenancy.Enter(context.Background(), t), authz.Actor{Kind: authz.Command})
}

// Import takes a demonstration tenant's file in.
func (w *World) Import(ctx context.Context, file string) roster.Import {
	w.T.Helper()
	f, err := tenants.FS.Open(file)
	if err != nil {
		w.T.Fatal(err)
	}
	row, err := w.App.Services.Roster.Run(ctx, filepath.Base(file), f, false, func(roster.Import) {})
	if err != nil {
		w.T.Fatal(err)
	}
	return row
}

// Work does what the outbox holds until nothing is due.
func (w *World) Work() {
	w.T.Helper()
	if err := outbox.Drain(context.Background(), w.DB, w.App.Worker()); err != nil {
		w.T.Fatal(err)
	}
}

// Pass lets time go by.
func (w *World) Pass(d time.Duration) { w.Clock.Move(d) }
