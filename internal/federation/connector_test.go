package federation

import (
	"testing"

	"tilgang/internal/identity"
	"tilgang/internal/tenant"
)

// What nobody knows is low, and the file has the last word (P39).
func TestWhatAProvidersWordIsWorth(t *testing.T) {
	saml, open := tenant.Connector{Kind: tenant.SAML}, tenant.Connector{Kind: tenant.OIDC}
	said := tenant.Connector{Kind: tenant.SAML, Settings: map[string]string{"level": "substantial"}}
	const password = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
	for _, c := range []struct {
		of   tenant.Connector
		acr  string
		want identity.Level
	}{
		{saml, "http://ftn.ficora.fi/2017/loa2", identity.Substantial},
		{saml, "http://ftn.ficora.fi/2017/loa3", identity.High},
		{saml, "http://eidas.europa.eu/LoA/substantial", identity.Substantial},
		{saml, "http://eidas.europa.eu/LoA/high", identity.High},
		{saml, password, identity.Low},
		{saml, "", identity.Low},
		{open, password, identity.Low},
		{said, password, identity.Substantial},
		{tenant.Connector{Kind: tenant.PracticeSAML}, password, identity.Substantial},
	} {
		if got := (link{Connector: c.of, ACR: []string{password, c.acr}}).level(c.acr); got != c.want {
			t.Errorf("%s %q is %s, want %s", c.of.Kind, c.acr, got, c.want)
		}
	}
}
