package signin

import (
	"context"
	"slices"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// trusted tells whether the browser stands in for the second factor at a
// sign-in, and at nothing else.
func (s *Service) trusted(ctx context.Context, a attempt.Attempt, device string) (bool, error) {
	if a.Purpose != attempt.Signin || factor.Proven(a.AMR) {
		return false, nil
	}
	return s.Factors.Trusted(ctx, a.AccountID, device)
}

// proofs are what the session of an attempt stands on, in the open transaction:
// what was proven, and the trusted browser where a factor is on file that was
// not. Trust that ended since the page was chosen is the Expired fault
// "attempt.expired".
func (s *Service) proofs(ctx context.Context, a attempt.Attempt, device string) ([]string, error) {
	if factor.Proven(a.AMR) || a.Has(attempt.Pass) {
		return a.AMR, nil
	}
	list, err := s.Factors.Confirmed(ctx, a.AccountID)
	if err != nil || len(list) == 0 {
		return a.AMR, err
	}
	trusted, err := s.trusted(ctx, a, device)
	switch {
	case err != nil:
		return nil, err
	case !trusted:
		return nil, fault.New(fault.Expired, "attempt.expired")
	}
	return append(slices.Clone(a.AMR), factor.Device), s.Factors.UsedTrust(ctx, a.AccountID, device)
}

// trust makes the browser a trusted one where its owner asked for that with a
// factor on file; a recovery code is none.
func (s *Service) trust(ctx context.Context, a attempt.Attempt, b Browser, ses session.Session) error {
	proven := slices.ContainsFunc(tenant.Methods(), a.Has)
	if !a.Trusts || a.Purpose != attempt.Signin || !proven {
		return nil
	}
	device := b.Device
	if ses.Device != "" {
		device = ses.Device // the browser was new until now
	}
	return s.Factors.Trust(ctx, a.AccountID, device, b.UserAgent)
}
