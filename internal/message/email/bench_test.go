package email_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"tilgang/internal/message/email"
	"tilgang/internal/message/sendertest"
)

// BenchmarkSMTP hands over mails of a real one's size on eight kept connections.
func BenchmarkSMTP(b *testing.B) {
	sink := newSink(b, sendertest.SinkConfig{Keep: -1})
	sender := newSMTP(b, sink, func(c *email.SMTPConfig) { c.Connections = 8 })
	m := sendertest.Example("bench-1")
	m.Text = strings.Repeat("Velkommen til Havn, og vælg en adgangskode.\n", 30)
	m.HTML = strings.Repeat("<td style=\"padding:0 8px\">Velkommen til Havn</td>\n", 170)
	var failed atomic.Int64
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := sender.Send(b.Context(), m); err != nil {
				failed.Add(1)
			}
		}
	})
	if failed.Load() > 0 {
		b.Errorf("%d sends failed", failed.Load())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
