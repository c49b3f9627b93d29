package identity

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Review is a proof that waits for HR's word, or had it.
type Review struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	PersonID    uuid.UUID
	AccountID   uuid.UUID
	Connector   string // empty: the employer has none, HR's word is all
	SubjectHash []byte
	NationalKey []byte
	Level       Level
	CreatedAt   time.Time
	DecidedAt   *time.Time
	DecidedBy   *uuid.UUID // person
	Confirmed   bool
}

// TableName implements gorm's Tabler.
func (Review) TableName() string { return "identity_reviews" }

// LogValue shows the id alone.
func (r Review) LogValue() slog.Value { return slog.StringValue(r.ID.String()) }

// Ask leaves it to HR whether a proof is the person's; one question an account.
// A zero proof asks without one. A second time it changes what is asked about.
func Ask(ctx context.Context, acc account.Account, p Proof) error {
	r := Review{
		ID: uuid.Must(uuid.NewV7()), PersonID: acc.PersonID, AccountID: acc.ID, Connector: p.Connector, SubjectHash: p.SubjectHash,
		NationalKey: p.NationalKey, Level: p.Level, CreatedAt: db.Now(ctx),
	}
	if r.Level == "" {
		r.Level = Low
	}
	if err := askAnew(ctx, &r); err != nil {
		return wrap("ask HR", err)
	}
	return record(ctx, "identity.review_asked", acc.ID, map[string]any{"connector": p.Connector})
}

// NewestReview is the newest question about an account; db.ErrNotFound when
// there was none.
func NewestReview(ctx context.Context, accountID uuid.UUID) (Review, error) {
	r, err := newestReview(ctx, accountID)
	return r, wrap("find review", err)
}

// Waiting are the reviews that HR must look at, the oldest first, 200 at most.
func Waiting(ctx context.Context) ([]Review, error) {
	list, err := waitingReviews(ctx)
	return list, wrap("list reviews", err)
}

// WaitingFor is the question about a person that waits; db.ErrNotFound where
// there is none.
func WaitingFor(ctx context.Context, person uuid.UUID) (Review, error) {
	r, err := waitingReview(ctx, person)
	return r, wrap("find what waits", err)
}

// ReviewByID is one of them; NotFound for an id that this tenant does not have.
func ReviewByID(ctx context.Context, id uuid.UUID) (Review, error) {
	r, err := reviewByID(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return r, errNoSuch()
	}
	return r, wrap("find review", err)
}

// Decide is HR's word, once, by the context's actor: is it the person? When it
// is, the identity is tied to the account as proven, and goes from another one
// that has it. Faults: NotFound; Forbidden "identity.review.self"; Conflict
// "identity.review.decided", "identity.review.foreign", account.CodeFrozen.
func Decide(ctx context.Context, id uuid.UUID, confirmed bool) (r Review, m Move, err error) {
	if r, err = ReviewByID(ctx, id); err != nil {
		return r, m, err
	}
	if authz.From(ctx).PersonID == r.PersonID {
		return r, m, fault.New(fault.Forbidden, "identity.review.self")
	}
	if confirmed {
		if err := r.stands(ctx); err != nil {
			return r, m, err
		}
	}
	err = decide(ctx, id, authz.From(ctx).PersonID, confirmed)
	if errors.Is(err, db.ErrNotFound) {
		return r, m, fault.New(fault.Conflict, "identity.review.decided")
	}
	if err != nil {
		return r, m, wrap("decide review", err)
	}
	if confirmed && r.Connector != "" {
		p := Proof{Connector: r.Connector, SubjectHash: r.SubjectHash, NationalKey: r.NationalKey, Level: r.Level}
		if m, err = MoveTo(ctx, r.AccountID, p, true); err != nil {
			return r, m, err
		}
	}
	r.Confirmed = confirmed
	return r, m, audit.Record(ctx, audit.Event{
		Action: "identity.review_decided", Subject: audit.Subject{Kind: "person", ID: r.PersonID}, Detail: map[string]any{"confirmed": confirmed, "connector": r.Connector},
	})
}

// stands refuses to confirm an identity that a number, which came on record since
// HR was asked, says to be another person's.
func (r Review) stands(ctx context.Context) error {
	proof := Proof{NationalKey: r.NationalKey}
	person, err := people.ByID(ctx, r.PersonID)
	if err != nil {
		return wrap("find the person of a review", err)
	}
	owner, err := PersonOf(ctx, proof)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if Compare(proof, person) == Other || err == nil && owner.ID != r.PersonID {
		return fault.New(fault.Conflict, "identity.review.foreign")
	}
	return nil
}

// Known tells whether a person's identity stands beyond doubt: a proven link, or
// HR's word where there was nothing to link.
func Known(ctx context.Context, accountID uuid.UUID) (bool, error) {
	list, err := LinkedTo(ctx, accountID)
	if err != nil {
		return false, err
	}
	for _, l := range list {
		if l.Proven {
			return true, nil
		}
	}
	r, err := newestReview(ctx, accountID)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	return err == nil && r.Confirmed && r.Connector == "", wrap("see what HR said", err)
}

// Owed tells whether a person who signs in must first prove who they are: who
// has left, is not known yet, and whose employer asks it of everybody or does
// not have the address that they sign in with.
func Owed(ctx context.Context, acc account.Account, standing people.Standing, t *tenant.Tenant) (bool, error) {
	if standing != people.Alumnus {
		return false, nil
	}
	known, err := Known(ctx, acc.ID)
	if err != nil || known || t.Alumni.Proofing == tenant.ProofAlways {
		return !known && err == nil, err
	}
	person, err := people.ByID(ctx, acc.PersonID)
	if err != nil {
		return false, err
	}
	list, err := account.Identifiers(ctx, acc.ID)
	return len(list) > 0 && !onFile(person, list), err
}

// onFile tells whether HR has one of the addresses of an account.
func onFile(person people.Person, list []account.Identifier) bool {
	return slices.ContainsFunc(list, func(i account.Identifier) bool {
		return i.AddressKey == person.WorkEmailKey || i.AddressKey == person.PrivateEmailKey
	})
}
