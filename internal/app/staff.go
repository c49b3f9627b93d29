package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"tilgang/internal/console"
	"tilgang/internal/db"
	"tilgang/internal/identity"
	"tilgang/internal/invite"
	"tilgang/internal/people"
	"tilgang/internal/roster"
)

// staff counts, for the home page, what HR looks after.
type staff struct{ a *App }

// People is how many persons there are.
func (s staff) People(ctx context.Context) (n int64, err error) {
	err = s.a.DB.Read(ctx, func(ctx context.Context) (err error) { n, err = people.Count(ctx); return })
	return n, err
}

// Invitations is how many persons wait, and for what.
func (s staff) Invitations(ctx context.Context) (console.Invitations, error) {
	all, err := s.a.Services.Invite.Counts(ctx)
	if err != nil {
		return console.Invitations{}, err
	}
	waiting := all[invite.Queued] + all[invite.Sent] + all[invite.Opened] + all[invite.NotSent]
	return console.Invitations{Waiting: int64(waiting), Expired: int64(all[invite.Expired]), NoAddress: int64(all[invite.NoAddress])}, nil
}

// Wishes is how many of those whose access has ended wait for an answer.
func (s staff) Wishes(ctx context.Context) (int64, error) { return s.a.Services.Alumni.Open(ctx) }

// Imports is what became of the newest staff files.
func (s staff) Imports(ctx context.Context) (console.Imports, error) {
	rows, err := s.a.Services.Roster.History(ctx, 50)
	if err != nil {
		return console.Imports{}, err
	}
	var out console.Imports
	for _, row := range rows {
		if row.State == roster.Preview {
			out.Open++
		}
		if out.Last.IsZero() && row.FinishedAt != nil {
			out.Last = *row.FinishedAt
		}
	}
	return out, nil
}

// Recoveries is how many wait for the actor's own approval.
func (s staff) Recoveries(ctx context.Context) (int, error) {
	return s.a.Services.Recovery.Waiting(ctx)
}

// invitations tells the people pages where invitations stand.
type invitations struct{ a *App }

// StatesOf tells where persons' invitations stand.
func (i invitations) StatesOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]people.InviteState, error) {
	found, err := i.a.Services.Invite.StatesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	states := make(map[uuid.UUID]people.InviteState, len(found))
	for id, st := range found {
		states[id] = people.InviteState{State: string(st.State), At: st.At()}
	}
	return states, nil
}

// questions tells the people pages who waits for HR to say who they are.
type questions struct{}

// QuestionOf is the question that waits about a person; zero where there is none.
func (questions) QuestionOf(ctx context.Context, person uuid.UUID) (people.Question, error) {
	r, err := identity.WaitingFor(ctx, person)
	if errors.Is(err, db.ErrNotFound) {
		return people.Question{}, nil
	}
	if err != nil {
		return people.Question{}, err
	}
	return people.Question{URL: "/admin/proofing/" + r.ID.String(), Since: r.CreatedAt}, nil
}
