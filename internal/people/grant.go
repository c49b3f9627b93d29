package people

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/tenant"
)

// Grantable are the roles that a person gets by hand, the lowest first; the
// others follow from employments.
func Grantable() []string { return []string{authz.RoleAuditor, authz.RoleHR, authz.RoleAdmin} }

// MayGrant tells whether an actor may give and take a role: nobody above their
// own rank.
func MayGrant(a authz.Actor, role string) bool {
	return slices.Contains(Grantable(), role) && RoleRank(role) <= highest(a)
}

// Granted are the roles a person has by hand or file.
func Granted(ctx context.Context, id uuid.UUID) ([]string, error) {
	roles, err := grantedTo(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("load roles: %w", err)
	}
	return roles, nil
}

// SetRoles makes the roles that the actor may give exactly those wanted; roles
// above the actor stay as they are. db.ErrNotFound; Forbidden
// "people.role_refused" for a wanted role above the actor, written down;
// Conflict "people.last_admin" when nobody else could administer the tenant.
func (s *Service) SetRoles(ctx context.Context, id uuid.UUID, want []string) error {
	a := authz.From(ctx)
	refusedRole := ""
	err := s.change(ctx, func(ctx context.Context) error {
		if _, err := personByID(ctx, id); err != nil {
			return err
		}
		if err := lockAdmins(ctx, s.db.Postgres()); err != nil {
			return err
		}
		have, err := Granted(ctx, id)
		if err != nil {
			return err
		}
		next, refused := settle(a, have, want)
		if refused != "" {
			refusedRole = refused
			return record(ctx, "people.roles_refused", id, map[string]any{"role": refused})
		}
		return s.replace(ctx, id, have, next)
	})
	if err == nil && refusedRole != "" {
		return fault.New(fault.Forbidden, "people.role_refused")
	}
	return err
}

// settle gives the roles as they become, or the wanted one that the actor may
// not give.
func settle(a authz.Actor, have, want []string) (next []string, refused string) {
	for _, role := range want {
		if !slices.Contains(have, role) && !MayGrant(a, role) {
			return nil, knownRole(role)
		}
	}
	for _, role := range have {
		if !MayGrant(a, role) || slices.Contains(want, role) {
			next = append(next, role)
		}
	}
	for _, role := range want {
		if !slices.Contains(next, role) {
			next = append(next, role)
		}
	}
	slices.Sort(next)
	return next, ""
}

// knownRole keeps made-up words out of the audit.
func knownRole(role string) string {
	if slices.Contains(Grantable(), role) {
		return role
	}
	return "unknown"
}

func (s *Service) replace(ctx context.Context, id uuid.UUID, have, next []string) error {
	added, removed := without(next, have), without(have, next)
	if len(added)+len(removed) == 0 {
		return nil
	}
	if slices.Contains(removed, authz.RoleAdmin) {
		others, err := otherAdmins(ctx, id, DateOf(db.Now(ctx), tenant.MustFrom(ctx).Zone))
		if err != nil {
			return fmt.Errorf("count administrators: %w", err)
		}
		if others == 0 {
			return fault.New(fault.Conflict, "people.last_admin")
		}
	}
	if err := replaceRoles(ctx, id, next); err != nil {
		return fmt.Errorf("write roles: %w", err)
	}
	return record(ctx, "people.roles_changed", id, map[string]any{"added": added, "removed": removed})
}

// without are the words of list that are not in other.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(w string) bool { return slices.Contains(other, w) })
}
