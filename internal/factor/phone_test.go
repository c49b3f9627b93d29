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
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/phone"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// line is a bench with phones: the texts that were written, not yet sent.
type line struct {
	*bench

	phones *Phones
	texts  []Text
	flow   Flow
}

func setUpLine(t *testing.T) *line {
	t.Helper()
	l := &line{bench: setUp(t), flow: flowFrom("192.0.2.0")}
	l.phones = NewPhones(l.svc, PhoneOptions{Text: l.note})
	l.ctx, l.other = withPolicy(l.ctx, 2000), withPolicy(l.other, 2000)
	return l
}

func withPolicy(ctx context.Context, perDay int) context.Context {
	id, _ := db.TenantID(ctx)
	return tenant.With(ctx, &tenant.Tenant{ID: id, Slug: "havn", Name: "Havn", Mfa: tenant.MfaPolicy{Phone: tenant.Primary, SMS: tenant.SMSPolicy{PerDay: perDay, Calls: perDay}}})
}

func flowFrom(network string) Flow {
	return Flow{ID: uuid.Must(uuid.NewV7()), Host: "havn.localhost:8080", Network: network}
}

func (l *line) note(ctx context.Context, n Text) error {
	if !db.InTx(ctx) {
		return errors.New("a text outside the transaction of its fact")
	}
	l.texts = append(l.texts, n)
	return nil
}

func number(n int) phone.Number {
	return phone.Number{E164: fmt.Sprintf("+474%07d", n), Country: "NO"}
}

