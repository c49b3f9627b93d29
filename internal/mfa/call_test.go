package mfa_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/factor"
)

// calls lets the world's people be called too.
func (w *world) calls() {
	w.phones.Channels = func(context.Context, uuid.UUID) ([]string, error) { return []string{factor.SMS, factor.Voice}, nil }
}

func TestSettingUpAPhoneByCall(t *testing.T) {
	w := setUp(t, byPhone)
	w.calls()
	b := w.comes(w.hire("x"))
	b.get("/mfa/setup").shows(200, "Text message or call")
	b.get("/mfa/setup/phone").shows(200, "by text message or in a call", "Send code", "Call me")
	b.post("/mfa/setup/phone", "country", "DK", "phone", "20 12 82 15", "channel", "voice").leads("/mfa/setup/phone/code")
	if last := w.texts[len(w.texts)-1]; last.Kind != factor.CallCode || last.To != "+4520128215" {
		t.Fatalf("%+v", last)
	}
	b.get("/mfa/setup/phone/code").shows(200, "We are calling XXX-XXX-8215", "Code from the call", "Send a new code", "Call me").lacks("20128215")
	b.post("/mfa/setup/phone/code", "channel", "voice").shows(429, "ask for a new one in")
	b.post("/mfa/setup/phone/code", "channel", "sms").leads("/mfa/setup/phone/code") // in place of the call, at once
	b.get("/mfa/setup/phone/code").shows(200, "A new code is on its way", "We sent a text message")
	w.clock.Move(30 * time.Second)
	b.post("/mfa/setup/phone/code", "channel", "voice").leads("/mfa/setup/phone/code")
	b.get("/mfa/setup/phone/code").shows(200, "We are calling you with a new code")
	b.post("/mfa/setup/phone/code", "code", w.texted()).leads("/mfa/setup/recovery")
	t.Run("then the phone does not ring, and no text comes, unasked", func(t *testing.T) {
		b.get("/mfa/setup/recovery")
		b.post("/mfa/setup/recovery", "saved", "1").leads("/signin/next")
		w.clock.Move(time.Minute)
		before := len(w.texts)
		again := w.comes(b.account)
		again.get("/mfa").shows(200, "We have this number for you: XXX-XXX-8215", "Call me", "Send code")
		if len(w.texts) != before || strings.Index(again.page.Text(), "Call me") > strings.Index(again.page.Text(), "Send code") {
			t.Fatalf("%d texts\n%s", len(w.texts)-before, again.page.Text())
		}
		again.post("/mfa", "channel", "voice").leads("/mfa?way=phone")
		again.get("/mfa?way=phone").shows(200, "We are calling XXX-XXX-8215")
		again.post("/mfa?way=phone", "code", w.texted()).leads("/signin/next")
	})
}

func TestWhereALanguageHasNoVoiceNoCallIsOffered(t *testing.T) {
	w := setUp(t, byPhone)
	b := w.comes(w.hire("x"))
	b.get("/mfa/setup").shows(200, "Text message").lacks("Text message or call")
	b.get("/mfa/setup/phone").shows(200, "Send code").lacks("Call me")
	b.post("/mfa/setup/phone", "country", "DK", "phone", "20 12 82 15", "channel", "voice").shows(503, "We cannot call you right now")
	if len(w.texts) != 0 {
		t.Fatalf("%+v", w.texts)
	}
}

func TestACodeThatDoesNotComeLeadsToAnotherWay(t *testing.T) {
	w := setUp(t, byPhone)
	w.calls()
	a, _ := w.phoned()
	b := w.comes(a)
	b.get("/mfa").shows(200, "We sent a text message", "After half a minute").lacks("should have come")
	if !strings.Contains(b.page.Body, `id="late" data-poll="5"`) {
		t.Fatalf("nothing looks for what became of it\n%s", b.page.Main())
	}
	w.clock.Move(30 * time.Second)
	b.get("/mfa").shows(200, "The text message should have come by now. Press “Call me”", "another way below", "Use a recovery code").lacks("data-poll")
	b.post("/mfa", "channel", "voice").leads("/mfa?way=phone")
	w.clock.Move(30 * time.Second)
	b.get("/mfa?way=phone").shows(200, "The call should have come by now. Press “Send a new code”").lacks("data-poll")
	if b.proven() != "pwd" {
		t.Fatal("waiting proved something: " + b.proven())
	}
	b.post("/mfa?way=phone", "code", w.texted()).leads("/signin/next")
	t.Run("also while the phone is set up", func(t *testing.T) {
		b := w.comes(w.hire("y"))
		b.get("/mfa/setup/phone")
		b.post("/mfa/setup/phone", "country", "DK", "phone", "20 12 82 16", "channel", "sms").leads("/mfa/setup/phone/code")
		w.clock.Move(30 * time.Second)
		b.get("/mfa/setup/phone/code").shows(200, "should have come by now", "Is the number right?", "Change number")
	})
	t.Run("another factor on file is another way, and nothing less", func(t *testing.T) {
		w := setUp(t, backedUp)
		a, _, _ := w.enrolled()
		w.preset(a)
		b := w.comes(a)
		b.get("/mfa?way=phone")
		w.clock.Move(30 * time.Second)
		b.get("/mfa?way=phone").shows(200, "The text message should have come by now. You can also use another way below", "Use your authenticator app").lacks("Call me")
		if !slices.Equal(strings.Fields(b.proven()), []string{"pwd"}) {
			t.Fatal(b.proven())
		}
	})
}
