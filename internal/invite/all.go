package invite

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// Waiting counts the pending invitations that ResendAll would send now: not
// those of ended employments, and not those sent within the last minute.
func (s *Service) Waiting(ctx context.Context) (n int, err error) {
	err = s.each(ctx, func(ctx context.Context, list []Invitation, _ map[uuid.UUID]candidate) error {
		n += len(list)
		return nil
	})
	return n, wrap("count waiting invitations", err)
}

// ResendAll sends every pending invitation again, in steps of 500, and gives how
// many. A second call within a minute sends nothing.
func (s *Service) ResendAll(ctx context.Context) (n int, err error) {
	err = s.each(ctx, func(ctx context.Context, list []Invitation, of map[uuid.UUID]candidate) error {
		if err := s.again(ctx, list, of, outbox.Bulk); err != nil {
			return err
		}
		n += len(list)
		return nil
	})
	return n, wrap("send invitations again", err)
}

// each walks through what could be sent, a transaction a step. A step that
// another sender overtook is looked at once more.
func (s *Service) each(ctx context.Context, do func(context.Context, []Invitation, map[uuid.UUID]candidate) error) error {
	after, raced := uuid.Nil, 0
	for {
		next, err := s.step(ctx, after, do)
		if errors.Is(err, errRaced) && raced < 3 {
			raced++
			continue
		}
		if err != nil || next == uuid.Nil {
			return err
		}
		after, raced = next, 0
	}
}

func (s *Service) step(ctx context.Context, after uuid.UUID, do func(context.Context, []Invitation, map[uuid.UUID]candidate) error) (next uuid.UUID, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		rows, err := waiting(ctx, after, mostInOneStep)
		if err != nil || len(rows) == 0 {
			return err
		}
		if len(rows) == mostInOneStep {
			next = rows[len(rows)-1].ID
		}
		persons := make([]uuid.UUID, len(rows))
		for n, i := range rows {
			persons[n] = i.PersonID
		}
		of, err := candidates(ctx, persons, s.today(tenant.MustFrom(ctx)))
		if err != nil {
			return err
		}
		var list []Invitation
		for _, i := range rows {
			if c := of[i.PersonID]; c.FirstDay != "" && !c.HasAccount {
				list = append(list, i)
			}
		}
		if len(list) == 0 {
			return nil
		}
		return do(ctx, list, of)
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("step: %w", err)
	}
	return next, nil
}
