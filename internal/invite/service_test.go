package invite

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/fault"
	"tilgang/internal/message/email"
	"tilgang/internal/message/render"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// refused holds an error to a fault's code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	f, known := fault.As(err)
	if !known || f.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestAnImportInvitesEachPersonOnce(t *testing.T) {
	b := setUp(t)
	ids := b.hire(b.ctx, nil, "Anna", "Bo")
	b.work()
	b.do(b.ctx, func(ctx context.Context) error {
		return outbox.Put(ctx, outbox.Event{Kind: "import.committed", Args: imported{People: ids}})
	})
	b.work()
	if n := len(b.post.taken()); n != 2 {
		t.Fatalf("%d mails for two people", n)
	}
	m := b.last("anna@work.example")
	if m.Token == "" || m.Code == "" || !strings.Contains(m.Text, "Hi Anna,") || !strings.Contains(m.Text, "https://havn.example/invite/code") {
		t.Errorf("mail says %s", m.Text)
	}
	if err := render.Check(m.HTML, m.Text); err != nil {
		t.Error(err)
	}
	if s := b.state(b.ctx, ids[0]); s != Sent {
		t.Errorf("state is %s", s)
	}
}

func TestWhoIsNotInvited(t *testing.T) {
	b := setUp(t)
	left := b.hire(b.ctx, func(r *people.Record) { r.End = "2026-11-21" }, "Gone")[0]
	today := b.hire(b.ctx, func(r *people.Record) { r.End = "2026-11-22" }, "Last")[0]
	nowhere := b.hire(b.ctx, func(r *people.Record) { r.WorkEmail, r.WorkEmailKey = "", "" }, "Nowhere")[0]
	private := b.hire(b.ctx, func(r *people.Record) {
		r.WorkEmail, r.WorkEmailKey, r.PrivateEmail, r.PrivateKey = "", "", "p@home.example", "p@home.example"
	}, "Private")[0]
	b.work()
	for id, want := range map[uuid.UUID]State{left: "", today: Sent, nowhere: NoAddress, private: Sent} {
		if got := b.state(b.ctx, id); got != want {
			t.Errorf("state is %q, want %q", got, want)
		}
	}
	if n := len(b.post.taken()); n != 2 {
		t.Errorf("%d mails", n)
	}
	refused(t, b.service.Resend(b.ctx, left), "invite.ended")
	refused(t, b.service.Resend(b.ctx, nowhere), "invite.no_address")
}

func TestWhenThePolicySends(t *testing.T) {
	b := setUp(t)
	b.of(b.ctx).Zone = time.FixedZone("north", 3600)
	b.of(b.ctx).Invitation.Send = tenant.SendManual
	byHand := b.hire(b.ctx, nil, "Hand")[0]
	b.work()
	b.of(b.ctx).Invitation.Send, b.of(b.ctx).Invitation.DaysBeforeStart = tenant.SendDaysBefore, 7
	later := b.hire(b.ctx, func(r *people.Record) { r.Start = "2026-12-10" }, "Later")[0]
	soon := b.hire(b.ctx, func(r *people.Record) { r.Start = "2026-11-24" }, "Soon")[0]
	b.work()
	if got := []State{b.state(b.ctx, byHand), b.state(b.ctx, later), b.state(b.ctx, soon)}; !cmp.Equal(got, []State{NotSent, Queued, Sent}) {
		t.Errorf("states are %v", got)
	}
	b.clock.Set(time.Date(2026, 12, 3, 6, 59, 59, 0, time.UTC))
	b.work()
	if n := len(b.sent("later@work.example")); n != 0 {
		t.Errorf("sent a second before its day's eight o'clock")
	}
	b.clock.Move(time.Second)
	b.work()
	if n := len(b.sent("later@work.example")); n != 1 {
		t.Errorf("%d mails at its time", n)
	}
	if err := b.service.Resend(b.ctx, byHand); err != nil {
		t.Fatal(err)
	}
	b.work()
	if m := b.last("hand@work.example"); m.Kind != "invite" {
		t.Errorf("a first mail is of the kind %s", m.Kind)
	}
}

