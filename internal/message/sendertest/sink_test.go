package sendertest_test

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"

	"tilgang/internal/message/sendertest"
)

func newSink(t *testing.T, c sendertest.SinkConfig) *sendertest.Sink {
	t.Helper()
	sink, err := sendertest.NewSink(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sink.Close)
	return sink
}

// speak opens a line, sends each command after an answer, and gives the answers.
func speak(t *testing.T, sink *sendertest.Sink, commands ...string) []string {
	t.Helper()
	line, err := net.Dial("tcp", net.JoinHostPort(sink.Host(), strconv.Itoa(sink.Port())))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = line.Close() })
	in := bufio.NewReader(line)
	var answers []string
	for _, command := range append([]string{""}, commands...) {
		if command != "" {
			_, _ = fmt.Fprintf(line, "%s\r\n", command)
		}
		answer, err := in.ReadString('\n')
		if err != nil {
			return append(answers, "closed")
		}
		answers = append(answers, strings.TrimSpace(answer))
	}
	return answers
}

func TestTheSinkIsBounded(t *testing.T) {
	mail := []string{"MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA"}
	last := func(answers []string) string { return answers[len(answers)-1] }
	t.Run("in lines open at once", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{Connections: 1})
		if got := last(speak(t, sink)); !strings.HasPrefix(got, "220") {
			t.Errorf("the first line got %s", got)
		}
		if got := last(speak(t, sink)); !strings.HasPrefix(got, "421") {
			t.Errorf("the second line got %s", got)
		}
	})
	t.Run("in the length of a command", func(t *testing.T) {
		if got := last(speak(t, newSink(t, sendertest.SinkConfig{}), strings.Repeat("x", 5000))); got != "closed" {
			t.Errorf("a long command got %s", got)
		}
	})
	t.Run("in the size of a mail", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{MaxSize: 100})
		if got := last(speak(t, sink, append(mail, strings.Repeat("x", 200)+"\r\n.")...)); !strings.HasPrefix(got, "552") {
			t.Errorf("a big mail got %s", got)
		}
		if sink.Count() != 0 {
			t.Error("a big mail was taken")
		}
	})
	t.Run("in the mails kept, not in those counted", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{Keep: 2})
		for i := range 5 {
			body := fmt.Sprintf("From: <a@b.example>\r\nTo: <c@d.example>\r\nSubject: %d\r\nContent-Type: text/plain\r\n\r\nx\r\n.", i)
			if got := last(speak(t, sink, append(mail, body)...)); !strings.HasPrefix(got, "250") {
				t.Errorf("mail %d got %s", i, got)
			}
		}
		mails, err := sink.Mails()
		if err != nil || len(mails) != 2 || mails[1].Subject != "4" || mails[1].EnvelopeTo[0] != "c@d.example" || sink.Count() != 5 {
			t.Errorf("kept %+v of %d, %v", mails, sink.Count(), err)
		}
	})
	t.Run("in what it does without a recipient", func(t *testing.T) {
		if got := last(speak(t, newSink(t, sendertest.SinkConfig{}), "MAIL FROM:<a@b.example>", "DATA")); !strings.HasPrefix(got, "503") {
			t.Errorf("DATA got %s", got)
		}
	})
}
