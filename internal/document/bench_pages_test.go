package document_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"tilgang/internal/e2e"
)

// asks is how often each page is asked for, in turns.
const asks = 500

// watch tells how long the last answer took, to its last byte.
type watch struct {
	next http.RoundTripper
	took time.Duration
}

func (w *watch) RoundTrip(req *http.Request) (*http.Response, error) {
	start := time.Now()
	res, err := w.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	w.took = time.Since(start)
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, err
}

// BenchmarkListBesideHome asks for the page of documents and for the home page
// in turns, as an employee with ten years of fourteen payslips among many
// (DOCUMENTS=50000: as many people); the list may take twice as long at p99.
func BenchmarkListBesideHome(b *testing.B) {
	s := e2e.New(b)
	w := &world{t: b, db: s.DB, now: s.Clock, ctx: s.Operator("havn")}
	crowd(b, w, size(500))
	fill(b, w)
	var clock *watch
	s.Wrap = func(next http.RoundTripper) http.RoundTripper { clock = &watch{next: next}; return clock }
	browser := s.As("havn", "employee")
	took := map[string][]time.Duration{}
	ask := func(path string) {
		if p := browser.Raw(browser.Request(http.MethodGet, path, nil)); p.Status != http.StatusOK {
			b.Fatalf("%s answers %d", path, p.Status)
		}
		took[path] = append(took[path], clock.took)
	}
	for range 20 {
		ask("/")
		ask("/document")
	}
	clear(took)
	for b.Loop() {
		for range asks {
			ask("/")
			ask("/document")
		}
	}
	home, list := at(took["/"], 0.99), at(took["/document"], 0.99)
	b.ReportMetric(home, "home-p99-ms")
	b.ReportMetric(list, "list-p99-ms")
	b.ReportMetric(at(took["/document"], 0.5), "list-p50-ms")
	b.ReportMetric(list/home, "list/home-p99")
}

// at is a quantile, in milliseconds.
func at(list []time.Duration, share float64) float64 {
	slices.Sort(list)
	return float64(list[min(len(list)-1, int(float64(len(list))*share))]) / float64(time.Millisecond)
}
