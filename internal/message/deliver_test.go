package message

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"tilgang/internal/db"
	"tilgang/internal/message/email"
	"tilgang/internal/message/render"
)

func TestAMessageGoesOutOnceAndSaysSo(t *testing.T) {
	b := setUp(t)
	ids := b.send(b.ctx, "link", nil, "anna@work.example", "bo@work.example")
	b.work()
	b.work()
	mails := b.post.taken()
	if len(mails) != 2 {
		t.Fatalf("%d mails", len(mails))
	}
	first := mails[0]
	if first.From != "no-reply@hr.example" || first.FromName != "House of havn" || !strings.Contains(first.Text, "https://havn.example/") {
		t.Errorf("mail is %+v", first)
	}
	for _, id := range ids {
		r := b.row(b.ctx, id)
		if r.State != HandedOver || r.ProviderID == "" || r.Tries != 1 {
			t.Errorf("row is %s %q %d", r.State, r.ProviderID, r.Tries)
		}
	}
	if n := b.undone(b.ctx); n != 0 {
		t.Errorf("%d rows of work are left", n)
	}
}

func TestAMessageIsPartOfItsFact(t *testing.T) {
	b := setUp(t)
	if err := b.service.Send(b.ctx, New{Kind: "link", To: "a@b.example"}); !errors.Is(err, db.ErrNoTx) {
		t.Errorf("outside a transaction: %v", err)
	}
	_ = b.db.Tx(b.ctx, func(ctx context.Context) error {
		if err := b.service.Send(ctx, New{Kind: "link", To: "a@b.example"}); err != nil {
			t.Error(err)
		}
		return errors.New("the fact did not happen")
	})
	b.work()
	if n := len(b.post.taken()); n != 0 {
		t.Errorf("%d mails of a fact that was rolled back", n)
	}
	err := b.db.Tx(b.ctx, func(ctx context.Context) error { return b.service.Send(ctx, New{Kind: "nothing", To: "a@b.example"}) })
	if err == nil {
		t.Error("an unknown kind was taken")
	}
}

func TestWhatARefusalMeans(t *testing.T) {
	refused := func(outcome email.Outcome, code string) func(email.Mail) error {
		return func(email.Mail) error {
			e := email.Refuse(outcome, "rcpt", errors.New("550 <anna@work.example> who?"))
			e.Enhanced = code
			return e
		}
	}
	for name, c := range map[string]struct {
		fail  func(email.Mail) error
		state State
		why   string
		work  bool // there is another try
	}{
		"an address that does not exist fails at once": {refused(email.Permanent, "5.1.1"), Failed, "no_such_address", false},
		"a full mailbox fails at once":                 {refused(email.Permanent, "5.2.2"), Failed, "mailbox_full", false},
		"a server's own rules fail at once":            {refused(email.Permanent, "5.7.26"), Failed, "policy", false},
		"what is refused for now waits":                {refused(email.Retry, ""), Queued, "later", true},
		"what may have arrived waits as sending":       {refused(email.Unknown, ""), Sending, "unknown", true},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t)
			b.post.fail = c.fail
			id := b.send(b.ctx, "link", nil, "anna@work.example")[0]
			b.work()
			r := b.row(b.ctx, id)
			if r.State != c.state || r.Error != c.why || (b.undone(b.ctx) > 0) != c.work {
				t.Errorf("%s %q, work left %d", r.State, r.Error, b.undone(b.ctx))
			}
			b.noWord("anna@work.example")
			list, err := b.ofPerson(b.ctx, uuid.Nil)
			if err != nil || len(list) != 0 {
				t.Errorf("%v %v", list, err)
			}
		})
	}
}

// noWord holds the tables of messages and work free of a word.
func (b *bench) noWord(word string) {
	b.t.Helper()
	var all []string
	err := b.db.Read(b.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &all, `SELECT CAST(sealed_to AS TEXT) || args || error || provider_id FROM messages WHERE tenant_id = @tenant
			UNION ALL SELECT args || error || key FROM outbox WHERE tenant_id = @tenant`)
	})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, text := range all {
		if strings.Contains(text, word) {
			b.t.Errorf("%q stands in %q", word, text)
		}
	}
}

func (b *bench) ofPerson(ctx context.Context, id uuid.UUID) (list []Sent, err error) {
	err = b.db.Read(ctx, func(ctx context.Context) (err error) { list, err = OfPerson(ctx, id, 10); return err })
	return list, err
}

