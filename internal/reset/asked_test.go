package reset_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/reset"
)

func TestAManagerHasALinkSent(t *testing.T) {
	w := setUp(t)
	anna, manager := w.anna(), w.manager()
	o, err := w.svc.SendFor(manager, anna.PersonID)
	if err != nil || o.Invited || o.Repeated || o.To != "a***@h***.example" {
		t.Fatalf("%+v %v", o, err)
	}
	m := w.last("anna@havn.example")
	for _, words := range []string{"Hi Anna,", "Mette Berg, who is your manager, has had this mail sent to you", "Do you not need a new password? Then do nothing", "until 23 November 2026 at 13:00"} {
		if !strings.Contains(strings.Join(strings.Fields(m.Text), " "), words) {
			t.Errorf("no %q in %s", words, m.Text)
		}
	}
	if err := render.Check(m.HTML, m.Text); err != nil {
		t.Error(err)
	}
	t.Run("the manager gets a receipt without the link or the address", func(t *testing.T) {
		r := w.last("mette@havn.example")
		if r.Kind != "reset_receipt" || !strings.Contains(r.Text, "sent to Anna Berg") {
			t.Errorf("receipt says %s", r.Text)
		}
		for _, hidden := range []string{"/reset/", "anna@", w.token(m)} {
			if strings.Contains(r.Text+r.HTML, hidden) {
				t.Errorf("receipt holds %q", hidden)
			}
		}
	})
	t.Run("HR sees it among the person's mails", func(t *testing.T) {
		w.do(w.ctx, func(ctx context.Context) error {
			list, err := message.OfPerson(ctx, anna.PersonID, 10)
			if len(list) != 1 || list[0].Kind != "reset_manager" {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
	t.Run("the audit names who, whom and in which part", func(t *testing.T) {
		who := authz.From(manager).PersonID
		if n := w.count(w.ctx, "audit_events WHERE action = 'reset.sent_for' AND actor_id = '"+who.String()+"' AND subject_id = '"+anna.PersonID.String()+"' AND detail LIKE '%manager%'"); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
	t.Run("the old password works until the link is used", func(t *testing.T) {
		w.mustSignIn("anna@havn.example", oldWord)
		if err := w.choose(w.ctx, w.token(m), newWord); err != nil {
			t.Fatal(err)
		}
		w.mustSignIn("anna@havn.example", newWord)
		if b := w.signIn("anna@havn.example", oldWord); b.Get("/session").Status != 401 {
			t.Error("the old password still works")
		}
	})
}

func TestTheMailSaysInWhichPartSomebodyAsked(t *testing.T) {
	w := setUp(t)
	hr := w.hire(w.ctx, person{name: "Hanne", work: "hanne@havn.example"})
	for words, ctx := range map[string]context.Context{
		"Hanne Berg from HR has":                    w.as(hr, authz.RoleEmployee, authz.RoleHR, authz.RoleManager),
		"Hanne Berg, who is an administrator, has":  w.as(hr, authz.RoleHR, authz.RoleAdmin),
		"Havn has had this mail sent":               w.ctx, // a command
		"Hanne Berg, som er din leder, har fået":    w.as(hr, authz.RoleManager),
		"Hanne Berg from HR has had this mail sent": w.as(hr, authz.RoleHR),
	} {
		p := person{name: "Bo", work: strings.ToLower(strings.Fields(words)[len(strings.Fields(words))-1]) + uuid.NewString() + "@havn.example"}
		if strings.Contains(words, "leder") {
			p.language = "da"
		}
		if _, err := w.svc.SendFor(ctx, w.hire(w.ctx, p).PersonID); err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(strings.Fields(w.last(p.work).Text), " "); !strings.Contains(text, words) {
			t.Errorf("no %q in %s", words, text)
		}
	}
}

func TestTwoClicksSendOne(t *testing.T) {
	w := setUp(t)
	anna, manager := w.anna(), w.manager()
	var sent, repeated atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			switch o, err := w.svc.SendFor(manager, anna.PersonID); {
			case err != nil:
				t.Error(err)
			case o.Repeated:
				repeated.Add(1)
			default:
				sent.Add(1)
			}
		})
	}
	all.Wait()
	if n := len(w.mails("anna@havn.example")); sent.Load() != 1 || repeated.Load() != 7 || n != 1 {
		t.Errorf("%d sent, %d repeated, %d mails", sent.Load(), repeated.Load(), n)
	}
	if n := len(w.mails("mette@havn.example")); n != 1 {
		t.Errorf("%d receipts", n)
	}
}

func TestFiveADayAreEnough(t *testing.T) {
	w := setUp(t)
	anna, manager := w.anna(), w.manager()
	for range 5 {
		if o, err := w.svc.SendFor(manager, anna.PersonID); err != nil || o.Repeated {
			t.Fatalf("%+v %v", o, err)
		}
		w.Pass(time.Minute)
	}
	_, err := w.svc.SendFor(manager, anna.PersonID)
	refused(t, err, "reset.often")
	w.Pass(day - 5*time.Minute)
	if _, err := w.svc.SendFor(manager, anna.PersonID); err != nil {
		t.Errorf("a day later: %v", err)
	}
}

func TestWhoHasNoPasswordYetIsInvitedAgain(t *testing.T) {
	w := setUp(t)
	manager := w.manager()
	p := w.hire(w.ctx, person{name: "Nils", work: "nils@havn.example", idle: true})
	for n, kind := range []string{"invite", "invite_again"} {
		o, err := w.svc.SendFor(manager, p.PersonID)
		if err != nil || !o.Invited || o.Repeated || o.To != "n***@h***.example" {
			t.Fatalf("%+v %v", o, err)
		}
		if again, err := w.svc.SendFor(manager, p.PersonID); err != nil || !again.Repeated || !again.Invited {
			t.Errorf("the second click: %+v %v", again, err)
		}
		if m := w.last("nils@havn.example"); m.Kind != kind || len(w.mails("nils@havn.example")) != n+1 {
			t.Errorf("mail %d is %s", n, m.Kind)
		}
		w.Pass(2 * time.Minute)
	}
	if m := w.last("mette@havn.example"); !strings.Contains(m.Text, "invitation sent again to Nils Berg") {
		t.Error(m.Text)
	}
	t.Run("and not within the minute after HR did it", func(t *testing.T) {
		if err := w.App.Services.Invite.Resend(w.ctx, p.PersonID); err != nil {
			t.Fatal(err)
		}
		before := w.count(w.ctx, "audit_events WHERE action = 'reset.sent_for'")
		if o, err := w.svc.SendFor(manager, p.PersonID); err != nil || !o.Repeated {
			t.Errorf("%+v %v", o, err)
		}
		if n := len(w.mails("nils@havn.example")); n != 3 {
			t.Errorf("%d mails", n)
		}
		if n := w.count(w.ctx, "audit_events WHERE action = 'reset.sent_for'"); n != before {
			t.Error("what was not sent is written down as sent")
		}
	})
}

func TestWhomNothingCanBeSentTo(t *testing.T) {
	w := setUp(t)
	manager := w.manager()
	for code, p := range map[string]person{
		"reset.ended":      {name: "Gone", work: "gone@havn.example", private: "gone@home.example", end: "2020-06-30"},
		"reset.closed":     {name: "Shut", work: "shut@havn.example", status: account.Suspended},
		"reset.no_address": {name: "Bare"},
	} {
		id := w.hire(w.ctx, p).PersonID
		_, err := w.svc.SendFor(manager, id)
		refused(t, err, code)
		_, err = w.svc.Plan(manager, id)
		refused(t, err, code)
	}
	_, err := w.svc.SendFor(manager, w.hire(w.ctx, person{name: "Idle", idle: true}).PersonID)
	refused(t, err, "reset.no_address")
	t.Run("a leaver's work address", func(t *testing.T) {
		left := w.hire(w.ctx, person{name: "Left", work: "left@havn.example", end: "2026-10-31"})
		_, err := w.svc.SendFor(manager, left.PersonID)
		refused(t, err, "reset.no_address")
	})
	t.Run("but to a leaver's own, with a link to the alumni host", func(t *testing.T) {
		left := w.hire(w.ctx, person{name: "Ella", work: "ella@havn.example", private: "ella@home.example", end: "2026-10-31"})
		if _, err := w.svc.SendFor(manager, left.PersonID); err != nil {
			t.Fatal(err)
		}
		if m := w.last("ella@home.example"); !strings.Contains(m.Text, "http://alumni.havn."+w.Base+"/reset/") {
			t.Error(m.Text)
		}
	})
	if n := w.count(w.ctx, "messages WHERE kind LIKE 'reset%'"); n != 2 {
		t.Errorf("%d mails", n)
	}
}

func TestPlanningChangesNothing(t *testing.T) {
	w := setUp(t)
	anna, manager := w.anna(), w.manager()
	nils := w.hire(w.ctx, person{name: "Nils", private: "nils@home.example", idle: true})
	for id, want := range map[uuid.UUID]reset.Outcome{anna.PersonID: {To: "a***@h***.example"}, nils.PersonID: {Invited: true, To: "n***@h***.example"}} {
		if o, err := w.svc.Plan(manager, id); err != nil || o != want {
			t.Errorf("%+v %v", o, err)
		}
	}
	if n := w.count(w.ctx, "messages WHERE 1 = 1") + w.count(w.ctx, "resets WHERE 1 = 1"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestAnotherTenantsPersonIsNobody(t *testing.T) {
	w := setUp(t)
	anna := w.anna()
	_, err := w.svc.SendFor(w.other, anna.PersonID)
	_, err2 := w.svc.Plan(w.other, anna.PersonID)
	_, err3 := w.svc.SendFor(w.ctx, uuid.New())
	for _, err := range []error{err, err2, err3} {
		if !errors.Is(err, db.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
	if n := len(w.mails("anna@havn.example")); n != 0 {
		t.Errorf("%d mails", n)
	}
}
