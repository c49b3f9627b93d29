package reset

import (
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

// Pages are the pages and forms of new passwords.
type Pages struct {
	service *Service
	// proven tells whether the session proved, just now, what printing a letter asks.
	proven func(c *httpkit.Ctx) (bool, error)
}

// NewPages makes the pages over the service.
func NewPages(s *Service, proven func(c *httpkit.Ctx) (bool, error)) *Pages {
	return &Pages{service: s, proven: proven}
}

// Routes are the doors of this package; the link's comes last, since it would
// take the others.
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Get("/reset", httpkit.Public(), p.showAsk),
		httpkit.Post("/reset", httpkit.Public(), p.submitAsk),
		httpkit.Get("/reset/sent", httpkit.Attempt(attempt.Reset), p.showSent),
		httpkit.Get("/reset/code", httpkit.Attempt(attempt.Reset), p.showCode),
		httpkit.Post("/reset/code", httpkit.Attempt(attempt.Reset), p.submitCode),
		httpkit.Get("/reset/password", httpkit.Public(), p.showChoose),
		httpkit.Post("/reset/password", httpkit.Public(), p.submitChoose),
		httpkit.Get("/reset/done", httpkit.Public(), p.showDone),
		httpkit.Get("/reset/letter", httpkit.Public(), p.showLetterCode),
		httpkit.Post("/reset/letter", httpkit.Public(), p.submitLetterCode),
		httpkit.Get("/admin/people/:id/password-letter", httpkit.May("password", "send"), httpkit.Proven(p.proven, "", p.showLetter)).ShowsData(),
		httpkit.Post("/admin/people/:id/password-letter", httpkit.May("password", "send"), httpkit.Proven(p.proven, "", p.submitLetter)).ShowsData(),
		httpkit.Get("/reset/:token", httpkit.Public(), p.showLink),
		httpkit.Post("/reset/:token", httpkit.Public(), p.submitLink),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&AskPage{}, &SentPage{}, &CodePage{}, &OverPage{}, &LetterPage{}, &LetterCodePage{}, &ChoosePage{}, &DeadPage{}, &DonePage{}}
}
