package testenv

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	claimPrefix = "tilgang-test-claim:"
	claimLife   = 15 * time.Minute // longer than any package's tests may run
	claimWait   = time.Minute
)

// Redis returns a URL to an empty logical database that nobody else uses until
// the test ends, or "" without TEST_REDIS_URL, which means the embedded queue.
// Database 0 holds the claims.
func Redis(tb testing.TB) string {
	tb.Helper()
	base := os.Getenv("TEST_REDIS_URL")
	if base == "" {
		return ""
	}
	options, err := redis.ParseURL(base)
	if err != nil {
		tb.Fatalf("TEST_REDIS_URL: %v", err)
	}
	options.DB = 0
	claims := redis.NewClient(options)
	tb.Cleanup(func() { _ = claims.Close() })
	number, err := claim(claims)
	if err != nil {
		tb.Fatalf("claim a Redis database: %v", err)
	}
	tb.Cleanup(func() { release(tb, claims, number) })
	return logicalURL(base, number)
}

// claim takes the first free number and empties that database, since the
// process that used it before may have died in the middle.
func claim(claims *redis.Client) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), claimWait)
	defer cancel()
	count := databases(ctx, claims)
	for ; ; time.Sleep(50 * time.Millisecond) {
		for number := 1; number < count; number++ {
			taken, err := claims.SetNX(ctx, claimKey(number), os.Getpid(), claimLife).Result()
			if err != nil {
				return 0, fmt.Errorf("%d databases: %w", count, err)
			}
			if taken {
				return number, flush(ctx, claims, number)
			}
		}
	}
}

func release(tb testing.TB, claims *redis.Client, number int) {
	ctx := context.Background()
	if err := flush(ctx, claims, number); err != nil {
		tb.Errorf("release Redis database: %v", err)
	}
	claims.Del(ctx, claimKey(number))
}

func flush(ctx context.Context, claims *redis.Client, number int) error {
	options := *claims.Options()
	options.DB = number
	client := redis.NewClient(&options)
	defer func() { _ = client.Close() }()
	if err := client.FlushDB(ctx).Err(); err != nil {
		return fmt.Errorf("empty database %d: %w", number, err)
	}
	return nil
}

// databases is the server's number of logical databases; 16 is Redis' default
// and what a server that hides its configuration is taken to have.
func databases(ctx context.Context, client *redis.Client) int {
	found, err := client.ConfigGet(ctx, "databases").Result()
	if err != nil {
		return 16
	}
	count, err := strconv.Atoi(found["databases"])
	if err != nil {
		return 16
	}
	return count
}

func claimKey(number int) string { return claimPrefix + strconv.Itoa(number) }

func logicalURL(base string, number int) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	u.Path = "/" + strconv.Itoa(number)
	return u.String()
}
