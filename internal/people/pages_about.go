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
		if all.freeze, all.came, err = accountOf(ctx, id); err != nil {
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

// accountOf is the open freeze of a person's account, and when the person came in
// with an address of their own; zero for none.
func accountOf(ctx context.Context, id uuid.UUID) (f account.Freeze, came *time.Time, err error) {
	acc, err := account.ByPerson(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return f, nil, nil
	}
	if err != nil {
		return f, nil, err
	}
	f, err = account.OpenFreeze(ctx, acc.ID)
	return f, acc.RegisteredAt, err
}
