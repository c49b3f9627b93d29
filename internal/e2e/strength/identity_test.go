package strength_test

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/identity"
)

// onFile are the factors of an account.
func (p *person) onFile() (ids []uuid.UUID) {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		return db.Rows(ctx, &ids, "SELECT id FROM authenticators WHERE tenant_id = @tenant AND account_id = @id AND confirmed_at IS NOT NULL ORDER BY id", sql.Named("id", p.account.ID))
	})
	return ids
}

// tie gives the account an electronic identity, proven to be its owner's.
func (p *person) tie() {
	p.t.Helper()
	id := uuid.New()
	p.subject = id[:]
	p.do(func(ctx context.Context) error {
		_, err := identity.Link(ctx, p.account.ID, identity.Proof{Connector: "eid", SubjectHash: p.subject, Level: identity.Substantial}, true)
		return err
	})
}

// said lets the provider say, of this browser's flow, who its owner is.
func (p *person) said(subject []byte, asked string) {
	p.t.Helper()
	cookie := p.b.Cookie("-attempt")
	if cookie == "" {
		return
	}
	a, err := p.App.Services.Attempts.Find(p.command[p.slug], cookie, p.b.Host)
	if fault.KindOf(err) == fault.Expired || err == nil && a.Purpose == attempt.Reset {
		return
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(func(ctx context.Context) error {
		state := uuid.New()
		v, err := identity.Begin(ctx, identity.Visit{AttemptID: a.ID, State: state[:], Connector: "eid", Purpose: asked})
		if err != nil {
			return err
		}
		return identity.Complete(ctx, v.ID, identity.Result{Subject: subject, Level: identity.High})
	})
}

// eid proves the account's own identity, in place of a lost factor; somebody
// else's where none is tied to it.
func (p *person) eid() {
	p.t.Helper()
	if p.subject == nil {
		p.foreign()
		return
	}
	p.get("/recovery/eid")
	p.said(p.subject, "recover")
	p.get("/recovery/eid/proven")
}

// foreign proves an identity that nobody has, and the own one for another end.
func (p *person) foreign() {
	p.t.Helper()
	other := uuid.New()
	p.said(other[:], "recover")
	p.get("/recovery/eid/proven")
	p.said(p.subject, "prove")
	p.get("/recovery/eid/proven")
	p.said(other[:], "recover")
	p.get("/proofing/proven")
}
