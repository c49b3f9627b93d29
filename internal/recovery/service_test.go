package recovery_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/message/practice"
	"tilgang/internal/recovery"
)

func TestTwoPeopleAndADayBringSomebodyBackIn(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	r := w.start(w.hanne, w.anna)
	w.Pass(time.Hour)
	if !w.approve(w.hugo, r) {
		t.Fatal("one approval is not enough")
	}
	for at, want := range map[time.Duration]bool{0: false, day - time.Second: false} {
		w.Pass(at)
		if w.opened(w.anna) != want {
			t.Errorf("after %s it is open: %t", at, !want)
		}
	}
	w.Pass(time.Second)
	if !w.opened(w.anna) {
		t.Fatal("it does not open")
	}
	t.Run("for the days of the policy, to the second", func(t *testing.T) {
		w.Pass(3*day - time.Second)
		if !w.opened(w.anna) {
			t.Error("it closed early")
		}
		w.Pass(time.Second)
		if w.opened(w.anna) {
			t.Error("it stays open")
		}
	})
	t.Run("and another may be started then", func(t *testing.T) {
		if again := w.start(w.mette, w.anna); again.ID == r.ID || again.StarterRole != authz.RoleManager {
			t.Errorf("%+v", again)
		}
	})
}

func TestWhoMayStart(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.enrol(w.hanne)
	for name, c := range map[string]struct {
		by, of someone
		want   string
	}{
		"a colleague":                       {w.otto, w.anna, "http.not_found"},
		"a manager for no report":           {w.mette, w.otto, "http.not_found"},
		"the person, who is in HR":          {w.hanne, w.hanne, "recovery.self"},
		"for somebody without a factor":     {w.hanne, w.otto, "recovery.nothing"},
		"a manager for the own factor":      {w.mette, w.mette, "http.not_found"},
		"HR for somebody of no such tenant": {w.hanne, someone{}, "http.not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.svc.Start(w.as(c.by), c.of.PersonID, reason)
			refused(t, err, c.want)
		})
	}
	t.Run("a manager only for a report without a role", func(t *testing.T) {
		w.grant(w.anna, authz.RoleAuditor)
		_, err := w.svc.Start(w.as(w.mette), w.anna.PersonID, reason)
		refused(t, err, "recovery.above")
		if n := w.count("audit_events WHERE action = 'recovery.refused_actor'"); n != 2 {
			t.Errorf("%d refusals are written down", n)
		}
		w.exec("DELETE FROM person_roles WHERE tenant_id = @tenant AND person_id = @id", map[string]any{"id": w.anna.PersonID})
	})
	t.Run("nobody without a reason", func(t *testing.T) {
		for _, typed := range []string{"", "  a  ", strings.Repeat("x", 301)} {
			_, err := w.svc.Start(w.as(w.hanne), w.anna.PersonID, typed)
			refused(t, err, "recovery.reason.missing")
		}
	})
	t.Run("and one at a time, three a day", func(t *testing.T) {
		for range 3 {
			r := w.start(w.hanne, w.anna)
			_, err := w.svc.Start(w.as(w.adam), w.anna.PersonID, reason)
			refused(t, err, "recovery.running")
			if err := w.svc.Cancel(w.as(w.adam), r.ID); err != nil {
				t.Fatal(err)
			}
		}
		_, err := w.svc.Start(w.as(w.hanne), w.anna.PersonID, reason)
		refused(t, err, "recovery.often")
		w.Pass(day)
		w.start(w.hanne, w.anna)
	})
}

func TestWhoMayApprove(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	r := w.start(w.hanne, w.anna)
	w.grant(w.otto, authz.RoleAdmin)
	for name, c := range map[string]struct {
		by   someone
		want string
	}{
		"the starter": {w.hanne, "recovery.starter"}, "the person": {w.anna, "http.not_found"}, "the manager": {w.mette, "http.not_found"},
		"whoever got a role since": {w.otto, "recovery.new_role"},
	} {
		t.Run(name+" does not", func(t *testing.T) {
			enough, err := w.svc.Approve(w.as(c.by), r.ID)
			if refused(t, err, c.want); enough {
				t.Error("and it was enough")
			}
		})
	}
	t.Run("the person does not, whatever role they have", func(t *testing.T) {
		own := w.start(w.hanne, w.with(w.ada))
		_, err := w.svc.Approve(w.as(w.ada), own.ID)
		refused(t, err, "recovery.self")
	})
	t.Run("and nobody twice, or after it was decided", func(t *testing.T) {
		w.approve(w.hugo, r)
		for _, who := range []someone{w.hugo, w.adam} {
			_, err := w.svc.Approve(w.as(who), r.ID)
			refused(t, err, "recovery.settled")
		}
	})
}

