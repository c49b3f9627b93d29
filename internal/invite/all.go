package invite

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// Scope names some of those who wait; empty fields narrow nothing.
type Scope struct {
	Unit   string // an org unit's path key; covers the units below it
	Title  string // a job title
	Reason State  // what they wait for
}

// Locked is the reason of those whose typed code took too many wrong tries; the
// link in their mail still works.
const Locked State = "locked"

// Plan is what sending to a scope would do, in people.
type Plan struct {
	Work, Private int // mails, by the kind of address
	Phone         int // text messages, to who has no e-mail address
	Recent        int // left out: a mail went out within the last minute
	NoAddress     int // left out: nowhere to send to
	Ended         int // left out: the employment has ended, or there is an account
}

// Mails is how many messages would go out.
func (p Plan) Mails() int { return p.Work + p.Private + p.Phone }

// Plan tells what SendAgain would do now.
func (s *Service) Plan(ctx context.Context, sc Scope) (p Plan, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		n, err := planned(ctx, sc, s.today(tenant.MustFrom(ctx)))
		p = Plan{Work: n[toWork], Private: n[toPrivate], Phone: n[toPhone], Recent: n[outRecent], NoAddress: n[outNoMail], Ended: n[outEnded]}
		return err
	})
	return p, err
}

// Stuck counts those of a scope who have been invited and are not in yet, by
// what they wait for.
func (s *Service) Stuck(ctx context.Context, sc Scope) (all map[State]int, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) {
		all, err = stuck(ctx, sc, s.today(tenant.MustFrom(ctx)))
		return err
	})
	return all, err
}

// SendAgain sends the pending invitations of a scope again, in steps of 500 (200
// on SQLite), and gives how many. Each step is one transaction; whoever was sent
// a mail within the last minute is left out, so a second call sends nothing.
func (s *Service) SendAgain(ctx context.Context, sc Scope) (n int, err error) {
	after, raced := uuid.Nil, 0
	for {
		sent, next, err := s.step(ctx, sc, after)
		if errors.Is(err, errRaced) && raced < 3 {
			raced++ // another sender overtook this step: look once more
			continue
		}
		n += sent
		if err != nil || next == uuid.Nil {
			return n, wrap("send invitations again", err)
		}
		after, raced = next, 0
	}
}

func (s *Service) stepSize() int {
	if s.DB.Postgres() {
		return mostInOneStep
	}
	return fewInOneStep
}

// step sends to the next of a scope; next is where to go on, Nil at the end.
func (s *Service) step(ctx context.Context, sc Scope, after uuid.UUID) (sent int, next uuid.UUID, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		sent, next = 0, uuid.Nil
		today := s.today(tenant.MustFrom(ctx))
		list, err := waiting(ctx, sc, today, after, s.stepSize())
		if err != nil || len(list) == 0 {
			return err
		}
		if len(list) == s.stepSize() {
			next = list[len(list)-1].ID
		}
		persons := make([]uuid.UUID, len(list))
		for n, i := range list {
			persons[n] = i.PersonID
		}
		of, err := s.candidates(ctx, persons, today)
		if err != nil {
			return err
		}
		sent = len(list)
		return s.again(ctx, list, of, outbox.Bulk)
	})
	if err != nil {
		return 0, uuid.Nil, fmt.Errorf("step: %w", err)
	}
	return sent, next, nil
}
