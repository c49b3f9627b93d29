package audit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
)

func rows(t *testing.T, d *db.DB, ctx context.Context) (list []audit.Row) {
	t.Helper()
	err := d.Read(ctx, func(ctx context.Context) error { return db.From(ctx).Order("id").Find(&list).Error })
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func record(d *db.DB, ctx context.Context, events ...audit.Event) error {
	return d.Tx(ctx, func(ctx context.Context) error { return audit.Record(ctx, events...) })
}

func TestARowSaysWhoDidWhatToWhomWhenAndFromWhere(t *testing.T) {
	d, now := dbtest.New(t)
	a, id := dbtest.Tenant(t, d, "alfa")
	who, whom := uuid.New(), uuid.New()
	a = authz.With(a, authz.Actor{Kind: authz.Person, PersonID: who, Name: "Kari Hansen", Network: "198.51.100.1", RequestID: "r1"})
	if err := record(d, a, audit.Event{Action: "people.corrected", Subject: audit.Subject{Kind: "person", ID: whom}, Detail: map[string]any{"fields": 2}}); err != nil {
		t.Fatal(err)
	}
	want := []audit.Row{{
		TenantID: id, At: now.Now(), Action: "people.corrected", ActorKind: "person", ActorID: &who,
		SubjectKind: "person", SubjectID: &whom, Detail: `{"fields":2}`, RequestID: "r1", Network: "198.51.100.1",
	}}
	if diff := cmp.Diff(want, rows(t, d, a), cmpopts.IgnoreFields(audit.Row{}, "ID")); diff != "" {
		t.Error(diff)
	}
}

func TestWhoeverIsNotSaidIsNobody(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	if err := record(d, a, audit.Event{Action: "signin.failed"}); err != nil {
		t.Fatal(err)
	}
	got := rows(t, d, a)
	if len(got) != 1 || got[0].ActorKind != "nobody" || got[0].ActorID != nil || got[0].SubjectID != nil || got[0].Detail != "{}" {
		t.Errorf("%+v", got)
	}
}

func TestARowLivesAndDiesWithItsFact(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	if err := audit.Record(a, audit.Event{Action: "x.y"}); !errors.Is(err, db.ErrNoTx) {
		t.Errorf("outside a transaction: %v", err)
	}
	_ = d.Tx(a, func(ctx context.Context) error {
		if err := audit.Record(ctx, audit.Event{Action: "x.y"}); err != nil {
			t.Error(err)
		}
		return errors.New("no")
	})
	if err := d.Tx(a, func(ctx context.Context) error { return audit.Record(ctx) }); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	if got := rows(t, d, a); len(got) != 0 {
		t.Errorf("%d rows", len(got))
	}
	err := d.Tx(a, func(ctx context.Context) error {
		return audit.Record(ctx, audit.Event{Action: "x.y", Detail: map[string]any{"f": func() {}}})
	})
	if err == nil {
		t.Error("a detail that cannot be written went through")
	}
}

func TestAnotherTenantSeesNothing(t *testing.T) {
	d, _ := dbtest.New(t)
	a, _ := dbtest.Tenant(t, d, "alfa")
	b, _ := dbtest.Tenant(t, d, "beta")
	if err := record(d, a, make([]audit.Event, 1200)...); err != nil {
		t.Fatal(err)
	}
	if n, m := len(rows(t, d, a)), len(rows(t, d, b)); n != 1200 || m != 0 {
		t.Errorf("%d and %d rows", n, m)
	}
}
