package app

import (
	"tilgang/internal/httpkit"
	"tilgang/internal/outbox"
	"tilgang/internal/signin"
)

// Routes is every address of the product, with who may and where it is written.
func (a *App) Routes() []httpkit.Route {
	var routes []httpkit.Route
	s := &a.Services
	routes = append(routes, signin.NewPages(s.Signin, a.AlumniPortal).Routes()...)
	return routes
}

// AllRoutes is the list without a running app.
func AllRoutes() []httpkit.Route { return (&App{}).Routes() }

// Views is a zero value of every page, for the checks of templates.
func Views() []httpkit.View {
	return []httpkit.View{&httpkit.ErrorPage{}}
}

func (a *App) outboxKinds() []outbox.Kind {
	s := &a.Services
	kinds := []outbox.Kind{s.Roster.ReadKind(), s.Roster.ApplyKind()}
	kinds = append(kinds, s.Messages.OutboxKind())
	kinds = append(kinds, s.Invite.Kinds()...)
	return append(kinds, s.Signin.OutboxKinds()...)
}

func (a *App) frame(*httpkit.Ctx, *httpkit.Base) {}
