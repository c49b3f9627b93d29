// Package audit writes down who did what to whom, when and from where.
//
// Record stands in the transaction of the fact: no fact without its row, no row
// without its fact. Rows are append-only; the database refuses to change them.
// Detail holds ids, counts and words of ours, never a name, an address or a
// secret.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
)

// Event is one thing that happened.
type Event struct {
	Action  string         // "<package>.<what happened>", e.g. "invite.accepted"
	Subject Subject        // whom or what it happened to
	Detail  map[string]any // ids, counts, our own words
}

// Subject is whom or what an event is about.
type Subject struct {
	Kind string // person, account, session, import, invitation, tenant …
	ID   uuid.UUID
}

// Row is an event as it is stored.
type Row struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	At          time.Time
	Action      string
	ActorKind   string
	ActorID     *uuid.UUID
	SubjectKind string
	SubjectID   *uuid.UUID
	Detail      string
	RequestID   string
	Network     string
}

// TableName implements gorm's Tabler.
func (Row) TableName() string { return "audit_events" }

// Record writes events down as the context's actor; it fails outside a
// transaction.
func Record(ctx context.Context, events ...Event) error {
	if !db.InTx(ctx) {
		return db.ErrNoTx
	}
	rows := make([]Row, len(events))
	for i, e := range events {
		row, err := e.row(ctx)
		if err != nil {
			return err
		}
		rows[i] = row
	}
	if len(rows) == 0 {
		return nil
	}
	return insert(ctx, rows)
}

func (e Event) row(ctx context.Context) (Row, error) {
	if e.Detail == nil {
		e.Detail = map[string]any{}
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return Row{}, fmt.Errorf("write audit detail: %w", err)
	}
	a := authz.From(ctx)
	return Row{
		ID: uuid.Must(uuid.NewV7()), At: db.Now(ctx), Action: e.Action,
		ActorKind: string(a.Kind), ActorID: optional(a.PersonID), SubjectKind: e.Subject.Kind, SubjectID: optional(e.Subject.ID),
		Detail: string(detail), RequestID: a.RequestID, Network: a.Network,
	}, nil
}

func optional(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
