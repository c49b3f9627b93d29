package console

import (
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// Routes are the routes of every employer's hosts.
func (p *Pages) Routes() []httpkit.Route {
	return append(p.common(),
		httpkit.Get("/", httpkit.Public(), p.showStart).ShowsData(tenant.ClassEmployment),
		httpkit.Get("/brand/:version/brand.css", httpkit.Public(), p.showColours),
		httpkit.Get("/brand/:version/logo.svg", httpkit.Public(), p.showLogo),
		httpkit.Get("/.well-known/change-password", httpkit.Public(), p.showChangePassword),
		httpkit.Get("/.well-known/security.txt", httpkit.Public(), p.showSecurityContact),
	)
}

// BaseRoutes are the same few on the installation's own host.
func (p *Pages) BaseRoutes() []httpkit.Route {
	routes := p.common()
	for i := range routes {
		routes[i] = routes[i].On(httpkit.BaseSide)
	}
	return routes
}

func (p *Pages) common() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Post("/language", httpkit.Public(), p.submitLanguage),
		httpkit.Get("/favicon.ico", httpkit.Public(), p.showIcon),
		httpkit.Get("/robots.txt", httpkit.Public(), p.showRobots),
	}
}
