package message

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/message/email"
	"tilgang/internal/message/render"
	"tilgang/internal/message/sms"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

const (
	senders     = 8                // sends of one batch at a time
	sendTime    = 40 * time.Second // for one send
	suspendedIn = 15 * time.Minute // after which a suspended tenant is asked for again
	lastTry     = 12               // the outbox gives a row up after so many
)

// The codes of what went wrong; "message.why.<code>" says them in words.
const (
	whyWithdrawn  = "withdrawn"
	whyUnreadable = "unreadable" // no kind, or a row that does not open
	whyUnknown    = "unknown"    // nobody can say whether it arrived
	whyLater      = "later"      // refused for now
	whyGivenUp    = "given_up"   // refused for now, too often
	whyRefused    = "refused"
	whyAddress    = "no_such_address"
	whyNumber     = "number" // the carrier takes no text for this number
	whyFull       = "mailbox_full"
	whyPolicy     = "policy"
	whyMail       = "unsendable" // the mail itself could not be made
)

// OutboxKind is how the outbox hands messages over.
func (s *Service) OutboxKind() outbox.Kind {
	return outbox.Kind{Name: Deliver, Batch: s.deliver, Fleeting: true}
}

// deliver sends the messages of up to 100 rows of one tenant.
func (s *Service) deliver(ctx context.Context, rows []outbox.Row) map[uuid.UUID]error {
	t := tenant.MustFrom(ctx)
	if t.Status == "suspended" {
		return s.postpone(ctx, rows)
	}
	failed, of, ids := map[uuid.UUID]error{}, map[uuid.UUID]outbox.Row{}, []uuid.UUID{}
	for _, r := range rows {
		var args deliverArgs
		if err := r.Into(&args); err != nil {
			failed[r.ID] = err
			continue
		}
		if _, twice := of[args.Message]; !twice {
			ids = append(ids, args.Message)
		}
		of[args.Message] = r
	}
	if len(ids) == 0 {
		return failed
	}
	c := s.claim(ctx, ids, t)
	for _, r := range c.results {
		s.Count(r.channel, string(r.state))
	}
	for id, err := range s.send(ctx, c.letters, t, func(id uuid.UUID) bool { return of[id].Tries+1 >= lastTry }) {
		c.failed[id] = err
	}
	for id, err := range c.failed {
		failed[of[id].ID] = err
	}
	return failed
}

// postpone puts a suspended tenant's rows off without counting a try.
func (s *Service) postpone(ctx context.Context, rows []outbox.Row) map[uuid.UUID]error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		var later []outbox.Event
		for _, r := range rows {
			var args deliverArgs
			if err := r.Into(&args); err != nil {
				return err
			}
			later = append(later, outbox.Event{Kind: Deliver, Lane: r.Lane, Args: args, DueAt: s.DB.Now().Add(suspendedIn)})
		}
		return outbox.Put(ctx, later...)
	})
	failed := map[uuid.UUID]error{}
	if err != nil {
		for _, r := range rows {
			failed[r.ID] = fmt.Errorf("put off: %w", err)
		}
	}
	return failed
}

// outcome is what one send came to: what to record, and why to try again.
type outcome struct {
	result
	err  error
	dead bool // a crash of a test: nothing is recorded
}

// send hands letters over, several at a time, and records as it goes. It gives
// those that must be tried again.
func (s *Service) send(ctx context.Context, letters []letter, t *tenant.Tenant, last func(uuid.UUID) bool) map[uuid.UUID]error {
	todo, done := make(chan letter), make(chan outcome)
	var wait sync.WaitGroup
	for range min(senders, len(letters)) {
		wait.Go(func() {
			for l := range todo {
				done <- s.one(ctx, l, t, last(l.ID))
			}
		})
	}
	go func() {
		for _, l := range letters {
			todo <- l
		}
		close(todo)
		wait.Wait()
		close(done)
	}()
	return s.collect(context.WithoutCancel(ctx), done)
}