func TestOnlyThePasswordConsumesTheLink(t *testing.T) {
	b := setUp(t)
	person, m := b.invited("Anna")
	for range 20 {
		if _, err := b.service.Look(b.ctx, m.Token); err != nil {
			t.Fatal(err)
		}
	}
	_, err := b.service.Accept(b.ctx, AcceptForm{Token: m.Token, Host: "havn.example", Network: "robot"})
	refused(t, err, "invite.password.required")
	if s := b.state(b.ctx, person); s != Sent {
		t.Errorf("a robot's empty form made it %s", s)
	}
	_, err = b.service.Accept(b.ctx, AcceptForm{Token: m.Token, Password: "short", Confirm: "short"})
	refused(t, err, "password.unmet.min")
	_, err = b.service.Accept(b.ctx, AcceptForm{Token: m.Token, Password: good, Confirm: good + "x"})
	refused(t, err, "invite.confirm.mismatch")
	_, err = b.service.Accept(b.ctx, AcceptForm{Token: m.Token, Password: "Anna Berg Anna Berg", Confirm: "Anna Berg Anna Berg"})
	refused(t, err, "password.unmet.not_context")
	if s := b.state(b.ctx, person); s != Opened {
		t.Errorf("a form with a password makes it %s", s)
	}
	cookie, err := b.service.Accept(b.ctx, AcceptForm{Token: m.Token, Password: good, Confirm: good, Host: "havn.example"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.service.Attempts.Find(b.ctx, cookie, "havn.example")
	if err != nil || a.Purpose != "activate" || !a.Has("pwd") || a.Address != "anna@work.example" {
		t.Errorf("attempt is %+v %v", a, err)
	}
	b.do(b.ctx, func(ctx context.Context) error {
		acc, err := account.ByAddress(ctx, "anna@work.example")
		if err != nil || acc.PersonID != person || acc.ID != a.AccountID {
			t.Errorf("account is %v %v", acc, err)
		}
		return nil
	})
	refused(t, b.accept(b.ctx, m.Token), "invite.used")
	_, err = b.service.Look(b.ctx, m.Token)
	refused(t, err, "invite.used")
	if s := b.state(b.ctx, person); s != Accepted {
		t.Errorf("then it is %s", s)
	}
	refused(t, b.service.Resend(b.ctx, person), "invite.has_account")
}

func TestTheLifeCountsFromTheSendingToTheSecond(t *testing.T) {
	b := setUp(t)
	b.of(b.ctx).Invitation.Life = time.Hour
	person := b.hire(b.ctx, nil, "Anna")[0]
	b.clock.Move(5 * time.Hour)
	b.work()
	m := b.last("anna@work.example")
	if !strings.Contains(m.Text, "22 November 2026 at 18:00") {
		t.Errorf("the mail does not say when the link ends: %s", m.Text)
	}
	b.clock.Move(time.Hour - time.Second)
	if _, err := b.service.Look(b.ctx, m.Token); err != nil {
		t.Errorf("a second before the end: %v", err)
	}
	b.clock.Move(time.Second)
	_, err := b.service.Look(b.ctx, m.Token)
	refused(t, err, "invite.expired")
	refused(t, b.accept(b.ctx, m.Token), "invite.expired")
	if s := b.state(b.ctx, person); s != Expired {
		t.Errorf("state is %s", s)
	}
}

func TestSixteenAcceptsAtOnceMakeOneAccount(t *testing.T) {
	b := setUp(t)
	_, m := b.invited("Anna")
	errs := make([]error, 16)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() { errs[i] = b.accept(b.ctx, m.Token) })
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		refused(t, err, "invite.used")
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
	var n int64
	b.do(b.ctx, func(ctx context.Context) error { return db.From(ctx).Model(&account.Account{}).Count(&n).Error })
	if n != 1 {
		t.Errorf("%d accounts", n)
	}
}

func TestAnotherTenantsLinkIsUnknown(t *testing.T) {
	b := setUp(t)
	person, m := b.invited("Anna")
	_, err := b.service.Look(b.other, m.Token)
	refused(t, err, "invite.unknown")
	refused(t, b.accept(b.other, m.Token), "invite.unknown")
	_, err = b.service.ByCode(b.other, "anna@work.example", m.Code, "n")
	refused(t, err, "invite.code.wrong")
	for what, err := range map[string]error{"resend": b.service.Resend(b.other, person), "revoke": b.service.Revoke(b.other, person)} {
		if !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if found, err := b.service.StatesOf(b.other, []uuid.UUID{person}); len(found) != 0 || err != nil {
		t.Errorf("states: %v %v", found, err)
	}
	if n, err := b.service.EnsureFor(b.other, []uuid.UUID{person}); n != 0 || err != nil {
		t.Errorf("invited %d %v", n, err)
	}
	b.clock.Move(time.Hour)
	if n, err := b.service.SendAgain(b.other, Scope{}); n != 0 || err != nil {
		t.Errorf("sent %d %v", n, err)
	}
	if err := b.service.Renew(b.other, m.Token, "n"); err != nil {
		t.Error(err)
	}
	if err := b.accept(b.ctx, m.Token); err != nil {
		t.Errorf("its own tenant: %v", err)
	}
}

func TestTenWrongCodesEndTheCodeButNotTheLink(t *testing.T) {
	b := setUp(t)
	person, m := b.invited("Anna")
	lower := " " + strings.ToLower(strings.ReplaceAll(m.Code, "-", " "))
	if token, err := b.service.ByCode(b.ctx, "Anna@Work.example", lower, "home"); token != m.Token || err != nil {
		t.Errorf("the right code, typed freely: %v", err)
	}
	for range codeTries {
		_, err := b.service.ByCode(b.ctx, "anna@work.example", "AAAAA-AAAAA", "evil")
		refused(t, err, "invite.code.wrong")
	}
	_, err := b.service.ByCode(b.ctx, "anna@work.example", m.Code, "home")
	refused(t, err, "invite.code.wrong")
	_, err = b.service.ByCode(b.ctx, "nobody@work.example", m.Code, "home")
	refused(t, err, "invite.code.wrong")
	_, err = b.service.ByCode(b.ctx, "not an address", "", "home")
	refused(t, err, "invite.code.wrong")
	if _, err := b.service.Look(b.ctx, m.Token); err != nil {
		t.Errorf("the link: %v", err)
	}
	b.clock.Move(time.Minute)
	if err := b.service.Resend(b.ctx, person); err != nil {
		t.Fatal(err)
	}
	b.work()
	again := b.last("anna@work.example")
	if _, err := b.service.ByCode(b.ctx, "anna@work.example", again.Code, "home"); err != nil {
		t.Errorf("the new code: %v", err)
	}
}

func TestTheNetworksTriesAreBounded(t *testing.T) {
	b := setUp(t)
	var last error
	for range perCode.Burst + 1 {
		_, last = b.service.ByCode(b.ctx, "nobody@work.example", "AAAAA-AAAAA", "evil")
	}
	if fault.KindOf(last) != fault.TooMany {
		t.Errorf("got %v", last)
	}
}

func TestALinkThatDiesWhileThePasswordIsHashedIsNotConsumed(t *testing.T) {
	b := setUp(t)
	_, m := b.invited("Anna")
	l, err := b.service.Look(b.ctx, m.Token)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Move(24 * time.Hour)
	err = b.db.Tx(b.ctx, func(ctx context.Context) error { return accept(ctx, l.Invitation.ID, l.Invitation.TokenHash) })
	if !errors.Is(err, db.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	refused(t, b.service.late(b.ctx, m.Token), "invite.expired")
	err = b.db.Tx(b.other, func(ctx context.Context) error {
		return errors.Join(open(ctx, l.Invitation.ID), forgive(ctx, l.Invitation.ID), prolong(ctx, []uuid.UUID{l.Invitation.ID}, b.clock.Now().Add(time.Hour)))
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.service.Look(b.ctx, m.Token); err == nil {
		t.Error("another tenant prolonged the link")
	}
}

func TestARevokedLinkIsUnknown(t *testing.T) {
	b := setUp(t)
	person, m := b.invited("Anna")
	if err := b.service.Revoke(b.ctx, person); err != nil {
		t.Fatal(err)
	}
	_, err := b.service.Look(b.ctx, m.Token)
	refused(t, err, "invite.unknown")
	refused(t, b.service.Revoke(b.ctx, person), "invite.nothing")
	if s := b.state(b.ctx, person); s != Revoked {
		t.Errorf("state is %s", s)
	}
	b.clock.Move(time.Minute)
	if err := b.service.Resend(b.ctx, person); err != nil {
		t.Fatal(err)
	}
	b.work()
	if s := b.state(b.ctx, person); s != Sent {
		t.Errorf("invited again it is %s", s)
	}
}

func TestNothingSecretStandsInTheDatabase(t *testing.T) {
	b := setUp(t)
	_, m := b.invited("Anna")
	var all []string
	b.do(b.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &all, `SELECT args || error || provider_id || language || CAST(sealed_to AS TEXT) FROM messages WHERE tenant_id = @tenant
			UNION ALL SELECT args || error || key FROM outbox WHERE tenant_id = @tenant
			UNION ALL SELECT CAST(token_hash AS TEXT) || CAST(code_hash AS TEXT) || CAST(sealed AS TEXT) FROM invitations WHERE tenant_id = @tenant
			UNION ALL SELECT detail FROM audit_events WHERE tenant_id = @tenant`)
	})
	if len(all) < 3 {
		t.Fatalf("only %d rows were looked at", len(all))
	}
	for _, row := range all {
		for _, word := range []string{m.Token, m.Code, strings.ReplaceAll(m.Code, "-", ""), "anna@work.example"} {
			if strings.Contains(row, word) {
				t.Errorf("%q stands in %q", word, row)
			}
		}
	}
}

func TestAFailedMailIsSeen(t *testing.T) {
	b := setUp(t)
	b.post.fail = func(email.Mail) error { return email.Refuse(email.Permanent, "rcpt", errors.New("no")) }
	id := b.hire(b.ctx, nil, "Anna")[0]
	b.work()
	found, err := b.service.StatesOf(b.ctx, []uuid.UUID{id})
	if err != nil || found[id].State != Failed || found[id].Why != "refused" {
		t.Errorf("%+v %v", found[id], err)
	}
}

// P13: at the typed code nobody's address costs what an invited one does, on
// which a wrong code is counted, and one that has used its tries up.
func TestATypedCodeCostsTheSameForEveryAddress(t *testing.T) {
	b := setUp(t)
	_, anna := b.invited("Anna")
	_, bo := b.invited("Bo")
	if err := b.accept(b.ctx, bo.Token); err != nil {
		t.Fatal(err)
	}
	b.invited("Carl")
	st := dbtest.Watch(t, b.ctx, b.db)
	ask := func(address string) (statements []string, written int) {
		before := b.written()
		b.clock.Move(time.Second)
		st.Take()
		_, err := b.service.ByCode(b.ctx, address, "00000-00000", uuid.NewString())
		refused(t, err, "invite.code.wrong")
		statements = st.Take()
		return statements, b.written() - before
	}
	want, _ := ask(anna.To)
	if len(want) < 2 {
		t.Fatalf("%q", want)
	}
	for range codeTries {
		ask("carl@work.example")
	}
	for who, address := range map[string]string{
		"nobody's": "nobody@work.example", "nobody's, again": "nobody@work.example", "somebody's who has accepted": bo.To, "of one whose tries are used up": "carl@work.example", "no address": "carl",
	} {
		got, written := ask(address)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s asks otherwise:\n%s", who, diff)
		}
		if written == 0 {
			t.Errorf("%s: nothing was written, which is quicker", who)
		}
	}
}

// written is a sum that whatever typed codes leave behind makes larger.
func (b *bench) written() (n int) {
	b.t.Helper()
	b.do(b.ctx, func(ctx context.Context) error {
		var marks []struct{ LastAt time.Time }
		if err := db.Rows(ctx, &marks, `SELECT last_at FROM throttles WHERE tenant_id = @tenant`); err != nil {
			return err
		}
		for _, m := range marks {
			n += int(m.LastAt.Unix())
		}
		var tries int
		err := db.Rows(ctx, &tries, `SELECT COALESCE(SUM(code_tries), 0) FROM invitations WHERE tenant_id = @tenant`)
		n += tries
		return err
	})
	return n
}