// with gives somebody a factor.
func (w *world) with(who someone) someone {
	w.T.Helper()
	w.enrol(who)
	return who
}

func TestSomebodyWithARoleNeedsTwoAdministrators(t *testing.T) {
	w := setUp(t)
	for _, who := range []someone{w.with(w.hugo), w.with(w.alma)} {
		t.Run(who.name, func(t *testing.T) {
			r := w.start(w.hanne, who)
			if who.name == "alma" {
				_, err := w.svc.Approve(w.as(w.hugo), r.ID)
				refused(t, err, "recovery.admins")
			}
			if w.approve(w.adam, r) {
				t.Fatal("one administrator is enough")
			}
			_, err := w.svc.Approve(w.as(w.adam), r.ID)
			refused(t, err, "recovery.twice")
			w.Pass(2 * day)
			if w.opened(who) {
				t.Fatal("it opens after one")
			}
			if !w.approve(w.ada, r) {
				t.Fatal("two are not enough")
			}
			w.Pass(day)
			if !w.opened(who) {
				t.Error("it does not open")
			}
		})
	}
	t.Run("also who got the role while the time ran", func(t *testing.T) {
		w.enrol(w.anna)
		r := w.start(w.mette, w.anna)
		w.approve(w.hanne, r)
		w.grant(w.anna, authz.RoleHR)
		w.Pass(day)
		if w.opened(w.anna) {
			t.Error("the approval of HR opens it")
		}
	})
}

// No order of starts, approvals, refusals and waiting by one person alone opens
// anything, whatever part that person plays.
func TestNoInterleavingByOnePersonOpens(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.enrol(w.alma)
	w.grant(w.mette, authz.RoleHR) // a manager who is in HR too
	actors := []someone{w.mette, w.hanne, w.adam, w.alma, w.anna}
	acts := []string{"start", "approve", "approve", "wait", "start", "wait", "cancel", "stop", "long"}
	rapid.Check(t, func(rt *rapid.T) {
		who := actors[rapid.IntRange(0, len(actors)-1).Draw(rt, "who")]
		victim := []someone{w.anna, w.alma}[rapid.IntRange(0, 1).Draw(rt, "victim")]
		for range rapid.IntRange(6, 12).Draw(rt, "acts") {
			switch rapid.SampledFrom(acts).Draw(rt, "act") {
			case "start":
				_, _ = w.svc.Start(w.as(who), victim.PersonID, reason)
			case "approve":
				_, _ = w.svc.Approve(w.as(who), w.newest(victim))
			case "cancel":
				_ = w.svc.Cancel(w.as(who), w.newest(victim))
			case "stop":
				_ = w.svc.Stop(w.as(who))
			case "wait":
				w.Pass(day)
			case "long":
				w.Pass(4 * day)
			}
			if w.opened(victim) {
				rt.Fatalf("%s alone opened the way into %s", who.name, victim.name)
			}
		}
		w.close(victim)
	})
}

// newest is somebody's newest recovery, or an id that nothing has.
func (w *world) newest(who someone) uuid.UUID {
	w.T.Helper()
	ids := []uuid.UUID{}
	w.do(w.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &ids, "SELECT id FROM recoveries WHERE tenant_id = @tenant AND account_id = @id ORDER BY created_at DESC LIMIT 1", map[string]any{"id": who.ID})
	})
	if len(ids) == 0 {
		return uuid.New()
	}
	return ids[0]
}

// close ends what a run left behind, and forgets it.
func (w *world) close(who someone) {
	w.exec("DELETE FROM recovery_approvals WHERE tenant_id = @tenant AND recovery_id IN (SELECT id FROM recoveries WHERE tenant_id = @tenant AND account_id = @id)", map[string]any{"id": who.ID})
	w.exec("DELETE FROM recoveries WHERE tenant_id = @tenant AND account_id = @id", map[string]any{"id": who.ID})
}

