package obs

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the program's own figures; make one with NewMetrics and hand it to those who count.
type Metrics struct {
	Requests     *prometheus.CounterVec   // route, method, status
	Duration     *prometheus.HistogramVec // route; seconds
	HashRunning  prometheus.Gauge         // password hashes being computed
	HashWaiting  prometheus.Gauge         // password hashes waiting for a place
	HashRefused  prometheus.Counter       // sign-ins turned away because the queue was full
	OutboxLag    *prometheus.GaugeVec     // lane; seconds since the oldest due row was due
	OutboxQueued *prometheus.GaugeVec     // lane; rows due and not done
	Messages     *prometheus.CounterVec   // channel, state: each time a message enters a state

	registry *prometheus.Registry
}

// NewMetrics makes a registry of its own with our figures and those of Go and the process.
func NewMetrics() *Metrics {
	m := &Metrics{
		Requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tilgang_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "status"}),
		Duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tilgang_http_request_duration_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route"}),
		HashRunning:  gauge("tilgang_hash_running", "Password hashes being computed."),
		HashWaiting:  gauge("tilgang_hash_waiting", "Password hashes waiting for a place."),
		OutboxLag:    gauges("tilgang_outbox_lag_seconds", "Age of the oldest due row.", "lane"),
		OutboxQueued: gauges("tilgang_outbox_queued", "Rows due and not done.", "lane"),
		HashRefused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tilgang_hash_refused_total", Help: "Sign-ins turned away because the hash queue was full.",
		}),
		Messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tilgang_messages_total", Help: "Messages that entered a state.",
		}, []string{"channel", "state"}),
		registry: prometheus.NewRegistry(),
	}
	m.registry.MustRegister(m.Requests, m.Duration, m.HashRunning, m.HashWaiting, m.HashRefused,
		m.OutboxLag, m.OutboxQueued, m.Messages,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

func gauges(name, help, label string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{label})
}

// Observe counts one answered request; route is the pattern it matched, never the path asked for.
func (m *Metrics) Observe(route, method string, status int, took time.Duration) {
	m.Requests.WithLabelValues(route, knownMethod(method), strconv.Itoa(status)).Inc()
	m.Duration.WithLabelValues(route).Observe(took.Seconds())
}

// knownMethod keeps made-up methods from making series without end.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions:
		return method
	}
	return "OTHER"
}

// Handler serves the figures at /metrics and a 404 elsewhere; it belongs on a port of its own.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: 3, Timeout: 10 * time.Second,
	}))
	return mux
}
