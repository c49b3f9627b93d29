package email_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tilgang/internal/clock"
	"tilgang/internal/message/email"
	"tilgang/internal/message/sendertest"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestHeadersOfAMail(t *testing.T) {
	m := sendertest.Example("01890a5d-ac96-774b-bcce-b302099a8057")
	m.ReplyTo = "hr@havn.example"
	m.Headers = map[string]string{"X-Order": "17"}
	got := parsed(t, m)
	for name, want := range map[string]string{
		"Message-Id":               "<01890a5d-ac96-774b-bcce-b302099a8057@havn.example>",
		"Date":                     "Mon, 02 Mar 2026 12:00:00 +0000",
		"Auto-Submitted":           "auto-generated",
		"X-Auto-Response-Suppress": "All",
		"X-Tilgang-Kind":           "invite",
		"X-Order":                  "17",
		"Reply-To":                 "<hr@havn.example>",
		"User-Agent":               "",
		"X-Mailer":                 "",
		"List-Unsubscribe":         "",
		"Bcc":                      "",
	} {
		if diff := cmp.Diff(want, got.Header.Get(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestALogoTravelsInside(t *testing.T) {
	m := sendertest.Example("logo-1")
	m.Logo = &email.Inline{CID: "logo", Type: "image/png", Data: bytes.Repeat([]byte{0, 255, 13, 10}, 500)}
	got := parsed(t, m)
	if !bytes.Equal(m.Logo.Data, got.Inline["logo"]) {
		t.Error("the picture has changed")
	}
	if got.Text != m.Text || got.HTML != m.HTML {
		t.Error("the bodies have changed")
	}
	for name, change := range map[string]func(*email.Inline){
		"type": func(p *email.Inline) { p.Type = "text/html" },
		"id":   func(p *email.Inline) { p.CID = "a>\r\nX: y" },
		"none": func(p *email.Inline) { p.Data = nil },
		"size": func(p *email.Inline) { p.Data = make([]byte, 129<<10) },
	} {
		t.Run("refused by "+name, func(t *testing.T) {
			bad := *m.Logo
			change(&bad)
			m := m
			m.Logo = &bad
			if err := m.Check(); err == nil {
				t.Error("the picture was taken")
			}
		})
	}
}

func TestLettersInAddresses(t *testing.T) {
	t.Run("a domain travels in ASCII", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{})
		m := sendertest.Example("idn-1")
		m.To = "mette@blåbær.example"
		send(t, newSMTP(t, sink, nil), m)
		if diff := cmp.Diff([]string{"mette@xn--blbr-roah.example"}, mails(t, sink)[0].EnvelopeTo); diff != "" {
			t.Errorf("recipient (-want +got):\n%s", diff)
		}
	})
	t.Run("a local part needs a relay that takes it", func(t *testing.T) {
		m := sendertest.Example("eai-1")
		m.To = "søren@work.example"
		_, err := newSMTP(t, newSink(t, sendertest.SinkConfig{}), nil).Send(t.Context(), m)
		if email.Class(err) != email.Permanent {
			t.Errorf("outcome %q", email.Class(err))
		}
	})
	t.Run("SMTPUTF8 is asked for when needed and only then", func(t *testing.T) {
		var asked []bool
		sink := newSink(t, sendertest.SinkConfig{SMTPUTF8: true, Script: func(s sendertest.Step) sendertest.Reply {
			if s.Stage == sendertest.From {
				asked = append(asked, strings.Contains(s.Arg, "SMTPUTF8"))
			}
			return sendertest.Reply{}
		}})
		sender := newSMTP(t, sink, func(c *email.SMTPConfig) { c.Clock = clock.NewFake(noon) })
		m := sendertest.Example("eai-2")
		m.To = "søren@work.example"
		send(t, sender, m)
		send(t, sender, sendertest.Example("eai-3"))
		if diff := cmp.Diff([]bool{true, false}, asked); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
	})
}

func TestWhatCheckTakesArrives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := sendertest.Example("any-1")
		m.Subject = rapid.String().Draw(t, "subject")
		m.FromName = rapid.StringOfN(rapid.Rune(), 0, 120, -1).Draw(t, "name")
		m.Text = rapid.String().Draw(t, "text")
		if m.Check() != nil {
			return
		}
		raw, err := m.MIME(noon)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sendertest.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got.To.Address != m.To || got.From.Address != m.From || len(got.Header["Bcc"]) > 0 {
			t.Fatalf("the addresses became %v and %v", got.From, got.To)
		}
		if squeezed(got.Subject) != squeezed(m.Subject) || squeezed(got.From.Name) != squeezed(m.FromName) {
			t.Fatalf("the subject became %q and the sender %q", got.Subject, got.From.Name)
		}
	})
}

// squeezed makes runs of white space one space: folding a header may change them.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

func parsed(t *testing.T, m email.Mail) sendertest.ReceivedMail {
	t.Helper()
	raw, err := m.MIME(noon)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sendertest.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func send(t *testing.T, sender email.Sender, m email.Mail) {
	t.Helper()
	if _, err := sender.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}
