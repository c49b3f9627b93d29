package invite

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/db"
	"tilgang/internal/message/email"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
)

// rename corrects a person's work address as HR's form does.
func (b *bench) rename(ctx context.Context, name, to string) {
	b.t.Helper()
	b.do(ctx, func(ctx context.Context) error {
		var p people.Person
		if err := db.Found(db.From(ctx).Where("given_name = ?", name).Limit(1).Find(&p)); err != nil {
			return err
		}
		set := map[string]any{"work_email": to, "work_email_key": to}
		if err := db.One(db.From(ctx).Model(&people.Person{}).Where("id = ?", p.ID).Updates(set)); err != nil {
			return err
		}
		return outbox.Put(ctx, outbox.Event{Kind: people.AddressChanged, Args: people.Moved{Person: p.ID}})
	})
}

func TestACorrectedAddressTakesTheInvitationAlong(t *testing.T) {
	b := setUp(t)
	person, wrong := b.invited("Anna")
	b.rename(b.ctx, "Anna", "anna.berg@work.example")
	b.work()
	b.work()
	_, err := b.service.Look(b.ctx, wrong.Token)
	refused(t, err, "invite.unknown")
	right := b.last("anna.berg@work.example")
	told := b.sent("anna@work.example")
	if len(told) != 2 || told[1].Kind != "address_changed" || strings.Contains(told[1].Text, "Anna") || strings.Contains(told[1].Text, "anna.berg") {
		t.Errorf("the old address was told %v", told)
	}
	if err := b.accept(b.ctx, right.Token); err != nil {
		t.Fatal(err)
	}
	b.rename(b.ctx, "Anna", "elsewhere@work.example")
	b.work()
	if n := len(b.sent("elsewhere@work.example")); n != 0 {
		t.Errorf("an account's new address got %d mails", n)
	}
	if m := b.last("anna.berg@work.example"); m.Kind != "contact_changed" {
		t.Errorf("the proven address was sent %s", m.Kind)
	}
	if s := b.state(b.ctx, person); s != Accepted {
		t.Errorf("state is %s", s)
	}
}

func TestAMailUnderWayToAFormerAddressIsNotTriedAgain(t *testing.T) {
	b := setUp(t)
	b.post.fail = func(email.Mail) error { return email.Refuse(email.Retry, "connect", errors.New("down")) }
	b.hire(b.ctx, nil, "Anna")
	b.work()
	b.post.fail = nil
	b.rename(b.ctx, "Anna", "right@work.example")
	b.work()
	b.clock.Move(time.Hour)
	b.work()
	if len(b.sent("anna@work.example")) != 0 || len(b.sent("right@work.example")) != 1 {
		t.Errorf("mails: %v", b.post.taken())
	}
}

func TestAMailToAFormerAddressIsNotWanted(t *testing.T) {
	b := setUp(t)
	b.post.fail = func(email.Mail) error { return email.Refuse(email.Retry, "connect", errors.New("down")) }
	person := b.hire(b.ctx, nil, "Anna")[0]
	b.work()
	b.post.fail = nil
	b.do(b.ctx, func(ctx context.Context) error {
		i, err := pendingOf(ctx, person)
		if err != nil {
			return err
		}
		i.Address, i.AddressKey = "right@work.example", "right@work.example"
		return move(ctx, i)
	})
	b.clock.Move(time.Hour)
	b.work()
	if n := len(b.post.taken()); n != 0 {
		t.Errorf("%d mails", n)
	}
}

func TestAMoveStopsWhatWasUnderWay(t *testing.T) {
	b := setUp(t)
	b.post.fail = func(email.Mail) error { return email.Refuse(email.Retry, "connect", errors.New("down")) }
	person := b.hire(b.ctx, nil, "Anna")[0]
	b.work()
	b.rename(b.ctx, "Anna", "right@work.example")
	if err := b.service.Rotate(b.ctx, person); err != nil {
		t.Fatal(err)
	}
	var states []string
	b.do(b.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &states, "SELECT state FROM messages WHERE tenant_id = @tenant ORDER BY created_at, id")
	})
	if diff := cmp.Diff([]string{"suppressed", "queued"}, states); diff != "" {
		t.Error(diff)
	}
}

func TestANewAddressSendsWhatHadNone(t *testing.T) {
	b := setUp(t)
	id := b.hire(b.ctx, func(r *people.Record) { r.WorkEmail, r.WorkEmailKey = "", "" }, "Anna")[0]
	b.work()
	b.rename(b.ctx, "Anna", "anna@work.example")
	b.work()
	if s := b.state(b.ctx, id); s != Sent || b.last("anna@work.example").Kind != "invite" {
		t.Errorf("state is %s", s)
	}
}

func TestAnAddressOfAnotherAccountIsRefusedAndNothingIsConsumed(t *testing.T) {
	b := setUp(t)
	shared := func(r *people.Record) {
		r.WorkEmail, r.WorkEmailKey, r.PrivateEmail, r.PrivateKey = "", "", "both@home.example", "both@home.example"
	}
	b.hire(b.ctx, shared, "Anna")
	b.work()
	first := b.last("both@home.example")
	b.hire(b.ctx, func(r *people.Record) { shared(r); r.FamilyName = "Dahl" }, "Bo")
	b.work()
	second := b.last("both@home.example")
	if err := b.accept(b.ctx, first.Token); err != nil {
		t.Fatal(err)
	}
	refused(t, b.accept(b.ctx, second.Token), "invite.address_taken")
	if _, err := b.service.Look(b.ctx, second.Token); err != nil {
		t.Errorf("the refused invitation: %v", err)
	}
}
