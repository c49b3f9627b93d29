package server

import (
	"context"
	"os"
)

// Servers is what a phase of the suite runs against.
type Servers struct {
	PostgresURL string // of a superuser
	RedisURL    string

	started []*process
}

// Purpose is what servers are for.
type Purpose int

// Tests want answers soon; Figures want those of a server as it is installed.
const (
	Tests Purpose = iota
	Figures
)

// Start uses the servers that TEST_POSTGRES_URL and TEST_REDIS_URL name and
// starts the others, with their data in a folder that is Temp's; they take about
// three seconds. Close them when done; after an error nothing is left to close.
func Start(ctx context.Context, folder string, purpose Purpose) (*Servers, error) {
	s := &Servers{PostgresURL: os.Getenv("TEST_POSTGRES_URL"), RedisURL: os.Getenv("TEST_REDIS_URL")}
	if err := s.start(ctx, folder, purpose); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Servers) start(ctx context.Context, folder string, purpose Purpose) error {
	if s.PostgresURL == "" {
		p, at, err := startPostgres(ctx, folder, purpose)
		if err != nil {
			return err
		}
		s.PostgresURL, s.started = at, append(s.started, p)
	}
	if s.RedisURL == "" {
		p, at, err := startRedis(ctx, folder)
		if err != nil {
			return err
		}
		s.RedisURL, s.started = at, append(s.started, p)
	}
	return nil
}

// Close stops what Start started.
func (s *Servers) Close() {
	for _, p := range s.started {
		p.stop()
	}
	s.started = nil
}
