package signin

import (
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// Pages are the pages of signing in and out.
type Pages struct {
	svc *Service
	// alumniURL is the address of a tenant's host for former employees, without
	// a path.
	alumniURL func(*tenant.Tenant) string
}

// NewPages makes the pages; alumniURL gives the origin of a tenant's alumni
// host, by configuration.
func NewPages(svc *Service, alumniURL func(*tenant.Tenant) string) *Pages {
	return &Pages{svc: svc, alumniURL: alumniURL}
}

// Routes are the pages' routes.
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Get("/signin", httpkit.Public(), p.showIdentifier),
		httpkit.Post("/signin", httpkit.Public(), p.submitIdentifier),
		httpkit.Get("/signin/password", httpkit.Attempt(attempt.Signin), p.showPassword),
		httpkit.Post("/signin/password", httpkit.Attempt(attempt.Signin), p.submitPassword),
		httpkit.Get("/signin/next", httpkit.Attempt(attempt.Signin, attempt.Activate), p.next),
		httpkit.Post("/signout", httpkit.Public(), p.signout),
		httpkit.Get("/session", httpkit.Public(), p.showSession).AsJSON(),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&IdentifierPage{}, &PasswordPage{}}
}
