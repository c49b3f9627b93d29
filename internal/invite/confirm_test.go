package invite

import (
	"context"
	"sync"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/fault"
)

// preparing lets people of the first tenant sign in elsewhere for a week more.
func preparing(b *bench) { b.of(b.ctx).Invitation.Switch = b.clock.Now().Add(7 * 24 * time.Hour) }

func TestAnAddressIsConfirmedByTheCodeAlone(t *testing.T) {
	b := setUp(t)
	preparing(b)
	person, m := b.invited("Anna")
	if m.Kind != kindPrepare {
		t.Errorf("the mail is %s", m.Kind)
	}
	for _, code := range []string{"", "0000000000", m.Token} {
		err := b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: code})
		if f, known := fault.As(err); !known || f.Fields["code"] != "invite.prepare.wrong" {
			t.Errorf("%q gave %v", code, err)
		}
	}
	refused(t, b.service.Confirm(b.ctx, ConfirmForm{Code: m.Code}), "invite.unknown")
	if err := b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: " " + m.Code + " "}); err != nil {
		t.Fatal(err)
	}
	if s := b.state(b.ctx, person); s != Confirmed {
		t.Errorf("it is %s", s)
	}
	b.do(b.ctx, func(ctx context.Context) error {
		a, err := account.ByAddress(ctx, "anna@work.example")
		if a.PersonID != person || a.PasswordHash != "" {
			t.Errorf("the account is %+v", a)
		}
		return err
	})
	refused(t, b.accept(b.ctx, m.Token), "invite.confirmed")
	refused(t, b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: m.Code}), "invite.confirmed")
	refused(t, b.service.Resend(b.ctx, person), "invite.has_account")
}

func TestTheCodeOfAnotherPersonsMailConfirmsNothing(t *testing.T) {
	b := setUp(t)
	preparing(b)
	anna, m := b.invited("Anna")
	_, other := b.invited("Bo")
	err := b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: other.Code})
	if f, known := fault.As(err); !known || f.Fields["code"] == "" {
		t.Errorf("got %v", err)
	}
	refused(t, b.service.Confirm(b.other, ConfirmForm{Token: m.Token, Code: m.Code}), "invite.switched")
	b.of(b.other).Invitation.Switch = b.of(b.ctx).Invitation.Switch
	refused(t, b.service.Confirm(b.other, ConfirmForm{Token: m.Token, Code: m.Code}), "invite.unknown")
	if s := b.state(b.ctx, anna); s != Sent {
		t.Errorf("it is %s", s)
	}
}

// Two people may be reached at one address: the code of the one's mail is none on
// the page of the other's link.
func TestTheCodeOfAnotherInvitationOfTheSameAddressConfirmsNothing(t *testing.T) {
	b := setUp(t)
	preparing(b)
	_, m := b.invited("Anna")
	bo, other := b.invited("Bo")
	b.set(b.ctx, bo, "UPDATE invitations SET address = 'anna@work.example', address_key = 'anna@work.example' WHERE tenant_id = @tenant AND person_id = @id")
	err := b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: other.Code})
	if f, known := fault.As(err); !known || f.Fields["code"] == "" {
		t.Errorf("got %v", err)
	}
	if err := b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: m.Code}); err != nil {
		t.Errorf("the own code: %v", err)
	}
}

func TestAWrongCodeIsCountedAndTheTenthIsTheLast(t *testing.T) {
	b := setUp(t)
	preparing(b)
	_, m := b.invited("Anna")
	for range codeTries {
		if err := b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: "0000000000"}); err == nil {
			t.Fatal("taken")
		}
	}
	if err := b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: m.Code}); err == nil {
		t.Error("the right code was taken after ten wrong ones")
	}
	if err := b.accept(b.ctx, m.Token); err != nil {
		t.Errorf("the link itself no longer takes a password: %v", err)
	}
}

func TestFromTheSwitchOnOnlyAPasswordIsTaken(t *testing.T) {
	b := setUp(t)
	preparing(b)
	_, m := b.invited("Anna")
	b.of(b.ctx).Invitation.Switch = b.clock.Now()
	refused(t, b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: m.Code}), "invite.switched")
	if err := b.accept(b.ctx, m.Token); err != nil {
		t.Error(err)
	}
}

func TestOfManyWhoConfirmOrChooseAtOnceOneWins(t *testing.T) {
	b := setUp(t)
	preparing(b)
	_, m := b.invited("Anna")
	errs := make([]error, 16)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() {
			if i%2 == 0 {
				errs[i] = b.accept(b.ctx, m.Token)
				return
			}
			errs[i] = b.service.Confirm(b.ctx, ConfirmForm{Token: m.Token, Code: m.Code})
		})
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}
