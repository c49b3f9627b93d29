package message

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message/render"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// staleAfter is when a sending that was never recorded is taken for cut off;
// longer than a delivery may run.
const staleAfter = 100 * time.Second

// errUnderWay makes the outbox ask again later for what somebody else sends.
var errUnderWay = errors.New("message is under way")

// letter is a message ready to be sent.
type letter struct {
	Message
	Doc   render.Doc
	text  string // of a text message, in place of Doc
	again bool   // its first fate is unknown
}

func (l letter) channel() string {
	if l.text != "" {
		return byText
	}
	return byMail
}

// claimed is what one claim gave.
type claimed struct {
	letters []letter
	results []result            // settled without sending
	failed  map[uuid.UUID]error // by message: to be tried again
}

// claim takes messages in one transaction and writes them. When that fails for
// several, each is claimed alone, so that one poisonous message stops no other.
func (s *Service) claim(ctx context.Context, ids []uuid.UUID, t *tenant.Tenant) claimed {
	c, err := s.claimSome(ctx, ids, t)
	if err == nil {
		return c
	}
	all := claimed{failed: map[uuid.UUID]error{}}
	if len(ids) == 1 || ctx.Err() != nil {
		for _, id := range ids {
			all.failed[id] = err
		}
		return all
	}
	for _, id := range ids {
		one := s.claim(ctx, []uuid.UUID{id}, t)
		all.letters = append(all.letters, one.letters...)
		all.results = append(all.results, one.results...)
		for id, err := range one.failed {
			all.failed[id] = err
		}
	}
	return all
}

func (s *Service) claimSome(ctx context.Context, ids []uuid.UUID, t *tenant.Tenant) (c claimed, err error) {
	c.failed = map[uuid.UUID]error{}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		rows, err := claim(ctx, ids, s.stale())
		if err != nil {
			return err
		}
		if err := s.unclaimed(ctx, ids, rows, c.failed); err != nil {
			return err
		}
		return s.write(ctx, rows, t, &c)
	})
	if err != nil {
		return claimed{}, fmt.Errorf("claim messages: %w", err)
	}
	return c, nil
}

// stale is the moment before which an unrecorded sending was cut off.
func (s *Service) stale() time.Time {
	stale := s.DB.Now().Add(-staleAfter)
	if began := s.started.Add(-time.Microsecond); s.Alone && began.After(stale) {
		return began
	}
	return stale
}

// unclaimed looks at what was not taken: under way at somebody else's, or done.
func (s *Service) unclaimed(ctx context.Context, ids []uuid.UUID, rows []row, failed map[uuid.UUID]error) error {
	if len(rows) == len(ids) {
		return nil
	}
	taken := make(map[uuid.UUID]bool, len(rows))
	for _, r := range rows {
		taken[r.ID] = true
	}
	states, err := statesOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		switch state, there := states[id]; {
		case taken[id]:
		case !there:
			failed[id] = outbox.GiveUp(fmt.Errorf("message %s does not exist", id))
		case state == Sending || state == Queued:
			failed[id] = errUnderWay
		}
	}
	return nil
}

// write lets each kind write its messages.
func (s *Service) write(ctx context.Context, rows []row, t *tenant.Tenant, c *claimed) error {
	byKind, again := map[string][]Task{}, map[uuid.UUID]bool{}
	for _, r := range rows {
		m, err := s.open(ctx, r)
		if err != nil || s.kinds[r.Kind].Name == "" {
			c.results = append(c.results, result{id: r.ID, channel: r.Channel, state: Failed, why: whyUnreadable})
			continue
		}
		again[r.ID] = r.Error == whyUnknown
		byKind[r.Kind] = append(byKind[r.Kind], Task{Message: m, Words: s.words(m, t)})
	}
	for kind, tasks := range byKind {
		if s.kinds[kind].Text != nil {
			if err := s.writeTexts(ctx, s.kinds[kind], tasks, t, c, again); err != nil {
				return fmt.Errorf("write %s: %w", kind, err)
			}
			continue
		}
		docs, err := s.prepare(ctx, s.kinds[kind], tasks, t)
		if err != nil {
			return fmt.Errorf("prepare %s: %w", kind, err)
		}
		for _, task := range tasks {
			doc, wanted := docs[task.ID]
			if !wanted {
				c.results = append(c.results, result{id: task.ID, channel: byMail, state: Suppressed, why: whyWithdrawn})
				continue
			}
			c.letters = append(c.letters, letter{Message: task.Message, Doc: doc, again: again[task.ID]})
		}
	}
	return record(ctx, c.results)
}

// writeTexts lets a kind write its text messages.
func (s *Service) writeTexts(ctx context.Context, k Kind, tasks []Task, t *tenant.Tenant, c *claimed, again map[uuid.UUID]bool) error {
	for _, task := range tasks {
		text, err := k.Text(ctx, task.Message, task.Words, t)
		switch {
		case errors.Is(err, ErrNotWanted):
			c.results = append(c.results, result{id: task.ID, channel: byText, state: Suppressed, why: whyWithdrawn})
		case err != nil:
			return err
		default:
			c.letters = append(c.letters, letter{Message: task.Message, text: text, again: again[task.ID]})
		}
	}
	return nil
}

func (s *Service) open(ctx context.Context, r row) (Message, error) {
	m, err := r.message()
	if err != nil {
		return m, err
	}
	owner, _ := db.TenantID(ctx)
	to, err := s.Box.Open(r.SealedTo, place(owner)...)
	m.To = string(to)
	m.Country = s.Country(m.Args[ArgNetwork])
	return m, err
}

// words speaks the reader's language, or the tenant's first where we do not.
func (s *Service) words(m Message, t *tenant.Tenant) *i18n.Localizer {
	return s.Catalog.Localizer(s.Catalog.MatchIn(t.Languages, m.Language, t.Languages[0]), t.Zone, s.DB.Now)
}

func (s *Service) prepare(ctx context.Context, k Kind, tasks []Task, t *tenant.Tenant) (map[uuid.UUID]render.Doc, error) {
	if k.PrepareAll != nil {
		return k.PrepareAll(ctx, tasks, t)
	}
	docs := make(map[uuid.UUID]render.Doc, len(tasks))
	for _, task := range tasks {
		doc, err := k.Prepare(ctx, task.Message, task.Words, t)
		switch {
		case errors.Is(err, ErrNotWanted):
		case err != nil:
			return nil, err
		default:
			docs[task.ID] = doc
		}
	}
	return docs, nil
}
