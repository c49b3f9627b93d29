package sendertest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/message/email"
)

// NewSender makes a fresh sender and a look at what has arrived, oldest first.
type NewSender func(t *testing.T) (email.Sender, func() []ReceivedMail)

// Run is what every email.Sender must pass.
func Run(t *testing.T, newSender NewSender) {
	t.Run("every letter arrives as it was written", func(t *testing.T) { everyLetter(t, newSender) })
	t.Run("both parts arrive, and alone the text does", func(t *testing.T) { bothParts(t, newSender) })
	t.Run("nothing can be smuggled into a header", func(t *testing.T) { noSmuggling(t, newSender) })
	t.Run("a cancelled send leaves nothing behind", func(t *testing.T) { cancelled(t, newSender) })
	t.Run("fifty sends at once all arrive once", func(t *testing.T) { fiftyAtOnce(t, newSender) })
	t.Run("a mail sent again carries the same Message-ID", func(t *testing.T) { sentAgain(t, newSender) })
	t.Run("a closed sender takes no mail and may be closed again", func(t *testing.T) { closed(t, newSender) })
}

// Example is a whole mail that every sender takes.
func Example(id string) email.Mail {
	return email.Mail{
		ID: id, Tenant: "havn", Kind: "invite",
		From: "no-reply@havn.example", FromName: "Havn Ærø", To: "mette@work.example",
		Subject: "Havn: vælg din adgangskode",
		Text:    "Velkommen til Havn\n\nhttps://havn.example/invite/abc\n",
		HTML:    "<!DOCTYPE html><html lang=\"da\"><p>Velkommen til Havn</p></html>\n",
	}
}

func everyLetter(t *testing.T, newSender NewSender) {
	for name, words := range map[string]string{
		"nordic":   "Æbleskiver på Ærø – Åse, Søren & Ünal",
		"emoji":    "Klar 👍🏽 til første dag 👩‍⚕️🇩🇰",
		"long":     strings.Repeat("fårekyllinger og blåbærgrød ", 12) + "slut",
		"unspaced": strings.Repeat("æ", 120) + strings.Repeat("x", 120),
		"marks":    `"quoted" <tagged> a=b; c, (d) \e . = ?`,
	} {
		t.Run(name, func(t *testing.T) {
			sender, received := newSender(t)
			m := Example("letters-1")
			m.Subject = words
			m.Text = words + "\n.\n.. a dot alone above\n\ttab  two spaces\n" + strings.Repeat(words+" ", 60) + "\nFrom here\n"
			m.HTML = "<p>" + words + "</p>\n" + strings.Repeat("<b>"+words+"</b>", 60) + "\n"
			got := one(t, sender, received, m)
			same(t, "subject", m.Subject, got.Subject)
			same(t, "text", m.Text, got.Text)
			same(t, "html", m.HTML, got.HTML)
			sevenBit(t, got.Raw)
		})
	}
}

func bothParts(t *testing.T, newSender NewSender) {
	sender, received := newSender(t)
	both := one(t, sender, received, Example("both-1"))
	same(t, "text", Example("").Text, both.Text)
	same(t, "html", Example("").HTML, both.HTML)
	same(t, "sender", "Havn Ærø", both.From.Name)
	same(t, "recipient", "mette@work.example", both.To.Address)

	alone := Example("both-2")
	alone.HTML = ""
	got := one(t, sender, received, alone)
	same(t, "text", alone.Text, got.Text)
	same(t, "html", "", got.HTML)
}

