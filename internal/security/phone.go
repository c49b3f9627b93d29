package security

import (
	"context"
	"slices"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// MayChangePhone tells whether a phone can be put on file here: beside or in
// place of a factor that is there. The first factor of an account has its own
// page.
func (o Overview) MayChangePhone(t *tenant.Tenant) bool {
	return o.Enrolled() && t.Mfa.Use(factor.Phone) != tenant.Off
}

// Texts tells whether the step-up can be proven by a text message.
func (o Overview) Texts() bool { return slices.Contains(o.Usable, factor.Phone) }

// SendCode sends a code for a step-up of the session to the phone on file, by a
// channel of factor; empty: the usual one. Faults: Conflict, TooMany,
// Unavailable.
func (s *Service) SendCode(ctx context.Context, ses session.Session, o Overview, network, channel string) error {
	if !o.Texts() {
		return fault.New(fault.Conflict, factor.PhoneGone)
	}
	return s.Phones.SendCode(ctx, o.Account.ID, factor.Flow{ID: ses.ID, Host: ses.Host, Network: network, Channel: channel})
}

// StartPhone begins the set-up of a phone and gives the attempt's cookie.
func (s *Service) StartPhone(ctx context.Context, p Passed, o Overview) (cookie string, err error) {
	if !o.MayChangePhone(tenant.MustFrom(ctx)) {
		return "", fault.New(fault.Conflict, codeStale)
	}
	return s.startMore(ctx, p, o)
}

// startMore begins an attempt that may put one more factor on file: it holds
// the password and the factor that were proven just now.
func (s *Service) startMore(ctx context.Context, p Passed, o Overview) (cookie string, err error) {
	if err := p.covers(ActFactor); err != nil {
		return "", err
	}
	amr, now := []string{attempt.Password}, s.DB.Now()
	for _, m := range append(tenant.Methods(), factor.Recovery) {
		if p.Session.Fresh(now, fresh, m) {
			amr = append(amr, m)
		}
	}
	return s.start(ctx, p.Session, o, amr)
}
