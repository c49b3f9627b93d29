package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Servers are the asynq servers of one process: one for security work alone,
// so that no bulk can take its workers, and one for the rest.
type Servers struct{ list []*asynq.Server }

// StartServers starts them. concurrency is how many tasks of the rest run at
// once; security has half as many, at least two.
func StartServers(conn asynq.RedisConnOpt, w *Worker, concurrency int) (*Servers, error) {
	s := &Servers{}
	for _, part := range []struct {
		n      int
		queues map[string]int
	}{
		{max(2, concurrency/2), map[string]int{string(Security): 1}},
		{concurrency, map[string]int{string(Normal): 4, string(Bulk): 1}},
	} {
		srv := asynq.NewServer(conn, asynq.Config{
			Concurrency: part.n, Queues: part.queues, TaskCheckInterval: 50 * time.Millisecond,
			ShutdownTimeout: 40 * time.Second, Logger: quiet{w.Log}, LogLevel: asynq.WarnLevel,
		})
		if err := srv.Start(w); err != nil {
			s.Stop()
			return nil, fmt.Errorf("start worker: %w", err)
		}
		s.list = append(s.list, srv)
	}
	return s, nil
}

// Stop lets running tasks finish, for at most 40 seconds. It must come before
// the Redis connection is closed.
func (s *Servers) Stop() {
	for _, srv := range s.list {
		srv.Shutdown()
	}
}

// quiet sends asynq's own words to our log.
type quiet struct{ log *slog.Logger }

func (q quiet) say(level slog.Level, args []any) {
	q.log.LogAttrs(context.Background(), level, "queue", slog.String("detail", fmt.Sprint(args...))) //nolint:forbidigo // asynq hands none over
}

// Debug implements asynq.Logger.
func (q quiet) Debug(args ...any) { q.say(slog.LevelDebug, args) }

// Info implements asynq.Logger.
func (q quiet) Info(args ...any) { q.say(slog.LevelDebug, args) }

// Warn implements asynq.Logger.
func (q quiet) Warn(args ...any) { q.say(slog.LevelWarn, args) }

// Error implements asynq.Logger.
func (q quiet) Error(args ...any) { q.say(slog.LevelWarn, args) }

// Fatal implements asynq.Logger; it does not end the process.
func (q quiet) Fatal(args ...any) { q.say(slog.LevelError, args) }

// Embedded is a Redis inside the process, without a port, for one process.
type Embedded struct {
	mini *miniredis.Miniredis
	stop chan struct{}
}

// StartEmbedded starts it. Its clock is moved by hand each second, because it
// lets no key expire by itself.
func StartEmbedded() *Embedded {
	e := &Embedded{mini: miniredis.NewMiniRedis(), stop: make(chan struct{})}
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-e.stop:
				return
			case <-tick.C:
				e.mini.FastForward(time.Second)
			}
		}
	}()
	return e
}

// Dial connects to the embedded Redis.
func (e *Embedded) Dial(context.Context, string, string) (net.Conn, error) { return e.mini.Dial() }

// MakeRedisClient implements asynq.RedisConnOpt.
func (e *Embedded) MakeRedisClient() interface{} { return e.Client() }

// Client is a client of the embedded Redis.
func (e *Embedded) Client() *redis.Client {
	return redis.NewClient(&redis.Options{Dialer: e.Dial})
}

// Close ends the embedded Redis and all that it held.
func (e *Embedded) Close() {
	close(e.stop)
	e.mini.Close()
}
