package register

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"tilgang/internal/attempt"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/password"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// The pages of a registration, in order.
const (
	toStart    = "/register"
	toCode     = "/register/code"
	toPassword = "/register/password"
	toPhone    = "/register/phone"
	toTyped    = "/register/phone/code"
	toSettle   = "/register/proven"
	toProofing = "/proofing"
)

// Place is where an attempt stands.
type Place struct {
	Registration Registration
	Step         string // the page that is owed
}

// Where tells which page an attempt owes.
func (s *Service) Where(ctx context.Context, a attempt.Attempt) (p Place, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { p.Registration, err = ofAttempt(ctx, a.ID); return err })
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return p, wrap("see where the registration stands", err)
	}
	p.Step = s.step(ctx, a, p.Registration)
	return p, nil
}

func (s *Service) step(ctx context.Context, a attempt.Attempt, r Registration) string {
	switch {
	case !r.proven():
		return toCode
	case r.Outcome != Open:
		return toSettle
	case r.PasswordHash == "":
		return toPassword
	case r.PhoneProvenAt == nil && s.asksPhone(ctx, a):
		return toPhone
	}
	return toSettle
}

// alumnus is how the policy sees somebody who has left, of whom nothing else is
// known yet.
func alumnus() tenant.MfaSubject {
	return tenant.MfaSubject{Roles: []string{authz.RoleAlumnus}, Standings: []string{string(people.Alumnus)}}
}

func duty(t *tenant.Tenant, now time.Time) tenant.MfaDuty { return t.Mfa.For(alumnus(), now) }

// asksPhone tells whether a phone is a step of the registration: where it counts
// as the second factor that those who have left must have. What else may be asked
// for follows at the sign-in.
func (s *Service) asksPhone(ctx context.Context, a attempt.Attempt) bool {
	t := tenant.MustFrom(ctx)
	d := duty(t, s.DB.Now())
	return d.Mandatory && slices.Contains(factor.Ways(d, t.Mfa), factor.Phone) && len(s.Phones.WaysTo(ctx, a.Asker.Language)) > 0
}

// contextOf is what a stranger could guess the password from.
func contextOf(a attempt.Attempt, t *tenant.Tenant) password.Context {
	local, _, _ := strings.Cut(a.Address, "@")
	c := password.Context{TenantNames: []string{t.Name, t.Slug}, PersonWords: []string{local}}
	for _, e := range t.LegalEmployers {
		c.TenantNames = append(c.TenantNames, e.Name)
	}
	return c
}
