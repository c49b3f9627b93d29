package invite

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/org"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// mostListed is how many people a page of the board lists.
const mostListed = 50

// board is what the page about those who wait is made of.
type board struct {
	counts map[State]int
	moving moving   // of everybody; read while people move here
	rows   []Status // of the reason asked for, by person
	people map[uuid.UUID]people.Listed
	next   uuid.UUID // where the next page begins; Nil at the end
	units  []org.Unit
	titles []string
}

// reasons are what people wait for, those who need help first.
func reasons() []State {
	return []State{NoAddress, Bounced, Failed, Expired, Locked, Lettered, Opened, Sent, Queued, NotSent}
}

// board reads a page of the board in one transaction.
func (s *Service) board(ctx context.Context, sc Scope, after uuid.UUID) (b board, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) {
		today := s.today(tenant.MustFrom(ctx))
		if b.counts, err = stuck(ctx, Scope{Unit: sc.Unit, Title: sc.Title}, today); err != nil {
			return err
		}
		if tenant.MustFrom(ctx).Invitation.Moving(s.DB.Now()) {
			if b.moving, err = countMoving(ctx, today); err != nil {
				return err
			}
		}
		if b.units, err = org.Units(ctx); err != nil {
			return err
		}
		if b.titles, err = people.Titles(ctx); err != nil || sc.Reason == "" {
			return err
		}
		return b.list(ctx, sc, today, after)
	})
	return b, wrap("look who waits", err)
}

func (b *board) list(ctx context.Context, sc Scope, today people.Date, after uuid.UUID) (err error) {
	if b.rows, err = stuckPage(ctx, sc, today, after, mostListed+1); err != nil {
		return err
	}
	if len(b.rows) > mostListed {
		b.rows = b.rows[:mostListed]
		b.next = b.rows[mostListed-1].PersonID
	}
	ids := make([]uuid.UUID, len(b.rows))
	for n, row := range b.rows {
		ids[n] = row.PersonID
	}
	b.people, err = people.ListedBy(ctx, ids)
	return err
}

// unitName is a unit's path in words; the key itself when there is none such.
func (s *Service) unitName(ctx context.Context, key string) (name string, err error) {
	name = key
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		units, err := org.Units(ctx)
		for _, u := range units {
			if u.PathKey == key {
				name = u.Path
			}
		}
		return err
	})
	return name, wrap("name unit", err)
}
