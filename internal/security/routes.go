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
		httpkit.Get("/security", httpkit.SignedIn(), p.show).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/security/password", httpkit.SignedIn(), p.showPassword),
		httpkit.Post("/security/password", httpkit.SignedIn(), p.submitPassword),
		httpkit.Get("/security/codes", httpkit.SignedIn(), p.showCodes),
		httpkit.Post("/security/codes", httpkit.SignedIn(), p.submitCodes),
		httpkit.Post("/security/codes/confirm", httpkit.SignedIn(), p.confirmCodes),
		httpkit.Get("/security/codes/file", httpkit.SignedIn(), p.fileOfCodes),
		httpkit.Get("/security/factor", httpkit.SignedIn(), p.showFactor),
		httpkit.Post("/security/factor", httpkit.SignedIn(), p.submitFactor),
		httpkit.Get("/security/factors", httpkit.SignedIn(), p.listFactors).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/security/factors/app", httpkit.SignedIn(), p.showApp),
		httpkit.Post("/security/factors/app", httpkit.SignedIn(), p.submitApp),
		httpkit.Get("/security/factors/:id", httpkit.SignedIn(), p.showOne).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/factors/:id", httpkit.SignedIn(), p.rename),
		httpkit.Get("/security/factors/:id/remove", httpkit.SignedIn(), p.showRemove),
		httpkit.Post("/security/factors/:id/remove", httpkit.SignedIn(), p.submitRemove),
		httpkit.Get("/security/phone", httpkit.SignedIn(), p.showPhone),
		httpkit.Post("/security/phone", httpkit.SignedIn(), p.submitPhone),
		httpkit.Get("/security/texts", httpkit.SignedIn(), p.showTexts).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/texts", httpkit.SignedIn(), p.submitTexts),
		httpkit.Get("/security/texts/code", httpkit.SignedIn(), p.showDialled).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/texts/code", httpkit.SignedIn(), p.submitDialled),
		httpkit.Get(httpkit.ProvePath, httpkit.SignedIn(), p.showProving),
		httpkit.Post(httpkit.ProvePath, httpkit.SignedIn(), p.submitProving),
		httpkit.Get("/security/lost", httpkit.SignedIn(), p.showLost),
		httpkit.Post("/security/lost", httpkit.SignedIn(), p.submitLost),
		httpkit.Post("/security/code", httpkit.SignedIn(), p.sendCode),
		httpkit.Get("/stepup/done", httpkit.Attempt(attempt.StepUp), p.endFactor),
		httpkit.Get("/security/addresses", httpkit.SignedIn(), p.listAddresses).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/security/addresses/add", httpkit.SignedIn(), p.showAddress),
		httpkit.Post("/security/addresses/add", httpkit.SignedIn(), p.submitAddress),
		httpkit.Get("/security/addresses/code", httpkit.SignedIn(), p.showProof).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/addresses/code", httpkit.SignedIn(), p.submitProof),
		httpkit.Get("/security/addresses/:id", httpkit.SignedIn(), p.showDrop).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/addresses/:id", httpkit.SignedIn(), p.submitDrop),
		httpkit.Get("/security/identities", httpkit.SignedIn(), p.listIdentities).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/security/identities/link", httpkit.SignedIn(), p.showLink),
		httpkit.Post("/security/identities/link", httpkit.SignedIn(), p.submitLink),
		httpkit.Get("/security/identities/moves/:id", httpkit.SignedIn(), p.showBack).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/identities/moves/:id", httpkit.SignedIn(), p.submitBack),
		httpkit.Get("/security/identities/:id", httpkit.SignedIn(), p.showUnlink).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/identities/:id", httpkit.SignedIn(), p.submitUnlink),
		httpkit.Get("/security/sessions", httpkit.SignedIn(), p.listSessions).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/security/sessions/others", httpkit.SignedIn(), p.showOthers),
		httpkit.Post("/security/sessions/others", httpkit.SignedIn(), p.endOthers),
		httpkit.Get("/security/sessions/:id", httpkit.SignedIn(), p.showSession).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/sessions/:id", httpkit.SignedIn(), p.endSession),
		httpkit.Post("/security/devices", httpkit.SignedIn(), p.distrustAll),
		httpkit.Get("/security/devices/:id", httpkit.SignedIn(), p.showDevice).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/devices/:id", httpkit.SignedIn(), p.distrust),
		httpkit.Get("/security/activity", httpkit.SignedIn(), p.listActivity).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/security/signout", httpkit.SignedIn(), p.signOut),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{
		&OverviewPage{}, &PasswordPage{}, &ConfirmPage{}, &CodesPage{}, &LostPage{}, &FactorsPage{}, &FactorPage{}, &AddressesPage{}, &AddressPage{}, &ProvePage{}, &TextsPage{},
		&IdentitiesPage{}, &UnlinkPage{}, &SessionsPage{}, &ActivityPage{},
	}
}
