package throttle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tilgang/internal/db"
	"tilgang/internal/fault"
)

// Quota is how many failures a subject may have in a while; there is no waiting
// in between, and when they are used up, none before the while has passed since
// the last.
type Quota struct {
	Purpose string
	Most    int
	Per     time.Duration
}

// MailCodes is the quota of six-digit codes that are sent to an address, whatever
// flow they are typed in (ours; NIST SP 800-63B-4 3.2.2 only asks for a bound).
func MailCodes() Quota { return Quota{Purpose: "reset.code", Most: 10, Per: 24 * time.Hour} }

// CodeSpent is the code of the TooMany fault: all failures were used up.
const CodeSpent = "throttle.spent"

// Spend counts one failure before the secret is compared, in a transaction of
// its own; the TooMany fault when there is none left. After a right secret call
// Forgive with the Lock.
func (s *Service) Spend(ctx context.Context, q Quota, subject []byte) (lock Lock, err error) {
	err = s.db.Apart(ctx, func(ctx context.Context) error {
		var left bool
		lock.Failures, left, err = spend(ctx, q, subject)
		if err == nil && !left {
			return fault.New(fault.TooMany, CodeSpent)
		}
		return err
	})
	if err != nil {
		return Lock{}, fmt.Errorf("count against a quota: %w", err)
	}
	return lock, nil
}

// Spent tells whether a subject has used its failures up; it counts nothing and
// may join an open transaction.
func (s *Service) Spent(ctx context.Context, q Quota, subject []byte) (spent bool, err error) {
	var r row
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { r, err = get(ctx, q.Purpose, subject); return })
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at a quota: %w", err)
	}
	return r.Failures >= q.Most && s.db.Now().Sub(r.LastAt) < q.Per, nil
}
