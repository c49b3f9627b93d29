package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// Lane keeps urgent work out of the way of bulk.
type Lane string

// The lanes. Security has workers of its own.
const (
	Security Lane = "security"
	Normal   Lane = "normal"
	Bulk     Lane = "bulk"
)

// Lanes are all lanes, the most urgent first.
func Lanes() []Lane { return []Lane{Security, Normal, Bulk} }

// Event is work to be done once the open transaction is committed.
type Event struct {
	Kind  string // "<package>.<what happened>"
	Key   string // at most one row a kind and key; a second Put of it does nothing
	Lane  Lane   // Normal when empty
	Args  any    // JSON; ids only, never a name, an address or a secret
	DueAt time.Time
}

// Row is an event as it is stored.
type Row struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	ID        uuid.UUID `gorm:"primaryKey"`
	Kind      string
	Version   int
	Key       string
	Lane      Lane
	Args      string
	DueAt     time.Time
	RelayedAt *time.Time
	DoneAt    *time.Time
	FailedAt  *time.Time
	Tries     int
	Error     string
	CreatedAt time.Time
}

// TableName implements gorm's Tabler.
func (Row) TableName() string { return "outbox" }

// Into reads the event's arguments.
func (r Row) Into(args any) error {
	if err := json.Unmarshal([]byte(r.Args), args); err != nil {
		return GiveUp(fmt.Errorf("read arguments of %s: %w", r.Kind, err))
	}
	return nil
}

// Kind is a kind of event and who does its work; exactly one of Handle and
// Batch is set.
type Kind struct {
	Name string
	// Handle works inside the transaction that marks the row done.
	Handle func(ctx context.Context, row Row) error
	// Batch does work outside the database for up to 100 rows of one tenant. It
	// returns the error of each row that must be tried again.
	Batch func(ctx context.Context, rows []Row) map[uuid.UUID]error
	// Fleeting rows leave no trace once done: what they moved along keeps its
	// own history.
	Fleeting bool
}

// errGiveUp marks an error that no retry will mend.
var errGiveUp = errors.New("given up")

// GiveUp says that err will not go away by trying again.
func GiveUp(err error) error { return errors.Join(errGiveUp, err) }

// Put stores events with the fact that caused them; it fails outside a
// transaction.
func Put(ctx context.Context, events ...Event) error {
	if !db.InTx(ctx) {
		return db.ErrNoTx
	}
	if len(events) == 0 {
		return nil
	}
	now := db.Now(ctx)
	rows := make([]Row, len(events))
	for i, e := range events {
		row, err := e.row(now)
		if err != nil {
			return err
		}
		rows[i] = row
	}
	if err := insert(ctx, rows); err != nil {
		return fmt.Errorf("put in the outbox: %w", err)
	}
	return db.Signal(ctx)
}

func (e Event) row(now time.Time) (Row, error) {
	args, err := json.Marshal(e.Args)
	if err != nil {
		return Row{}, fmt.Errorf("write arguments of %s: %w", e.Kind, err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Row{}, fmt.Errorf("new id: %w", err)
	}
	row := Row{ID: id, Kind: e.Kind, Version: 1, Key: e.Key, Lane: e.Lane, Args: string(args), DueAt: e.DueAt, CreatedAt: now}
	if row.Lane == "" {
		row.Lane = Normal
	}
	if row.DueAt.IsZero() {
		row.DueAt = now
	}
	return row, nil
}
