package recovery

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// reach decides whether the actor may act on a person, in the open transaction:
// HR and administrators on anybody but themselves, a manager on a report who has
// no role. Whoever is not reached is db.ErrNotFound.
func (s *Service) reach(ctx context.Context, object, act string, person uuid.UUID) error {
	a := authz.From(ctx)
	if a.Kind != authz.Person || a.PersonID == uuid.Nil {
		return db.ErrNotFound
	}
	switch s.Policy.May(a, object, act) {
	case authz.Any:
		if _, err := people.ByID(ctx, person); err != nil {
			return err
		}
		if a.PersonID == person {
			return errSelf()
		}
		return nil
	case authz.Chain:
		return s.reachReport(ctx, a, person)
	case authz.None, authz.Own, authz.Unit:
	}
	return db.ErrNotFound
}

func (s *Service) reachReport(ctx context.Context, a authz.Actor, person uuid.UUID) error {
	t := tenant.MustFrom(ctx)
	level, err := people.Reports(ctx, a.PersonID, person, t.Manager.Depth, people.DateOf(s.DB.Now(), t.Zone))
	if err != nil {
		return err
	}
	if level == 0 {
		return db.ErrNotFound
	}
	privileged, err := isPrivileged(ctx, person)
	if err == nil && privileged {
		return errAbove()
	}
	return err
}

// isPrivileged tells whether a person has any role by hand or file.
func isPrivileged(ctx context.Context, person uuid.UUID) (bool, error) {
	granted, err := people.Granted(ctx, person)
	return len(granted) > 0, err
}

// mayApprove gives the part in which the actor may approve. A role that was given
// after the start counts for nothing: else the starter could make an approver.
func (s *Service) mayApprove(ctx context.Context, r Recovery) (role string, err error) {
	a := authz.From(ctx)
	if a.Kind != authz.Person || s.Policy.Require(a, "recovery", "approve", authz.Any) != nil {
		return "", errNowhere()
	}
	switch a.PersonID {
	case r.PersonID:
		return "", errSelf()
	case r.StarterID:
		return "", errStarter()
	}
	privileged, err := isPrivileged(ctx, r.PersonID)
	if err != nil {
		return "", err
	}
	role = authz.RoleHR
	if a.Has(authz.RoleAdmin) {
		role = authz.RoleAdmin
	}
	if privileged && role != authz.RoleAdmin {
		return "", errAdmins()
	}
	held, err := heldBefore(ctx, a.PersonID, role, r.CreatedAt)
	if err == nil && !held {
		return "", errNew()
	}
	return role, err
}

// noted writes a refusal down and gives nil, so that the transaction commits; an
// id that the actor does not reach is no fact about anybody.
func noted(ctx context.Context, act string, person uuid.UUID, why error) error {
	if fault.KindOf(why) != fault.Forbidden {
		return why
	}
	err := audit.Record(ctx, audit.Event{Action: "recovery.refused_actor", Subject: audit.Subject{Kind: "person", ID: person}, Detail: map[string]any{"act": act}})
	if err != nil {
		return fmt.Errorf("note refusal: %w", err)
	}
	return nil
}

// missing turns whom the actor does not reach into the answer to any unknown
// address.
func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return errNowhere()
	}
	return err
}

// partOf is in which part an actor starts: the widest that they have.
func partOf(a authz.Actor) string {
	switch {
	case a.Has(authz.RoleAdmin):
		return authz.RoleAdmin
	case a.Has(authz.RoleHR):
		return authz.RoleHR
	}
	return authz.RoleManager
}