// What counts as enough needs two people besides the person, three where the
// person has a role, whatever is stored.
func TestWhatIsEnough(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		crowd := []uuid.UUID{{1}, {2}, {3}, {4}, {}}
		some := func(name string) uuid.UUID { return rapid.SampledFrom(crowd).Draw(rt, name) }
		r := recovery.Recovery{PersonID: crowd[0], StarterID: some("starter")}
		var list []recovery.Approval
		for range rapid.IntRange(0, 6).Draw(rt, "approvals") {
			list = append(list, recovery.Approval{ApproverID: some("approver"), Role: rapid.SampledFrom([]string{"hr", "admin"}).Draw(rt, "role")})
		}
		privileged := rapid.Bool().Draw(rt, "privileged")
		admins, others := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
		for _, a := range list {
			if a.ApproverID != r.PersonID && a.ApproverID != r.StarterID && a.ApproverID != uuid.Nil {
				others[a.ApproverID] = true
				admins[a.ApproverID] = admins[a.ApproverID] || a.Role == "admin"
			}
		}
		n := 0
		for who := range others {
			if !privileged || admins[who] {
				n++
			}
		}
		want := r.StarterID != r.PersonID && n >= recovery.Needed(privileged)
		if got := recovery.Sufficient(r, privileged, list); got != want {
			rt.Fatalf("%v, want %v for %+v by %+v", got, want, r, list)
		}
	})
}

func TestEveryChannelIsToldWhoWhyAndHowToStop(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.presetPhone(w.anna, "+45 20 12 34 56")
	w.exec("UPDATE persons SET phone = '+45 31 12 34 56' WHERE tenant_id = @tenant AND id = @id", map[string]any{"id": w.anna.PersonID})
	r := w.start(w.mette, w.anna)
	home := "anna@home.example"
	for _, to := range []string{w.anna.address, home} {
		m := w.last(to)
		text := strings.Join(strings.Fields(m.Text), " ")
		for _, words := range []string{"Mette Berg (manager)", reason, "http://havn." + w.Base + "/recovery/stop", "Lapses"} {
			if !strings.Contains(text, words) {
				t.Errorf("no %q in the mail to %s\n%s", words, to, m.Text)
			}
		}
		if m.Kind != "recovery_started" || stopCode.FindString(m.Text) == "" {
			t.Errorf("%s: %s", to, m.Text)
		}
	}
	for _, to := range []string{"+4520123456", "+4531123456"} {
		if m := w.last(to); !strings.Contains(m.Text, "/recovery/stop") || !strings.Contains(m.Text, "Mette Berg") || stopCode.FindString(m.Text) == "" {
			t.Errorf("%s got %q", to, m.Text)
		}
	}
	w.approve(w.hugo, r)
	if m := w.last(home); m.Kind != "recovery_approved" || !strings.Contains(m.Text, "Hugo Berg") {
		t.Errorf("%s\n%s", m.Kind, m.Text)
	}
	w.Pass(day)
	if m := w.last(home); m.Kind != "recovery_open" {
		t.Errorf("when it opens comes %s", m.Kind)
	}
	w.Pass(3 * day)
	if m := w.last(home); m.Kind != "recovery_ended" || !strings.Contains(m.Text, "not used in time") {
		t.Errorf("when it lapses comes %s\n%s", m.Kind, m.Text)
	}
	if n := len(w.App.Services.Mailbox.List(practice.Filter{To: home})); n != 4 {
		t.Errorf("%d mails", n)
	}
}

