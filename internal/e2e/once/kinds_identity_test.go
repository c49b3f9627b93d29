package once_test

import (
	"context"
	"database/sql"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/identity"
)

// known is the employer whose test persons the practice provider knows.
const (
	known    = "nordlys"
	provider = "connectors: [{key: bankid, kind: practice, name: BankID}]\n"
)

// identities are what an electronic identity gives.
func identities() []kind {
	return []kind{
		{"the way back from an identity provider", (*world).visit},
		{"what an identity provider said", (*world).saying},
		{"the move of an identity", (*world).move},
		{"the undoing of a moved identity", (*world).moveBack},
		{"a lost factor brought back by an electronic identity", (*world).broughtBack},
	}
}

// linking is somebody signed in who is about to tie an identity to the account.
func (w *world) linking() (b *apptest.Browser, address string) {
	w.t.Helper()
	b, address = w.in(known)
	b.Get("/security/identities/link")
	b.Submit("current_password", e2e.Word)
	w.at(b, "/proofing")
	return b, address
}

func (w *world) do(slug string, fn func(context.Context) error) {
	w.t.Helper()
	if err := w.DB.Tx(w.Operator(slug), fn); err != nil {
		w.t.Fatal(err)
	}
}

// said lets the provider say who the owner of the newest flow of a purpose is.
func (w *world) said(slug, purpose, asked string, of identity.Result) {
	w.t.Helper()
	w.do(slug, func(ctx context.Context) error {
		var ids []uuid.UUID
		err := db.Rows(ctx, &ids, "SELECT id FROM attempts WHERE tenant_id = @tenant AND purpose = @purpose ORDER BY created_at DESC, id DESC LIMIT 1", sql.Named("purpose", purpose))
		if err != nil || len(ids) == 0 {
			w.t.Fatalf("no flow: %v", err)
		}
		state := uuid.New()
		p, err := identity.Begin(ctx, identity.Visit{AttemptID: ids[0], State: state[:], Connector: "bankid", Purpose: asked})
		if err != nil {
			return err
		}
		return identity.Complete(ctx, p.ID, of)
	})
}

// somebody is an identity that no other race has.
func somebody() identity.Result {
	id := uuid.New()
	return identity.Result{Subject: id[:], Level: identity.High}
}

// tied ties an identity to an account.
func (w *world) tied(address string, r identity.Result) {
	w.t.Helper()
	acc := w.account(known, address)
	w.do(known, func(ctx context.Context) error {
		_, err := identity.Link(ctx, acc.ID, identity.Proof{Connector: "bankid", SubjectHash: r.Subject, Level: r.Level}, true)
		return err
	})
}

// visit comes back from the provider. Its code is in the memory of the process
// that gave it, so where another one wins the state is used up and no more.
func (w *world) visit() race {
	b, _ := w.linking()
	b.Get("/federation/bankid/start")
	for _, a := range b.Page.All("a") {
		if strings.Contains(apptest.Text(a), "Nobody Knowsme") {
			back := b.Raw(b.Request(http.MethodGet, b.Page.Address(apptest.Attr(a, "href")), nil))
			return race{slug: known, from: []*apptest.Browser{b}, method: http.MethodGet, path: back.Header.Get("Location"), rows: "identity_proofs WHERE 1 = 1"}
		}
	}
	w.t.Fatalf("not at the provider but on %s\n%s", b.Page.URL, b.Page.Text())
	return race{}
}

func (w *world) saying() race {
	b, _ := w.linking()
	w.said(known, "stepup", "prove", somebody())
	return race{slug: known, from: []*apptest.Browser{b}, method: http.MethodGet, path: "/proofing/proven", rows: "messages WHERE kind = 'identity_linked'"}
}

// moving is somebody who has proven an identity that another account has.
func (w *world) moving() *apptest.Browser {
	_, other := w.in(known)
	one := somebody()
	w.tied(other, one)
	b, _ := w.linking()
	w.said(known, "stepup", "prove", one)
	b.Get("/proofing/proven")
	w.at(b, "/proofing/proven")
	return b
}

func (w *world) move() race {
	return race{slug: known, from: []*apptest.Browser{w.moving()}, path: "/proofing/move", rows: "identity_moves WHERE 1 = 1"}
}

func (w *world) moveBack() race {
	b := w.moving()
	b.Submit()
	w.at(b, "/security/identities")
	for _, a := range b.Page.All("a") {
		if to := apptest.Attr(a, "href"); strings.Contains(to, "/moves/") {
			rows := acted("identity.move_undone") + " AND subject_id IN (SELECT to_account FROM identity_moves)"
			return race{slug: known, from: []*apptest.Browser{b}, path: to, fields: []string{"current_password", e2e.Word}, rows: rows}
		}
	}
	w.t.Fatalf("no way back on\n%s", b.Page.Text())
	return race{}
}

func (w *world) broughtBack() race {
	to, _, _ := w.app(known)
	one := somebody()
	w.tied(to, one)
	b := w.password(known, to)
	w.at(b, "/mfa")
	w.said(known, "signin", "recover", one)
	return race{slug: known, from: []*apptest.Browser{b}, method: http.MethodGet, path: "/recovery/eid/proven", rows: "eid_recoveries WHERE 1 = 1"}
}
