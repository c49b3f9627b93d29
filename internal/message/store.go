package message

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/outbox"
)

// row is a message as it is stored.
type row struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	PersonID   *uuid.UUID
	Kind       string
	Channel    string
	Lane       outbox.Lane
	Language   string
	Args       string
	RefID      *uuid.UUID
	SealedTo   []byte
	State      State
	Tries      int
	ProviderID string
	Error      string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// TableName implements gorm's Tabler.
func (row) TableName() string { return "messages" }

func (r row) message() (Message, error) {
	m := Message{ID: r.ID, Kind: r.Kind, Lane: r.Lane, Language: r.Language, Tries: r.Tries, CreatedAt: r.CreatedAt}
	if r.PersonID != nil {
		m.PersonID = *r.PersonID
	}
	if r.RefID != nil {
		m.RefID = *r.RefID
	}
	if err := json.Unmarshal([]byte(r.Args), &m.Args); err != nil {
		return m, fmt.Errorf("read arguments: %w", err)
	}
	return m, nil
}

func (r row) sent() Sent {
	m := Sent{ID: r.ID, Kind: r.Kind, State: r.State, At: r.UpdatedAt, CreatedAt: r.CreatedAt, Tries: r.Tries, Error: r.Error}
	if r.RefID != nil {
		m.RefID = *r.RefID
	}
	return m
}

// chunk keeps a list of arguments below SQLite's limit of 32,766.
const chunk = 2000

func insert(ctx context.Context, rows []row) error {
	return db.InsertAll(ctx, rows, db.Clash{})
}

// claim takes messages that wait, and those whose sending was cut off before
// stale, and gives them as they are from then on.
func claim(ctx context.Context, ids []uuid.UUID, stale time.Time) (rows []row, err error) {
	err = db.Rows(ctx, &rows, `UPDATE messages SET state = 'sending', tries = tries + 1, updated_at = @now
		WHERE tenant_id = @tenant AND id IN @ids AND (state = 'queued' OR (state = 'sending' AND updated_at <= @stale)) RETURNING *`,
		sql.Named("now", db.Now(ctx)), sql.Named("ids", ids), sql.Named("stale", stale))
	return rows, err
}

// statesOf gives the states of messages; one that does not exist is left out.
func statesOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]State, error) {
	var rows []row
	if err := db.From(ctx).Select("id, state").Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, err
	}
	states := make(map[uuid.UUID]State, len(rows))
	for _, r := range rows {
		states[r.ID] = r.State
	}
	return states, nil
}

// result is what became of a message.
type result struct {
	id       uuid.UUID
	channel  string
	state    State
	provider string
	why      string // a code of ours
}

// record writes results down in one statement. What was withdrawn meanwhile
// stays so.
func record(ctx context.Context, results []result) error {
	if len(results) == 0 {
		return nil
	}
	ids, args := make([]uuid.UUID, len(results)), []any{sql.Named("now", db.Now(ctx))}
	var state, provider, why strings.Builder
	for i, r := range results {
		ids[i] = r.id
		fmt.Fprintf(&state, " WHEN @i%d THEN @s%d", i, i)
		fmt.Fprintf(&provider, " WHEN @i%d THEN @p%d", i, i)
		fmt.Fprintf(&why, " WHEN @i%d THEN @w%d", i, i)
		args = append(args, sql.Named(fmt.Sprintf("i%d", i), r.id), sql.Named(fmt.Sprintf("s%d", i), string(r.state)),
			sql.Named(fmt.Sprintf("p%d", i), r.provider), sql.Named(fmt.Sprintf("w%d", i), r.why))
	}
	_, err := db.Exec(ctx, `UPDATE messages SET updated_at = @now, state = CASE id`+state.String()+` END, provider_id = CASE id`+provider.String()+
		` END, error = CASE id`+why.String()+` END WHERE tenant_id = @tenant AND id IN @ids AND state = 'sending'`, append(args, sql.Named("ids", ids))...)
	return err
}

func withdraw(ctx context.Context, refs []uuid.UUID) error {
	for part := range slices.Chunk(refs, chunk) {
		err := db.From(ctx).Model(&row{}).Where("ref_id IN ? AND state IN ?", part, []State{Queued, Sending}).
			Updates(map[string]any{"state": Suppressed, "error": whyWithdrawn, "updated_at": db.Now(ctx)}).Error
		if err != nil {
			return err
		}
	}
	return nil
}

func left(ctx context.Context, refs []uuid.UUID) (map[uuid.UUID]bool, error) {
	found := map[uuid.UUID]bool{}
	for part := range slices.Chunk(refs, chunk) {
		var some []uuid.UUID
		err := db.From(ctx).Model(&row{}).Distinct().Where("ref_id IN ?", part).
			Where("(state IN ? OR error = ?)", []State{Sending, HandedOver, Delivered, Delayed, Bounced, Complained}, whyUnknown).Pluck("ref_id", &some).Error
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			found[id] = true
		}
	}
	return found, nil
}

func newestOf(ctx context.Context, ref uuid.UUID) (r row, err error) {
	err = db.Found(db.From(ctx).Where("ref_id = ?", ref).Order("created_at DESC, id DESC").Limit(1).Find(&r))
	if errors.Is(err, db.ErrNotFound) {
		return row{}, nil
	}
	return r, err
}

func countSince(ctx context.Context, ref uuid.UUID, since time.Time) (n int64, err error) {
	err = db.From(ctx).Model(&row{}).Where("ref_id = ? AND created_at > ?", ref, since).Count(&n).Error
	return n, err
}

func countTexts(ctx context.Context, since time.Time) (n int64, err error) {
	err = db.From(ctx).Model(&row{}).Where("channel = ? AND created_at > ?", byText, since).Count(&n).Error
	return n, err
}

func byPerson(ctx context.Context, personID uuid.UUID, limit int) (rows []row, err error) {
	err = db.From(ctx).Where("person_id = ?", personID).Order("created_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}
