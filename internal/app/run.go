package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"tilgang/internal/outbox"
)

// workers is how many tasks run at once in one process, beside the security
// lane's own.
const workers = 8

// Serve answers on l until ctx ends, then lets running requests finish. With
// work it also relays and works, which the embedded queue needs.
func (a *App) Serve(ctx context.Context, l net.Listener, work bool) error {
	a.http = a.Kit.NewApp(a.ready)
	a.Kit.Mount(a.http, a.Routes())
	var wait sync.WaitGroup
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer wait.Wait()
	defer stop()
	if err := a.background(inner, &wait, work); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- a.http.Listener(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	return a.http.ShutdownWithTimeout(30 * time.Second)
}

// Work relays and works without answering requests.
func (a *App) Work(ctx context.Context) error {
	var wait sync.WaitGroup
	defer wait.Wait()
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := a.background(inner, &wait, true); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// background starts what runs beside the requests; all of it ends with ctx.
func (a *App) background(ctx context.Context, wait *sync.WaitGroup, work bool) error {
	if a.Config.MetricsListen != "" {
		if err := a.serveMetrics(ctx, wait); err != nil {
			return err
		}
	}
	wait.Go(func() { a.watchClock(ctx) })
	if !work {
		return nil
	}
	if a.Config.RedisURL == "" {
		// What an earlier process had queued went with it.
		if err := outbox.Requeue(ctx, a.DB, a.DB.Now().Add(time.Hour)); err != nil {
			return fmt.Errorf("give queued work back: %w", err)
		}
	}
	servers, err := outbox.StartServers(a.queue, a.Worker(), workers)
	if err != nil {
		return err
	}
	relay := &outbox.Relay{DB: a.DB, Queue: a.client, Log: a.Log}
	done := make(chan struct{})
	wait.Go(func() { relay.Run(ctx); close(done) })
	wait.Go(func() { <-done; servers.Stop() })
	wait.Go(func() { a.watchOutbox(ctx) })
	wait.Go(func() { a.watchLeftovers(ctx) })
	wait.Go(func() { a.watchInboxes(ctx) })
	return nil
}

func (a *App) serveMetrics(ctx context.Context, wait *sync.WaitGroup) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.Config.MetricsListen)
	if err != nil {
		return fmt.Errorf("listen for metrics on %s: %w", a.Config.MetricsListen, err)
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", a.Metrics.Handler())
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	wait.Go(func() {
		if err := srv.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			a.Log.LogAttrs(ctx, slog.LevelError, "metrics stopped", slog.String("error", err.Error()))
		}
	})
	wait.Go(func() { <-ctx.Done(); _ = srv.Close() })
	return nil
}

// watchOutbox keeps the figures of the lanes.
func (a *App) watchOutbox(ctx context.Context) {
	tick := time.NewTicker(15 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		depths, err := outbox.Depths(ctx, a.DB)
		if err != nil {
			continue
		}
		for _, d := range depths {
			a.Metrics.OutboxQueued.WithLabelValues(string(d.Lane)).Set(float64(d.Waiting + d.Running))
		}
	}
}

// watchClock keeps this process's clock with the database's.
func (a *App) watchClock(ctx context.Context) {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		if err := a.DB.SyncClock(ctx); err != nil && ctx.Err() == nil {
			a.Log.LogAttrs(ctx, slog.LevelWarn, "clock not compared", slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// ready tells a load balancer whether to send requests here: only the database
// decides, since a lost Redis costs nothing but speed.
func (a *App) ready(f *fiber.Ctx) error {
	if err := a.DB.Ping(f.UserContext()); err != nil {
		a.Log.LogAttrs(f.UserContext(), slog.LevelError, "not ready", slog.String("error", err.Error()))
		return f.Status(fiber.StatusServiceUnavailable).SendString("the database does not answer\n")
	}
	return f.SendString("ok\n")
}
