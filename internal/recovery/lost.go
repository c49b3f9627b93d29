package recovery

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
)

// Opened implements factor.Recoveries: the cooling-off time is over, the door
// has not closed, and the approvals are enough for the roles of today.
func (s *Service) Opened(ctx context.Context, accountID uuid.UUID, amr []string) (bool, error) {
	if open, err := s.openedByEID(ctx, accountID, amr); open || err != nil {
		return open, err
	}
	return s.openedByOthers(ctx, accountID)
}

// openedByOthers is Opened by the word of other people.
func (s *Service) openedByOthers(ctx context.Context, accountID uuid.UUID) (bool, error) {
	r, err := runningOf(ctx, accountID)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	if err != nil || r.State(db.Now(ctx)) != Open {
		return false, err
	}
	now, err := epoch(ctx, accountID)
	if err != nil || now != r.SecurityEpoch {
		return false, err
	}
	return s.sufficient(ctx, r)
}

// Use implements factor.Recoveries: it ends an open recovery, once, and with it
// every session of the account.
func (s *Service) Use(ctx context.Context, accountID uuid.UUID, removed bool) error {
	how := Used
	if removed {
		how = Removed
	}
	used, err := s.useEID(ctx, accountID, how)
	if err != nil {
		return err
	}
	if used {
		return account.EndSessions(ctx, accountID)
	}
	return s.useOthers(ctx, accountID, how)
}

// useOthers is Use of the word of other people.
func (s *Service) useOthers(ctx context.Context, accountID uuid.UUID, how Ending) error {
	open, err := s.openedByOthers(ctx, accountID)
	if err != nil {
		return err
	}
	if !open {
		return errShut()
	}
	r, err := runningOf(ctx, accountID)
	if err != nil {
		return err
	}
	err = finishOpen(ctx, r.ID, how)
	if errors.Is(err, db.ErrNotFound) {
		return errShut()
	}
	if err != nil {
		return err
	}
	if err := account.EndSessions(ctx, accountID); err != nil {
		return err
	}
	return s.ended(ctx, r, how)
}

// Proven implements factor.Recoveries: what was proven was not lost.
func (s *Service) Proven(ctx context.Context, accountID uuid.UUID) error {
	if _, err := s.useEID(ctx, accountID, Proven); err != nil {
		return err
	}
	r, err := runningOf(ctx, accountID)
	if errors.Is(err, db.ErrNotFound) || err == nil && !r.Running(db.Now(ctx)) {
		return nil
	}
	if err != nil {
		return err
	}
	err = finish(ctx, r.ID, Proven, uuid.Nil)
	if errors.Is(err, db.ErrNotFound) {
		return nil // it ended meanwhile
	}
	if err != nil {
		return err
	}
	return s.ended(ctx, r, Proven)
}
