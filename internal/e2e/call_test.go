package e2e_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tilgang/internal/e2e"
	"tilgang/internal/message/email"
	"tilgang/internal/message/practice"
	"tilgang/internal/message/sms"
)

func TestFirstSignInAtNordlysByCall(t *testing.T) {
	s := e2e.New(t)
	b := newAtNordlys(s)
	start := b.Steps
	e2e.Follow(b, "/mfa/setup/phone")
	shows(t, b.Page, "/mfa/setup/phone", "Send code", "Call me")
	shows(t, b.Submit("country", "NO", "phone", "400 08 215", "channel", "voice"), "/mfa/setup/phone/code", "We are calling XXX-XXX-8215")
	shows(t, b.Submit("code", s.Called("+4740008215")), "/mfa/setup/recovery") // with its spaces, as it is read
	shows(t, b.Submit("saved", "1"), "/")
	if n := b.Steps - start; n > 5 {
		t.Fatalf("%d steps", n)
	}
	if said := s.App.Services.Mailbox.List(practice.Filter{Channel: practice.Voice})[0]; !strings.Contains(said.Text, "This is Nordlys") || strings.Contains(said.Text, "<") || len(said.Links) != 0 {
		t.Fatalf("%+v", said)
	}
	if n := len(s.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS})); n != 0 {
		t.Fatalf("%d texts", n)
	}
	s.Pass(time.Minute)
	b = s.Browser("nordlys")
	b.Get("/signin")
	shows(t, b.Submit("email", "ola.vik@post.example", "password", e2e.Word), "/mfa", "We have this number for you: XXX-XXX-8215", "Call me")
	shows(t, b.Submit("channel", "voice"), "/mfa", "We are calling")
	shows(t, b.Submit("code", s.Called("+4740008215")), "/")
}

// refusing is a carrier whose every answer is an error for now.
type refusing struct{}

func (refusing) Send(context.Context, sms.Text) (email.Receipt, error) {
	return email.Receipt{}, email.Refuse(email.Retry, "accept", errors.New("away"))
}

func (refusing) Close() error { return nil }

func TestWhenTextsFailTheCallStandsInAtNordlys(t *testing.T) {
	s := e2e.New(t)
	b := newAtNordlys(s)
	s.App.Services.Messages.Texts = refusing{}
	b.Get("/mfa/setup/phone")
	shows(t, b.Submit("country", "NO", "phone", "400 08 215", "channel", "sms"), "/mfa/setup/phone/code", "We sent a text message")
	s.Work()
	shows(t, b.Get("/mfa/setup/phone/code"), "/mfa/setup/phone/code", "The text message to XXX-XXX-8215 could not be sent just now. Press “Call me”")
	shows(t, b.Submit("channel", "voice"), "/mfa/setup/phone/code", "We are calling")
	shows(t, b.Submit("code", s.Called("+4740008215")), "/mfa/setup/recovery")
}
