package mfa

import (
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

// Pages are the flow's pages.
type Pages struct{ service *Service }

// NewPages makes them.
func NewPages(s *Service) *Pages { return &Pages{service: s} }

// Routes are the flow's routes; every one needs an attempt under way.
func (p *Pages) Routes() []httpkit.Route {
	onTheWay := httpkit.Attempt(attempt.Signin, attempt.Activate, attempt.StepUp)
	return []httpkit.Route{
		httpkit.Get("/mfa", onTheWay, p.showChallenge),
		httpkit.Post("/mfa", onTheWay, p.submitChallenge),
		httpkit.Get("/mfa/recovery", onTheWay, p.showRecover),
		httpkit.Post("/mfa/recovery", onTheWay, p.submitRecover),
		httpkit.Get("/mfa/setup", onTheWay, p.showSetup),
		httpkit.Post("/mfa/setup", onTheWay, p.submitSetup),
		httpkit.Get("/mfa/setup/app", onTheWay, p.showApp),
		httpkit.Get("/mfa/setup/totp", onTheWay, p.showTOTP),
		httpkit.Post("/mfa/setup/totp", onTheWay, p.submitTOTP),
		httpkit.Get("/mfa/setup/phone", onTheWay, p.showPhone),
		httpkit.Post("/mfa/setup/phone", onTheWay, p.submitPhone),
		httpkit.Get("/mfa/setup/phone/code", onTheWay, p.showPhoneCode),
		httpkit.Post("/mfa/setup/phone/code", onTheWay, p.submitPhoneCode),
		httpkit.Get("/mfa/setup/recovery", onTheWay, p.showCodes),
		httpkit.Post("/mfa/setup/recovery", onTheWay, p.submitCodes),
		httpkit.Get("/mfa/setup/recovery/file", onTheWay, p.fileOfCodes),
	}
}
