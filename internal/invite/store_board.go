package invite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// The pending invitations with their newest mails, and what is asked of each.
const (
	unanswered = ` FROM invitations i LEFT JOIN messages m ON m.tenant_id = @tenant AND m.id = (
			SELECT x.id FROM messages x WHERE x.tenant_id = @tenant AND x.ref_id = i.id ORDER BY x.created_at DESC, x.id DESC LIMIT 1)
		WHERE i.tenant_id = @tenant AND i.state = 'pending'`
	reason    = `CASE WHEN i.code_tries >= @most AND i.expires_at > @now THEN 'locked' ELSE ` + derived + ` END`
	signsIn   = `EXISTS (SELECT 1 FROM accounts a WHERE a.tenant_id = @tenant AND a.person_id = i.person_id AND a.anew_at IS NULL)`
	addressed = `i.address_key <> ''`
	rested    = `(i.due_at IS NULL OR i.due_at > @now OR i.due_at <= @recent OR i.expires_at <= @now)`
	here      = `(EXISTS (SELECT 1 FROM employments e WHERE e.tenant_id = @tenant AND e.person_id = i.person_id AND (e.end_date = '' OR e.end_date >= @today))
		OR (EXISTS (SELECT 1 FROM person_roles r WHERE r.tenant_id = @tenant AND r.person_id = i.person_id)
			AND NOT EXISTS (SELECT 1 FROM employments e WHERE e.tenant_id = @tenant AND e.person_id = i.person_id)))`
)

// narrowed are the conditions of a scope. Unit and title must be those of one
// employment that has not ended.
func (sc Scope) narrowed() (text string, args []any) {
	if sc.Title+sc.Unit != "" {
		text = ` AND EXISTS (SELECT 1 FROM employments e LEFT JOIN org_units u ON u.tenant_id = @tenant AND u.id = e.org_unit_id
			WHERE e.tenant_id = @tenant AND e.person_id = i.person_id AND (e.end_date = '' OR e.end_date >= @today)`
		if sc.Title != "" {
			text += ` AND e.job_title_key = @title`
			args = append(args, sql.Named("title", tenant.FoldTitle(sc.Title)))
		}
		if sc.Unit != "" {
			text += ` AND (u.path_key = @unit OR (u.path_key >= @unit_from AND u.path_key < @unit_to))`
			args = append(args, sql.Named("unit", sc.Unit), sql.Named("unit_from", sc.Unit+" > "), sql.Named("unit_to", sc.Unit+" > \U0010FFFF"))
		}
		text += `)`
	}
	if sc.Reason != "" {
		text += ` AND ` + reason + ` = @reason`
		args = append(args, sql.Named("reason", string(sc.Reason)))
	}
	return text, args
}

// asked are the values that the conditions above need.
func asked(ctx context.Context, today people.Date, more ...any) []any {
	now := db.Now(ctx)
	return append(more, sql.Named("now", now), sql.Named("recent", now.Add(-resendAfter)), sql.Named("today", string(today)), sql.Named("most", codeTries))
}

// stuck counts the people of a scope who wait, by what they wait for.
func stuck(ctx context.Context, sc Scope, today people.Date) (map[State]int, error) {
	var rows []struct {
		State State
		N     int
	}
	text, args := sc.narrowed()
	err := db.Rows(ctx, &rows, `SELECT state, count(*) AS n FROM (SELECT `+reason+` AS state`+unanswered+` AND `+here+` AND NOT `+signsIn+text+`) s GROUP BY state`, asked(ctx, today, args...)...)
	if err != nil {
		return nil, fmt.Errorf("count who waits: %w", err)
	}
	all := make(map[State]int, len(rows))
	for _, r := range rows {
		all[r.State] = r.N
	}
	return all, nil
}

// moving is how far people have come who move here from another sign-in.
type moving struct{ Confirmed, Password, Missing int }

func countMoving(ctx context.Context, today people.Date) (m moving, err error) {
	var rows []moving
	err = db.Rows(ctx, &rows, `SELECT (SELECT count(*) FROM accounts a WHERE a.tenant_id = @tenant AND a.password_hash = '' AND a.anew_at IS NULL) AS confirmed,
		(SELECT count(*) FROM accounts a WHERE a.tenant_id = @tenant AND a.password_hash <> '') AS password,
		(SELECT count(*) FROM invitations i WHERE i.tenant_id = @tenant AND i.state = 'pending' AND `+here+` AND NOT `+signsIn+`) AS missing`,
		sql.Named("today", string(today)))
	if err != nil || len(rows) == 0 {
		return m, wrap("count who moves here", err)
	}
	return rows[0], nil
}

// stuckPage lists the people of a scope by id, after one.
func stuckPage(ctx context.Context, sc Scope, today people.Date, after uuid.UUID, limit int) (rows []Status, err error) {
	text, args := sc.narrowed()
	args = append(args, sql.Named("after", after), sql.Named("limit", limit))
	err = db.Rows(ctx, &rows, `SELECT i.person_id, i.id AS invitation_id, i.due_at, i.sent_at, i.expires_at, i.opened_at, i.accepted_at, i.updated_at,
		COALESCE(m.error, '') AS why, `+reason+` AS state`+unanswered+` AND `+here+` AND NOT `+signsIn+text+` AND i.person_id > @after ORDER BY i.person_id LIMIT @limit`,
		asked(ctx, today, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list who waits: %w", err)
	}
	return rows, nil
}

// The classes of a plan.
const (
	toWork    = "work"
	toPrivate = "private"
	toPhone   = "phone"
	outEnded  = "ended"
	outNoMail = "no_address"
	outRecent = "recent"
)

// planned counts the pending invitations of a scope by what sending would do.
func planned(ctx context.Context, sc Scope, today people.Date) (map[string]int, error) {
	var rows []struct {
		Class string
		N     int
	}
	text, args := sc.narrowed()
	err := db.Rows(ctx, &rows, `SELECT class, count(*) AS n FROM (SELECT CASE WHEN `+signsIn+` OR NOT `+here+` THEN '`+outEnded+`'
		WHEN NOT `+addressed+` THEN '`+outNoMail+`' WHEN `+rested+` AND i.address_kind = 'private' THEN '`+toPrivate+`'
		WHEN `+rested+` AND i.address_kind = 'phone' THEN '`+toPhone+`'
		WHEN `+rested+` THEN '`+toWork+`' ELSE '`+outRecent+`' END AS class`+unanswered+text+`) s GROUP BY class`, asked(ctx, today, args...)...)
	if err != nil {
		return nil, fmt.Errorf("plan mails: %w", err)
	}
	all := make(map[string]int, len(rows))
	for _, r := range rows {
		all[r.Class] = r.N
	}
	return all, nil
}

// waiting lists the invitations of a scope that could be sent now, by id; those
// just sent are left out unless they have expired.
func waiting(ctx context.Context, sc Scope, today people.Date, after uuid.UUID, limit int) (rows []Invitation, err error) {
	text, args := sc.narrowed()
	args = append(args, sql.Named("after", after), sql.Named("limit", limit))
	err = db.Rows(ctx, &rows, `SELECT i.*`+unanswered+` AND `+addressed+` AND `+rested+` AND `+here+` AND NOT `+signsIn+text+` AND i.id > @after ORDER BY i.id LIMIT @limit`,
		asked(ctx, today, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list invitations to send: %w", err)
	}
	return rows, nil
}
