package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/gofiber/fiber/v2"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"tilgang/internal/clock"
	"tilgang/internal/config"
	"tilgang/internal/db"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
	"tilgang/internal/obs"
	"tilgang/internal/outbox"
	"tilgang/internal/place"
	"tilgang/internal/secret"
	"tilgang/internal/tenancy"
	"tilgang/migrations"
	"tilgang/templates"
	"tilgang/web"
)

// Options are what a test changes; the zero value is production.
type Options struct {
	Clock    clock.Clock
	Database *db.DB       // an open, migrated one; else it is opened by the settings
	Log      *slog.Logger // else made by the settings
	// Cheap makes password hashes and robot checks quick; tests only.
	Cheap bool
	Look  *Look // loaded before; else it is loaded
}

// App is the whole product in one process.
type App struct {
	Config    config.Config
	DB        *db.DB
	Box       *secret.Box
	Directory *tenancy.Directory
	Catalog   *i18n.Catalog
	Metrics   *obs.Metrics
	Log       *slog.Logger
	Places    *place.Book // nil: countries are not known
	Kit       *httpkit.Kit
	Services  Services

	redis   *redis.Client
	queue   asynq.RedisConnOpt
	client  *outbox.Queue
	opt     Options
	http    *fiber.App
	closers []func() error
	signs   map[string]func(context.Context) error // what doctor asks of the senders at AWS
	s3      func() (aws.Config, error)             // asked when it is first needed
}

// Build makes the app; nothing runs yet. Close must be called in the end.
func Build(ctx context.Context, cfg config.Config, opt Options) (a *App, err error) {
	a = &App{Config: cfg, opt: opt, Log: opt.Log, Metrics: obs.NewMetrics(), signs: map[string]func(context.Context) error{}}
	if a.Log == nil {
		a.Log = obs.NewLogger(os.Stderr, cfg.Log.Format, cfg.Log.Level)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	for _, step := range []func(context.Context) error{a.openKeys, a.openDatabase, a.openQueue, a.openTexts, a.openPlaces, a.openServices, a.openMessages} {
		if err := step(ctx); err != nil {
			return a, err
		}
	}
	return a, nil
}

// Close ends everything, last opened first.
func (a *App) Close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}

func (a *App) onClose(fn func() error) { a.closers = append(a.closers, fn) }

func (a *App) openKeys(context.Context) error {
	keys, err := a.Config.Keyset()
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	if a.Box, err = keys.Box(); err != nil {
		return fmt.Errorf("use keys: %w", err)
	}
	return nil
}

// openPlaces reads the operator's database of countries, where there is one.
func (a *App) openPlaces(context.Context) error {
	if a.Config.GeoIP == "" {
		return nil
	}
	book, err := place.Open(a.Config.GeoIP)
	if err != nil {
		return fmt.Errorf("TILGANG_GEOIP=%s: %w; name a MaxMind DB file with countries, or remove the setting", a.Config.GeoIP, err)
	}
	a.Places = book
	a.onClose(book.Close)
	return nil
}

// DatabaseFile is the embedded database's file.
func DatabaseFile(cfg config.Config) string { return filepath.Join(cfg.DataDir, "tilgang.db") }

func (a *App) openDatabase(ctx context.Context) error {
	if a.opt.Database != nil {
		a.DB = a.opt.Database
		return nil
	}
	if err := a.takeData(); err != nil {
		return err
	}
	if a.Config.Embedded() {
		if _, err := db.MigrateSQLite(ctx, DatabaseFile(a.Config), migrations.Files); err != nil {
			return fmt.Errorf("prepare the embedded database: %w", err)
		}
	}
	d, err := db.Open(ctx, db.Options{
		URL: a.Config.DatabaseURL.Plain(), File: DatabaseFile(a.Config),
		Fast: a.Config.Mode == config.Demo, Clock: a.opt.Clock,
	})
	if err != nil {
		return err
	}
	a.DB = d
	a.onClose(d.Close)
	if a.Config.Mode == config.Demo {
		return nil
	}
	return d.CheckAppRole(ctx)
}

// takeData locks the data folder when something of this process lives in it.
func (a *App) takeData() error {
	serves := a.Config.Mode == config.Serve || a.Config.Mode == config.Demo || a.Config.Mode == config.Worker
	if !serves || a.Config.RedisURL != "" {
		return nil
	}
	release, err := lockData(a.Config.DataDir)
	if err != nil {
		return err
	}
	a.onClose(func() error { release(); return nil })
	return nil
}

func (a *App) openQueue(context.Context) error {
	if a.Config.RedisURL == "" {
		embedded := outbox.StartEmbedded()
		a.queue, a.redis = embedded, embedded.Client()
		a.onClose(func() error { embedded.Close(); return nil })
	} else {
		opt, err := redis.ParseURL(a.Config.RedisURL.Plain())
		if err != nil {
			return errors.New("TILGANG_REDIS_URL is not a Redis address: write redis://host:6379/0")
		}
		a.redis = redis.NewClient(opt)
		a.queue = redisConn{opt}
	}
	a.onClose(a.redis.Close)
	a.client = outbox.NewQueue(a.queue)
	a.onClose(a.client.Close)
	return nil
}

// redisConn lets asynq use exactly the options that were read.
type redisConn struct{ opt *redis.Options }

// MakeRedisClient implements asynq.RedisConnOpt.
func (r redisConn) MakeRedisClient() interface{} { return redis.NewClient(r.opt) }

// Look is what pages are drawn with; nothing changes it, so several products may share one.
type Look struct {
	Catalog *i18n.Catalog
	Assets  *httpkit.Assets
	Engine  *httpkit.Engine
}

// LoadLook reads what is built into the program.
func LoadLook() (*Look, error) {
	catalog, err := i18n.Load(templates.FS)
	if err != nil {
		return nil, fmt.Errorf("load texts: %w", err)
	}
	assets, err := httpkit.NewAssets(web.FS)
	if err != nil {
		return nil, fmt.Errorf("load assets: %w", err)
	}
	engine, err := httpkit.NewEngine(templates.FS, assets)
	if err != nil {
		return nil, fmt.Errorf("load templates: %w", err)
	}
	return &Look{Catalog: catalog, Assets: assets, Engine: engine}, nil
}

func (a *App) openTexts(context.Context) error {
	look := a.opt.Look
	if look == nil {
		var err error
		if look, err = LoadLook(); err != nil {
			return err
		}
	}
	a.Catalog = look.Catalog
	a.Directory = tenancy.New(a.DB, a.Config.HostParent())
	a.Kit = &httpkit.Kit{
		Engine: look.Engine, Assets: look.Assets, Catalog: look.Catalog, Clock: a.DB.Clock(), Box: a.Box, Log: a.Log,
		Secure: a.Config.Secure(), Port: port(a.Config.HostParent()), Trusted: a.Config.TrustedProxies,
		Find: a.find, Enter: a.enter, Gate: a.gate, Seen: a.seen,
	}
	return nil
}
