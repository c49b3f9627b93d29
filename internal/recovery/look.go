package recovery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/people"
)

// Case is a recovery with all that its pages show.
type Case struct {
	Recovery
	State      State
	Person     string
	Starter    string
	EndedName  string
	Approvals  []Approval
	Approvers  []string // names, as Approvals
	Privileged bool
	Admins     int // people who could approve for a person with a role
	Channels   int // addresses on file
}

// Missing is how many approvals are still needed.
func (c Case) Missing() int { return max(0, Needed(c.Privileged)-len(c.Approvals)) }

// describe fills a case in, in the open transaction.
func (s *Service) describe(ctx context.Context, r Recovery) (c Case, err error) {
	c = Case{Recovery: r, State: r.State(s.DB.Now())}
	if c.Person, err = nameOf(ctx, r.PersonID); err != nil {
		return c, err
	}
	if c.Starter, err = nameOf(ctx, r.StarterID); err != nil {
		return c, err
	}
	if r.EndedBy != nil {
		if c.EndedName, err = nameOf(ctx, *r.EndedBy); err != nil {
			return c, err
		}
	}
	if c.Approvals, err = approvalsOf(ctx, r.ID); err != nil {
		return c, err
	}
	if c.Approvers, err = approverNames(ctx, r.ID); err != nil {
		return c, err
	}
	if c.Privileged, err = isPrivileged(ctx, r.PersonID); err != nil {
		return c, err
	}
	if c.Admins, err = otherAdmins(ctx, r.PersonID, r.StarterID); err != nil {
		return c, err
	}
	found, err := channelsOf(ctx, r.PersonID, r.AccountID)
	c.Channels = len(found.addresses)
	return c, err
}

// Look gives a case for HR; NotFound for an id that nobody has. why is what keeps
// the actor from approving it, nil where nothing does.
func (s *Service) Look(ctx context.Context, id uuid.UUID) (c Case, why, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		r, err := byID(ctx, id)
		if err != nil {
			return err
		}
		if c, err = s.describe(ctx, r); err != nil {
			return err
		}
		_, why = s.mayApprove(ctx, r)
		for _, a := range c.Approvals {
			if a.ApproverID == authz.From(ctx).PersonID {
				why = errTwice()
			}
		}
		return nil
	})
	return c, why, missing(err)
}

// Own is the actor's recovery that runs; ok false when there is none.
func (s *Service) Own(ctx context.Context) (c Case, ok bool, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		r, err := runningOf(ctx, authz.From(ctx).AccountID)
		if errors.Is(err, db.ErrNotFound) || err == nil && !r.Running(s.DB.Now()) {
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		c, err = s.describe(ctx, r)
		return err
	})
	return c, ok, err
}

// Newest is the newest recovery of a person whom the actor reaches, with the
// person's name; ok false where there was none. why is what keeps the actor from
// starting one.
func (s *Service) Newest(ctx context.Context, person uuid.UUID) (name string, c Case, ok bool, why, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		if why = s.reach(ctx, "recovery", "start", person); errors.Is(why, db.ErrNotFound) {
			return why
		}
		p, err := people.ByID(ctx, person)
		if err != nil {
			return err
		}
		name = p.Name()
		r, err := newestOf(ctx, person)
		if errors.Is(err, db.ErrNotFound) {
			why = s.first(ctx, why, person)
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		if c, err = s.describe(ctx, r); err == nil && !r.Running(s.DB.Now()) {
			why = s.first(ctx, why, person)
		}
		return err
	})
	return name, c, ok, why, missing(err)
}

// first is why, else what else would keep a recovery from being started.
func (s *Service) first(ctx context.Context, why error, person uuid.UUID) error {
	if why != nil {
		return why
	}
	_, err := s.lostBy(ctx, person)
	return err
}

// List gives the recoveries of the last month and all that run, newest first.
func (s *Service) List(ctx context.Context) (list []line, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) {
		list, err = listed(ctx, s.DB.Now().Add(-30*24*time.Hour))
		return err
	})
	return list, err
}

// Waiting is how many recoveries wait for the actor's own approval; none for those
// who may not approve.
func (s *Service) Waiting(ctx context.Context) (n int, err error) {
	a := authz.From(ctx)
	if a.Kind != authz.Person || s.Policy.May(a, "recovery", "approve") != authz.Any {
		return 0, nil
	}
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		list, err := undecided(ctx, a.PersonID)
		if err != nil {
			return err
		}
		for _, r := range list {
			if _, why := s.mayApprove(ctx, r); why == nil {
				n++
			} else if _, refused := fault.As(why); !refused {
				return why
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("count recoveries that wait: %w", err)
	}
	return n, nil
}
