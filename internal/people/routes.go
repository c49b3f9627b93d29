package people

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// InviteState is where a person's invitation stands. State is empty when there
// was none, else not_sent, no_address, queued, sent, letter, opened, expired, confirmed,
// accepted, revoked, bounced or failed.
type InviteState struct {
	State string
	At    time.Time
}

// Invitations tells where people's invitations stand; those who were never
// invited are left out.
type Invitations interface {
	StatesOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]InviteState, error)
}

// Pages are HR's pages about people.
type Pages struct {
	Questions Questions // nil: there are none

	svc         *Service
	invitations Invitations
}

// NewPages makes the pages.
func NewPages(svc *Service, invitations Invitations) *Pages {
	return &Pages{svc: svc, invitations: invitations}
}

// Routes are the pages' routes.
func (p *Pages) Routes() []httpkit.Route {
	read, write := httpkit.May("people", "read"), httpkit.May("people", "write")
	return []httpkit.Route{
		httpkit.Get("/admin/people", read, p.showList).ShowsData(),
		httpkit.Get("/admin/people/new", write, p.showNew),
		httpkit.Post("/admin/people/new", write, p.submitNew).ShowsData(),
		httpkit.Get("/admin/people/:id", read, p.showPerson).ShowsData(),
		httpkit.Get("/admin/people/:id/edit", write, p.showEdit).ShowsData(),
		httpkit.Post("/admin/people/:id/edit", write, p.submitEdit).ShowsData(),
		httpkit.Get("/admin/people/:id/end", write, p.showEnd).ShowsData(),
		httpkit.Post("/admin/people/:id/end", write, p.submitEnd).ShowsData(),
		httpkit.Get("/admin/people/:id/rehire", write, p.showRehire).ShowsData(),
		httpkit.Post("/admin/people/:id/rehire", write, p.submitRehire).ShowsData(),
		httpkit.Post("/admin/people/:id/roles", write, p.submitRoles).Repeats("role").ShowsData(),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&ListPage{}, &PersonPage{}, &FormPage{}, &AskPage{}, &EndPage{}}
}

// address is a person's page.
func address(id uuid.UUID) string { return "/admin/people/per_" + id.String() }

// idOf reads a person's id as addresses write it, with or without "per_".
func idOf(text string) (uuid.UUID, error) {
	text = strings.TrimPrefix(text, "per_")
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, nowhere()
	}
	return id, nil
}

func nowhere() error { return fault.New(fault.NotFound, "http.not_found") }

// missing turns what this tenant does not have into the answer to any unknown
// address.
func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return nowhere()
	}
	return err
}
