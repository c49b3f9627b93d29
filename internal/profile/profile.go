package profile

import (
	"context"
	"fmt"
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

// Deps are what the service stands on.
type Deps struct {
	DB *db.DB
	// Offers tells whether the product speaks a language.
	Offers func(language string) bool
	// SetLanguage keeps a person's choice of language, in the open transaction.
	SetLanguage func(ctx context.Context, personID uuid.UUID, language string) error
}

// Service is the use cases.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// Own is what somebody sees of themselves.
type Own struct {
	people.Overview

	Addresses []string // that sign the person in
	Today     people.Date
	Profile   bool // whether the personal data may be shown
}

// Read gives the asker's own data, without the employments whose employer keeps
// them closed to the asker today.
func (s *Service) Read(ctx context.Context, a authz.Actor, now time.Time) (o Own, err error) {
	t := tenant.MustFrom(ctx)
	o.Today = people.DateOf(now, t.Zone)
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		if o.Overview, err = people.View(ctx, a.PersonID, now, t); err != nil {
			return err
		}
		list, err := account.Names(ctx, a.AccountID)
		for _, i := range list {
			if o.Holds(i) {
				o.Addresses = append(o.Addresses, i.Address)
			}
		}
		return err
	})
	if err != nil {
		return Own{}, fmt.Errorf("read own data: %w", err)
	}
	o.Profile = o.Opens(tenant.ClassProfile)
	o.Jobs = slices.DeleteFunc(o.Jobs, func(j people.Job) bool { return !j.Door.Opens(tenant.ClassEmployment, t.Alumni) })
	return o, nil
}

// Choose keeps the asker's language; a language that is not offered is Invalid
// at the field "language". ignored are names of other fields that were sent:
// they do nothing, but the audit tells of the attempt.
func (s *Service) Choose(ctx context.Context, a authz.Actor, language string, ignored []string) error {
	if !slices.Contains(tenant.MustFrom(ctx).Languages, language) || !s.Offers(language) {
		return fault.Field("language", "profile.language.unknown")
	}
	detail := map[string]any{"language": language}
	if len(ignored) > 0 {
		detail["ignored"] = ignored
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.SetLanguage(ctx, a.PersonID, language); err != nil {
			return err
		}
		return audit.Record(ctx, audit.Event{Action: "profile.language_chosen", Subject: audit.Subject{Kind: "person", ID: a.PersonID}, Detail: detail})
	})
	if err != nil {
		return fmt.Errorf("choose language: %w", err)
	}
	return nil
}
