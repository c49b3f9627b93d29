package testenv

import (
	"context"
	"os"
	"testing"

	"github.com/redis/go-redis/v9"
)

func TestRedis(t *testing.T) {
	t.Run("without a server the embedded queue is meant", func(t *testing.T) {
		t.Setenv("TEST_REDIS_URL", "")
		if got := Redis(t); got != "" {
			t.Errorf("got %q", got)
		}
	})
	if os.Getenv("TEST_REDIS_URL") == "" {
		return // the Postgres phase brings a server
	}
	t.Run("two tests hold different, empty databases", func(t *testing.T) {
		first, second := Redis(t), Redis(t)
		if first == second {
			t.Fatalf("both hold %s", first)
		}
		ctx := context.Background()
		one, two := open(t, first), open(t, second)
		if err := one.Set(ctx, "k", "v", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if n := two.DBSize(ctx).Val(); n != 0 {
			t.Errorf("the second database has %d keys", n)
		}
	})
	t.Run("a released database is empty for the next", func(t *testing.T) {
		t.Run("inner", func(t *testing.T) {
			open(t, Redis(t)).Set(context.Background(), "k", "v", 0)
		})
		if n := open(t, Redis(t)).DBSize(context.Background()).Val(); n != 0 {
			t.Errorf("%d keys left", n)
		}
	})
}

func open(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}
