package signin

import "tilgang/internal/httpkit"

// Pictures are the pages that a guide shows.
func (p *Pages) Pictures() []httpkit.Picture {
	first := func(c *httpkit.Ctx) httpkit.View {
		return p.identifierPage(c, identifierForm{Typed: httpkit.ExampleAddress})
	}
	return []httpkit.Picture{
		{Name: "signin", Path: "/signin", Mark: "email", Draw: first},
		{Name: "forgot", Path: "/signin", Mark: "/reset", Draw: first},
	}
}
