package magiclink

import (
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

// Pages are the pages and forms of one-time sign-in links.
type Pages struct{ service *Service }

// NewPages makes the pages over the service.
func NewPages(s *Service) *Pages { return &Pages{service: s} }

// Routes are the doors of this package; the link's comes last, since it would
// take the others.
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Get("/magiclink", httpkit.Attempt(attempt.Signin), p.showWait),
		httpkit.Post("/magiclink", httpkit.Attempt(attempt.Signin), p.submitCode),
		httpkit.Get("/magiclink/open", httpkit.Public(), p.showOpen),
		httpkit.Post("/magiclink/open", httpkit.Public(), p.submitOpen),
		httpkit.Get("/magiclink/:token", httpkit.Public(), p.showLink),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&WaitPage{}, &OverPage{}, &OpenPage{}, &ElsewherePage{}, &DeadPage{}}
}
