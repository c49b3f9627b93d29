package invite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// Status is where a person's newest invitation stands.
type Status struct {
	PersonID     uuid.UUID
	InvitationID uuid.UUID
	State        State
	Why          string // code of the last message's failure, as message.Sent.Why says in words
	DueAt        *time.Time
	SentAt       *time.Time
	ExpiresAt    *time.Time
	OpenedAt     *time.Time
	AcceptedAt   *time.Time
	UpdatedAt    time.Time
}

// At is the moment of the state: for Queued the planned one.
func (s Status) At() time.Time {
	at := map[State]*time.Time{Queued: s.DueAt, Sent: s.SentAt, Lettered: s.SentAt, Opened: s.OpenedAt, Expired: s.ExpiresAt, Accepted: s.AcceptedAt, Confirmed: s.AcceptedAt}[s.State]
	if at == nil {
		return s.UpdatedAt
	}
	return *at
}

// derived is the one rule by which a stored invitation and its newest message
// become a State, for one person and for the counts of all.
const derived = `CASE
		WHEN i.state = 'accepted' AND EXISTS (SELECT 1 FROM accounts a WHERE a.tenant_id = @tenant AND a.person_id = i.person_id AND a.password_hash = '' AND a.anew_at IS NULL) THEN 'confirmed'
		WHEN i.state = 'accepted' THEN 'accepted'
		WHEN i.state = 'revoked' THEN 'revoked'
		WHEN i.letter_at IS NOT NULL AND i.expires_at <= @now THEN 'expired'
		WHEN i.letter_at IS NOT NULL AND i.opened_at >= i.sent_at THEN 'opened'
		WHEN i.letter_at IS NOT NULL THEN 'letter'
		WHEN i.address_key = '' THEN 'no_address'
		WHEN m.state IN ('bounced', 'complained') OR (m.state = 'suppressed' AND m.error <> 'withdrawn') THEN 'bounced'
		WHEN m.state = 'failed' THEN 'failed'
		WHEN i.expires_at <= @now THEN 'expired'
		WHEN i.expires_at IS NOT NULL AND i.opened_at >= i.sent_at THEN 'opened'
		WHEN m.state IN ('handed_over', 'delivered', 'delayed') THEN 'sent'
		WHEN m.state IN ('queued', 'sending') THEN 'queued'
		ELSE 'not_sent' END`

const newest = ` FROM invitations i LEFT JOIN messages m ON m.tenant_id = @tenant AND m.id = (
			SELECT x.id FROM messages x WHERE x.tenant_id = @tenant AND x.ref_id = i.id ORDER BY x.created_at DESC, x.id DESC LIMIT 1)
		WHERE i.tenant_id = @tenant AND i.id = (
			SELECT y.id FROM invitations y WHERE y.tenant_id = @tenant AND y.person_id = i.person_id ORDER BY y.created_at DESC, y.id DESC LIMIT 1)`

func statuses(ctx context.Context, persons []uuid.UUID) (map[uuid.UUID]Status, error) {
	found := make(map[uuid.UUID]Status, len(persons))
	for part := range slices.Chunk(persons, chunk) {
		var rows []Status
		err := db.Rows(ctx, &rows, `SELECT i.person_id, i.id AS invitation_id, i.due_at, i.sent_at, i.expires_at, i.opened_at, i.accepted_at, i.updated_at,
			COALESCE(m.error, '') AS why, `+derived+` AS state`+newest+` AND i.person_id IN @persons`, sql.Named("now", db.Now(ctx)), sql.Named("persons", part))
		if err != nil {
			return nil, fmt.Errorf("read states of invitations: %w", err)
		}
		for _, s := range rows {
			found[s.PersonID] = s
		}
	}
	return found, nil
}

func counts(ctx context.Context) (map[State]int, error) {
	var rows []struct {
		State State
		N     int
	}
	err := db.Rows(ctx, &rows, `SELECT state, count(*) AS n FROM (SELECT `+derived+` AS state`+newest+`) s GROUP BY state`, sql.Named("now", db.Now(ctx)))
	if err != nil {
		return nil, fmt.Errorf("count invitations: %w", err)
	}
	all := make(map[State]int, len(rows))
	for _, r := range rows {
		all[r.State] = r.N
	}
	return all, nil
}

func inState(ctx context.Context, state State, after uuid.UUID, limit int) (persons []uuid.UUID, err error) {
	err = db.Rows(ctx, &persons, `SELECT person_id FROM (SELECT i.person_id, `+derived+` AS state`+newest+` AND i.person_id > @after) s
		WHERE state = @state ORDER BY person_id LIMIT @limit`,
		sql.Named("now", db.Now(ctx)), sql.Named("after", after), sql.Named("state", string(state)), sql.Named("limit", limit))
	if err != nil {
		return nil, fmt.Errorf("list invitations: %w", err)
	}
	return persons, nil
}
