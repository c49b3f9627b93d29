package invite

import "tilgang/internal/httpkit"

// Pages are the pages and forms of invitations.
type Pages struct {
	service *Service
	// proven tells whether the session proved, just now, what printing a letter asks.
	proven func(c *httpkit.Ctx) (bool, error)
}

// NewPages makes the pages over the service.
func NewPages(s *Service, proven func(c *httpkit.Ctx) (bool, error)) *Pages {
	return &Pages{service: s, proven: proven}
}

// Routes are the doors of this package. They must be mounted before those of
// people, whose "/admin/people/:id" would take "/admin/people/invite-all".
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Get("/invite", httpkit.Public(), p.showAccept),
		httpkit.Post("/invite", httpkit.Public(), p.submitAccept),
		httpkit.Get("/invite/code", httpkit.Public(), p.showCode),
		httpkit.Post("/invite/code", httpkit.Public(), p.submitCode),
		httpkit.Post("/invite/confirm", httpkit.Public(), p.submitConfirm),
		httpkit.Get("/invite/confirmed", httpkit.Public(), p.showConfirmed),
		httpkit.Post("/invite/renew", httpkit.Public(), p.submitRenew),
		httpkit.Get("/invite/renewed", httpkit.Public(), p.showRenewed),
		httpkit.Get("/invite/done", httpkit.Attempt("activate"), p.showDone),
		httpkit.Get("/invite/:token", httpkit.Public(), p.showLink),
		httpkit.Post("/invite/:token", httpkit.Public(), p.submitLink),

		httpkit.Get("/admin/invite", httpkit.May("invite", "read"), p.showBoard).ShowsData(),
		httpkit.Get("/admin/people/invite-all", httpkit.May("invite", "send"), p.showAll),
		httpkit.Post("/admin/people/invite-all", httpkit.May("invite", "send"), p.submitAll),
		httpkit.Post("/admin/people/invite", httpkit.May("invite", "send"), p.submitSome).Repeats("id"),
		httpkit.Post("/admin/people/:id/invite", httpkit.May("invite", "send"), p.submitOne),
		httpkit.Get("/admin/people/:id/letter", httpkit.May("invite", "send"), httpkit.Proven(p.proven, "", p.showLetter)).ShowsData(),
		httpkit.Post("/admin/people/:id/letter", httpkit.May("invite", "send"), httpkit.Proven(p.proven, "", p.submitLetter)).ShowsData(),
		httpkit.Post("/admin/people/:id/invite/revoke", httpkit.May("invite", "send"), p.submitRevoke),
	}
}