// sent is the newest text as the phone gets it, and its code.
func (l *line) sent() (text, code string) {
	l.t.Helper()
	if len(l.texts) == 0 {
		l.t.Fatal("no text")
	}
	last := l.texts[len(l.texts)-1]
	err := l.db.Tx(l.ctx, func(ctx context.Context) error {
		c, err := codeByID(ctx, last.RefID)
		if err != nil {
			return err
		}
		id, _ := db.TenantID(ctx)
		digits, err := l.box.Open(c.Sealed, id.String(), "phone_codes", "sealed")
		code = string(digits)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return last.To, code
}

func (l *line) begin(account uuid.UUID, n int) string {
	l.t.Helper()
	l.ok(l.phones.StartPhone(l.ctx, account, number(n), l.flow))
	_, code := l.sent()
	return code
}

// with puts a proven phone on file.
func (l *line) with(account uuid.UUID, n int) {
	l.t.Helper()
	l.ok(l.phones.ConfirmPhone(l.ctx, account, l.flow, l.begin(account, n)))
	l.clock.Move(time.Minute)
}

func (l *line) verify(f Flow, code string) error {
	_, err := l.phones.Verify(l.ctx, l.anna, []string{Phone}, f, code, func(context.Context, string) error { return nil })
	return err
}

func unlike(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func code(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return fmt.Sprint(err)
	}
	return f.Code
}

func TestSettingUpAPhone(t *testing.T) {
	l := setUpLine(t)
	first := l.begin(l.anna, 100)
	t.Run("is nobody's factor before its code is typed", func(t *testing.T) {
		if list, err := l.svc.Confirmed(l.ctx, l.anna); err != nil || len(list) != 0 {
			t.Fatalf("%v, %v", list, err)
		}
		if on, err := l.phones.PendingPhone(l.ctx, l.anna); err != nil || on.Masked != "XXX-XXX-0100" {
			t.Fatalf("%+v, %v", on, err)
		}
	})
	t.Run("sent twice it sends once", func(t *testing.T) {
		l.ok(l.phones.StartPhone(l.ctx, l.anna, number(100), l.flow))
		if len(l.texts) != 1 {
			t.Fatalf("%d texts", len(l.texts))
		}
	})
	t.Run("another number voids the code of the first", func(t *testing.T) {
		second := l.begin(l.anna, 101)
		if first != second {
			l.want(l.phones.ConfirmPhone(l.ctx, l.anna, l.flow, first), PhoneWrong)
		}
		l.want(l.phones.ConfirmPhone(l.ctx, l.anna, flowFrom("192.0.2.0"), second), PhoneNone)
		before := l.generation(l.anna)
		l.ok(l.phones.ConfirmPhone(l.ctx, l.anna, l.flow, second[:3]+" "+second[3:]))
		if l.generation(l.anna) != before+1 {
			t.Fatal("what was trusted by no factor still is")
		}
	})
	t.Run("it is sealed", func(t *testing.T) {
		var rows []authenticator
		var codes []phoneCode
		l.do(func(ctx context.Context) error {
			return errors.Join(db.From(ctx).Where("1 = 1").Find(&rows).Error, db.From(ctx).Where("1 = 1").Find(&codes).Error)
		})
		for _, r := range rows {
			if strings.Contains(string(r.Sealed), "0000101") {
				t.Fatal("the number lies open")
			}
		}
		for _, c := range codes {
			if all := fmt.Sprintf("%s %s %s %s", c.Sealed, c.CodeHash, c.NumberKey, c.BlockKey); strings.Contains(all, first) || strings.Contains(all, "0000101") || len(c.CodeHash) != 32 {
				t.Fatal("a code or a number lies open")
			}
		}
	})
	t.Run("a later one replaces it and the old one is told", func(t *testing.T) {
		l.clock.Move(time.Minute)
		l.with(l.anna, 102)
		list, err := l.svc.Confirmed(l.ctx, l.anna)
		on, _ := l.phones.OnFile(l.ctx, l.anna)
		if err != nil || len(list) != 1 || on.Masked != "XXX-XXX-0102" {
			t.Fatalf("%v %+v, %v", list, on, err)
		}
		if last := l.texts[len(l.texts)-1]; last.Kind != TextReplaced || last.To != number(101).E164 {
			t.Fatalf("%+v", last)
		}
	})
	t.Run("after 15 minutes it is gone", func(t *testing.T) {
		late := l.begin(l.bo, 103)
		l.clock.Move(enrolLife)
		l.want(l.phones.ConfirmPhone(l.ctx, l.bo, l.flow, late), PhoneGone)
	})
}

func TestACodeByText(t *testing.T) {
	t.Run("works once", func(t *testing.T) {
		l := setUpLine(t)
		l.with(l.anna, 100)
		l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow))
		_, c := l.sent()
		l.ok(l.verify(l.flow, c))
		l.want(l.verify(l.flow, c), PhoneUsed)
	})
	t.Run("in its own flow only", func(t *testing.T) {
		l := setUpLine(t)
		l.with(l.anna, 100)
		other := flowFrom("192.0.2.0")
		l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow))
		_, c := l.sent()
		l.want(l.verify(other, c), PhoneNone)
		l.ok(l.verify(l.flow, c))
	})
	t.Run("for ten minutes", func(t *testing.T) {
		l := setUpLine(t)
		l.with(l.anna, 100)
		l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow))
		_, c := l.sent()
		l.clock.Move(10*time.Minute - time.Second)
		if got := l.sentTo(); !got.Live {
			t.Fatalf("%+v", got)
		}
		l.clock.Move(time.Second)
		l.want(l.verify(l.flow, c), PhoneNone)
	})
	t.Run("the newest only", func(t *testing.T) {
		l := setUpLine(t)
		l.with(l.anna, 100)
		l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow))
		_, old := l.sent()
		l.clock.Move(30 * time.Second)
		l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow))
		_, c := l.sent()
		if old != c {
			l.want(l.verify(l.flow, old), PhoneWrong)
		}
		l.ok(l.verify(l.flow, c))
	})
	t.Run("not what is no code", func(t *testing.T) {
		l := setUpLine(t)
		l.with(l.anna, 100)
		for _, typed := range []string{"", "12345", "abcdef", "1234567"} {
			l.want(l.verify(l.flow, typed), PhoneShape)
		}
	})
	t.Run("of sixteen at once one works", func(t *testing.T) {
		l := setUpLine(t)
		l.with(l.anna, 100)
		l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow))
		_, c := l.sent()
		won, _ := l.race(func(s *Service) error {
			_, err := NewPhones(s, PhoneOptions{Text: l.note}).Verify(l.ctx, l.anna, []string{Phone}, l.flow, c, func(context.Context, string) error { return nil })
			return err
		})
		if won != 1 {
			t.Fatalf("%d won", won)
		}
	})
}

func (l *line) sentTo() Sent {
	l.t.Helper()
	on, err := l.phones.OnFile(l.ctx, l.anna)
	if err != nil {
		l.t.Fatal(err)
	}
	sent, err := l.phones.SentTo(l.ctx, l.anna, on.ID, l.flow)
	if err != nil {
		l.t.Fatal(err)
	}
	return sent
}

