package console

import (
	"context"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/authz"
	"tilgang/internal/factor"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// secondStep is what the person has still to do about signing in.
type secondStep struct {
	offered bool
	next    factor.Step // while offered
	left    int         // recovery codes left
	few     bool        // so few that new ones should be made
}

// secondStep asks the rule as if today's offer had not been answered yet: home
// is where a postponed one is found again. A skipped one stays away. How the
// first step was taken does not matter: a set-up from here asks for the password.
func (p *Pages) secondStep(ctx context.Context, a authz.Actor, now time.Time, t *tenant.Tenant) (s secondStep, err error) {
	left, total, err := p.Factors.Codes(ctx, a.AccountID)
	if err != nil {
		return s, err
	}
	s.left, s.few = left, total > 0 && left <= factor.FewLeft
	acc, err := account.ByID(ctx, a.AccountID)
	if err != nil {
		return s, err
	}
	subject, _, err := people.SubjectOf(ctx, a.PersonID, now, t)
	if err != nil {
		return s, err
	}
	s.next, err = p.Factors.Next(ctx, a.AccountID, factor.Situation{
		Duty: t.Mfa.For(subject, now), Policy: t.Mfa, AMR: append([]string{attempt.Password}, a.AMR...),
		Skipped: acc.MfaSkipped, Postponed: acc.MfaPostponed, Today: factor.Today(now, t.Zone),
	})
	s.offered = s.next.Kind == factor.StepSetup
	return s, err
}
