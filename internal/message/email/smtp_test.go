package email_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/message/email"
	"tilgang/internal/message/sendertest"
)

// at is a script that steps in at one stage.
func at(stage sendertest.Stage, reply sendertest.Reply) sendertest.Script {
	return func(s sendertest.Step) sendertest.Reply {
		if s.Stage == stage {
			return reply
		}
		return sendertest.Reply{}
	}
}

func line(s string) sendertest.Reply { return sendertest.Reply{Line: s} }

// result is what a refused mail's sender learns, and what arrived all the same.
type result struct {
	Outcome  email.Outcome
	Stage    string
	Code     int
	Enhanced string
	Arrived  int
}

func TestARefusalSaysWhatMayBeDoneNext(t *testing.T) {
	gone := sendertest.Reply{Close: true}
	for name, c := range map[string]struct {
		script sendertest.Script
		want   result
	}{
		"greeting 554 is about us":       {at(sendertest.Greet, line("554 5.7.1 no")), result{email.Retry, "connect", 0, "", 0}},
		"greeting without end":           {at(sendertest.Greet, sendertest.Reply{Silent: true}), result{email.Retry, "connect", 0, "", 0}},
		"line ends at hello":             {at(sendertest.Hello, gone), result{email.Retry, "connect", 0, "", 0}},
		"sender refused":                 {at(sendertest.From, line("550 5.7.1 not you")), result{email.Permanent, "mail", 550, "5.7.1", 0}},
		"sender must sign in":            {at(sendertest.From, line("530 5.7.0 sign in")), result{email.Retry, "mail", 530, "5.7.0", 0}},
		"sender throttled":               {at(sendertest.From, line("451 4.7.1 slower")), result{email.Retry, "mail", 451, "4.7.1", 0}},
		"address unknown":                {at(sendertest.To, line("550 5.1.1 unknown")), result{email.Permanent, "rcpt", 550, "5.1.1", 0}},
		"mailbox full for now":           {at(sendertest.To, line("452 4.2.2 full")), result{email.Retry, "rcpt", 452, "4.2.2", 0}},
		"several lines":                  {at(sendertest.To, line("550-5.1.1 unknown\r\n550 5.1.1 really")), result{email.Permanent, "rcpt", 550, "5.1.1", 0}},
		"data refused":                   {at(sendertest.Data, line("554 5.5.1 no")), result{email.Permanent, "data", 554, "5.5.1", 0}},
		"line ends at data":              {at(sendertest.Data, gone), result{email.Retry, "data", 0, "", 0}},
		"content refused":                {at(sendertest.Body, line("554 5.6.0 spam")), result{email.Permanent, "accept", 554, "5.6.0", 0}},
		"content put off":                {at(sendertest.Body, line("451 4.3.0 later")), result{email.Retry, "accept", 451, "4.3.0", 0}},
		"line ends after the final dot":  {at(sendertest.Body, gone), result{email.Unknown, "accept", 0, "", 0}},
		"answer is no SMTP":              {at(sendertest.Body, line("hello?")), result{email.Unknown, "accept", 0, "", 0}},
		"taken, but the answer got lost": {at(sendertest.Body, sendertest.Reply{Silent: true}), result{email.Unknown, "accept", 0, "", 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sink := newSink(t, sendertest.SinkConfig{Script: c.script})
			sender := newSMTP(t, sink, func(c *email.SMTPConfig) { c.Timeout = time.Second })
			_, err := sender.Send(t.Context(), sendertest.Example("refused-1"))
			var e *email.Error
			if !errors.As(err, &e) {
				t.Fatalf("error is %v", err)
			}
			got := result{email.Class(err), e.Stage, e.Code, e.Enhanced, sink.Count()}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClassOfOtherErrors(t *testing.T) {
	if got := email.Class(nil); got != "" {
		t.Errorf("success has outcome %q", got)
	}
	if got := email.Class(errors.New("other")); got != email.Unknown {
		t.Errorf("a stranger's error has outcome %q", got)
	}
}

func TestNobodyListening(t *testing.T) {
	sink := newSink(t, sendertest.SinkConfig{})
	sender := newSMTP(t, sink, nil)
	sink.Close()
	_, err := sender.Send(t.Context(), sendertest.Example("nobody-1"))
	if email.Class(err) != email.Retry {
		t.Errorf("outcome %q of %v", email.Class(err), err)
	}
}

func TestConnectionsAreKept(t *testing.T) {
	t.Run("one after the other needs one connection", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{})
		sender := newSMTP(t, sink, nil)
		sendAll(t, sender, 20)
		wantCounts(t, sink, 20, 1)
	})
	t.Run("a refused mail costs no connection", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{Script: func(s sendertest.Step) sendertest.Reply {
			if s.Stage == sendertest.To && s.Mail == 1 {
				return sendertest.Reply{Line: "550 5.1.1 unknown"}
			}
			return sendertest.Reply{}
		}})
		sender := newSMTP(t, sink, nil)
		if _, err := sender.Send(t.Context(), sendertest.Example("kept-1")); email.Class(err) != email.Permanent {
			t.Errorf("first send: %v", err)
		}
		sendAll(t, sender, 1)
		wantCounts(t, sink, 1, 1)
	})
	t.Run("never more at once than allowed", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{Connections: 3})
		sender := newSMTP(t, sink, func(c *email.SMTPConfig) { c.Connections = 3 })
		var wait sync.WaitGroup
		for range 30 {
			wait.Go(func() { sendAll(t, sender, 2) })
		}
		wait.Wait()
		if sink.Count() != 60 || sink.Dialled() > 3 {
			t.Errorf("%d mails over %d connections", sink.Count(), sink.Dialled())
		}
	})
}

