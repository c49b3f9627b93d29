package fleet

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// Load is what clients saw of a server in a span of time.
type Load struct {
	Done     int
	Took     time.Duration
	P50, P99 time.Duration
}

// PerSecond is how many acts were done a second.
func (l Load) PerSecond() float64 { return float64(l.Done) / l.Took.Seconds() }

// press lets clients act one after the other for a span; act gets the number of
// its client and fails the benchmark by an error.
func press(b *testing.B, clients int, span time.Duration, act func(client int) error) Load {
	b.Helper()
	var wait sync.WaitGroup
	times := make([][]time.Duration, clients)
	failures := make([]error, clients)
	began := time.Now()
	for i := range clients {
		wait.Go(func() {
			for time.Since(began) < span {
				start := time.Now()
				if failures[i] = act(i); failures[i] != nil {
					return
				}
				times[i] = append(times[i], time.Since(start))
			}
		})
	}
	wait.Wait()
	took := time.Since(began)
	for _, err := range failures {
		if err != nil {
			b.Fatal(err)
		}
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	if len(all) == 0 {
		b.Fatal("nothing was done")
	}
	return Load{Done: len(all), Took: took, P50: all[len(all)/2], P99: all[len(all)*99/100]}
}

// getter asks one address over and over with a cookie, over kept connections.
func getter(address, host, path, cookie string) func(int) error {
	client := &fasthttp.HostClient{Addr: address, MaxConns: 256}
	return func(int) error {
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		defer fasthttp.ReleaseRequest(req)
		defer fasthttp.ReleaseResponse(res)
		req.SetRequestURI("http://" + address + path)
		req.UseHostHeader = true
		req.Header.SetHost(host)
		req.Header.Set("Cookie", cookie)
		if err := client.Do(req, res); err != nil {
			return fmt.Errorf("get %s: %w", path, err)
		}
		if res.StatusCode() != fasthttp.StatusOK {
			return fmt.Errorf("get %s: status %d: %s", path, res.StatusCode(), res.Body())
		}
		return nil
	}
}
