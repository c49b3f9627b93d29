package federation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// The times, ours.
const (
	fetched  = 2 * time.Minute // how long a browser has to fetch what it posted
	keptOnce = 24 * time.Hour  // how long an assertion is known; none is taken that is older than minutes
)

// answer is what a provider said by way of a browser's post.
type answer struct {
	TenantID      uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	Connector     string
	CodeHash      []byte
	AssertionHash []byte
	Sealed        []byte
	CreatedAt     time.Time
	ExpiresAt     time.Time
	TakenAt       *time.Time
}

// TableName implements gorm's Tabler.
func (answer) TableName() string { return "federation_answers" }

func newAnswer(connector string, code, assertion []byte, now time.Time) answer {
	return answer{
		ID: uuid.Must(uuid.NewV7()), Connector: connector, CodeHash: code, AssertionHash: assertion, CreatedAt: now, ExpiresAt: now.Add(fetched),
	}
}

// insertAnswer is db.ErrDuplicate for an assertion that came before.
func insertAnswer(ctx context.Context, a *answer) error { return db.Done(db.From(ctx).Create(a)) }

// takeAnswer gives an answer to whoever has its name, once, and leaves nothing of
// what it said.
func takeAnswer(ctx context.Context, connector string, code []byte) (a answer, err error) {
	if code == nil {
		return a, db.ErrNotFound
	}
	now := db.Now(ctx)
	waiting := "code_hash = ? AND connector = ? AND taken_at IS NULL AND expires_at > ?"
	if err := db.Found(db.From(ctx).Where(waiting, code, connector, now).Limit(1).Find(&a)); err != nil {
		return a, err
	}
	return a, db.One(db.From(ctx).Model(&answer{}).Where(waiting, code, connector, now).Updates(map[string]any{"taken_at": now, "sealed": []byte{}}))
}

func sweepAnswers(ctx context.Context) (int64, error) {
	res := db.From(ctx).Where("created_at < ?", db.Now(ctx).Add(-keptOnce)).Delete(&answer{})
	return res.RowsAffected, res.Error
}
