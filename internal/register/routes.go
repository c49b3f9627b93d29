package register

import (
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

// Pages are the pages and forms of a registration.
type Pages struct{ service *Service }

// NewPages makes the pages over the service.
func NewPages(s *Service) *Pages { return &Pages{service: s} }

// Routes are the doors of this package. An attempt of it exists on the portal for
// former employees alone; on the other one the first page leads there.
func (p *Pages) Routes() []httpkit.Route {
	onTheWay := httpkit.Attempt(attempt.Register)
	return []httpkit.Route{
		httpkit.Get(toStart, httpkit.Public(), p.there(p.showAsk)),
		httpkit.Post(toStart, httpkit.Public(), p.there(p.submitAsk)),
		httpkit.Get(toCode, onTheWay, p.showCode),
		httpkit.Post(toCode, onTheWay, p.submitCode),
		httpkit.Get(toPassword, onTheWay, p.showPassword),
		httpkit.Post(toPassword, onTheWay, p.submitPassword),
		httpkit.Get(toPhone, onTheWay, p.showPhone),
		httpkit.Post(toPhone, onTheWay, p.submitPhone),
		httpkit.Get(toTyped, onTheWay, p.showTyped),
		httpkit.Post(toTyped, onTheWay, p.submitTyped),
		httpkit.Get(toSettle, onTheWay, p.showSettled),
	}
}

// there lets a page answer on the portal for former employees, and leads to it
// from the one for staff.
func (p *Pages) there(page httpkit.Handler) httpkit.Handler {
	return func(c *httpkit.Ctx) error {
		if c.Site.Side != httpkit.Alumni {
			return c.RedirectOut(p.service.AlumniPortal(c.Tenant()) + toStart)
		}
		return page(c)
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&AskPage{}, &CodePage{}, &OverPage{}, &PasswordPage{}, &PhonePage{}, &TypedPage{}, &EndPage{}}
}