func noSmuggling(t *testing.T, newSender NewSender) {
	const evil = "x\r\nBcc: all@else.example"
	for name, change := range map[string]func(*email.Mail){
		"subject":             func(m *email.Mail) { m.Subject = evil },
		"subject, LF alone":   func(m *email.Mail) { m.Subject = "x\nBcc: all@else.example" },
		"subject, CR alone":   func(m *email.Mail) { m.Subject = "x\rBcc: all@else.example" },
		"subject, separator":  func(m *email.Mail) { m.Subject = "x\u2028Bcc: all@else.example" },
		"encoded word":        func(m *email.Mail) { m.Subject = "=?utf-8?q?other?=" },
		"from name":           func(m *email.Mail) { m.FromName = evil },
		"from":                func(m *email.Mail) { m.From = "a@b.example\r\nBcc: all@else.example" },
		"to":                  func(m *email.Mail) { m.To = "a@b.example\r\nRCPT TO:<all@else.example>" },
		"two recipients":      func(m *email.Mail) { m.To = "a@b.example, all@else.example" },
		"recipient with name": func(m *email.Mail) { m.To = "A <a@b.example>" },
		"reply-to":            func(m *email.Mail) { m.ReplyTo = evil },
		"id":                  func(m *email.Mail) { m.ID = "1>\r\nBcc: <all@else.example" },
		"kind":                func(m *email.Mail) { m.Kind = evil },
		"header value":        func(m *email.Mail) { m.Headers = map[string]string{"X-A": evil} },
		"header name":         func(m *email.Mail) { m.Headers = map[string]string{"X-A: b\r\nBcc": "all@else.example"} },
		"header of ours":      func(m *email.Mail) { m.Headers = map[string]string{"bcc": "all@else.example"} },
		"no text":             func(m *email.Mail) { m.Text = " \n" },
	} {
		t.Run(name, func(t *testing.T) {
			sender, received := newSender(t)
			m := Example("evil-1")
			change(&m)
			_, err := sender.Send(t.Context(), m)
			same(t, "outcome", email.Permanent, email.Class(err))
			same(t, "mails arrived", 0, len(received()))
		})
	}
}

func cancelled(t *testing.T, newSender NewSender) {
	sender, received := newSender(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sender.Send(ctx, Example("cancelled-1"))
	same(t, "outcome", email.Retry, email.Class(err))
	same(t, "mails arrived", 0, len(received()))
	one(t, sender, received, Example("cancelled-2"))
}

func fiftyAtOnce(t *testing.T, newSender NewSender) {
	sender, received := newSender(t)
	failures := make([]error, 50)
	var wait sync.WaitGroup
	for i := range failures {
		wait.Go(func() { _, failures[i] = sender.Send(t.Context(), Example(fmt.Sprintf("many-%02d", i))) })
	}
	wait.Wait()
	for i, err := range failures {
		if err != nil {
			t.Errorf("send %d: %v", i, err)
		}
	}
	times := map[string]int{}
	for _, m := range received() {
		times[m.MessageID]++
	}
	same(t, "different mails arrived", 50, len(times))
	same(t, "mails arrived", 50, len(received()))
}

func sentAgain(t *testing.T, newSender NewSender) {
	sender, received := newSender(t)
	first := one(t, sender, received, Example("again-1"))
	second := one(t, sender, received, Example("again-1"))
	other := one(t, sender, received, Example("again-2"))
	same(t, "Message-ID of the second send", first.MessageID, second.MessageID)
	if other.MessageID == first.MessageID {
		t.Errorf("another mail carries the Message-ID %s too", first.MessageID)
	}
}

func closed(t *testing.T, newSender NewSender) {
	sender, received := newSender(t)
	for range 2 {
		if err := sender.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	}
	_, err := sender.Send(t.Context(), Example("closed-1"))
	same(t, "outcome", email.Retry, email.Class(err))
	same(t, "mails arrived", 0, len(received()))
}

// one sends m and gives it as it arrived, being the newest.
func one(t *testing.T, sender email.Sender, received func() []ReceivedMail, m email.Mail) ReceivedMail {
	t.Helper()
	before := len(received())
	receipt, err := sender.Send(t.Context(), m)
	if err != nil {
		t.Fatalf("send: %v", err)
	}
	if receipt.ProviderID == "" {
		t.Error("the receipt names no id")
	}
	mails := received()
	if len(mails) != before+1 {
		t.Fatalf("%d mails arrived, want 1", len(mails)-before)
	}
	return mails[before]
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", what, diff)
	}
}

// sevenBit holds the wire form to ASCII and 998 bytes a line (RFC 5322 2.1.1).
func sevenBit(t *testing.T, raw []byte) {
	t.Helper()
	for i, line := range strings.Split(string(raw), "\n") {
		if len(line) > 998 {
			t.Errorf("line %d has %d bytes", i, len(line))
		}
		if strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("line %d is not ASCII: %q", i, line)
		}
	}
}
