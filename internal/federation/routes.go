package federation

import (
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

// Pages are the doors to a provider and back.
type Pages struct{ svc *Service }

// NewPages makes them.
func NewPages(s *Service) *Pages { return &Pages{s} }

// Routes are the doors, for whoever is on the way through a flow.
func (p *Pages) Routes() []httpkit.Route {
	onTheWay := httpkit.Attempt(attempt.Signin, attempt.Activate, attempt.Register, attempt.StepUp)
	return []httpkit.Route{
		httpkit.Get("/federation/:connector/start", onTheWay, p.start),
		httpkit.Get("/federation/:connector/callback", onTheWay, p.callback),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View { return []httpkit.View{&FailedPage{}} }