func TestAnUnknownFateIsTriedOnceMoreWithTheSameIdAndLink(t *testing.T) {
	b := setUp(t)
	b.post.lose = func(email.Mail) error { return email.Refuse(email.Unknown, "accept", errors.New("silence")) }
	id := b.send(b.ctx, "link", nil, "anna@work.example")[0]
	for range 8 {
		b.work()
		b.clock.Move(5 * time.Minute)
	}
	mails := b.post.taken()
	if len(mails) != 2 || mails[0].MessageID() != mails[1].MessageID() || mails[0].Text != mails[1].Text {
		t.Fatalf("%d mails: %v", len(mails), mails)
	}
	if r := b.row(b.ctx, id); r.State != Failed || r.Error != "unknown" || b.undone(b.ctx) != 0 {
		t.Errorf("%s %s", r.State, r.Error)
	}
}

func TestWhatIsRefusedForTooLongFailsVisibly(t *testing.T) {
	b := setUp(t)
	b.post.fail = func(email.Mail) error { return email.Refuse(email.Retry, "connect", errors.New("down")) }
	id := b.send(b.ctx, "link", nil, "anna@work.example")[0]
	for range 20 {
		b.work()
		b.clock.Move(2 * time.Hour)
	}
	if r := b.row(b.ctx, id); r.State != Failed || r.Error != "given_up" || r.Tries != lastTry || b.undone(b.ctx) != 0 {
		t.Errorf("%s %s after %d tries", r.State, r.Error, r.Tries)
	}
}

func TestAPoisonousMessageStopsNoOther(t *testing.T) {
	b := setUp(t)
	fine := b.send(b.ctx, "link", nil, "a@work.example", "b@work.example")
	bad := b.send(b.ctx, "link", map[string]string{"do": "break"}, "c@work.example")[0]
	dropped := b.send(b.ctx, "link", map[string]string{"do": "drop"}, "d@work.example")[0]
	b.work()
	if n := len(b.post.taken()); n != 2 {
		t.Errorf("%d mails", n)
	}
	for _, id := range fine {
		if r := b.row(b.ctx, id); r.State != HandedOver {
			t.Errorf("a good one is %s", r.State)
		}
	}
	if r := b.row(b.ctx, bad); r.State != Queued {
		t.Errorf("the bad one is %s", r.State)
	}
	if r := b.row(b.ctx, dropped); r.State != Suppressed || r.Error != "withdrawn" {
		t.Errorf("the unwanted one is %s", r.State)
	}
}

func TestAPanickingSenderIsAnUnknownFate(t *testing.T) {
	b := setUp(t)
	b.post.fail = func(email.Mail) error { panic("boom") }
	id := b.send(b.ctx, "link", nil, "a@work.example")[0]
	b.work()
	if r := b.row(b.ctx, id); r.State != Sending || r.Error != "unknown" {
		t.Errorf("%s %s", r.State, r.Error)
	}
}

func TestASuspendedTenantsMessagesWaitAndCountNoTry(t *testing.T) {
	b := setUp(t)
	id := b.send(b.ctx, "link", nil, "a@work.example")[0]
	b.of(b.ctx).Status = "suspended"
	for range 20 {
		b.work()
		b.clock.Move(time.Hour)
	}
	if r := b.row(b.ctx, id); r.State != Queued || r.Tries != 0 || len(b.post.taken()) != 0 {
		t.Errorf("%s after %d tries, %d mails", r.State, r.Tries, len(b.post.taken()))
	}
	b.of(b.ctx).Status = "active"
	b.work()
	if r := b.row(b.ctx, id); r.State != HandedOver {
		t.Errorf("then %s", r.State)
	}
}

func TestWithdrawnMessagesAreNotSent(t *testing.T) {
	b := setUp(t)
	ref := uuid.Must(uuid.NewV7())
	var ids []uuid.UUID
	err := b.db.Tx(b.ctx, func(ctx context.Context) error {
		if err := b.service.Send(ctx, New{Kind: "link", To: "a@work.example", RefID: &ref}); err != nil {
			return err
		}
		if err := db.From(ctx).Model(&row{}).Pluck("id", &ids).Error; err != nil {
			return err
		}
		return b.service.Withdraw(ctx, []uuid.UUID{ref})
	})
	if err != nil {
		t.Fatal(err)
	}
	b.work()
	if r := b.row(b.ctx, ids[0]); r.State != Suppressed || len(b.post.taken()) != 0 || b.undone(b.ctx) != 0 {
		t.Errorf("%s, %d mails", r.State, len(b.post.taken()))
	}
}

