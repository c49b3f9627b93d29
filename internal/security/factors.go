package security

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/tenant"
)

// FactorOf is one of the factors on file; the NotFound fault for any other id.
func (o Overview) FactorOf(id string) (factor.Authenticator, error) {
	for _, f := range o.Factors {
		if f.ID.String() == id {
			return f, nil
		}
	}
	return factor.Authenticator{}, errNoSuch()
}

// errNoSuch is the answer to an id that is not the asker's, or nobody's.
func errNoSuch() error { return fault.New(fault.NotFound, "http.not_found") }

// MayRemove tells whether a factor may go: not the last that does a duty.
func (o Overview) MayRemove(f factor.Authenticator, t *tenant.Tenant) bool {
	var left []string
	for _, other := range o.Factors {
		if other.ID != f.ID {
			left = append(left, other.Kind)
		}
	}
	return factor.MayRemove(o.Duty, t.Mfa, left)
}

// MayAddApp tells whether an authenticator app can be put on file beside what
// is there. The first factor of an account has its own page.
func (o Overview) MayAddApp(t *tenant.Tenant) bool {
	return o.Enrolled() && t.Mfa.Use(factor.TOTP) != tenant.Off
}

// StartApp begins the set-up of one more app and gives the attempt's cookie. The
// Conflict fault is factor.CodeFull when there are as many as may be.
func (s *Service) StartApp(ctx context.Context, p Passed, o Overview) (cookie string, err error) {
	if !o.MayAddApp(tenant.MustFrom(ctx)) {
		return "", fault.New(fault.Conflict, codeStale)
	}
	if err := s.Factors.RoomForApp(o.Factors); err != nil {
		return "", err
	}
	return s.startMore(ctx, p, o)
}

// Rename gives a factor the owner's name for it.
func (s *Service) Rename(ctx context.Context, o Overview, id uuid.UUID, name string) error {
	return missing(s.Factors.Rename(ctx, o.Account.ID, id, name))
}

// RemoveFactor takes a factor off file, ends every other session and tells the
// owner. The Conflict fault "security.factors.last" keeps the last one that does
// a duty, judged again where nobody else can remove another meanwhile.
func (s *Service) RemoveFactor(ctx context.Context, p Passed, o Overview, id uuid.UUID) error {
	if err := p.covers(ActRemove); err != nil {
		return err
	}
	may := func(left []string) error {
		if t := tenant.MustFrom(ctx); !factor.MayRemove(o.Duty, t.Mfa, left) {
			return fault.New(fault.Conflict, codeLast, "Employer", t.Name)
		}
		return nil
	}
	err := s.Phones.Remove(ctx, o.Account.ID, id, factor.Flow{ID: p.Session.ID, Host: p.Session.Host}, may, func(ctx context.Context, kind string) error {
		if err := s.Sessions.EndAll(ctx, o.Account.ID, p.Session.ID); err != nil {
			return err
		}
		return s.Notices.FactorRemoved(ctx, o.Account.ID, kind)
	})
	return missing(err)
}

// missing turns "no such row" into the answer to an unknown id.
func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return errNoSuch()
	}
	return err
}
