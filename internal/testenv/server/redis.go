package server

import (
	"context"
	"syscall"

	"github.com/redis/go-redis/v9"
)

// startRedis starts a server without persistence; each test claims one of its
// many logical databases.
func startRedis(ctx context.Context, folder string) (*process, string, error) {
	port, err := freePort()
	if err != nil {
		return nil, "", err
	}
	p, err := launch("redis", folder, syscall.SIGTERM, nil, "redis-server",
		"--port", port, "--bind", "127.0.0.1", "--dir", folder,
		"--save", "", "--appendonly", "no", "--databases", "1024")
	if err != nil {
		return nil, "", err
	}
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + port})
	defer func() { _ = client.Close() }()
	if err := p.ready(ctx, func(ctx context.Context) error { return client.Ping(ctx).Err() }); err != nil {
		p.stop()
		return nil, "", err
	}
	return p, "redis://127.0.0.1:" + port, nil
}
