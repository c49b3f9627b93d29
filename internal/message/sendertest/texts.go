package sendertest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tilgang/internal/message/email"
	"tilgang/internal/message/sms"
)

// ReceivedText is a text message as its carrier took it.
type ReceivedText struct {
	ID       string // ours, as the carrier was told
	From, To string
	Body     string
}

// NewTexts makes a fresh sender and a look at what has arrived, oldest first.
type NewTexts func(t *testing.T) (sms.Sender, func() []ReceivedText)

// ExampleText is a whole text that every sender takes.
func ExampleText(id string) sms.Text {
	return sms.Text{
		ID: id, Tenant: "havn", Kind: "phone_code", From: "Havn", To: "+4520123456",
		Body: "123456 er din kode til Havn.\n\n@havn.example #123456",
	}
}

// RunTexts is what every sms.Sender must pass.
func RunTexts(t *testing.T, newSender NewTexts) {
	t.Run("a text arrives as it was written", func(t *testing.T) { textArrives(t, newSender) })
	t.Run("what is no text is refused for good", func(t *testing.T) { noText(t, newSender) })
	t.Run("a cancelled send leaves nothing behind", func(t *testing.T) { textCancelled(t, newSender) })
	t.Run("fifty sends at once all arrive once", func(t *testing.T) { fiftyTexts(t, newSender) })
	t.Run("a text sent again can be told by its id", func(t *testing.T) { textAgain(t, newSender) })
	t.Run("a closed sender takes no text and may be closed again", func(t *testing.T) { textClosed(t, newSender) })
}

func textArrives(t *testing.T, newSender NewTexts) {
	sender, received := newSender(t)
	for i, body := range []string{ExampleText("x").Body, "Æ ø å & = % + ? \"quoted\" <b>\nÉn linje til", strings.Repeat("blåbærgrød ", 30) + "slut"} {
		want := ExampleText(fmt.Sprintf("text-%d", i))
		want.Body = body
		receipt, err := sender.Send(t.Context(), want)
		if err != nil || receipt.ProviderID == "" {
			t.Fatalf("%+v, %v", receipt, err)
		}
		got := received()
		if len(got) != i+1 {
			t.Fatalf("%d arrived", len(got))
		}
		same(t, "text", ReceivedText{ID: want.ID, From: want.From, To: want.To, Body: want.Body}, got[i])
	}
}

func noText(t *testing.T, newSender NewTexts) {
	for name, change := range map[string]func(*sms.Text){
		"id":             func(x *sms.Text) { x.ID = "a\r\nb" },
		"no number":      func(x *sms.Text) { x.To = "" },
		"national form":  func(x *sms.Text) { x.To = "20123456" },
		"two numbers":    func(x *sms.Text) { x.To = "+4520123456,+4520123457" },
		"a short number": func(x *sms.Text) { x.To = "+112" },
		"sender":         func(x *sms.Text) { x.From = "Havn A/S & partners" },
		"no words":       func(x *sms.Text) { x.Body = " \n" },
		"control":        func(x *sms.Text) { x.Body = "a\x00b" },
		"a novel":        func(x *sms.Text) { x.Body = strings.Repeat("x", 2000) },
	} {
		t.Run(name, func(t *testing.T) {
			sender, received := newSender(t)
			x := ExampleText("evil-1")
			change(&x)
			_, err := sender.Send(t.Context(), x)
			same(t, "outcome", email.Permanent, email.Class(err))
			same(t, "texts arrived", 0, len(received()))
		})
	}
}

func textCancelled(t *testing.T, newSender NewTexts) {
	sender, received := newSender(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sender.Send(ctx, ExampleText("cancelled-1"))
	same(t, "outcome", email.Retry, email.Class(err))
	same(t, "texts arrived", 0, len(received()))
}

func fiftyTexts(t *testing.T, newSender NewTexts) {
	sender, received := newSender(t)
	failures := make([]error, 50)
	var wait sync.WaitGroup
	for i := range failures {
		wait.Go(func() { _, failures[i] = sender.Send(t.Context(), ExampleText(fmt.Sprintf("many-%02d", i))) })
	}
	wait.Wait()
	ids := map[string]bool{}
	for _, x := range received() {
		ids[x.ID] = true
	}
	for i, err := range failures {
		if err != nil {
			t.Errorf("send %d: %v", i, err)
		}
	}
	same(t, "different texts arrived", 50, len(ids))
	same(t, "texts arrived", 50, len(received()))
}

func textAgain(t *testing.T, newSender NewTexts) {
	sender, received := newSender(t)
	for range 2 {
		if _, err := sender.Send(t.Context(), ExampleText("again-1")); err != nil {
			t.Fatal(err)
		}
	}
	got := received()
	if len(got) != 2 || base(got[0].ID) != base(got[1].ID) {
		t.Fatalf("%+v", got)
	}
}

// base is an id without the suffix that a mailbox gives what comes twice.
func base(id string) string {
	first, _, _ := strings.Cut(id, "~")
	return first
}

func textClosed(t *testing.T, newSender NewTexts) {
	sender, received := newSender(t)
	for range 2 {
		if err := sender.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	}
	_, err := sender.Send(t.Context(), ExampleText("closed-1"))
	same(t, "outcome", email.Retry, email.Class(err))
	same(t, "texts arrived", 0, len(received()))
}
