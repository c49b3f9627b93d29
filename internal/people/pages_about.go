package people

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/httpkit"
	"tilgang/internal/message"
)

// mostMails is how many messages the page lists.
const mostMails = 30

// sheetOf is what the page is made of.
type sheetOf struct {
	Overview
	granted  []string
	access   Access
	freeze   account.Freeze
	came     *time.Time // when the person came in with an address of their own
	names    []account.Identifier
	question Question
	mails    []message.Sent
}

// about loads all that pages show of a person.
func (p *Pages) about(c *httpkit.Ctx, id uuid.UUID) (all sheetOf, err error) {
	err = p.svc.db.Read(c.Context(), func(ctx context.Context) (err error) {
		if all.Overview, err = View(ctx, id, c.Now(), c.Tenant()); err != nil {
			return err
		}
		if all.granted, err = Granted(ctx, id); err != nil {
			return err
		}
		states, err := AccessOf(ctx, p.invitations, []uuid.UUID{id})
		if err != nil {
			return err
		}
		all.access = states[id]
		if err := all.account(ctx); err != nil {
			return err
		}
		if all.question, err = p.questionOf(ctx, id); err != nil {
			return err
		}
		all.mails, err = message.OfPerson(ctx, id, mostMails)
		return err
	})
	return all, missing(err)
}

// account adds what is to be said of the person's account, if there is one: an
// open freeze, when the person came in with an address of their own, and what
// signs them in.
func (s *sheetOf) account(ctx context.Context) error {
	acc, err := account.ByPerson(ctx, s.Person.ID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.came = acc.RegisteredAt
	if s.names, err = account.Names(ctx, acc.ID); err != nil {
		return err
	}
	s.freeze, err = account.OpenFreeze(ctx, acc.ID)
	return err
}