func TestConnectionsAreReplaced(t *testing.T) {
	t.Run("a line the relay closed meanwhile is replaced unnoticed", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{})
		sender := newSMTP(t, sink, nil)
		sendAll(t, sender, 1)
		sink.HangUp()
		sendAll(t, sender, 1)
		wantCounts(t, sink, 2, 2)
	})
	t.Run("a relay that counts mails and says 421 gets a new line", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{Script: func(s sendertest.Step) sendertest.Reply {
			if s.Stage == sendertest.From && s.Mail > 2 {
				return sendertest.Reply{Line: "421 4.7.0 enough for one line", Close: true}
			}
			return sendertest.Reply{}
		}})
		sendAll(t, newSMTP(t, sink, nil), 6)
		wantCounts(t, sink, 6, 3)
	})
	t.Run("one that says 421 on a new line is believed", func(t *testing.T) {
		script := at(sendertest.From, sendertest.Reply{Line: "421 4.3.2 going down", Close: true})
		sink := newSink(t, sendertest.SinkConfig{Script: script})
		_, err := newSMTP(t, sink, nil).Send(t.Context(), sendertest.Example("down-1"))
		if email.Class(err) != email.Retry || sink.Dialled() != 1 {
			t.Errorf("outcome %q after %d connections", email.Class(err), sink.Dialled())
		}
	})
	t.Run("a line unused for too long is not used again", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{})
		sender := newSMTP(t, sink, func(c *email.SMTPConfig) { c.Idle = time.Nanosecond })
		sendAll(t, sender, 2)
		wantCounts(t, sink, 2, 2)
	})
}

func TestALostAnswerIsNotSentAgain(t *testing.T) {
	for name, c := range map[string]struct {
		reply   sendertest.Reply
		arrived int
	}{
		"when the relay falls silent":    {sendertest.Reply{Silent: true}, 1},
		"when the relay closes the line": {sendertest.Reply{Close: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sink := newSink(t, sendertest.SinkConfig{Script: func(s sendertest.Step) sendertest.Reply {
				if s.Stage == sendertest.Body && s.Mail == 2 {
					return c.reply
				}
				return sendertest.Reply{}
			}})
			sender := newSMTP(t, sink, func(c *email.SMTPConfig) { c.Timeout = time.Second })
			sendAll(t, sender, 1)
			_, err := sender.Send(t.Context(), sendertest.Example("lost-1"))
			if email.Class(err) != email.Unknown {
				t.Errorf("outcome %q", email.Class(err))
			}
			wantCounts(t, sink, 1+c.arrived, 1)
			sendAll(t, sender, 1)
			wantCounts(t, sink, 2+c.arrived, 2)
		})
	}
}

func TestCancellingASendUnderWay(t *testing.T) {
	for name, c := range map[string]struct {
		stage sendertest.Stage
		want  email.Outcome
	}{
		"before the content it may be sent again": {sendertest.To, email.Retry},
		"after the final dot nobody knows":        {sendertest.Body, email.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			sink := newSink(t, sendertest.SinkConfig{Idle: 15 * time.Second, Script: func(s sendertest.Step) sendertest.Reply {
				if s.Stage == c.stage && s.Conn == 1 {
					cancel()
					return sendertest.Reply{Silent: true}
				}
				return sendertest.Reply{}
			}})
			sender := newSMTP(t, sink, func(c *email.SMTPConfig) { c.Timeout = time.Hour })
			started := time.Now()
			_, err := sender.Send(ctx, sendertest.Example("stopped-1"))
			if took := time.Since(started); took > 10*time.Second {
				t.Errorf("the send went on for %v", took)
			}
			if email.Class(err) != c.want || !errors.Is(err, context.Canceled) {
				t.Errorf("outcome %q of %v", email.Class(err), err)
			}
			sendAll(t, sender, 1)
		})
	}
}

func TestWaitingForAConnectionEndsWithTheContext(t *testing.T) {
	busy := make(chan struct{})
	sink := newSink(t, sendertest.SinkConfig{Script: func(s sendertest.Step) sendertest.Reply {
		if s.Stage == sendertest.From {
			close(busy)
			return sendertest.Reply{Silent: true}
		}
		return sendertest.Reply{}
	}})
	sender := newSMTP(t, sink, func(c *email.SMTPConfig) { c.Connections = 1 })
	first, stop := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() { _, _ = sender.Send(first, sendertest.Example("busy-1")) })
	<-busy
	second, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := sender.Send(second, sendertest.Example("busy-2"))
	var e *email.Error
	if !errors.As(err, &e) || e.Stage != "wait" || e.Outcome != email.Retry || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
	stop()
	wait.Wait()
}

func sendAll(t testing.TB, sender email.Sender, n int) {
	t.Helper()
	for range n {
		if _, err := sender.Send(t.Context(), sendertest.Example("mail-1")); err != nil {
			t.Errorf("send: %v", err)
		}
	}
}

func wantCounts(t *testing.T, sink *sendertest.Sink, mails, connections int) {
	t.Helper()
	if sink.Count() != mails || sink.Dialled() != connections {
		t.Errorf("%d mails over %d connections, want %d over %d", sink.Count(), sink.Dialled(), mails, connections)
	}
}
