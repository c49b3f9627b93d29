package eid

import "tilgang/internal/httpkit"

// Routes are the provider's doors, on its own host.
func (p *Provider) Routes() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Get("/.well-known/openid-configuration", httpkit.Public(), p.discovery).On(httpkit.EidSide).AsJSON(),
		httpkit.Get("/jwks", httpkit.Public(), p.keys).On(httpkit.EidSide).AsJSON(),
		httpkit.Get("/authorize", httpkit.Public(), p.showPeople).On(httpkit.EidSide),
		httpkit.Get("/authorize/as", httpkit.Public(), p.choose).On(httpkit.EidSide),
		httpkit.Post("/token", httpkit.Public(), p.sendToken).On(httpkit.EidSide).AsJSON().ForPrograms(),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View { return []httpkit.View{&PeoplePage{}} }
