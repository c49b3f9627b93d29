package profile

import (
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// Pages are the package's pages.
type Pages struct{ service *Service }

// NewPages makes them.
func NewPages(s *Service) *Pages { return &Pages{service: s} }

// Routes are the package's routes; all show the asker's own data.
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Get("/profile", httpkit.SignedIn(), p.showProfile).ShowsData(tenant.ClassProfile),
		httpkit.Post("/profile", httpkit.SignedIn(), p.submitProfile).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/employment", httpkit.SignedIn(), p.showEmployment).ShowsData(tenant.ClassEmployment),
	}
}
