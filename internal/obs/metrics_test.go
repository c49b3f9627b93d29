package obs

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, m *Metrics, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestMetricsAreServed(t *testing.T) {
	m := NewMetrics()
	m.Observe("/invite/:token", "GET", 200, 30*time.Millisecond)
	m.Observe("/invite/:token", "GET", 200, time.Millisecond)
	m.Observe("/signin", "BREW", 405, time.Millisecond)
	m.HashRunning.Set(2)
	m.HashWaiting.Set(7)
	m.HashRefused.Inc()
	m.OutboxLag.WithLabelValues("security").Set(1.5)
	m.OutboxQueued.WithLabelValues("bulk").Set(900)
	m.Messages.WithLabelValues("email", "delivered").Inc()
	w := get(t, m, http.MethodGet, "/metrics")
	for _, line := range []string{
		`tilgang_http_requests_total{method="GET",route="/invite/:token",status="200"} 2`,
		`tilgang_http_requests_total{method="OTHER",route="/signin",status="405"} 1`,
		`tilgang_http_request_duration_seconds_bucket{route="/invite/:token",le="0.05"} 2`,
		`tilgang_hash_running 2`, `tilgang_hash_waiting 7`, `tilgang_hash_refused_total 1`,
		`tilgang_outbox_lag_seconds{lane="security"} 1.5`, `tilgang_outbox_queued{lane="bulk"} 900`,
		`tilgang_messages_total{channel="email",state="delivered"} 1`, `go_goroutines `,
	} {
		if !strings.Contains(w.Body.String(), line) {
			t.Errorf("lacks %s", line)
		}
	}
}

func TestMetricsServeNothingElse(t *testing.T) {
	m := NewMetrics()
	for _, c := range []struct {
		method, path string
		want         int
	}{{"GET", "/", 404}, {"GET", "/debug/pprof/", 404}, {"POST", "/metrics", 405}} {
		if got := get(t, m, c.method, c.path).Code; got != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, got, c.want)
		}
	}
}

func TestTwoRegistriesLiveSideBySide(t *testing.T) {
	a, b := NewMetrics(), NewMetrics()
	a.HashRunning.Set(1)
	if strings.Contains(get(t, b, "GET", "/metrics").Body.String(), "tilgang_hash_running 1") {
		t.Fatal("they share figures")
	}
}
