package message

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"tilgang/internal/i18n"
	"tilgang/internal/message/email"
	"tilgang/internal/message/sms"
	"tilgang/internal/tenant"
)

// carrier keeps the texts that it took and fails as it is told.
type carrier struct {
	mu    sync.Mutex
	texts []sms.Text
	fail  error
}

// Send implements sms.Sender.
func (c *carrier) Send(_ context.Context, t sms.Text) (email.Receipt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = append(c.texts, t)
	return email.Receipt{ProviderID: "c1"}, c.fail
}

// Close implements sms.Sender.
func (*carrier) Close() error { return nil }

func setUpTexts(t *testing.T) (*bench, *carrier) {
	t.Helper()
	b, c := setUp(t), &carrier{}
	b.service.Texts = c
	b.service.Register(Kind{Name: "code", Text: func(_ context.Context, m Message, _ *i18n.Localizer, t *tenant.Tenant) (string, error) {
		switch m.Args["do"] {
		case "drop":
			return "", ErrNotWanted
		case "break":
			return "", errors.New("poison")
		}
		return "123456 for " + t.Name, nil
	}})
	b.of(b.ctx).Senders.SMS = "Havn"
	return b, c
}

func TestATextGoesByTheCarrierOfTexts(t *testing.T) {
	b, c := setUpTexts(t)
	counted := map[string]int{}
	b.service.Count = func(channel, state string) { counted[channel+" "+state]++ }
	id := b.send(b.ctx, "code", nil, "+4520123456")[0]
	mail := b.send(b.ctx, "link", nil, "anna@work.example")[0]
	b.work()
	if r := b.row(b.ctx, id); r.State != HandedOver || r.Channel != "sms" || r.ProviderID != "c1" {
		t.Fatalf("%+v", r)
	}
	if r := b.row(b.ctx, mail); r.State != HandedOver || r.Channel != "email" {
		t.Fatalf("%+v", r)
	}
	want := sms.Text{ID: id.String(), Tenant: "havn", Kind: "code", From: "Havn", To: "+4520123456", Body: "123456 for House of havn"}
	if len(c.texts) != 1 || c.texts[0] != want || len(b.post.taken()) != 1 {
		t.Fatalf("%+v and %d mails", c.texts, len(b.post.taken()))
	}
	if counted["sms handed_over"] != 1 || counted["email handed_over"] != 1 {
		t.Fatalf("%v", counted)
	}
	b.noWord("20123456")
	b.noWord("123456 for")
}

func TestWhatBecomesOfATextThatIsNotTaken(t *testing.T) {
	refuse := func(o email.Outcome) error { return email.Refuse(o, "accept", errors.New("InvalidParameter 400")) }
	for name, c := range map[string]struct {
		fail  error
		state State
		why   string
		work  bool
	}{
		"a number that gets no texts fails at once": {refuse(email.Permanent), Failed, "number", false},
		"what is refused for now waits":             {refuse(email.Retry), Queued, "later", true},
		"what may have arrived waits as sending":    {refuse(email.Unknown), Sending, "unknown", true},
	} {
		t.Run(name, func(t *testing.T) {
			b, far := setUpTexts(t)
			far.fail = c.fail
			id := b.send(b.ctx, "code", nil, "+4520123456")[0]
			b.work()
			if r := b.row(b.ctx, id); r.State != c.state || r.Error != c.why || (b.undone(b.ctx) > 0) != c.work {
				t.Errorf("%s %q, work left %d", r.State, r.Error, b.undone(b.ctx))
			}
			b.noWord("20123456")
		})
	}
	t.Run("what is no longer wanted is not sent", func(t *testing.T) {
		b, far := setUpTexts(t)
		id := b.send(b.ctx, "code", map[string]string{"do": "drop"}, "+4520123456")[0]
		b.work()
		if r := b.row(b.ctx, id); r.State != Suppressed || len(far.texts) != 0 {
			t.Fatalf("%s, %d texts", r.State, len(far.texts))
		}
	})
	t.Run("a poisonous one stops no other", func(t *testing.T) {
		b, far := setUpTexts(t)
		b.send(b.ctx, "code", map[string]string{"do": "break"}, "+4520123457")
		id := b.send(b.ctx, "code", nil, "+4520123456")[0]
		b.work()
		if r := b.row(b.ctx, id); r.State != HandedOver || len(far.texts) != 1 {
			t.Fatalf("%s, %d texts", r.State, len(far.texts))
		}
	})
	t.Run("without a carrier it fails visibly", func(t *testing.T) {
		b, _ := setUpTexts(t)
		b.service.Texts = sms.Nobody{}
		id := b.send(b.ctx, "code", nil, "+4520123456")[0]
		b.work()
		if r := b.row(b.ctx, id); r.State != Failed {
			t.Fatalf("%s", r.State)
		}
	})
}

func TestATenantsMailsAnswerAndReportWhereItSays(t *testing.T) {
	b := setUp(t)
	s := &b.of(b.ctx).Senders
	s.Email, s.ReplyTo, s.ConfigurationSet = "no-reply@havn.example", "hr@havn.example", "havn-own"
	b.send(b.ctx, "link", nil, "anna@work.example")
	b.send(b.other, "link", nil, "bo@work.example")
	b.work()
	for _, m := range b.post.taken() {
		own := m.Tenant == "havn"
		if own != (m.ReplyTo == "hr@havn.example") || own != (m.Stream == "havn-own") || own != strings.HasPrefix(m.From, "no-reply@havn") {
			t.Errorf("%s: from %s, answers to %q, reports to %q", m.Tenant, m.From, m.ReplyTo, m.Stream)
		}
	}
}
