package people

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// The deepest reporting line that a tenant may let a manager reach, in levels;
// the tenant's file is held to the same.
const mostDepth = 10

// Reports tells how many levels below a manager a person is today, by
// employments that have not ended; 0 when not within depth, for oneself and for
// whom this tenant does not have. Whoever left carries nobody: the line is cut
// there until HR names a new manager.
func Reports(ctx context.Context, manager, person uuid.UUID, depth int, today Date) (int, error) {
	if manager == person || manager == uuid.Nil {
		return 0, nil
	}
	level, err := levelOf(ctx, manager, person, min(depth, mostDepth), today)
	if err != nil {
		return 0, fmt.Errorf("climb the reporting line: %w", err)
	}
	return level, nil
}

// TeamQuery asks for a page of a manager's reports.
type TeamQuery struct {
	Manager uuid.UUID
	Depth   int    // levels, 1 to 10
	Text    string // words; each must begin a word of the name or address
	Today   Date
	After   string // cursor: what follows it
	Limit   int    // at most 200; 50 when 0
}

// Report is a person as their manager may see them: the job by which they
// belong to the team, and nothing of their other jobs.
type Report struct {
	reportRow
}

// Name is the whole name.
func (r Report) Name() string { return r.GivenName + " " + r.FamilyName }

// Boss is the name of the report's own line manager.
func (r Report) Boss() string { return r.BossGiven + " " + r.BossFamily }

// Address is where the person is written to, as Person.Address.
func (r Report) Address() string {
	if r.WorkEmail != "" {
		return r.WorkEmail
	}
	return r.PrivateEmail
}

// Team is a page of reports.
type Team struct {
	Reports []Report
	Next    string // cursor of the next page; empty on the last
	Total   int    // of all pages
}

// TeamOf gives a page of a manager's reports by name.
func TeamOf(ctx context.Context, q TeamQuery) (t Team, err error) {
	if q.Limit <= 0 || q.Limit > 200 {
		q.Limit = 50
	}
	q.Depth = min(q.Depth, mostDepth)
	rows, err := team(ctx, q)
	if err != nil {
		return t, fmt.Errorf("list reports: %w", err)
	}
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		last := rows[len(rows)-1]
		t.Next = cursorOf(last.FamilyName, last.GivenName, last.ID)
	}
	for _, row := range rows {
		t.Reports = append(t.Reports, Report{row})
	}
	if t.Total, err = countTeam(ctx, q); err != nil {
		return t, fmt.Errorf("count reports: %w", err)
	}
	return t, nil
}

// ReportOf gives one report of a manager; db.ErrNotFound for everybody else,
// here or elsewhere.
func ReportOf(ctx context.Context, q TeamQuery, person uuid.UUID) (Report, error) {
	q.Depth = min(q.Depth, mostDepth)
	rows, err := report(ctx, q, person)
	if err != nil {
		return Report{}, fmt.Errorf("find report: %w", err)
	}
	if len(rows) == 0 {
		return Report{}, db.ErrNotFound
	}
	return Report{rows[0]}, nil
}