// one sends a letter and says what to record.
func (s *Service) one(ctx context.Context, l letter, t *tenant.Tenant, last bool) (o outcome) {
	o = outcome{result: result{id: l.ID, channel: l.channel()}}
	if err := s.at("claimed", l.ID); err != nil {
		return outcome{result: o.result, err: err, dead: true}
	}
	receipt, err := s.hand(ctx, l, t)
	if dead := s.at("sent", l.ID); dead != nil {
		return outcome{result: o.result, err: dead, dead: true}
	}
	o.provider = receipt.ProviderID
	o.state, o.why, o.err = fate(err, l.again, last)
	if why := (map[string]string{whyRefused: whyNumber, whyMail: whyNumber})[o.why]; why != "" && l.channel() != byMail {
		o.why = why
	}
	return o
}

// hand makes the mail and gives it to the sender. A panic on the way leaves
// nobody able to say whether it went.
func (s *Service) hand(ctx context.Context, l letter, t *tenant.Tenant) (receipt email.Receipt, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	switch l.channel() {
	case byCall:
		return s.Calls.Send(ctx, *l.call)
	case byText:
		return s.Texts.Send(ctx, sms.Text{ID: l.ID.String(), Tenant: t.Slug, Kind: l.Kind, From: t.Senders.SMS, To: l.To, Body: l.text})
	}
	mail, err := s.mail(l, t)
	if err != nil {
		return receipt, email.Refuse(email.Permanent, "render", err)
	}
	return s.Sender.Send(ctx, mail)
}

// From is the address that a tenant's mails come from.
func (s *Service) From(t *tenant.Tenant) string {
	if t.Senders.Email != "" {
		return t.Senders.Email
	}
	return "no-reply@" + s.Host
}

func (s *Service) mail(l letter, t *tenant.Tenant) (email.Mail, error) {
	html, err := s.Renderer.HTML(l.Doc)
	if err != nil {
		return email.Mail{}, err
	}
	m := email.Mail{
		ID: l.ID.String(), Tenant: t.Slug, Kind: l.Kind, From: s.From(t), FromName: t.Branding.SenderName, To: l.To,
		ReplyTo: t.Senders.ReplyTo, Stream: t.Senders.ConfigurationSet, Subject: l.Doc.Subject, Text: render.Text(l.Doc), HTML: html,
	}
	if m.FromName == "" {
		m.FromName = t.Name
	}
	return m, nil
}

// fate turns a send's error into a state. again: an earlier try's fate is
// unknown, and a second unknown one is the last. last: the outbox will not ask
// again. The error holds no word of the relay's, which may name the address.
func fate(err error, again, last bool) (state State, why string, retry error) {
	class := email.Class(err)
	switch {
	case class == "":
		return HandedOver, "", nil
	case class == email.Permanent:
		return Failed, refusal(err), nil
	case class == email.Unknown && (again || last):
		return Failed, whyUnknown, nil
	case class == email.Unknown:
		return Sending, whyUnknown, brief(err)
	case last:
		return Failed, whyGivenUp, nil
	}
	return Queued, whyLater, brief(err)
}

// refusal is the code of a permanent refusal by the relay's own (RFC 3463).
func refusal(err error) string {
	var e *email.Error
	if !errors.As(err, &e) {
		return whyRefused
	}
	switch {
	case e.Stage == "render" || e.Stage == "check":
		return whyMail
	case e.Enhanced == "5.1.1" || e.Enhanced == "5.1.2" || e.Enhanced == "5.1.3" || e.Enhanced == "5.1.10":
		return whyAddress
	case e.Enhanced == "5.2.2":
		return whyFull
	case len(e.Enhanced) > 3 && e.Enhanced[:4] == "5.7.":
		return whyPolicy
	}
	return whyRefused
}

// brief says where a send ended and with which numbers.
func brief(err error) error {
	var e *email.Error
	if !errors.As(err, &e) {
		return errors.New("send mail: unknown")
	}
	return fmt.Errorf("send mail: %s: %s %d %s", e.Stage, e.Outcome, e.Code, e.Enhanced)
}

func (s *Service) at(point string, id uuid.UUID) error {
	if s.probe == nil {
		return nil
	}
	return s.probe(point, id)
}
