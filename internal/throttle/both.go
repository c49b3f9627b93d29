package throttle

import (
	"context"
	"errors"
	"fmt"

	"tilgang/internal/db"
)

// errHeld rolls a count back: one of the two subjects lets nothing through.
var errHeld = errors.New("throttle: held back")

// TryBoth is Try for a subject behind which another stands: the address that was
// typed, and the account that several addresses lead to. Both are counted in one
// statement. A locked subject refuses as Try does, and then neither is counted. A
// locked account is quiet, and its Lock then has no failures: nothing may be
// compared, and the answer must be that of a wrong secret, or it would tell that
// two addresses are one person's.
func (s *Service) TryBoth(ctx context.Context, purpose string, subject, behind []byte) (lock, all Lock, err error) {
	var refused error
	err = s.db.Apart(ctx, func(ctx context.Context) error {
		counts, err := countBoth(ctx, purpose, subject, behind)
		if err != nil {
			return err
		}
		n, passed := counts[string(subject)]
		if !passed {
			r, err := get(ctx, purpose, subject)
			if refused = r.refuses(db.Now(ctx)); err == nil {
				err = errHeld
			}
			return err
		}
		if lock, err = shut(ctx, purpose, subject, n); err != nil {
			return err
		}
		if n, passed = counts[string(behind)]; !passed {
			return nil
		}
		all, err = shut(ctx, purpose, behind, n)
		return err
	})
	if errors.Is(err, errHeld) {
		return Lock{}, Lock{}, refused
	}
	if err != nil {
		return Lock{}, Lock{}, fmt.Errorf("count try: %w", err)
	}
	return lock, all, nil
}
