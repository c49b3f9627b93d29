package alumni

import (
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

const (
	closedAddress = "/alumni/closed"
	boardAddress  = "/admin/alumni"
	toNext        = "/signin/next"
)

// Pages are the pages of what has ended and of more time.
type Pages struct{ svc *Service }

// NewPages makes the pages over the service.
func NewPages(s *Service) *Pages { return &Pages{svc: s} }

// Routes are the doors of this package.
func (p *Pages) Routes() []httpkit.Route {
	signingIn := httpkit.Attempt(attempt.Signin)
	read, prolong := httpkit.May("alumni", "read"), httpkit.May("alumni", "prolong")
	return []httpkit.Route{
		httpkit.Get(closedAddress, signingIn, p.showClosed),
		httpkit.Post(closedAddress, signingIn, p.submitWish),
		httpkit.Get(boardAddress, read, p.showBoard).ShowsData(),
		httpkit.Get("/admin/people/:id/access", prolong, p.showAccess).ShowsData(),
		httpkit.Post("/admin/people/:id/access", prolong, p.submitAccess).ShowsData(),
		httpkit.Post("/admin/people/:id/access/decline", prolong, p.submitDecline).ShowsData(),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View { return []httpkit.View{&ClosedPage{}, &BoardPage{}, &AccessPage{}} }

// address is HR's page about somebody's access.
func address(person uuid.UUID) string { return personAddress(person) + "/access" }

func personAddress(person uuid.UUID) string { return "/admin/people/per_" + person.String() }

// idOf reads a person's id as addresses write it, with or without "per_".
func idOf(text string) (uuid.UUID, error) {
	text = strings.TrimPrefix(text, "per_")
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, errNowhere()
	}
	return id, nil
}
