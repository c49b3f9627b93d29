package identity

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// Visit is a browser that is back from a provider.
type Visit struct {
	AttemptID uuid.UUID
	State     []byte // hash of the state
	Connector string
	Purpose   string
}

// Begin uses a state up before anything is checked; the Expired fault CodeUsed
// when it was used before.
func Begin(ctx context.Context, v Visit) (Proof, error) {
	now := db.Now(ctx)
	p := Proof{
		ID: uuid.Must(uuid.NewV7()), AttemptID: v.AttemptID, StateHash: v.State, Connector: v.Connector, Purpose: v.Purpose,
		CreatedAt: now, ExpiresAt: now.Add(Life),
	}
	err := insertProof(ctx, &p)
	if errors.Is(err, db.ErrDuplicate) {
		return Proof{}, errUsed()
	}
	return p, wrap("use a state", err)
}

// Tried is how many visits of an attempt there were.
func Tried(ctx context.Context, attemptID uuid.UUID) (int64, error) {
	n, err := countProofs(ctx, attemptID)
	return n, wrap("count visits", err)
}

// Complete writes down what the provider said, once.
func Complete(ctx context.Context, id uuid.UUID, r Result) error {
	err := completeProof(ctx, id, r)
	if errors.Is(err, db.ErrNotFound) {
		return errUsed()
	}
	return wrap("keep a proof", err)
}

// ProofOf is the proof that waits for an attempt; the Expired fault CodeGone
// when none does.
func ProofOf(ctx context.Context, attemptID uuid.UUID) (Proof, error) {
	p, err := waitingProof(ctx, attemptID)
	if errors.Is(err, db.ErrNotFound) {
		return Proof{}, errGone()
	}
	return p, wrap("find a proof", err)
}

// Take gives the proof that waits for an attempt and uses it up, in the open
// transaction: of several at once one gets it, the others the Expired fault
// CodeGone.
func Take(ctx context.Context, attemptID uuid.UUID) (Proof, error) {
	p, err := ProofOf(ctx, attemptID)
	if err != nil {
		return Proof{}, err
	}
	err = takeProof(ctx, p.ID)
	if errors.Is(err, db.ErrNotFound) {
		return Proof{}, errGone()
	}
	return p, wrap("take a proof", err)
}

// Sweep deletes what ended long ago and tells how many rows it was.
func Sweep(ctx context.Context) (n int64, err error) {
	n, err = sweep(ctx)
	return n, wrap("sweep identities", err)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
