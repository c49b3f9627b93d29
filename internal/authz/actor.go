package authz

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Kind says what sort of asker it is.
type Kind string

// The kinds of asker. Nobody is a visitor who is not signed in.
const (
	Nobody  Kind = "nobody"
	Person  Kind = "person"
	System  Kind = "system"
	Command Kind = "command"
)

// The roles. Manager is not granted: whoever has a report is one. Operator and
// support belong to whoever runs the installation: no employer can give them, and
// they open nothing of an employer's.
const (
	RoleEmployee = "employee"
	RoleManager  = "manager"
	RoleHR       = "hr"
	RoleAdmin    = "admin"
	RoleAuditor  = "auditor"
	RoleAlumnus  = "alumnus"
	RoleOperator = "operator"
	RoleSupport  = "support"
)

// Actor is who asks.
type Actor struct {
	Kind      Kind
	AccountID uuid.UUID
	PersonID  uuid.UUID
	SessionID uuid.UUID
	Name      string
	Language  string
	Roles     []string
	Standing  string
	AAL       int
	AMR       []string
	AuthTime  time.Time
	StepUp    time.Time // last time a secret was asked for in this session
	ExpiresAt time.Time // when the session ends if nothing happens
	EndsAt    time.Time // when it ends in any case
	Network   string    // the asker's network, for the audit
	UserAgent string    // what the asker's browser calls itself, for mails that tell of a change
	RequestID string
}

// Signed tells whether a person is signed in.
func (a Actor) Signed() bool { return a.Kind == Person && a.SessionID != uuid.Nil }

// Has tells whether the actor has a role.
func (a Actor) Has(role string) bool { return slices.Contains(a.Roles, role) }

type actorKey struct{}

// With puts the actor into the context.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// From is the context's actor; Nobody when there is none.
func From(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Actor{Kind: Nobody}
}
