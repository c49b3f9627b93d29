package factor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/message"
	"tilgang/internal/message/voice"
	"tilgang/internal/tenant"
)

// setUpCalls is a line on which people can be called too.
func setUpCalls(t *testing.T) *line {
	t.Helper()
	l := setUpLine(t)
	l.phones = NewPhones(l.svc, PhoneOptions{Text: l.note, Channels: func(context.Context, uuid.UUID) ([]string, error) { return []string{SMS, Voice}, nil }})
	return l
}

func (f Flow) by(channel string) Flow { f.Channel = channel; return f }

func TestACallAndATextOfOneFlow(t *testing.T) {
	l := setUpCalls(t)
	l.with(l.anna, 100)
	l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow.by(SMS)))
	_, byText := l.sent()
	l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow.by(Voice))) // at once: the text may never come
	_, byCall := l.sent()
	if last := l.texts[len(l.texts)-1]; last.Kind != CallCode {
		t.Fatalf("%+v", last)
	}
	t.Run("a double click calls once", func(t *testing.T) {
		before := len(l.texts)
		l.want(l.phones.SendCode(l.ctx, l.anna, l.flow.by(Voice)), PhoneWait)
		if len(l.texts) != before {
			t.Fatal("called again")
		}
	})
	if byText != byCall {
		l.want(l.verify(l.flow, byText), PhoneWrong) // the newest alone counts, whichever way it came
	}
	l.ok(l.verify(l.flow, byCall))
	if on, err := l.phones.OnFile(l.ctx, l.anna); err != nil || !on.Called {
		t.Fatalf("%+v, %v", on, err)
	}
	t.Run("share the tries", func(t *testing.T) {
		flow, wrong := flowFrom("192.0.2.0"), 0
		for i := range 6 {
			l.clock.Move(31 * time.Minute)
			l.ok(l.phones.SendCode(l.ctx, l.anna, flow.by([]string{SMS, Voice}[i%2])))
			_, c := l.sent()
			for range 2 {
				if err := l.verify(flow, unlike(c)); code(err) == PhoneWrong {
					wrong++
				}
				l.clock.Move(4 * time.Minute)
			}
		}
		_, c := l.sent()
		if l.want(l.verify(flow, c), PhoneDay); wrong > 10 {
			t.Fatalf("%d tries", wrong)
		}
	})
}

func TestCallsHaveBoundsOfTheirOwn(t *testing.T) {
	l := setUpCalls(t)
	l.with(l.anna, 100)
	for i := range 3 {
		l.clock.Move(31 * time.Second)
		l.ok(l.phones.SendCode(l.ctx, l.anna, flowFrom(fmt.Sprint(i)).by(Voice)))
	}
	l.clock.Move(31 * time.Second)
	l.want(l.phones.SendCode(l.ctx, l.anna, l.flow.by(Voice)), CallsCapped)
	l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow.by(SMS)))
	t.Run("and share those of texts", func(t *testing.T) {
		l.clock.Move(31 * time.Second)
		l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow.by(SMS)))
		l.clock.Move(31 * time.Second)
		l.want(l.phones.SendCode(l.ctx, l.anna, l.flow.by(SMS)), PhoneCapped)
	})
	t.Run("of the whole employer", func(t *testing.T) {
		l := setUpCalls(t)
		id, _ := db.TenantID(l.ctx)
		l.ctx = tenant.With(l.ctx, &tenant.Tenant{ID: id, Slug: "havn", Name: "Havn", Mfa: tenant.MfaPolicy{Phone: tenant.Primary, SMS: tenant.SMSPolicy{PerDay: 2000, Calls: 4}}})
		l.ok(l.phones.StartPhone(l.ctx, l.anna, number(100), l.flow.by(Voice)))
		l.want(l.phones.StartPhone(l.ctx, l.bo, number(9000), flowFrom("198.51.100.0").by(Voice)), CallsCapped)
		l.ok(l.phones.StartPhone(l.ctx, l.bo, number(9000), flowFrom("198.51.100.0").by(SMS)))
	})
}

func TestWhereNobodyCallsNoCallIsMade(t *testing.T) {
	l := setUpLine(t)
	l.want(l.phones.StartPhone(l.ctx, l.anna, number(100), l.flow.by(Voice)), CallUnavailable)
	l.phones.Text = nil
	l.want(l.phones.StartPhone(l.ctx, l.anna, number(100), l.flow), PhoneUnavailable)
	if ways, err := l.phones.Ways(l.ctx, l.anna); err != nil || len(ways) != 0 || len(l.texts) != 0 {
		t.Fatalf("%v, %v", ways, err)
	}
}

func TestACallSaysTheCodeTwiceInEveryLanguage(t *testing.T) {
	l := setUpCalls(t)
	l.with(l.anna, 100)
	l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow.by(Voice)))
	_, digits := l.sent()
	ref := l.texts[len(l.texts)-1].RefID
	c := catalog(t)
	for _, lang := range c.Languages() {
		if _, spoken := voice.For(lang); !spoken {
			continue
		}
		l.do(func(ctx context.Context) error {
			employer := *tenant.MustFrom(ctx)
			employer.Name = "Nordlys & Sønner Energi AS"
			said, err := l.phones.callOfCode(ctx, message.Message{RefID: ref}, c.Localizer(lang, time.UTC, l.clock.Now), &employer)
			if err != nil {
				return err
			}
			call := voice.Call{ID: "x", To: "+4740000100", Language: lang, Words: said.Words, Digits: said.Digits}
			if err := call.Check(); err != nil || said.Digits != digits || !strings.Contains(said.Words, employer.Name) {
				t.Errorf("%s: %v: %s", lang, err, said.Words)
			}
			return nil
		})
	}
	t.Run("what can no longer be typed is not said", func(t *testing.T) {
		l.clock.Move(textLife)
		l.do(func(ctx context.Context) error {
			_, err := l.phones.callOfCode(ctx, message.Message{RefID: ref}, c.Localizer("en", time.UTC, l.clock.Now), tenant.MustFrom(ctx))
			if !errors.Is(err, message.ErrNotWanted) {
				t.Errorf("said: %v", err)
			}
			return nil
		})
	})
}

func TestACodeThatIsLateIsKnownToBe(t *testing.T) {
	l := setUpCalls(t)
	l.with(l.anna, 100)
	l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow.by(Voice)))
	if s := l.sentTo(); s.Fate != UnderWay || s.By != Voice || !s.Live {
		t.Fatalf("%+v", s)
	}
	l.clock.Move(lateAfter - time.Second)
	if s := l.sentTo(); s.Fate != UnderWay {
		t.Fatalf("%+v", s)
	}
	l.clock.Move(time.Second)
	if s := l.sentTo(); s.Fate != Late || !s.Live {
		t.Fatalf("%+v", s)
	}
}
