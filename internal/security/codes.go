package security

import (
	"context"
	"fmt"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/session"
)

// MayMakeCodes tells whether the session proved password and factor within ten
// minutes; only then are new codes shown or saved. One recovery code does not
// make ten.
func (s *Service) MayMakeCodes(o Overview, ses session.Session) bool {
	now := s.DB.Now()
	return o.Enrolled() && ses.Fresh(now, fresh, attempt.Password) && s.holds(o, ses)
}

// Codes are the codes to show: those of kept, the browser's sealed copy, else
// new ones.
func (s *Service) Codes(ctx context.Context, o Overview, kept string) (factor.CodeSet, error) {
	if set, err := s.Factors.OpenCodes(ctx, o.Account.ID, kept); err == nil {
		return set, nil
	}
	return s.Factors.NewCodes(ctx, o.Account.ID)
}

// SaveCodes makes the shown codes the account's in place of the ones before,
// and tells the owner. The refusals are Conflict factor.CodesGone when kept is
// not the set on the page, Invalid "security.codes.save" without the tick, and
// Conflict "security.stale" when the step-up is too old.
func (s *Service) SaveCodes(ctx context.Context, ses session.Session, o Overview, kept, shown string, ticked bool) error {
	if !s.MayMakeCodes(o, ses) {
		return fault.New(fault.Conflict, codeStale)
	}
	set, err := s.Factors.OpenCodes(ctx, o.Account.ID, kept)
	switch {
	case err != nil:
		return err
	case shown != "" && shown != set.ID:
		return fault.New(fault.Conflict, factor.CodesGone)
	case !ticked:
		return fault.Field("saved", codeSave)
	}
	err = s.Factors.SaveCodes(ctx, o.Account.ID, set, func(ctx context.Context) error {
		return s.Notices.RecoveryMade(ctx, o.Account.ID)
	})
	if err != nil {
		return fmt.Errorf("save new codes: %w", err)
	}
	return nil
}
