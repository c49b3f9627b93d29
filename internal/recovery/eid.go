package recovery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/i18n"
	"tilgang/internal/identity"
	"tilgang/internal/message"
	"tilgang/internal/tenant"
)

// byEID is a lost factor that the linked electronic identity brings back, in the
// attempt in which it was proven and nowhere else.
type byEID struct {
	TenantID      uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	AccountID     uuid.UUID
	AttemptID     uuid.UUID
	LinkID        uuid.UUID
	SecurityEpoch int64
	CreatedAt     time.Time
	ClosesAt      time.Time
	EndedAt       *time.Time
	Ending        Ending
}

// TableName implements gorm's Tabler.
func (byEID) TableName() string { return "eid_recoveries" }

// LogValue shows the id alone.
func (r byEID) LogValue() slog.Value { return slog.StringValue(r.ID.String()) }

// perDayByEID is how often one account may be brought back so in 24 h (ours).
const perDayByEID = 3

// Banner writes to the owner of an account that a factor is being replaced.
type Banner interface {
	RecoveredByEID(ctx context.Context, accountID uuid.UUID, connector string) error
}

// ByEID are the identities by which the owner of an account can bring a lost
// factor back: proven ones, at level substantial or better.
func (s *Service) ByEID(ctx context.Context, accountID uuid.UUID) (list []identity.Linked, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		all, err := identity.LinkedTo(ctx, accountID)
		list = slices.DeleteFunc(all, func(l identity.Linked) bool { return !strong(l) })
		return err
	})
	return list, err
}

func strong(l identity.Linked) bool { return l.Proven && l.Level.AtLeast(identity.Substantial) }

// MayByEID tells whether a page may offer it.
func (s *Service) MayByEID(ctx context.Context, accountID uuid.UUID) (bool, error) {
	list, err := s.ByEID(ctx, accountID)
	return len(list) > 0, err
}

// ProveEID takes the proof of an attempt whose password is proven. When it is an
// identity that is linked to the account, the attempt may set a new factor up in
// place of those on file; every channel is told at once. Faults: Expired
// identity.CodeGone, Conflict "recovery.eid.other" and account.CodeFrozen,
// TooMany.
func (s *Service) ProveEID(ctx context.Context, a attempt.Attempt) error {
	var refused error
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := identity.Take(ctx, a.ID)
		if err != nil {
			return err
		}
		l, err := identity.Owner(ctx, p)
		fits := err == nil && l.AccountID == a.AccountID && strong(l) && p.Level.AtLeast(identity.Substantial) && p.Purpose == "recover"
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if !fits {
			refused = fault.New(fault.Conflict, "recovery.eid.other")
			return audit.Record(ctx, audit.Event{Action: "recovery.eid_refused", Subject: audit.Subject{Kind: "account", ID: a.AccountID}, Detail: map[string]any{"connector": p.Connector}})
		}
		return s.openByEID(ctx, a, l)
	})
	if err != nil {
		return fmt.Errorf("bring a factor back: %w", err)
	}
	return refused
}

func (s *Service) openByEID(ctx context.Context, a attempt.Attempt, l identity.Linked) error {
	if err := account.MayChange(ctx, a.AccountID); err != nil {
		return err
	}
	now := db.Now(ctx)
	n, err := eidSince(ctx, a.AccountID, now.Add(-24*time.Hour))
	if err == nil && n >= perDayByEID {
		err = fault.New(fault.TooMany, "recovery.eid.often", "Count", perDayByEID)
	}
	if err != nil {
		return err
	}
	raised, err := epoch(ctx, a.AccountID)
	if err != nil {
		return err
	}
	r := byEID{
		ID: uuid.Must(uuid.NewV7()), AccountID: a.AccountID, AttemptID: a.ID, LinkID: l.ID, SecurityEpoch: raised, CreatedAt: now, ClosesAt: now.Add(attempt.Life),
	}
	if err := startEID(ctx, &r); err != nil {
		return err
	}
	if err := identity.Used(ctx, l); err != nil {
		return err
	}
	if err := s.Attempts.Prove(ctx, a.ID, attempt.EID); err != nil {
		return err
	}
	if err := s.Banner.RecoveredByEID(ctx, a.AccountID, l.Connector); err != nil {
		return err
	}
	return s.tellPhones(ctx, a.AccountID, r.ID)
}

// openedByEID tells whether an attempt that proved the identity may go on; after
// a restore, and when the link is gone, it may not.
func (s *Service) openedByEID(ctx context.Context, accountID uuid.UUID, amr []string) (bool, error) {
	if !slices.Contains(amr, attempt.EID) {
		return false, nil
	}
	r, err := runningEID(ctx, accountID)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	now, err := epoch(ctx, accountID)
	if err != nil || now != r.SecurityEpoch {
		return false, err
	}
	list, err := identity.LinkedTo(ctx, accountID)
	return slices.ContainsFunc(list, func(l identity.Linked) bool { return l.ID == r.LinkID && strong(l) }), err
}

// useEID ends the one that is open, once; false when none is.
func (s *Service) useEID(ctx context.Context, accountID uuid.UUID, how Ending) (bool, error) {
	r, err := runningEID(ctx, accountID)
	if err == nil {
		err = finishEID(ctx, r.ID, how)
	}
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, audit.Record(ctx, audit.Event{Action: "recovery.eid_ended", Subject: audit.Subject{Kind: "account", ID: accountID}, Detail: map[string]any{"ending": string(how)}})
}

// kindEIDText is the text message to the phones on file.
const kindEIDText = "recovered_by_eid_text"

// tellPhones writes to every phone on file, where the employer sends texts.
func (s *Service) tellPhones(ctx context.Context, accountID, id uuid.UUID) error {
	if !texts(tenant.MustFrom(ctx)) {
		return nil
	}
	return s.Phones.TellPhones(ctx, accountID, kindEIDText, id)
}

// eidText is its words.
func (s *Service) eidText(_ context.Context, _ message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	return words.T("recovery.text.eid", "Employer", t.Name, "Address", s.Portal(t)+"/reset"), nil
}
