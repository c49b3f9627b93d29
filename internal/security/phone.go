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

// StartPhone begins the set-up of a phone, after a step-up, and gives the
// attempt's cookie. ses is the session as the step-up left it: password and
// factor must both be proven within ten minutes, else it is the Conflict fault
// "security.stale".
func (s *Service) StartPhone(ctx context.Context, ses session.Session, o Overview) (cookie string, err error) {
	now := s.DB.Now()
	if !o.MayChangePhone(tenant.MustFrom(ctx)) || !ses.Fresh(now, fresh, attempt.Password) {
		return "", fault.New(fault.Conflict, codeStale)
	}
	amr := []string{attempt.Password}
	for _, m := range second() {
		if ses.Fresh(now, fresh, m) {
			amr = append(amr, m)
		}
	}
	if !s.holds(o, ses) {
		return "", fault.New(fault.Conflict, codeStale)
	}
	return s.start(ctx, ses, o, amr)
}
