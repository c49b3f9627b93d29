package federation

import (
	"slices"
	"strings"

	"tilgang/internal/federation/relying"
	"tilgang/internal/identity"
	"tilgang/internal/practice/eid"
	"tilgang/internal/tenant"
)

// habit is how a kind of provider works where the employer's file says nothing.
type habit struct {
	scopes, number, country string
	acr                     []string
}

// habits are from the providers' own documents; brokers differ, and then the
// file says otherwise.
func habits() map[string]habit {
	return map[string]habit{
		tenant.IDporten:     {number: "pid", country: "NO", acr: []string{"idporten-loa-substantial", "idporten-loa-high"}},
		tenant.BankIDNorway: {scopes: "nnin_altsub", number: "nnin_altsub", country: "NO", acr: []string{"urn:bankid:bid", "urn:bankid:bis"}},
		tenant.BankIDSweden: {number: "personal_number", country: "SE", acr: []string{"urn:se:bankid:loa3"}},
		tenant.SmartID:      {number: "personal_code", acr: []string{"smartid"}},
		tenant.MitID:        {scopes: "ssn", number: "dk.cpr", country: "DK", acr: []string{"https://data.gov.dk/concept/core/nsis/loa/Substantial", "https://data.gov.dk/concept/core/nsis/loa/High"}},
		tenant.FTN:          {number: "urn:oid:1.2.246.21", country: "FI", acr: []string{"http://ftn.ficora.fi/2017/loa2", "http://ftn.ficora.fi/2017/loa3"}},
		tenant.Practice:     {number: eid.NumberClaim, acr: []string{eid.Substantial}},
	}
}

// link is a connector ready to be asked.
type link struct {
	tenant.Connector
	relying.Provider
	Country string
}

// linkOf puts a connector's settings over the habits of its kind. ok is false
// for kinds that do not speak OpenID.
func (s *Service) linkOf(t *tenant.Tenant, c tenant.Connector, origin string) (l link, ok bool) {
	h, known := habits()[c.Kind]
	if !known && c.Kind != tenant.OIDC {
		return l, false
	}
	set := c.Settings
	l = link{Connector: c, Country: first(set["country"], h.country, country(t))}
	l.Provider = relying.Provider{
		Issuer: set["issuer"], ClientID: set["client_id"], Secret: s.Secrets[t.Slug+"/"+set["client_secret_name"]],
		RedirectURL: origin + "/federation/" + c.Key + "/callback",
		Scopes:      strings.Fields(first(set["scopes"], h.scopes)), ACR: h.acr, Number: first(set["national_claim"], h.number),
	}
	if set["acr"] != "" {
		l.ACR = strings.Fields(set["acr"])
	}
	if !c.ProvesPerson() {
		l.Number = ""
	}
	if c.Kind == tenant.Practice {
		l.Issuer, l.ClientID, l.Secret = s.Practice, t.Slug, ""
	}
	return l, l.Issuer != ""
}

// country is the employer's own, for numbers that could be of two.
func country(t *tenant.Tenant) string {
	if len(t.LegalEmployers) == 0 {
		return ""
	}
	return t.LegalEmployers[0].Country
}

func first(words ...string) string {
	i := slices.IndexFunc(words, func(s string) bool { return s != "" })
	if i < 0 {
		return ""
	}
	return words[i]
}

// level is what the provider's word for it means; the file decides where it
// speaks, and what nobody knows is low.
func (l link) level(acr string) identity.Level {
	word := strings.ToLower(acr)
	switch {
	case l.Settings["level"] != "":
		return identity.Level(l.Settings["level"])
	case strings.HasSuffix(word, "high") || word == "urn:bankid:bid" || word == "http://ftn.ficora.fi/2017/loa3":
		return identity.High
	case slices.Contains(l.ACR, acr) && l.Kind != tenant.OIDC:
		return identity.Substantial
	}
	return identity.Low
}
