package sendertest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tilgang/internal/message/email"
	"tilgang/internal/message/voice"
)

// ReceivedCall is a call as its carrier took it.
type ReceivedCall struct {
	ID   string // ours, as the carrier was told
	To   string
	Said string // as the carrier speaks or shows it
}

// NewCalls makes a fresh sender and a look at what has been called, oldest
// first.
type NewCalls func(t *testing.T) (voice.Sender, func() []ReceivedCall)

// ExampleCall is a whole call that every sender takes.
func ExampleCall(id string) voice.Call {
	return voice.Call{
		ID: id, Tenant: "nordlys", Kind: "phone_call", To: "+4740008215", Language: "nb",
		Words: "Hei fra Nordlys. Koden din er 123456. En gang til: 123456.", Digits: "123456",
	}
}

// RunCalls is what every voice.Sender must pass; said is how the sender's
// carrier is given the words of a call.
func RunCalls(t *testing.T, newSender NewCalls, said func(voice.Call) string) {
	t.Run("a call arrives as it was written", func(t *testing.T) { callArrives(t, newSender, said) })
	t.Run("what is no call is refused for good", func(t *testing.T) { noCall(t, newSender) })
	t.Run("a cancelled send leaves nothing behind", func(t *testing.T) { callCancelled(t, newSender) })
	t.Run("twenty sends at once all arrive once", func(t *testing.T) { twentyCalls(t, newSender) })
	t.Run("a call made again can be told by its id", func(t *testing.T) { callAgain(t, newSender) })
	t.Run("a closed sender takes no call and may be closed again", func(t *testing.T) { callClosed(t, newSender) })
}

func callArrives(t *testing.T, newSender NewCalls, said func(voice.Call) string) {
	sender, received := newSender(t)
	for i, words := range []string{ExampleCall("x").Words, "Æ ø å & \"quoted\" <b> 123456\nog 123456"} {
		want := ExampleCall(fmt.Sprintf("call-%d", i))
		want.Words = words
		receipt, err := sender.Send(t.Context(), want)
		if err != nil || receipt.ProviderID == "" {
			t.Fatalf("%+v, %v", receipt, err)
		}
		got := received()
		if len(got) != i+1 {
			t.Fatalf("%d arrived", len(got))
		}
		same(t, "call", ReceivedCall{ID: want.ID, To: want.To, Said: said(want)}, got[i])
	}
}

func noCall(t *testing.T, newSender NewCalls) {
	for name, change := range map[string]func(*voice.Call){
		"id":             func(c *voice.Call) { c.ID = "a\r\nb" },
		"no number":      func(c *voice.Call) { c.To = "" },
		"national form":  func(c *voice.Call) { c.To = "40008215" },
		"two numbers":    func(c *voice.Call) { c.To = "+4740008215,+4740008216" },
		"a short number": func(c *voice.Call) { c.To = "+112" },
		"no voice":       func(c *voice.Call) { c.Language = "fi" },
		"no words":       func(c *voice.Call) { c.Words = "" },
		"said once":      func(c *voice.Call) { c.Words = "Koden er 123456." },
		"no code":        func(c *voice.Call) { c.Digits = "" },
		"letters":        func(c *voice.Call) { c.Digits = "Koden" },
		"control":        func(c *voice.Call) { c.Words += "\x00" },
		"a novel":        func(c *voice.Call) { c.Words += strings.Repeat("x", 2000) },
	} {
		t.Run(name, func(t *testing.T) {
			sender, received := newSender(t)
			c := ExampleCall("evil-1")
			change(&c)
			_, err := sender.Send(t.Context(), c)
			same(t, "outcome", email.Permanent, email.Class(err))
			same(t, "calls arrived", 0, len(received()))
		})
	}
}

func callCancelled(t *testing.T, newSender NewCalls) {
	sender, received := newSender(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sender.Send(ctx, ExampleCall("cancelled-1"))
	same(t, "outcome", email.Retry, email.Class(err))
	same(t, "calls arrived", 0, len(received()))
}

func twentyCalls(t *testing.T, newSender NewCalls) {
	sender, received := newSender(t)
	failures := make([]error, 20)
	var wait sync.WaitGroup
	for i := range failures {
		wait.Go(func() { _, failures[i] = sender.Send(t.Context(), ExampleCall(fmt.Sprintf("many-%02d", i))) })
	}
	wait.Wait()
	ids := map[string]bool{}
	for _, c := range received() {
		ids[c.ID] = true
	}
	for i, err := range failures {
		if err != nil {
			t.Errorf("send %d: %v", i, err)
		}
	}
	same(t, "different calls arrived", len(failures), len(ids))
	same(t, "calls arrived", len(failures), len(received()))
}

func callAgain(t *testing.T, newSender NewCalls) {
	sender, received := newSender(t)
	for range 2 {
		if _, err := sender.Send(t.Context(), ExampleCall("again-1")); err != nil {
			t.Fatal(err)
		}
	}
	got := received()
	if len(got) != 2 || base(got[0].ID) != base(got[1].ID) {
		t.Fatalf("%+v", got)
	}
}

func callClosed(t *testing.T, newSender NewCalls) {
	sender, received := newSender(t)
	for range 2 {
		if err := sender.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	}
	_, err := sender.Send(t.Context(), ExampleCall("closed-1"))
	same(t, "outcome", email.Retry, email.Class(err))
	same(t, "calls arrived", 0, len(received()))
}
