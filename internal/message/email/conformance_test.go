package email_test

import (
	"testing"

	"tilgang/internal/message/email"
	"tilgang/internal/message/sendertest"
)

func TestSMTPPassesTheSenderSuite(t *testing.T) {
	sendertest.Run(t, func(t *testing.T) (email.Sender, func() []sendertest.ReceivedMail) {
		sink := newSink(t, sendertest.SinkConfig{})
		return newSMTP(t, sink, nil), func() []sendertest.ReceivedMail { return mails(t, sink) }
	})
}

func newSink(t testing.TB, c sendertest.SinkConfig) *sendertest.Sink {
	t.Helper()
	sink, err := sendertest.NewSink(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sink.Close)
	return sink
}

func newSMTP(t testing.TB, sink *sendertest.Sink, change func(*email.SMTPConfig)) *email.SMTP {
	t.Helper()
	c := email.SMTPConfig{Host: sink.Host(), Port: sink.Port(), Security: email.Plain}
	if change != nil {
		change(&c)
	}
	sender, err := email.NewSMTP(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sender.Close() })
	return sender
}

func mails(t testing.TB, sink *sendertest.Sink) []sendertest.ReceivedMail {
	t.Helper()
	got, err := sink.Mails()
	if err != nil {
		t.Fatal(err)
	}
	return got
}
