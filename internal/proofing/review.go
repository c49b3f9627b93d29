package proofing

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/identity"
	"tilgang/internal/people"
)

// Question is a proof that waits for HR's word.
type Question struct {
	identity.Review
	Person people.Person
	Other  string // masked address of the account that has the identity now; or empty
}

// Questions are those that wait, the oldest first.
func (s *Service) Questions(ctx context.Context) (list []Question, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		rows, err := identity.Waiting(ctx)
		if err != nil {
			return err
		}
		for _, r := range rows {
			q, err := s.describe(ctx, r)
			if err != nil {
				return err
			}
			list = append(list, q)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list what waits for HR: %w", err)
	}
	return list, nil
}

// Question is one of them, decided or not; NotFound for an id that nobody has.
func (s *Service) Question(ctx context.Context, id uuid.UUID) (q Question, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		r, err := identity.ReviewByID(ctx, id)
		if err != nil {
			return err
		}
		q, err = s.describe(ctx, r)
		return err
	})
	if err != nil {
		return Question{}, fmt.Errorf("read what waits for HR: %w", err)
	}
	return q, nil
}

func (s *Service) describe(ctx context.Context, r identity.Review) (q Question, err error) {
	q.Review = r
	if q.Person, err = people.ByID(ctx, r.PersonID); err != nil || r.Connector == "" {
		return q, err
	}
	l, err := identity.Owner(ctx, identity.Proof{Connector: r.Connector, SubjectHash: r.SubjectHash})
	if errors.Is(err, db.ErrNotFound) || err == nil && l.AccountID == r.AccountID {
		return q, nil
	}
	if err != nil {
		return q, err
	}
	q.Other, err = masked(ctx, l.AccountID)
	return q, err
}

// Decide is HR's word on a question, once; the person is told. Faults: those of
// identity.Decide.
func (s *Service) Decide(ctx context.Context, id uuid.UUID, confirmed bool) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		r, m, err := identity.Decide(ctx, id, confirmed)
		if err != nil {
			return err
		}
		if m.ID != uuid.Nil {
			if err := s.Notices.IdentityMoved(ctx, m); err != nil {
				return err
			}
		}
		return s.Notices.IdentityDecided(ctx, r.AccountID, confirmed)
	})
	if err != nil {
		return fmt.Errorf("decide who somebody is: %w", err)
	}
	return nil
}
