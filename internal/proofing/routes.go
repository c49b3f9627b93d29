package proofing

import (
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

// Pages are the flow's pages, and HR's.
type Pages struct{ svc *Service }

// NewPages makes them.
func NewPages(s *Service) *Pages { return &Pages{s} }

// Routes are the flow's routes.
func (p *Pages) Routes() []httpkit.Route {
	onTheWay := httpkit.Attempt(attempt.Signin, attempt.Activate, attempt.Register, attempt.StepUp)
	known := httpkit.Attempt(attempt.Signin, attempt.Activate, attempt.StepUp)
	write := httpkit.May("people", "write")
	return []httpkit.Route{
		httpkit.Get("/proofing", onTheWay, p.show),
		httpkit.Post("/proofing", known, p.askHR),
		httpkit.Get("/proofing/proven", known, p.proven),
		httpkit.Post("/proofing/move", known, p.move),
		httpkit.Get("/admin/proofing", httpkit.May("people", "read"), p.showBoard).ShowsData(),
		httpkit.Get("/admin/proofing/:id", write, p.showOne).ShowsData(),
		httpkit.Post("/admin/proofing/:id", write, p.decide).ShowsData(),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&WhyPage{}, &ToldPage{}, &MovePage{}, &BoardPage{}, &QuestionPage{}}
}
