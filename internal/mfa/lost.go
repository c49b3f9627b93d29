package mfa

import (
	"context"

	"tilgang/internal/factor"
	"tilgang/internal/tenant"
)

// counting are the kinds on file that stand between a person and a new factor:
// none once a recovery has set them aside.
func (st State) counting() []string {
	if st.Step.Anew {
		return nil
	}
	return st.Enrolled
}

// added tells of a new factor, in the transaction that confirms it, and of one
// that took another's place; after a recovery it also ends those that were lost.
func (s *Service) added(ctx context.Context, st State, kind string) error {
	if st.Step.Anew {
		if err := s.factors.Supersede(ctx, st.Account.ID, kind); err != nil {
			return err
		}
		return s.notices.FactorReplaced(ctx, st.Account.ID, kind)
	}
	oneMore := kind == factor.TOTP && st.OneMore(tenant.MustFrom(ctx).Mfa)
	if has(st.Enrolled, kind) && !oneMore {
		return s.notices.FactorReplaced(ctx, st.Account.ID, kind)
	}
	return s.notices.FactorAdded(ctx, st.Account.ID, kind)
}
