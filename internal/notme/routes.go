package notme

import "tilgang/internal/httpkit"

// Pages are the pages of whoever did not do what a mail tells of, and HR's.
type Pages struct{ service *Service }

// NewPages makes the pages over the service.
func NewPages(s *Service) *Pages { return &Pages{service: s} }

// Routes are the doors of this package; the link's comes last.
func (p *Pages) Routes() []httpkit.Route {
	write := httpkit.May("people", "write")
	return []httpkit.Route{
		httpkit.Get("/notme", httpkit.Public(), p.show),
		httpkit.Post("/notme", httpkit.Public(), p.submitReport),
		httpkit.Post("/notme/undo", httpkit.Public(), p.submitUndo),
		httpkit.Get("/notme/:token", httpkit.Public(), p.showLink),
		httpkit.Get("/admin/people/:id/freeze", write, p.showFreeze).ShowsData(),
		httpkit.Post("/admin/people/:id/freeze", write, p.submitFreeze).ShowsData(),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&AskPage{}, &ReportedPage{}, &OverPage{}, &FreezePage{}}
}
