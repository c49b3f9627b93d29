package federation

import (
	"encoding/json"

	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/federation/relying"
	"tilgang/internal/httpkit"
)

// cookie keeps what belongs to the visit under way.
const cookie = "federation"

// The purposes of a visit: to prove who one is, and to prove it in place of a
// lost factor.
const (
	toProve   = "prove"
	toRecover = "recover"
)

// FailedPage says why a visit came to nothing, and what to do next.
type FailedPage struct {
	httpkit.Base

	Text  string
	Again httpkit.Link
	Ask   string
}

// Template implements httpkit.View.
func (*FailedPage) Template() string { return "federation/failed" }

func at(c *httpkit.Ctx) place {
	return place{tenant: c.Tenant(), origin: c.Site.Origin, network: c.Network(), language: c.Words().Lang()}
}

// start leads to the provider. It is a link and no form: a form may lead to no
// other host (form-action of our Content-Security-Policy).
func (p *Pages) start(c *httpkit.Ctx) error {
	a, _ := attempt.From(c.Context())
	purpose := toProve
	if c.Query("for") == toRecover && a.Purpose == attempt.Signin {
		purpose = toRecover
	}
	address, kept, err := p.svc.Start(c.Context(), a, c.Param("connector"), purpose, at(c))
	if err != nil {
		return p.failed(c, a, purpose, err)
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return err //nolint:wrapcheck // strings and numbers cannot fail
	}
	if err := c.SetSealedCookie(cookie, string(text), away); err != nil {
		return err
	}
	return c.RedirectOut(address)
}

func (p *Pages) callback(c *httpkit.Ctx) error {
	a, _ := attempt.From(c.Context())
	kept := parseKept(c.SealedCookie(cookie))
	answer := relying.Answer{Code: c.Query("code"), State: c.Query("state"), Issuer: c.Query("iss"), Error: c.Query("error")}
	err := p.svc.Return(c.Context(), a, c.Param("connector"), kept, answer, at(c))
	c.DropCookie(cookie)
	if err != nil {
		return p.failed(c, a, kept.Purpose, err)
	}
	return c.Redirect(onward(a, kept.Purpose))
}

// onward is the flow that takes the proof.
func onward(a attempt.Attempt, purpose string) string {
	switch {
	case a.Purpose == attempt.Register:
		return "/register/proven"
	case purpose == toRecover:
		return "/recovery/eid/proven"
	}
	return "/proofing/proven"
}

// failed shows a refusal as a page of its own; the provider's own words are not
// repeated.
func (p *Pages) failed(c *httpkit.Ctx, a attempt.Attempt, purpose string, err error) error {
	f, known := fault.As(err)
	if !known || f.Kind == fault.NotFound {
		return err
	}
	v := &FailedPage{Base: c.Base(), Ask: whomToAsk(c)}
	v.Title, v.Text = v.T(CodeOften+".title"), c.Words().TMap(f.Code, f.Args)
	if c.Words().Has(f.Code + ".title") {
		v.Title = v.T(f.Code + ".title")
	}
	v.Cancel = &httpkit.Link{Label: v.T("federation.leave"), URL: "/signin"}
	v.Again = httpkit.Link{Label: v.T("federation.again"), URL: "/proofing", Kind: "primary"}
	switch {
	case purpose == toRecover:
		v.Again.URL = "/recovery/eid"
	case a.Purpose == attempt.StepUp:
		v.Cancel.URL = "/security"
	}
	if f.Kind == fault.TooMany {
		v.Again = httpkit.Link{Label: v.T("federation.leave"), URL: v.Cancel.URL, Kind: "primary"}
	}
	v.Path = v.Again.URL // what the provider sent stays out of the page
	status := map[fault.Kind]int{fault.Unavailable: 503, fault.TooMany: 429, fault.Expired: 410}[f.Kind]
	if status == 0 {
		status = 409
	}
	return c.RenderStatus(status, v)
}

// whomToAsk is the employer's own sentence about identities.
func whomToAsk(c *httpkit.Ctx) string {
	t := c.Tenant()
	if s := t.Support.WhomToAsk["*"].In(c.Words().Lang(), t.Languages[0]); s != "" {
		return s
	}
	return c.T("federation.ask", "Employer", t.Name)
}
