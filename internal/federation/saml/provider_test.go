package saml

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"tilgang/internal/federation/relying"
)

var start = time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)

const (
	idp    = "https://id.example/idp"
	us     = "https://havn.example/federation/x/metadata"
	acs    = "https://havn.example/federation/x/acs"
	number = "urn:oid:1.2.246.21"
)

// signer is a key with its certificate.
type signer struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
}

func newSigner(t *testing.T) signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, smallest)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: start.AddDate(-1, 0, 0), NotAfter: start.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return signer{key, cert}
}

// world is a provider of the test's own.
type world struct {
	*testing.T
	signer

	other signer // whom nobody trusts
	us    Provider
	asked Asked
	now   time.Time
}

func setUp(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, signer: newSigner(t), other: newSigner(t), asked: Asked{ID: "_of-this-visit", State: "s"}, now: start}
	w.us = Provider{
		EntityID: idp, SSO: idp + "/sso", Certificates: []*x509.Certificate{w.cert}, Us: us, ACS: acs, ACR: []string{"substantial", "high"}, Number: number,
	}
	return w
}

// assertion is a good one, as text with the names of its parts for tests to change.
const assertion = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" Version="2.0" IssueInstant="2026-11-26T10:00:00Z">` +
	`<saml:Issuer>https://id.example/idp</saml:Issuer>` +
	`<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">sub-1</saml:NameID>` +
	`<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="_of-this-visit" Recipient="https://havn.example/federation/x/acs" NotOnOrAfter="2026-11-26T10:05:00Z"/></saml:SubjectConfirmation></saml:Subject>` +
	`<saml:Conditions NotBefore="2026-11-26T09:59:00Z" NotOnOrAfter="2026-11-26T10:30:00Z"><saml:AudienceRestriction><saml:Audience>https://havn.example/federation/x/metadata</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
	`<saml:AuthnStatement AuthnInstant="2026-11-26T09:59:30Z" SessionIndex="i"><saml:AuthnContext><saml:AuthnContextClassRef>substantial</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
	`<saml:AttributeStatement><saml:Attribute Name="urn:oid:1.2.246.21"><saml:AttributeValue>131052-308T</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>` +
	`</saml:Assertion>`

// response is a good one around an assertion, which stands for @.
const response = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r1" Version="2.0" IssueInstant="2026-11-26T10:00:00Z" Destination="https://havn.example/federation/x/acs" InResponseTo="_of-this-visit">` +
	`<saml:Issuer>https://id.example/idp</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>@</samlp:Response>`

// swap replaces, and fails where there is nothing to replace.
func swap(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("no %q to change", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func around(a string) string { return strings.Replace(response, "@", a, 1) }

// sign signs an element's text, as a whole document.
func (w *world) sign(by signer, text string) string {
	w.Helper()
	return w.signWith(by, text, func(*dsig.SigningContext) {})
}

func (w *world) signWith(by signer, text string, change func(*dsig.SigningContext)) string {
	w.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(text); err != nil {
		w.Fatal(err)
	}
	with, err := dsig.NewSigningContext(by.key, [][]byte{by.cert.Raw})
	if err != nil {
		w.Fatal(err)
	}
	with.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	change(with)
	signed, err := with.SignEnveloped(doc.Root())
	if err != nil {
		w.Fatal(err)
	}
	out := etree.NewDocument()
	out.SetRoot(signed)
	made, err := out.WriteToString()
	if err != nil {
		w.Fatal(err)
	}
	return made
}

func (w *world) read(text string) (Said, error) {
	return w.us.Read(base64.StdEncoding.EncodeToString([]byte(text)), w.now)
}

// refused wants a refusal for one reason that repeats nothing.
func (w *world) refused(text, why string) {
	w.Helper()
	got, err := w.read(text)
	if relying.Why(err) != why || got.Subject != "" || got.Assertion != "" {
		w.Errorf("refused as %q (%v), want %q: %+v", relying.Why(err), err, why, got)
	}
	if err != nil && strings.Contains(err.Error(), "evil") {
		w.Errorf("the refusal repeats what was sent: %v", err)
	}
}
