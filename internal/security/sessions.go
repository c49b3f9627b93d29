package security

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/session"
)

// SessionsOf are where the account is signed in, this browser first.
func (s *Service) SessionsOf(ctx context.Context, o Overview, here uuid.UUID) ([]session.Seen, error) {
	list, err := s.Sessions.List(ctx, o.Account.ID)
	for i, seen := range list {
		if seen.ID == here {
			copy(list[1:i+1], list[:i])
			list[0] = seen
		}
	}
	return list, err
}

// EndOne signs one other browser out; the NotFound fault for any that is not
// the account's, or not open.
func (s *Service) EndOne(ctx context.Context, p Passed, o Overview, id uuid.UUID) error {
	if err := p.covers(ActSessions); err != nil {
		return err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.Sessions.EndOne(ctx, o.Account.ID, id); err != nil {
			return err
		}
		return record(ctx, "security.session_ended", o.Account.ID, map[string]any{"session": id.String()})
	})
	return missing(err)
}

// EndOthers signs every browser but this one out.
func (s *Service) EndOthers(ctx context.Context, p Passed, o Overview) error {
	if err := p.covers(ActSessions); err != nil {
		return err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.Sessions.EndAll(ctx, o.Account.ID, p.Session.ID); err != nil {
			return err
		}
		return record(ctx, "security.others_ended", o.Account.ID, nil)
	})
	if err != nil {
		return fmt.Errorf("sign others out: %w", err)
	}
	return nil
}