func TestWrongCodesCountOverNewCodesAndFlows(t *testing.T) {
	l := setUpLine(t)
	l.with(l.anna, 100)
	for i := range 10 {
		flow := flowFrom("192.0.2.0")
		l.ok(l.phones.SendCode(l.ctx, l.anna, flow))
		_, c := l.sent()
		l.want(l.verify(flow, unlike(c)), PhoneWrong)
		l.clock.Move(throttle.LongWait)
		if i == 4 {
			l.clock.Move(time.Hour) // more texts may go out again
		}
	}
	l.clock.Move(time.Hour)
	flow := flowFrom("192.0.2.0")
	l.ok(l.phones.SendCode(l.ctx, l.anna, flow))
	_, c := l.sent()
	l.want(l.verify(flow, c), PhoneDay)
	t.Run("the app is asked all the same", func(t *testing.T) {
		l.clock.Move(throttle.LongWait)
		e := l.start(l.anna)
		l.ok(l.svc.ConfirmTOTP(l.ctx, l.anna, e.ID, l.code(e, 0)))
		l.clock.Move(time.Minute)
		kind, err := l.phones.Verify(l.ctx, l.anna, []string{Phone, TOTP}, flow, l.code(e, 0), func(_ context.Context, kind string) error {
			if kind != TOTP {
				return errors.New("proven as " + kind)
			}
			return nil
		})
		if err != nil || kind != TOTP {
			t.Fatalf("%s, %v", kind, err)
		}
	})
	t.Run("a day later the phone is too", func(t *testing.T) {
		l.clock.Move(day)
		l.ok(l.phones.SendCode(l.ctx, l.anna, flow))
		_, c := l.sent()
		l.ok(l.verify(flow, c))
	})
}

func TestSendingHasBounds(t *testing.T) {
	capped := func(t *testing.T, want int, send func(i int) error) {
		t.Helper()
		for i := range want {
			if err := send(i); err != nil {
				t.Fatalf("text %d of %d: %v", i+1, want, err)
			}
		}
		err := send(want)
		if f, ok := fault.As(err); !ok || f.Code != PhoneCapped || f.Kind != fault.TooMany || f.RetryAfter <= 0 || f.RetryAfter > day+time.Minute {
			t.Fatalf("text %d: %v", want+1, err)
		}
	}
	t.Run("half a minute between two", func(t *testing.T) {
		l := setUpLine(t)
		l.with(l.anna, 100)
		l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow))
		l.clock.Move(29 * time.Second)
		if err := l.phones.SendCode(l.ctx, l.anna, l.flow); code(err) != PhoneWait || fault.KindOf(err) != fault.TooMany {
			t.Fatal(err)
		}
		l.clock.Move(time.Second)
		l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow))
	})
	t.Run("an account in an hour, and in a day", func(t *testing.T) {
		l := setUpLine(t)
		begin := func(i int) error {
			l.clock.Move(31 * time.Second)
			return l.phones.StartPhone(l.ctx, l.anna, number(i*5000), flowFrom(fmt.Sprint(i)))
		}
		capped(t, 6, begin)
		l.clock.Move(time.Hour)
		capped(t, 6, func(i int) error { return begin(i + 10) })
		l.clock.Move(time.Hour)
		if err := begin(30); code(err) != PhoneCapped {
			t.Fatal(err)
		}
		l.clock.Move(day)
		l.ok(begin(31))
	})
	t.Run("a number, whoever asks", func(t *testing.T) {
		l := setUpLine(t)
		capped(t, 6, func(i int) error {
			return l.phones.StartPhone(l.ctx, l.account(), number(100), flowFrom(fmt.Sprint(i)))
		})
	})
	t.Run("a block of numbers that nobody has proven", func(t *testing.T) {
		l := setUpLine(t)
		capped(t, 30, func(i int) error {
			return l.phones.StartPhone(l.ctx, l.account(), number(i), flowFrom(fmt.Sprint(i)))
		})
		l.ok(l.phones.StartPhone(l.ctx, l.anna, number(5000), flowFrom("x")))
	})
	t.Run("a network", func(t *testing.T) {
		l := setUpLine(t)
		l.phones.Limits.Network.Hour = 5
		capped(t, 5, func(i int) error {
			return l.phones.StartPhone(l.ctx, l.account(), number(i*5000), flowFrom("192.0.2.0"))
		})
		l.ok(l.phones.StartPhone(l.ctx, l.anna, number(99), flowFrom("198.51.100.0")))
	})
	t.Run("an employer, and not its neighbour", func(t *testing.T) {
		l := setUpLine(t)
		l.ctx = withPolicy(l.ctx, 20)
		capped(t, 5, func(i int) error {
			return l.phones.StartPhone(l.ctx, l.account(), number(i*5000), flowFrom(fmt.Sprint(i)))
		})
		l.clock.Move(time.Hour)
		capped(t, 5, func(i int) error {
			return l.phones.StartPhone(l.ctx, l.account(), number(i*5000), flowFrom(fmt.Sprint(i)))
		})
		l.ctx = l.other
		l.ok(l.phones.StartPhone(l.ctx, l.account(), number(1), flowFrom("1")))
	})
	t.Run("no carrier, no text", func(t *testing.T) {
		l := setUpLine(t)
		l.phones.Text = nil
		if err := l.phones.StartPhone(l.ctx, l.anna, number(1), l.flow); code(err) != PhoneUnavailable || fault.KindOf(err) != fault.Unavailable {
			t.Fatal(err)
		}
	})
}

