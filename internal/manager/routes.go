package manager

import (
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// Pages are the manager's pages, and HR's page to send a new password mail.
type Pages struct {
	svc         *Service
	invitations people.Invitations
}

// NewPages makes the pages; invitations may be nil.
func NewPages(svc *Service, invitations people.Invitations) *Pages {
	return &Pages{svc: svc, invitations: invitations}
}

// Routes are the pages' routes.
func (p *Pages) Routes() []httpkit.Route {
	read, create := httpkit.MayIn("team", "read", authz.Chain), httpkit.MayIn("team", "create", authz.Chain)
	send, any := httpkit.MayIn("password", "send", authz.Chain), httpkit.May("password", "send")
	return []httpkit.Route{
		httpkit.Get("/manager", read, p.showTeam).ShowsData(),
		httpkit.Get("/manager/new", create, p.showNew).ShowsData(),
		httpkit.Post("/manager/new", create, p.submitNew).ShowsData(),
		httpkit.Get("/manager/:id", read, p.showReport).ShowsData(),
		httpkit.Get("/manager/:id/password", send, p.showSend).ShowsData(),
		httpkit.Post("/manager/:id/password", send, p.submitSend).ShowsData(),
		httpkit.Get("/admin/people/:id/password", any, p.showSendAny).ShowsData(),
		httpkit.Post("/admin/people/:id/password", any, p.submitSendAny).ShowsData(),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&TeamPage{}, &ReportPage{}, &SendPage{}, &NewPage{}}
}

const teamAddress = "/manager"

// reportAddress is a report's page.
func reportAddress(id uuid.UUID) string { return teamAddress + "/per_" + id.String() }

// idOf reads a person's id as addresses write it, with or without "per_".
func idOf(text string) (uuid.UUID, error) {
	text = strings.TrimPrefix(text, "per_")
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, errNowhere()
	}
	return id, nil
}