func TestAnotherTenantSeesAndChangesNothing(t *testing.T) {
	b := setUp(t)
	ref, person := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	err := b.db.Tx(b.ctx, func(ctx context.Context) error {
		return b.service.Send(ctx, New{Kind: "link", To: "a@work.example", RefID: &ref, PersonID: person})
	})
	if err != nil {
		t.Fatal(err)
	}
	own, _ := b.ofPerson(b.ctx, person)
	if len(own) != 1 {
		t.Fatalf("own messages: %v", own)
	}
	foreign, err := b.ofPerson(b.other, person)
	if err != nil || len(foreign) != 0 {
		t.Errorf("foreign messages: %v %v", foreign, err)
	}
	err = b.db.Tx(b.other, func(ctx context.Context) error {
		if n, err := SentSince(ctx, ref, time.Time{}); n != 0 || err != nil {
			t.Errorf("counted %d %v", n, err)
		}
		if rows, err := claim(ctx, []uuid.UUID{own[0].ID}, b.clock.Now()); len(rows) != 0 || err != nil {
			t.Errorf("claimed %v %v", rows, err)
		}
		if states, err := statesOf(ctx, []uuid.UUID{own[0].ID}); len(states) != 0 || err != nil {
			t.Errorf("states %v %v", states, err)
		}
		if err := record(ctx, []result{{id: own[0].ID, state: Failed}}); err != nil {
			t.Error(err)
		}
		return b.service.Withdraw(ctx, []uuid.UUID{ref})
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := b.row(b.ctx, own[0].ID); r.State != Queued {
		t.Errorf("another tenant made it %s", r.State)
	}
}

// errCrash stands for the end of the process.
var errCrash = errors.New("crash")

func TestNoCrashLosesAMessageOrChangesItsLink(t *testing.T) {
	b, n := setUp(t), 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		b.ctx, b.post.mails = b.tenant(fmt.Sprintf("house-%d", n)), nil
		var to []string
		for i := range rapid.IntRange(1, 12).Draw(r, "messages") {
			to = append(to, fmt.Sprintf("p%d@work.example", i))
		}
		ids := b.send(b.ctx, "link", nil, to...)
		unknown := map[string]bool{}
		for range rapid.IntRange(1, 6).Draw(r, "rounds") {
			crashAt := rapid.SampledFrom([]string{"", "claimed", "sent", "recording"}).Draw(r, "crash at")
			hits := rapid.Uint64().Draw(r, "hits")
			outcome := rapid.SampledFrom([]email.Outcome{"", email.Retry, email.Unknown}).Draw(r, "outcome")
			b.service.probe = func(point string, id uuid.UUID) error {
				if point == crashAt && hits>>(id[15]%64)&1 == 1 {
					return errCrash
				}
				return nil
			}
			fail := func(m email.Mail) error {
				if outcome == "" || unknown[m.ID] && outcome == email.Unknown {
					return nil // a second unknown fate is the last and tested apart
				}
				unknown[m.ID] = unknown[m.ID] || outcome == email.Unknown
				return email.Refuse(outcome, "accept", errors.New("no"))
			}
			b.post.fail, b.post.lose = nil, fail
			if outcome == email.Retry || rapid.Bool().Draw(r, "lost before it arrived") {
				b.post.fail, b.post.lose = fail, nil
			}
			b.work()
			b.clock.Move(time.Duration(rapid.IntRange(1, 400).Draw(r, "seconds")) * time.Second)
			b.restart()
		}
		b.service.probe, b.post.fail, b.post.lose = nil, nil, nil
		for range 5 {
			b.work()
			b.clock.Move(2 * time.Hour)
		}
		b.allArrived(r, ids)
	})
}

// allArrived holds each message to have come at least once, always with one
// link and one Message-ID.
func (b *bench) allArrived(r *rapid.T, ids []uuid.UUID) {
	links, names := map[string][]string{}, map[string][]string{}
	for _, m := range b.post.taken() {
		if link := render.Links(m.Text)[0]; !slices.Contains(links[m.ID], link) {
			links[m.ID] = append(links[m.ID], link)
		}
		if name := m.MessageID(); !slices.Contains(names[m.ID], name) {
			names[m.ID] = append(names[m.ID], name)
		}
	}
	for _, id := range ids {
		row := b.row(b.ctx, id)
		if len(links[id.String()]) != 1 || len(names[id.String()]) != 1 || row.State != HandedOver {
			r.Fatalf("%s: links %v, ids %v, state %s %s", id, links[id.String()], names[id.String()], row.State, row.Error)
		}
	}
	if n := b.undone(b.ctx); n != 0 {
		r.Fatalf("%d rows of work are left", n)
	}
}

func TestWhatAProcessLeftIsNotSentTwiceAtOnce(t *testing.T) {
	b := setUp(t)
	b.service.probe = func(point string, _ uuid.UUID) error {
		if point == "sent" {
			return errCrash
		}
		return nil
	}
	id := b.send(b.ctx, "link", nil, "a@work.example")[0]
	b.work()
	b.restart()
	b.clock.Move(5 * time.Second)
	b.work()
	if n := len(b.post.taken()); n != 1 {
		t.Errorf("sent %d times while the first may be under way", n)
	}
	b.service.Alone, b.service.started = true, b.clock.Now()
	b.clock.Move(10 * time.Second)
	b.work()
	if r := b.row(b.ctx, id); len(b.post.taken()) != 2 || r.State != HandedOver {
		t.Errorf("alone: %d mails, %s", len(b.post.taken()), r.State)
	}
}
