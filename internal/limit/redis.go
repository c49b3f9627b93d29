package limit

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// gcra is buckets.take as one step inside Redis. Times are microseconds; the
// key goes away by itself once the bucket is empty.
const gcra = `
local now, add, depth = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local till = tonumber(redis.call('GET', KEYS[1]) or '0')
if till < now then till = now end
till = till + add
if add > 0 and till - now > depth then return till - now - depth end
if till <= now then redis.call('DEL', KEYS[1]) return 0 end
redis.call('SET', KEYS[1], string.format('%.0f', till), 'PX', string.format('%.0f', math.ceil((till - now) / 1000)))
return 0`

func askRedis(ctx context.Context, rdb *redis.Client, name string, now time.Time, add, depth time.Duration) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	n, err := redis.NewScript(gcra).Run(ctx, rdb, []string{name}, now.UnixMicro(), add.Microseconds(), depth.Microseconds()).Int64()
	if err != nil {
		return 0, fmt.Errorf("ask redis for a bucket: %w", err)
	}
	return time.Duration(n) * time.Microsecond, nil
}
