package invite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/message/email"
)

func TestSendingAgainKillsTheOldLinkAtOnce(t *testing.T) {
	b := setUp(t)
	person, first := b.invited("Anna")
	refused(t, b.service.Resend(b.ctx, person), "invite.too_soon")
	b.clock.Move(time.Minute)
	if err := b.service.Resend(b.ctx, person); err != nil {
		t.Fatal(err)
	}
	_, err := b.service.Look(b.ctx, first.Token)
	refused(t, err, "invite.unknown")
	refused(t, b.service.Resend(b.ctx, person), "invite.too_soon")
	b.work()
	second := b.last("anna@work.example")
	if len(b.sent("anna@work.example")) != 2 || second.Token == first.Token || second.Kind != "invite_again" {
		t.Errorf("%d mails, the last of kind %s", len(b.sent("anna@work.example")), second.Kind)
	}
	_, err = b.service.ByCode(b.ctx, "anna@work.example", first.Code, "n")
	refused(t, err, "invite.code.wrong")
	if err := b.accept(b.ctx, second.Token); err != nil {
		t.Error(err)
	}
}

func TestAMailThatWaitsIsReplacedNotDoubled(t *testing.T) {
	b := setUp(t)
	b.post.fail = func(email.Mail) error { return email.Refuse(email.Retry, "connect", errors.New("down")) }
	person := b.hire(b.ctx, nil, "Anna")[0]
	b.work()
	b.clock.Move(2 * time.Minute)
	if err := b.service.Resend(b.ctx, person); err != nil {
		t.Fatal(err)
	}
	b.post.fail = nil
	b.work()
	b.clock.Move(time.Hour)
	b.work()
	if n := len(b.sent("anna@work.example")); n != 1 {
		t.Errorf("%d mails", n)
	}
}

func TestResendsAtOnceSendOneMail(t *testing.T) {
	b := setUp(t)
	person, _ := b.invited("Anna")
	b.clock.Move(time.Hour)
	var wait sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		wait.Go(func() {
			if i%2 == 0 {
				errs[i] = b.service.Resend(b.ctx, person)
			} else {
				_, errs[i] = b.service.SendAgain(b.ctx, Scope{})
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if f, known := fault.As(err); err != nil && (!known || f.Code != "invite.too_soon") {
			t.Error(err)
		}
	}
	b.work()
	if n := len(b.sent("anna@work.example")); n != 2 {
		t.Errorf("%d mails", n)
	}
	if _, err := b.service.Look(b.ctx, b.last("anna@work.example").Token); err != nil {
		t.Errorf("the newest link: %v", err)
	}
}

func TestSendingToAllReachesThosePendingOnly(t *testing.T) {
	b := setUp(t)
	ids := b.hire(b.ctx, nil, "Anna", "Bo", "Cai", "Dea")
	b.hire(b.other, nil, "Else")
	b.work()
	if err := b.accept(b.ctx, b.last("bo@work.example").Token); err != nil {
		t.Fatal(err)
	}
	b.do(b.ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, "UPDATE employments SET end_date = '2026-11-01' WHERE tenant_id = @tenant AND person_id = @id", sql.Named("id", ids[2]))
		return err
	})
	if n, err := b.service.SendAgain(b.ctx, Scope{}); n != 0 || err != nil {
		t.Errorf("within a minute: %d %v", n, err)
	}
	b.clock.Move(time.Minute)
	plan, err := b.service.Plan(b.ctx, Scope{})
	if diff := cmp.Diff(Plan{Work: 2, Ended: 1}, plan); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if n, err := b.service.SendAgain(b.ctx, Scope{}); n != 2 || err != nil {
		t.Errorf("sent %d, %v", n, err)
	}
	if n, err := b.service.SendAgain(b.ctx, Scope{}); n != 0 || err != nil {
		t.Errorf("the second click sent %d, %v", n, err)
	}
	b.work()
	got := map[string]int{}
	for _, m := range b.post.taken() {
		got[m.To]++
	}
	want := map[string]int{"anna@work.example": 2, "bo@work.example": 1, "cai@work.example": 1, "dea@work.example": 2, "else@work.example": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	counts, err := b.service.Counts(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[State]int{Sent: 3, Accepted: 1}, counts); diff != "" {
		t.Error(diff)
	}
	some, err := b.service.InState(b.ctx, Accepted, uuid.Nil, 10)
	if err != nil || len(some) != 1 || some[0] != ids[1] {
		t.Errorf("accepted: %v %v", some, err)
	}
}

func TestAnExpiredLinkBringsANewMailToTheStoredAddressOnly(t *testing.T) {
	b := setUp(t)
	_, m := b.invited("Anna")
	renew := func(token string) {
		t.Helper()
		if err := b.service.Renew(b.ctx, token, "home"); err != nil {
			t.Error(err)
		}
		b.work()
	}
	b.clock.Move(2 * time.Minute)
	renew(m.Token)
	if n := len(b.sent("anna@work.example")); n != 1 {
		t.Errorf("a living link brought %d mails", n)
	}
	b.clock.Move(24 * time.Hour)
	renew("nonsense")
	renew(strings.Repeat("A", 43))
	renew(m.Token)
	renew(m.Token)
	if n := len(b.sent("anna@work.example")); n != 2 {
		t.Errorf("%d mails", n)
	}
	if err := b.accept(b.ctx, b.last("anna@work.example").Token); err != nil {
		t.Error(err)
	}
}

func TestRenewalsAreFiveAnHour(t *testing.T) {
	b := setUp(t)
	b.of(b.ctx).Invitation.Life = time.Minute
	b.invited("Anna")
	for range 10 {
		b.clock.Move(2 * time.Minute)
		if err := b.service.Renew(b.ctx, b.last("anna@work.example").Token, "home"); err != nil {
			t.Fatal(err)
		}
		b.work()
	}
	if n := len(b.sent("anna@work.example")); n != renewals {
		t.Errorf("%d mails in 20 minutes", n)
	}
}

func TestATryThatFollowsAFailedOneHasTheSameLink(t *testing.T) {
	b := setUp(t)
	b.post.lose = func(email.Mail) error { return email.Refuse(email.Unknown, "accept", errors.New("silence")) }
	b.hire(b.ctx, nil, "Anna")
	b.work()
	b.post.lose = nil
	for range 9 {
		b.clock.Move(90 * time.Second)
		b.work()
	}
	list := b.sent("anna@work.example")
	if len(list) != 2 || list[0].Token != list[1].Token || list[0].Code != list[1].Code || list[0].MessageID() != list[1].MessageID() {
		t.Fatalf("%d mails", len(list))
	}
	if err := b.accept(b.ctx, list[0].Token); err != nil {
		t.Error(err)
	}
}

func TestALinkThatDiedBeforeItLeftLivesFromItsSending(t *testing.T) {
	b := setUp(t)
	b.of(b.ctx).Invitation.Life = time.Hour
	b.post.fail = func(email.Mail) error { return email.Refuse(email.Retry, "connect", errors.New("down")) }
	b.hire(b.ctx, nil, "Anna")
	b.work()
	b.clock.Move(3 * time.Hour)
	b.post.fail = nil
	b.work()
	m := b.last("anna@work.example")
	if !strings.Contains(m.Text, "22 November 2026 at 16:00") {
		t.Errorf("the mail says %s", m.Text)
	}
	if err := b.accept(b.ctx, m.Token); err != nil {
		t.Error(err)
	}
}
