package factor

import (
	"context"
	"errors"
	"time"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/limit"
	"tilgang/internal/tenant"
)

// Bound is how many codes may go out in an hour and in 24.
type Bound struct{ Hour, Day int }

// Bounds are those of one channel, or of all.
type Bounds struct {
	Account Bound
	Number  Bound // to one number, whoever asks
	Network Bound // from one network
	Block   Bound // to unproven numbers of one block of a thousand
}

// PhoneLimits bound what codes by phone may cost and how often one may be
// guessed at. A tenant's own bounds are in its policy.
type PhoneLimits struct {
	Pause time.Duration // between two codes of one flow to one number by one channel, in whole seconds
	Bounds
	Calls Bounds     // of the calls among them, which cost more
	Wrong int        // wrong codes of one account in 24 h, over flows and codes
	Tries limit.Rule // of a whole tenant
}

// DefaultPhoneLimits leave room for an office that signs in behind one network,
// and for somebody whose first texts did not arrive. Ours, but for Wrong, which
// NIST SP 800-63B-4 3.1.3.2 and 3.2.2 only ask to be bounded over new codes.
func DefaultPhoneLimits() PhoneLimits {
	return PhoneLimits{
		Pause:  30 * time.Second,
		Bounds: Bounds{Account: Bound{6, 12}, Number: Bound{6, 12}, Network: Bound{100, 500}, Block: Bound{30, 100}},
		Calls:  Bounds{Account: Bound{3, 6}, Number: Bound{3, 6}, Network: Bound{30, 100}, Block: Bound{10, 30}},
		Wrong:  10,
		Tries:  limit.Rule{Name: "factor.phone", Rate: 600, Per: time.Hour, Burst: 300},
	}
}

// allow refuses a code too soon after another, or beyond a bound.
func (p *Phones) allow(ctx context.Context, c phoneCode) error {
	last, err := lastInFlow(ctx, c)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if wait := last.Add(p.Limits.Pause).Sub(c.CreatedAt); err == nil && wait > 0 {
		wait = (wait + time.Second - 1).Truncate(time.Second)
		return fault.New(fault.TooMany, PhoneWait, "Wait", wait).After(wait)
	}
	policy := tenant.MustFrom(ctx).Mfa.SMS
	if err := p.allowIn(ctx, c, p.Limits.Bounds, policy.PerDay, false); err != nil || c.Channel != Voice {
		return err
	}
	return p.allowIn(ctx, c, p.Limits.Calls, policy.Calls, true)
}

// allowIn looks at the bounds of all codes, or of calls.
func (p *Phones) allowIn(ctx context.Context, c phoneCode, most Bounds, perDay int, calls bool) error {
	for _, b := range []struct {
		name  string
		scope scope
		Bound
	}{
		{"account", scope{"account_id", c.AccountID, calls}, most.Account},
		{"number", scope{"number_key", c.NumberKey, calls}, most.Number},
		{"network", scope{"network_key", c.NetworkKey, calls}, most.Network},
		{"block", scope{"block_key", c.BlockKey, calls}, most.Block},
		{"employer", scope{calls: calls}, Bound{max(1, perDay/4), perDay}},
	} {
		if b.name == "block" && len(c.BlockKey) == 0 {
			continue
		}
		if err := p.within(ctx, b.name, b.scope, b.Bound, c.CreatedAt); err != nil {
			return err
		}
	}
	return nil
}

// within refuses when the codes of a scope have reached a bound, and tells how
// long until one leaves it.
func (p *Phones) within(ctx context.Context, name string, s scope, b Bound, now time.Time) error {
	for _, w := range []struct {
		most int
		time.Duration
	}{{b.Hour, time.Hour}, {b.Day, day}} {
		at, err := nthNewest(ctx, s, w.most)
		if errors.Is(err, db.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if wait := at.Add(w.Duration).Sub(now); wait > 0 {
			return p.capped(ctx, name, s.calls, wait.Truncate(time.Minute)+time.Minute)
		}
	}
	return nil
}
