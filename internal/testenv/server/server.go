package server

import (
	"context"
	"fmt"
	"os"
)

// Servers is what a phase of the suite runs against.
type Servers struct {
	PostgresURL string // of a superuser
	RedisURL    string
	Temp        string // a folder for everything temporary, removed by Close

	started []*process
}

// Start uses the servers that TEST_POSTGRES_URL and TEST_REDIS_URL name and
// starts the others; they take about three seconds. Close them when done; after
// an error nothing is left to close.
func Start(ctx context.Context) (*Servers, error) {
	s := &Servers{PostgresURL: os.Getenv("TEST_POSTGRES_URL"), RedisURL: os.Getenv("TEST_REDIS_URL")}
	if err := s.start(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Servers) start(ctx context.Context) error {
	if err := s.prepare(); err != nil {
		return err
	}
	if s.PostgresURL == "" {
		p, at, err := startPostgres(ctx, s.Temp)
		if err != nil {
			return err
		}
		s.PostgresURL, s.started = at, append(s.started, p)
	}
	if s.RedisURL == "" {
		p, at, err := startRedis(ctx, s.Temp)
		if err != nil {
			return err
		}
		s.RedisURL, s.started = at, append(s.started, p)
	}
	return nil
}

// prepare makes the temporary folder; Postgres' own account must be able to
// pass through it, and the folders inside are closed.
func (s *Servers) prepare() error {
	temp, err := os.MkdirTemp("", "tilgang-test-")
	if err != nil {
		return fmt.Errorf("temporary folder: %w", err)
	}
	s.Temp = temp
	if err := os.Chmod(temp, 0o711); err != nil { //nolint:gosec // see above
		return fmt.Errorf("temporary folder: %w", err)
	}
	return nil
}

// Close stops what Start started and removes the temporary folder.
func (s *Servers) Close() {
	for _, p := range s.started {
		p.stop()
	}
	s.started = nil
	if s.Temp != "" {
		_ = os.RemoveAll(s.Temp)
	}
}
