package throttle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tilgang/internal/db"
)

// Service counts failures in the database. Its methods must not be called
// inside an open transaction: what they count stays.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// Check tells whether a try would be let through, and counts nothing: for
// pages. The fault is TooMany, see CodeLocked and CodeStopped.
func (s *Service) Check(ctx context.Context, purpose string, subject []byte) error {
	var r row
	err := s.db.Read(ctx, func(ctx context.Context) (err error) { r, err = get(ctx, purpose, subject); return })
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("check throttle: %w", err)
	}
	return r.refuses(s.db.Now())
}

// Try counts one failure before the secret is compared, unless the subject is
// locked: then it counts nothing and gives the TooMany fault. After a right
// secret call Clear; when nothing was compared, Forgive.
func (s *Service) Try(ctx context.Context, purpose string, subject []byte) (lock Lock, err error) {
	var refused error
	err = s.db.Apart(ctx, func(ctx context.Context) error {
		n, passed, err := countUnlocked(ctx, purpose, subject)
		if err != nil {
			return err
		}
		if passed {
			lock, err = shut(ctx, purpose, subject, n)
			return err
		}
		r, err := get(ctx, purpose, subject)
		refused = r.refuses(db.Now(ctx))
		return err
	})
	if err != nil {
		return Lock{}, fmt.Errorf("count try: %w", err)
	}
	return lock, refused
}

// Fail counts a failure that is known already, locked or not, for secrets
// whose comparison cannot be announced beforehand. Where two tries may come at
// once use Try.
func (s *Service) Fail(ctx context.Context, purpose string, subject []byte) (lock Lock, err error) {
	err = s.db.Apart(ctx, func(ctx context.Context) error {
		n, err := count(ctx, purpose, subject)
		if err != nil {
			return err
		}
		lock, err = shut(ctx, purpose, subject, n)
		return err
	})
	if err != nil {
		return Lock{}, fmt.Errorf("count failure: %w", err)
	}
	return lock, nil
}

// Clear forgets all failures of subjects: the right secret came. It may join an
// open transaction.
func (s *Service) Clear(ctx context.Context, purpose string, subjects ...[]byte) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return forget(ctx, purpose, subjects) })
	if err != nil {
		return fmt.Errorf("clear throttle: %w", err)
	}
	return nil
}

// Forgive takes back a Try after which nothing was compared, such as when the
// hash pool was full. If another try came between, the count stays.
func (s *Service) Forgive(ctx context.Context, purpose string, subject []byte, tried Lock) error {
	err := s.db.Apart(ctx, func(ctx context.Context) error { return takeBack(ctx, purpose, subject, tried.Failures) })
	if err != nil {
		return fmt.Errorf("forgive try: %w", err)
	}
	return nil
}

// Even writes one row for a subject where nothing was written for it elsewhere,
// in the open transaction: what is counted for somebody costs the same for
// nobody. The row is read by no one and is swept.
func (s *Service) Even(ctx context.Context, purpose string, subject []byte, written bool) error {
	if err := even(ctx, s.db.Postgres(), purpose, subject, written); err != nil {
		return fmt.Errorf("count for nobody: %w", err)
	}
	return nil
}

// Sweep deletes counts that have been quiet for 90 days, except those that
// stopped all tries, and tells how many: made-up addresses leave rows too.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx, s.db.Now().Add(-90*24*time.Hour)); return })
	if err != nil {
		return 0, fmt.Errorf("sweep throttles: %w", err)
	}
	return n, nil
}

// shut sets the lock that so many failures bring; in the same transaction as
// the count, so no other try comes between.
func shut(ctx context.Context, purpose string, subject []byte, failures int) (Lock, error) {
	lock := Lock{Failures: failures, Stopped: failures >= Most}
	wait := WaitAfter(failures)
	if wait == 0 {
		return lock, nil
	}
	lock.Until = db.Now(ctx).Add(wait)
	return lock, lockUntil(ctx, purpose, subject, lock.Until)
}
