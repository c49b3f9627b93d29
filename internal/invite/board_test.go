package invite

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/db"
)

// set runs one statement in a tenant, with an id.
func (b *bench) set(ctx context.Context, id uuid.UUID, statement string) {
	b.t.Helper()
	b.do(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, statement, sql.Named("id", id))
		return err
	})
}

// atWork gives a person's employment a title and a unit, which is made.
func (b *bench) atWork(ctx context.Context, person uuid.UUID, title, unit string) {
	b.t.Helper()
	b.do(ctx, func(ctx context.Context) error {
		id := uuid.NewSHA1(uuid.Nil, []byte(unit))
		_, err := db.Exec(ctx, `INSERT INTO org_units (tenant_id, id, name, path, path_key) VALUES (@tenant, @id, @unit, @unit, @unit) ON CONFLICT DO NOTHING`, sql.Named("id", id), sql.Named("unit", unit))
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, `UPDATE employments SET job_title = @title, job_title_key = @title, org_unit_id = @unit WHERE tenant_id = @tenant AND person_id = @id`,
			sql.Named("title", title), sql.Named("unit", id), sql.Named("id", person))
		return err
	})
}

func (b *bench) plan(sc Scope) Plan {
	b.t.Helper()
	p, err := b.service.Plan(b.ctx, sc)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func TestTheBoardCountsWhoWaitsAndForWhat(t *testing.T) {
	b := setUp(t)
	ids := b.hire(b.ctx, nil, "Anna", "Bo", "Cai", "Dea", "Eli", "Finn", "Gro")
	b.hire(b.other, nil, "Else")
	b.work()
	invitation := "WHERE tenant_id = @tenant AND person_id = @id"
	b.set(b.ctx, ids[1], "UPDATE invitations SET code_tries = 10 "+invitation)
	b.set(b.ctx, ids[2], "UPDATE invitations SET address = '', address_key = '', address_kind = '' "+invitation)
	b.set(b.ctx, ids[3], "UPDATE messages SET state = 'bounced' "+invitation)
	b.set(b.ctx, ids[4], "UPDATE messages SET state = 'failed' "+invitation)
	b.set(b.ctx, ids[5], "UPDATE employments SET end_date = '2026-11-01' "+invitation)
	b.set(b.ctx, ids[6], "UPDATE invitations SET expires_at = '2026-01-01 00:00:00+00:00' "+invitation)
	got, err := b.service.Stuck(b.ctx, Scope{})
	if diff := cmp.Diff(map[State]int{Sent: 1, Locked: 1, NoAddress: 1, Bounced: 1, Failed: 1, Expired: 1}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if diff := cmp.Diff(Plan{Work: 1, NoAddress: 1, Ended: 1, Recent: 4}, b.plan(Scope{})); diff != "" {
		t.Error("within the minute: ", diff)
	}
	b.clock.Move(time.Minute)
	if diff := cmp.Diff(Plan{Work: 5, NoAddress: 1, Ended: 1}, b.plan(Scope{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Plan{Work: 1}, b.plan(Scope{Reason: Locked})); diff != "" {
		t.Error(diff)
	}
	page, err := b.service.board(b.ctx, Scope{Reason: Bounced}, uuid.Nil)
	if err != nil || len(page.rows) != 1 || page.rows[0].PersonID != ids[3] || page.people[ids[3]].GivenName != "Dea" {
		t.Error(page.rows, err)
	}
	if other, err := b.service.board(b.other, Scope{Reason: Sent}, uuid.Nil); err != nil || len(other.rows) != 1 || other.counts[Bounced] != 0 {
		t.Error("another employer sees: ", other, err)
	}
}

func TestSendingToATitleOrAUnitReachesNobodyElse(t *testing.T) {
	b := setUp(t)
	ids := b.hire(b.ctx, nil, "Anna", "Bo", "Cai", "Dea")
	elses := b.hire(b.other, nil, "Else")
	b.atWork(b.ctx, ids[0], "butikschef", "north > aarhus")
	b.atWork(b.ctx, ids[1], "assistent", "north > aarhus")
	b.atWork(b.ctx, ids[2], "butikschef", "north")
	b.atWork(b.ctx, ids[3], "assistent", "northern lights")
	b.atWork(b.other, elses[0], "butikschef", "north")
	b.work()
	for _, c := range []struct {
		scope Scope
		want  []string
	}{
		{Scope{Title: "Butikschef"}, []string{"anna", "cai"}},
		{Scope{Unit: "north"}, []string{"anna", "bo", "cai"}},
		{Scope{Unit: "north", Title: "assistent"}, []string{"bo"}},
		{Scope{Unit: "north", Title: "assistent", Reason: Bounced}, nil},
		{Scope{Unit: "south"}, nil},
	} {
		b.clock.Move(2 * time.Minute)
		before := len(b.post.taken())
		if n := b.plan(c.scope).Mails(); n != len(c.want) {
			t.Errorf("%+v plans %d", c.scope, n)
		}
		if n, err := b.service.SendAgain(b.ctx, c.scope); n != len(c.want) || err != nil {
			t.Errorf("%+v sent %d, %v", c.scope, n, err)
		}
		b.work()
		got := map[string]bool{}
		for _, m := range b.post.taken()[before:] {
			got[m.To] = true
		}
		for _, name := range c.want {
			if !got[name+"@work.example"] || len(got) != len(c.want) {
				t.Errorf("%+v reached %v", c.scope, got)
			}
		}
	}
}

func TestTwoOfHRAtOnceSendOnceAPerson(t *testing.T) {
	b := setUp(t)
	var names []string
	for n := range 450 {
		names = append(names, fmt.Sprintf("P%d", n))
	}
	for n, id := range b.hire(b.ctx, nil, names...) {
		if n%2 == 0 {
			b.atWork(b.ctx, id, "butikschef", "north")
		}
	}
	b.work()
	before := len(b.post.taken())
	b.clock.Move(time.Hour)
	var wait sync.WaitGroup
	sent, errs := make([]int, 4), make([]error, 4)
	for n, sc := range []Scope{{}, {Title: "butikschef"}, {Unit: "north"}, {}} {
		wait.Go(func() { sent[n], errs[n] = b.service.SendAgain(b.ctx, sc) })
	}
	wait.Wait()
	total := 0
	for n := range sent {
		if total += sent[n]; errs[n] != nil {
			t.Error(errs[n])
		}
	}
	b.work()
	if n := len(b.post.taken()) - before; n != 450 || total != 450 {
		t.Errorf("%d mails, told of %d", n, total)
	}
}

func TestAWrongScopeIsNone(t *testing.T) {
	values := map[string]string{"reason": "accepted' OR 1=1", "unit": "x", "title": "y"}
	if diff := cmp.Diff(Scope{Unit: "x", Title: "y"}, scopeOf(func(name string) string { return values[name] })); diff != "" {
		t.Error(diff)
	}
}

func TestTheBoardLeadsFromTheReasonToThePeopleAndToTheMails(t *testing.T) {
	b := setUp(t)
	s := b.site()
	if empty := s.get("/admin/invite"); empty.StatusCode != 200 || !empty.has("Nobody is waiting") {
		t.Errorf("%d %s", empty.StatusCode, empty.body)
	}
	ids := b.hire(b.ctx, nil, "Anna", "Bo")
	b.atWork(b.ctx, ids[0], "butikschef", "north")
	b.work()
	b.set(b.ctx, ids[1], "UPDATE invitations SET address = '', address_key = '', address_kind = '' WHERE tenant_id = @tenant AND person_id = @id")
	b.clock.Move(time.Hour)
	board := s.get("/admin/invite?reason=no_address")
	if !board.has("No address") || !board.has("add an e-mail address") || !board.has("/admin/people/per_"+ids[1].String()) || board.has("Send again to these") {
		t.Error(board.body)
	}
	if page := s.get("/admin/invite?reason=sent&title=butikschef"); !page.has("/admin/people/per_"+ids[0].String()) || !page.has("/admin/people/invite-all?reason=sent&amp;title=butikschef") {
		t.Error(page.body)
	}
	preview := s.get("/admin/people/invite-all?title=butikschef")
	if !preview.has("This sends 1 mail") || !preview.has("Only the job title butikschef") || !preview.has("1 mail to a work address") {
		t.Error(preview.body)
	}
	if all := s.get("/admin/people/invite-all"); !all.has("Left out: 1 person without an address") {
		t.Error(all.body)
	}
	if done := s.post("/admin/people/invite-all", "title", "butikschef"); done.StatusCode != 303 || done.Header.Get("Location") != "/admin/invite?title=butikschef" {
		t.Errorf("%d %s", done.StatusCode, done.Header.Get("Location"))
	}
	b.work()
	if n := len(b.sent("anna@work.example")); n != 2 {
		t.Errorf("%d mails", n)
	}
	if later := s.get("/admin/invite?reason=sent&after=nonsense"); later.StatusCode != 200 {
		t.Error(later.StatusCode)
	}
}
