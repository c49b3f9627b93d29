package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"

	"tilgang/internal/app"
	"tilgang/internal/config"
)

// load reads the settings for a command.
func load(mode config.Mode) (config.Config, error) {
	cfg, err := config.Load(os.Environ(), mode)
	if err != nil {
		return cfg, fmt.Errorf("settings:\n%w", err)
	}
	return cfg, nil
}

// open reads the settings and builds the app.
func open(ctx context.Context, mode config.Mode) (*app.App, error) {
	cfg, err := load(mode)
	if err != nil {
		return nil, err
	}
	a, err := app.Build(ctx, cfg, app.Options{})
	if err != nil {
		return nil, err
	}
	for _, w := range cfg.Warnings {
		a.Log.LogAttrs(ctx, slog.LevelWarn, w) //nolint:sloglint // the sentence is the settings' own
	}
	return a, nil
}

func serve(ctx context.Context, args []string, _ io.Writer) (err error) {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	work := flags.Bool("worker", true, "also relay and work")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	a, err := open(ctx, config.Serve)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if !*work && a.Config.RedisURL == "" {
		return errors.New("serve --worker=false needs TILGANG_REDIS_URL: without it the queue lives in this process and nobody would work")
	}
	l, err := listen(ctx, a.Config.Listen)
	if err != nil {
		return err
	}
	a.Log.LogAttrs(ctx, slog.LevelInfo, "serving", slog.String("listen", l.Addr().String()), slog.String("base", a.Config.BaseURL))
	return a.Serve(ctx, l, *work)
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; is another program there? choose another address with TILGANG_LISTEN", address, err)
	}
	return l, nil
}

func worker(ctx context.Context, _ []string, _ io.Writer) (err error) {
	cfg, err := load(config.Worker)
	if err != nil {
		return err
	}
	if cfg.RedisURL == "" || cfg.Embedded() {
		return errors.New("worker needs TILGANG_DATABASE_URL and TILGANG_REDIS_URL: with the embedded database and queue, `tilgang serve` does the work itself")
	}
	a, err := app.Build(ctx, cfg, app.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	a.Log.LogAttrs(ctx, slog.LevelInfo, "working")
	return a.Work(ctx)
}

func migrate(ctx context.Context, _ []string, out io.Writer) error {
	cfg, err := load(config.Migrate)
	if err != nil {
		return err
	}
	n, err := app.Migrate(ctx, cfg)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d migrations applied; the schema is up to date\n", n)
	return err
}
