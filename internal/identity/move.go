package identity

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
)

// MoveTo unties the identity of a taken proof from the account that has it and
// ties it to another one; both can take it back for UndoWithin. Conflict fault:
// account.CodeFrozen of either account. Where nobody has it any more it is
// simply linked, and the move is the zero Move.
func MoveTo(ctx context.Context, accountID uuid.UUID, p Proof, proven bool) (Move, error) {
	l, err := Owner(ctx, p)
	if errors.Is(err, db.ErrNotFound) || err == nil && l.AccountID == accountID {
		_, err = Link(ctx, accountID, p, proven)
		return Move{}, err
	}
	if err != nil {
		return Move{}, err
	}
	if err := lockBoth(ctx, l.AccountID, accountID); err != nil {
		return Move{}, err
	}
	m := Move{
		ID: uuid.Must(uuid.NewV7()), Connector: p.Connector, SubjectHash: p.SubjectHash, FromAccount: l.AccountID, ToAccount: accountID,
		WasProven: l.Proven, MovedAt: db.Now(ctx),
	}
	if err := carry(ctx, l, accountID, proven); err != nil {
		return Move{}, err
	}
	if err := insertMove(ctx, &m); err != nil {
		return Move{}, wrap("note a move", err)
	}
	return m, recordMove(ctx, "identity.moved", m)
}

// carry moves a link to an account, in place of another of the same connector.
func carry(ctx context.Context, l Linked, accountID uuid.UUID, proven bool) error {
	if _, err := dropConnector(ctx, accountID, l.Connector); err != nil {
		return wrap("replace identity", err)
	}
	err := moveLinked(ctx, l, accountID, proven)
	if errors.Is(err, db.ErrNotFound) {
		return errElsewhere() // it went somewhere else meanwhile
	}
	return wrap("move identity", err)
}

// lockBoth holds both accounts, always in one order, and refuses a frozen one.
func lockBoth(ctx context.Context, a, b uuid.UUID) error {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	if err := account.MayChange(ctx, a); err != nil {
		return err
	}
	return account.MayChange(ctx, b)
}

// MovesOf are the moves from or to an account that can still be taken back, the
// newest first.
func MovesOf(ctx context.Context, accountID uuid.UUID) ([]Move, error) {
	list, err := movesSince(ctx, accountID, db.Now(ctx).Add(-UndoWithin))
	return list, wrap("list moves", err)
}

// Undo takes a move back, for the owner of either account. NotFound for a move
// of others; Expired CodeLate when it is too late, or the identity or its former
// owner has gone on; Conflict account.CodeFrozen.
func Undo(ctx context.Context, accountID, id uuid.UUID) (Move, error) {
	m, err := moveByID(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound) || err == nil && m.FromAccount != accountID && m.ToAccount != accountID:
		return Move{}, errNoSuch()
	case err != nil:
		return Move{}, wrap("find move", err)
	case !db.Now(ctx).Before(m.Until()):
		return Move{}, errLate()
	}
	if err := lockBoth(ctx, m.FromAccount, m.ToAccount); err != nil {
		return Move{}, err
	}
	if err := undoMove(ctx, m.ID); err != nil {
		return Move{}, late(err)
	}
	l, err := bySubject(ctx, m.Connector, m.SubjectHash)
	if err != nil || l.AccountID != m.ToAccount {
		return Move{}, late(errors.Join(err, db.ErrNotFound))
	}
	if err := vacant(ctx, m); err != nil {
		return Move{}, err
	}
	if err := carry(ctx, l, m.FromAccount, m.WasProven); err != nil {
		return Move{}, err
	}
	return m, recordMove(ctx, "identity.move_undone", m)
}

// vacant refuses to take a move back once its former owner has tied another
// identity of the connector: the one that counts there now is never put aside by
// the owner of the other account.
func vacant(ctx context.Context, m Move) error {
	list, err := LinkedTo(ctx, m.FromAccount)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list, func(l Linked) bool { return l.Connector == m.Connector }) {
		return errLate()
	}
	return nil
}

func late(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return errLate()
	}
	return wrap("take a move back", err)
}

// recordMove writes it down at both accounts.
func recordMove(ctx context.Context, action string, m Move) error {
	for _, id := range []uuid.UUID{m.FromAccount, m.ToAccount} {
		if err := record(ctx, action, id, map[string]any{"connector": m.Connector, "move": m.ID.String()}); err != nil {
			return err
		}
	}
	return nil
}