func TestAnotherTenantsPhoneIsNobodys(t *testing.T) {
	l := setUpLine(t)
	l.with(l.anna, 100)
	l.ok(l.phones.SendCode(l.ctx, l.anna, l.flow))
	_, c := l.sent()
	if _, err := l.phones.OnFile(l.other, l.anna); !errors.Is(err, db.ErrNotFound) {
		t.Fatal(err)
	}
	if err := l.phones.SendCode(l.other, l.anna, l.flow); code(err) != PhoneGone {
		t.Fatal(err)
	}
	if _, err := l.phones.Verify(l.other, l.anna, []string{Phone}, l.flow, c, func(context.Context, string) error { return nil }); code(err) != CodeWrong {
		t.Fatal(err)
	}
	if err := l.phones.ConfirmPhone(l.other, l.anna, l.flow, c); code(err) != PhoneGone {
		t.Fatal(err)
	}
	if err := l.phones.StartPhone(l.other, l.anna, number(7), l.flow); err == nil {
		t.Fatal("a phone of one tenant for an account of another")
	}
	l.clock.Move(3 * day)
	if n, err := l.phones.SweepCodes(l.other); err != nil || n != 0 {
		t.Fatalf("%d, %v", n, err)
	}
	if n, err := l.phones.SweepCodes(l.ctx); err != nil || n != 2 {
		t.Fatalf("%d, %v", n, err)
	}
}

func TestWhatCannotBeTypedAnyMoreIsNotSent(t *testing.T) {
	l := setUpLine(t)
	write := func() error {
		return l.db.Tx(l.ctx, func(ctx context.Context) error {
			_, err := l.phones.textOfCode(ctx, message.Message{RefID: l.texts[0].RefID, Args: map[string]string{ArgHost: l.texts[0].Host}}, words(t), tenant.MustFrom(ctx))
			return err
		})
	}
	c := l.begin(l.anna, 100)
	l.ok(write())
	l.ok(write())
	t.Run("used", func(t *testing.T) {
		l.ok(l.phones.ConfirmPhone(l.ctx, l.anna, l.flow, c))
		if err := write(); !errors.Is(err, message.ErrNotWanted) {
			t.Fatal(err)
		}
	})
	t.Run("followed by another", func(t *testing.T) {
		l.texts = nil
		l.begin(l.bo, 200)
		l.clock.Move(31 * time.Second)
		l.ok(l.phones.SendPending(l.ctx, l.bo, l.flow))
		if err := write(); !errors.Is(err, message.ErrNotWanted) {
			t.Fatal(err)
		}
	})
	t.Run("ended", func(t *testing.T) {
		l.texts = l.texts[1:]
		l.ok(write())
		l.clock.Move(textLife)
		if err := write(); !errors.Is(err, message.ErrNotWanted) {
			t.Fatal(err)
		}
	})
	t.Run("swept", func(t *testing.T) {
		l.texts[0].RefID = uuid.Must(uuid.NewV7())
		if err := write(); !errors.Is(err, message.ErrNotWanted) {
			t.Fatal(err)
		}
	})
}
