package security

import (
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

// Pages are the security pages.
type Pages struct{ svc *Service }

// NewPages makes them.
func NewPages(s *Service) *Pages { return &Pages{svc: s} }

// Routes are the pages' routes; all but the end of a set-up are for whoever is
// signed in.
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Get("/security", httpkit.SignedIn(), p.show).ShowsData(),
		httpkit.Get("/security/password", httpkit.SignedIn(), p.showPassword),
		httpkit.Post("/security/password", httpkit.SignedIn(), p.submitPassword),
		httpkit.Get("/security/codes", httpkit.SignedIn(), p.showCodes),
		httpkit.Post("/security/codes", httpkit.SignedIn(), p.submitCodes),
		httpkit.Post("/security/codes/confirm", httpkit.SignedIn(), p.confirmCodes),
		httpkit.Get("/security/codes/file", httpkit.SignedIn(), p.fileOfCodes),
		httpkit.Get("/security/factor", httpkit.SignedIn(), p.showFactor),
		httpkit.Post("/security/factor", httpkit.SignedIn(), p.submitFactor),
		httpkit.Get("/security/phone", httpkit.SignedIn(), p.showPhone),
		httpkit.Post("/security/phone", httpkit.SignedIn(), p.submitPhone),
		httpkit.Get("/security/lost", httpkit.SignedIn(), p.showLost),
		httpkit.Post("/security/lost", httpkit.SignedIn(), p.submitLost),
		httpkit.Post("/security/code", httpkit.SignedIn(), p.sendCode),
		httpkit.Get("/stepup/done", httpkit.Attempt(attempt.StepUp), p.endFactor),
		httpkit.Post("/security/signout", httpkit.SignedIn(), p.signOut),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&OverviewPage{}, &PasswordPage{}, &ConfirmPage{}, &CodesPage{}, &LostPage{}}
}
