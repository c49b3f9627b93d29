package recovery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/limit"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// perStop bounds typed codes of a network.
func perStop() limit.Rule {
	return limit.Rule{Name: "recovery.stop", Rate: 20, Per: 10 * time.Minute, Burst: 20}
}

// Approve adds the actor's approval; enough tells whether it was the last one
// needed, so that the cooling-off time began. Faults: NotFound; Forbidden
// "recovery.self", "recovery.starter", "recovery.admins", "recovery.new_role",
// which are written down; Conflict "recovery.twice", "recovery.settled".
func (s *Service) Approve(ctx context.Context, id uuid.UUID) (enough bool, err error) {
	var refused error
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := byID(ctx, id)
		if err != nil {
			return err
		}
		role, why := s.mayApprove(ctx, r)
		if refused = why; why != nil {
			return noted(ctx, "approve", r.PersonID, why)
		}
		enough, err = s.approve(ctx, r, role)
		return err
	})
	switch {
	case err == nil:
		return enough, refused
	case errors.Is(err, db.ErrDuplicate):
		return false, errTwice()
	}
	return false, missing(err)
}

func (s *Service) approve(ctx context.Context, r Recovery, role string) (enough bool, err error) {
	a := authz.From(ctx)
	if err := takeTurn(ctx, r.ID); err != nil {
		return false, settled(err)
	}
	if err := insertApproval(ctx, Approval{RecoveryID: r.ID, ApproverID: a.PersonID, Role: role, CreatedAt: db.Now(ctx)}); err != nil {
		return false, err
	}
	if enough, err = s.sufficient(ctx, r); err != nil || !enough {
		return false, errors.Join(err, record(ctx, "recovery.approved_once", r, map[string]any{"as": role}))
	}
	policy := tenant.MustFrom(ctx).Mfa.Recovery
	opens := db.Now(ctx).Add(policy.CoolingOff)
	closes := opens.Add(policy.Open)
	if err := coolOff(ctx, r.ID, opens, closes); err != nil {
		return false, settled(err)
	}
	if err := record(ctx, "recovery.approved", r, map[string]any{"as": role}); err != nil {
		return false, err
	}
	for kind, due := range map[string]time.Time{kindApproved: {}, kindOpen: opens, kindEnded: closes} {
		if err := s.tell(ctx, r, kind, due); err != nil {
			return false, err
		}
	}
	return true, nil
}

// sufficient looks at the approvals and at the person's roles as they are now.
func (s *Service) sufficient(ctx context.Context, r Recovery) (bool, error) {
	list, err := approvalsOf(ctx, r.ID)
	if err != nil {
		return false, err
	}
	privileged, err := isPrivileged(ctx, r.PersonID)
	return Sufficient(r, privileged, list), err
}

// Cancel ends a recovery: while it waits that is a refusal. Faults: NotFound for
// who may not approve any; Forbidden "recovery.self"; Conflict
// "recovery.settled" when it has ended.
func (s *Service) Cancel(ctx context.Context, id uuid.UUID) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := byID(ctx, id)
		if err != nil {
			return err
		}
		a := authz.From(ctx)
		if a.Kind != authz.Person || s.Policy.Require(a, "recovery", "approve", authz.Any) != nil {
			return db.ErrNotFound
		}
		return s.end(ctx, r, howBy(a.PersonID, r))
	})
	return missing(err)
}

// howBy names the end that somebody brings about.
func howBy(person uuid.UUID, r Recovery) Ending {
	switch {
	case person == r.PersonID:
		return Stopped
	case r.ApprovedAt == nil && person != r.StarterID:
		return Refused
	}
	return Cancelled
}

// Stop ends the actor's own recovery; Conflict "recovery.settled" when none runs.
func (s *Service) Stop(ctx context.Context) error {
	a := authz.From(ctx)
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := runningOf(ctx, a.AccountID)
		if err != nil {
			return settled(err)
		}
		return s.end(ctx, r, Stopped)
	})
}

// StopByCode ends the recovery whose notices hold the code; no session is
// needed. Faults: Invalid at code; Conflict "recovery.settled" when that one has
// ended; TooMany for a network that guesses.
func (s *Service) StopByCode(ctx context.Context, typed, network string) error {
	if err := s.Limiter.Allow(ctx, perStop(), network); err != nil {
		return err
	}
	code := secret.NormaliseCode(typed)
	if len(code) != codeCharacter {
		return errCode()
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := byCode(ctx, s.codeHash(tenant.MustFrom(ctx).ID, code))
		if err != nil {
			return err
		}
		return s.end(ctx, r, Stopped)
	})
	if errors.Is(err, db.ErrNotFound) {
		return errCode()
	}
	return err
}

// end is the one way out: of several at once one succeeds.
func (s *Service) end(ctx context.Context, r Recovery, how Ending) error {
	if !r.Running(db.Now(ctx)) {
		return errSettled()
	}
	if err := finish(ctx, r.ID, how, authz.From(ctx).PersonID); err != nil {
		return settled(err)
	}
	return s.ended(ctx, r, how)
}

func (s *Service) ended(ctx context.Context, r Recovery, how Ending) error {
	if err := s.tell(ctx, r, kindEnded, time.Time{}); err != nil {
		return fmt.Errorf("tell of the end: %w", err)
	}
	return record(ctx, "recovery.ended", r, map[string]any{"how": string(how)})
}

// settled turns "no such row to change" into the refusal.
func settled(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return errSettled()
	}
	return err
}
