package security_test

import (
	"context"
	"errors"

	"tilgang/internal/db"
	"tilgang/internal/factor"
)

// text stands for the outbox: it counts texts as they are written.
func (w *world) text(ctx context.Context, _ factor.Text) error {
	if !db.InTx(ctx) {
		return errors.New("a text outside the transaction of its fact")
	}
	w.texts++
	return nil
}
