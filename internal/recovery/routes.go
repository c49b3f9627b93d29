package recovery

import (
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
)

// Pages are the pages of recoveries and passes.
type Pages struct{ svc *Service }

// NewPages makes the pages over the service.
func NewPages(s *Service) *Pages { return &Pages{svc: s} }

// Routes are the doors of this package.
func (p *Pages) Routes() []httpkit.Route {
	start, startReport := httpkit.May("recovery", "start"), httpkit.MayIn("recovery", "start", authz.Chain)
	read, approve := httpkit.May("recovery", "read"), httpkit.May("recovery", "approve")
	pass, passReport := httpkit.May("pass", "make"), httpkit.MayIn("pass", "make", authz.Chain)
	signingIn := httpkit.Attempt(attempt.Signin, attempt.Activate)
	return []httpkit.Route{
		httpkit.Get("/admin/people/:id/recovery", start, p.showStart).ShowsData(),
		httpkit.Post("/admin/people/:id/recovery", start, p.submitStart).ShowsData(),
		httpkit.Get("/manager/:id/recovery", startReport, p.showStart).ShowsData(),
		httpkit.Post("/manager/:id/recovery", startReport, p.submitStart).ShowsData(),
		httpkit.Get("/admin/recovery", read, p.showBoard).ShowsData(),
		httpkit.Get("/admin/recovery/:id", read, p.showCase).ShowsData(),
		httpkit.Post("/admin/recovery/:id/approve", approve, p.submitApprove).ShowsData(),
		httpkit.Post("/admin/recovery/:id/cancel", approve, p.submitCancel).ShowsData(),
		httpkit.Get("/recovery", httpkit.SignedIn(), p.showOwn).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/recovery", httpkit.SignedIn(), p.submitOwn).ShowsData(httpkit.ClassAccount),
		httpkit.Get(stopAddress, httpkit.Public(), p.showStop),
		httpkit.Post(stopAddress, httpkit.Public(), p.submitStop),
		httpkit.Get("/admin/people/:id/pass", pass, p.showMake).ShowsData(),
		httpkit.Post("/admin/people/:id/pass", pass, p.submitMake).ShowsData(),
		httpkit.Get("/manager/:id/pass", passReport, p.showMake).ShowsData(),
		httpkit.Post("/manager/:id/pass", passReport, p.submitMake).ShowsData(),
		httpkit.Get(eidAddress, httpkit.Attempt(attempt.Signin), p.showEID),
		httpkit.Get(eidAddress+"/proven", httpkit.Attempt(attempt.Signin), p.provenEID),
		httpkit.Get("/mfa/pass", signingIn, p.showPass),
		httpkit.Post("/mfa/pass", signingIn, p.submitPass),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&StartPage{}, &BoardPage{}, &CasePage{}, &OwnPage{}, &StopPage{}, &MakePage{}, &MadePage{}, &PassPage{}, &EIDPage{}}
}

const (
	boardAddress = "/admin/recovery"
	stopAddress  = "/recovery/stop"
)

func caseAddress(id uuid.UUID) string { return boardAddress + "/" + id.String() }

// idOf reads an id as addresses write it, with or without "per_".
func idOf(c *httpkit.Ctx) (uuid.UUID, error) {
	text := strings.TrimPrefix(c.Param("id"), "per_")
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, errNowhere()
	}
	return id, nil
}

// target is whom a page is about, and where it leads back to: a page of HR's or
// of the manager's, by the address that was asked for.
type target struct {
	id         uuid.UUID
	name, back string
}

func backOf(c *httpkit.Ctx, id uuid.UUID) string {
	if strings.HasPrefix(c.Path(), "/manager/") {
		return "/manager/per_" + id.String()
	}
	return "/admin/people/per_" + id.String()
}
