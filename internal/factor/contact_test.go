package factor

import (
	"context"
	"database/sql"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
)

// One phone must not be both the way to a password and the second step.
func TestThePhoneOfTheInvitationIsNoSecondFactor(t *testing.T) {
	l := setUpLine(t)
	l.ok(l.svc.db.Tx(l.ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, `INSERT INTO identifiers (tenant_id, id, account_id, kind, address, address_key, verified_at, phone)
			VALUES (@tenant, @id, @account, 'number', '1042', '#1042', @now, @phone)`,
			sql.Named("id", uuid.Must(uuid.NewV7())), sql.Named("account", l.anna), sql.Named("now", db.Now(ctx)), sql.Named("phone", number(100).E164))
		return err
	}))
	err := l.phones.StartPhone(l.ctx, l.anna, number(100), l.flow)
	if f, known := fault.As(err); !known || len(f.Fields) == 0 && f.Code != PhoneContact {
		t.Errorf("got %v", err)
	}
	l.ok(l.phones.StartPhone(l.ctx, l.anna, number(200), l.flow))
	l.ok(l.svc.db.Read(l.ctx, func(ctx context.Context) error {
		on, err := l.phones.IsFactor(ctx, l.anna, number(200).E164)
		if err != nil || !on {
			t.Errorf("a phone being set up is not seen: %v", err)
		}
		if on, err = l.phones.IsFactor(ctx, l.anna, number(100).E164); err != nil || on {
			t.Errorf("another one is: %v", err)
		}
		return err
	}))
}

func TestMessagesThatHoldNoCodeCountAgainstTheBounds(t *testing.T) {
	l := setUpLine(t)
	count := func(flow Flow) error {
		return l.svc.db.Tx(l.ctx, func(ctx context.Context) error {
			return l.phones.Count(ctx, l.anna, flow.ID, number(100).E164, flow.Network)
		})
	}
	for range l.phones.Limits.Account.Hour {
		l.ok(count(flowFrom("192.0.2.0")))
	}
	if err := count(flowFrom("192.0.2.0")); fault.KindOf(err) != fault.TooMany {
		t.Errorf("one more: %v", err)
	}
	if err := l.phones.StartPhone(l.ctx, l.anna, number(100), l.flow); fault.KindOf(err) != fault.TooMany {
		t.Errorf("a code beside them: %v", err)
	}
}