func TestStopping(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	code := ""
	stops := map[string]func(recovery.Recovery) error{
		"the person, signed in": func(recovery.Recovery) error { return w.svc.Stop(w.as(w.anna)) },
		"by the code": func(recovery.Recovery) error {
			return w.svc.StopByCode(w.ctx, " "+strings.ToLower(code)+" ", "192.0.2.1")
		},
		"HR":                 func(r recovery.Recovery) error { return w.svc.Cancel(w.as(w.hugo), r.ID) },
		"an administrator":   func(r recovery.Recovery) error { return w.svc.Cancel(w.as(w.adam), r.ID) },
		"whoever started it": func(r recovery.Recovery) error { return w.svc.Cancel(w.as(w.hanne), r.ID) },
	}
	for name, stop := range stops {
		for _, after := range []time.Duration{0, time.Hour, day} {
			t.Run(fmt.Sprintf("%s, after %s", name, after), func(t *testing.T) {
				w.Pass(day)
				r := w.start(w.hanne, w.anna)
				code = w.stopCode("anna@home.example")
				if after > 0 {
					w.approve(w.hugo, r)
					w.Pass(after)
				}
				if err := stop(r); err != nil {
					t.Fatal(err)
				}
				w.Pass(2 * day)
				if w.opened(w.anna) {
					t.Error("it opens all the same")
				}
				refused(t, stop(r), "recovery.settled")
				if m := w.last("anna@home.example"); m.Kind != "recovery_ended" {
					t.Errorf("the end was told by %s", m.Kind)
				}
			})
		}
	}
	t.Run("nobody else, and by no other code", func(t *testing.T) {
		w.Pass(day)
		r := w.start(w.hanne, w.anna)
		refused(t, w.svc.Cancel(w.as(w.mette), r.ID), "http.not_found")
		refused(t, w.svc.Stop(w.as(w.otto)), "recovery.settled")
		for _, code := range []string{"", "12345", "00000-00000"} {
			refused(t, w.svc.StopByCode(w.ctx, code, "192.0.2.1"), "recovery.stop.wrong")
		}
		w.Work()
		refused(t, w.svc.StopByCode(w.other, w.stopCode("anna@home.example"), "192.0.2.1"), "recovery.stop.wrong")
		for range 30 {
			_ = w.svc.StopByCode(w.ctx, "00000-00000", "192.0.2.2")
		}
		if err := w.svc.StopByCode(w.ctx, w.stopCode("anna@home.example"), "192.0.2.2"); err == nil {
			t.Error("a network may guess on and on")
		}
	})
}

func TestAnotherTenantReachesNothing(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	r := w.start(w.hanne, w.anna)
	sven := w.hire(w.other, "sven")
	abroad := authz.With(w.other, authz.Actor{Kind: authz.Person, AccountID: sven.ID, PersonID: sven.PersonID, SessionID: sven.ID, Roles: []string{authz.RoleAdmin, authz.RoleHR}})
	_, err := w.svc.Start(abroad, w.anna.PersonID, reason)
	refused(t, err, "http.not_found")
	_, err = w.svc.Approve(abroad, r.ID)
	refused(t, err, "http.not_found")
	refused(t, w.svc.Cancel(abroad, r.ID), "http.not_found")
	_, _, err = w.svc.Look(abroad, r.ID)
	refused(t, err, "http.not_found")
	_, err = w.svc.MakePass(abroad, w.anna.PersonID)
	refused(t, err, "http.not_found")
	if list, err := w.svc.List(abroad); len(list) != 0 || err != nil {
		t.Errorf("sees %d, %v", len(list), err)
	}
	if n, err := w.svc.Sweep(w.other); n != 0 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	w.approve(w.hugo, r)
	w.Pass(day)
	if err := w.DB.Tx(w.other, func(ctx context.Context) error {
		open, err := w.svc.Opened(ctx, w.anna.ID, nil)
		if open {
			t.Error("it is open to the other tenant")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if !w.opened(w.anna) {
		t.Error("it suffered")
	}
}

// A restored backup brings back what was stopped or used since: the epoch that
// is raised then ends it.
func TestNothingOpensAfterARestore(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.reopened(w.anna)
	p := w.pass(w.mette, w.anna)
	b := w.signIn(w.anna)
	err := w.DB.Shared(context.Background(), func(ctx context.Context) error {
		_, err := db.SharedExec(ctx, "UPDATE instance SET security_epoch = security_epoch + 1")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.opened(w.anna) {
		t.Error("it opens")
	}
	b.Post("/mfa/pass", url.Values{"code": {p.Code}})
	if b.Get("/signin/next"); b.Page.URL.Path != "/mfa" {
		t.Errorf("the pass led to %s", b.Page.URL)
	}
}

func TestWhatEndedIsSweptAfterNinetyDays(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.approve(w.hugo, w.start(w.hanne, w.anna))
	w.Pass(4*day + 90*day)
	if n, err := w.svc.Sweep(w.ctx); n != 0 || err != nil {
		t.Fatalf("swept %d too early, %v", n, err)
	}
	w.Pass(time.Second)
	if n, err := w.svc.Sweep(w.ctx); n != 1 || err != nil {
		t.Fatalf("swept %d, %v", n, err)
	}
}
