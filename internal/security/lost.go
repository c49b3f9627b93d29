package security

import (
	"context"
	"slices"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// codeNotLost refuses the replacement of what cannot be replaced here.
const codeNotLost = "security.lost.not_here"

// holds tells whether the session proved a factor on file just now. A recovery
// code is none: it opens the account, and alone puts nothing on file.
func (s *Service) holds(o Overview, ses session.Session) bool {
	now := s.DB.Now()
	return slices.ContainsFunc(kinds(o.Factors), func(kind string) bool { return ses.Fresh(now, fresh, kind) })
}

// byCodeAlone tells whether a recovery code is all that stands beside the
// password of the session just now.
func (s *Service) byCodeAlone(o Overview, ses session.Session) bool {
	return ses.Fresh(s.DB.Now(), fresh, factor.Recovery) && !s.holds(o, ses)
}

// Lost are the kinds of factor that a session opened by a recovery code may
// replace with a second one: those on file that the employer still takes.
func (o Overview) Lost(ses session.Session, policy tenant.MfaPolicy) (list []string) {
	if !slices.Contains(ses.AMR, factor.Recovery) {
		return nil
	}
	for _, kind := range []string{factor.TOTP, factor.Phone} {
		if slices.Contains(kinds(o.Factors), kind) && policy.Use(kind) != tenant.Off {
			list = append(list, kind)
		}
	}
	return list
}

// Loss is what the form of a lost factor gives.
type Loss struct {
	Proof

	Kind string // factor.TOTP or factor.Phone
}

// StartLost takes the current password and a second recovery code, and begins
// the set-up that replaces a lost factor: the one way past "needs a factor on
// file". The factor goes in the transaction that confirms the new one, and not
// before. It gives the session's new cookie and the attempt's. Faults: Conflict
// "security.lost.not_here", Invalid at current_password or code, TooMany,
// Unavailable.
func (s *Service) StartLost(ctx context.Context, ses session.Session, o Overview, l Loss) (cookie, started string, err error) {
	switch {
	case !slices.Contains(o.Lost(ses, tenant.MustFrom(ctx).Mfa), l.Kind):
		return "", "", fault.New(fault.Conflict, codeNotLost)
	case !factor.LooksLikeRecovery(l.Code):
		return "", "", fault.Field("code", factor.RecoverShape)
	}
	if err := s.checkPassword(ctx, o.Account, l.Current); err != nil {
		return "", "", err
	}
	_, err = s.Factors.UseCode(ctx, o.Account.ID, l.Code, func(ctx context.Context) error {
		left, _, err := s.Factors.Codes(ctx, o.Account.ID)
		if err != nil {
			return err
		}
		if err := s.Notices.RecoveryUsed(ctx, o.Account.ID, left); err != nil {
			return err
		}
		if started, err = s.start(ctx, ses, o, []string{attempt.Password, attempt.Recovery, attempt.Recovery2}); err != nil {
			return err
		}
		return audit.Record(ctx, event("security.factor_lost", o.Account.ID, map[string]any{"kind": l.Kind, "session": ses.ID.String()}))
	})
	if err != nil {
		return "", "", s.told(ctx, o.Account.ID, err)
	}
	cookie, err = s.Sessions.StepUp(ctx, ses.ID, attempt.Password)
	return cookie, started, err
}

// unreplaced tells whether an attempt was begun for a lost factor and has not
// put another on file yet.
func unreplaced(a attempt.Attempt) bool {
	return a.Has(attempt.Recovery2) && !slices.ContainsFunc(tenant.Methods(), a.Has)
}

// lostFirst is where a page leads that wants a factor on file from a session
// that has none but a recovery code.
const lostFirst = "/security/lost"
