package identity

import (
	"bytes"
	"context"
	"errors"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/people"
)

// Match is how a proof and a person's record go together.
type Match int

// The matches. Unsure: the record or the provider names no number.
const (
	Unsure Match = iota
	Same
	Other
)

// Compare tells whether a proof is the person's, by the national number alone.
func Compare(p Proof, person people.Person) Match {
	switch {
	case len(p.NationalKey) == 0 || len(person.NationalKey) == 0:
		return Unsure
	case bytes.Equal(p.NationalKey, person.NationalKey):
		return Same
	}
	return Other
}

// PersonOf is the one person whose national number a proof names; db.ErrNotFound
// when there is none, or the proof names no number.
func PersonOf(ctx context.Context, p Proof) (people.Person, error) {
	if len(p.NationalKey) == 0 {
		return people.Person{}, db.ErrNotFound
	}
	person, err := people.ByNational(ctx, p.NationalKey)
	return person, wrap("find the person of a proof", err)
}

// LinkedTo are the identities of an account, the oldest first.
func LinkedTo(ctx context.Context, accountID uuid.UUID) ([]Linked, error) {
	list, err := linkedOf(ctx, accountID)
	return list, wrap("list identities", err)
}

// Owner is the link of the identity that a proof is about; db.ErrNotFound when
// no account has it.
func Owner(ctx context.Context, p Proof) (Linked, error) {
	l, err := bySubject(ctx, p.Connector, p.SubjectHash)
	return l, wrap("find the owner of an identity", err)
}

// Link ties an account to the identity of a proof that was taken; another one of
// the same connector goes. proven says that it is the person's beyond doubt.
// Tying it anew to the same account only renews it. Conflict faults:
// CodeElsewhere, account.CodeFrozen.
func Link(ctx context.Context, accountID uuid.UUID, p Proof, proven bool) (Linked, error) {
	if err := account.MayChange(ctx, accountID); err != nil {
		return Linked{}, err
	}
	l, err := Owner(ctx, p)
	switch {
	case err == nil && l.AccountID != accountID:
		return Linked{}, errElsewhere()
	case err == nil:
		l.Proven = l.Proven || proven
		l.Level = p.Level
		return l, wrap("renew identity", renew(ctx, l, p.NationalKey))
	case !errors.Is(err, db.ErrNotFound):
		return Linked{}, err
	}
	replaced, err := dropConnector(ctx, accountID, p.Connector)
	if err != nil {
		return Linked{}, wrap("replace identity", err)
	}
	if l, err = put(ctx, accountID, p, proven); err != nil {
		return Linked{}, err
	}
	return l, record(ctx, "identity.linked", accountID, map[string]any{
		"connector": p.Connector, "level": string(p.Level), "proven": proven, "replaced": replaced, "link": l.ID.String(),
	})
}

func put(ctx context.Context, accountID uuid.UUID, p Proof, proven bool) (Linked, error) {
	now := db.Now(ctx)
	l := Linked{
		ID: uuid.Must(uuid.NewV7()), AccountID: accountID, Connector: p.Connector, SubjectHash: p.SubjectHash, NationalKey: p.NationalKey,
		Level: p.Level, Proven: proven, LinkedAt: now, LastUsedAt: now,
	}
	err := insertLinked(ctx, &l)
	if errors.Is(err, db.ErrDuplicate) {
		return Linked{}, errElsewhere() // another transaction was first
	}
	return l, wrap("tie identity", err)
}

// Used writes down that a link was used.
func Used(ctx context.Context, l Linked) error { return wrap("note use", touch(ctx, l.ID)) }

// Unlink unties an identity from an account. NotFound for what is not the
// account's; the Conflict fault account.CodeFrozen.
func Unlink(ctx context.Context, accountID, id uuid.UUID) (Linked, error) {
	if err := account.MayChange(ctx, accountID); err != nil {
		return Linked{}, err
	}
	l, err := linkedByID(ctx, accountID, id)
	if err == nil {
		err = dropLinked(ctx, id)
	}
	if errors.Is(err, db.ErrNotFound) {
		return Linked{}, errNoSuch()
	}
	if err != nil {
		return Linked{}, wrap("untie identity", err)
	}
	return l, record(ctx, "identity.unlinked", accountID, map[string]any{"connector": l.Connector, "link": l.ID.String()})
}

func record(ctx context.Context, action string, accountID uuid.UUID, detail map[string]any) error {
	return audit.Record(ctx, audit.Event{Action: action, Subject: audit.Subject{Kind: "account", ID: accountID}, Detail: detail})
}
