package eid

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"tilgang/internal/secret"
)

const (
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	statusOf    = "urn:oasis:names:tc:SAML:2.0:status:"
	clockOf     = "2006-01-02T15:04:05Z"
)

// set gives an element attributes, which come in pairs.
func set(el *etree.Element, kv ...string) *etree.Element {
	for i := 0; i+1 < len(kv); i += 2 {
		el.CreateAttr(kv[i], kv[i+1])
	}
	return el
}

// document is a response without an assertion.
func (p *Provider) document(a samlAsked, now time.Time) (*etree.Document, *etree.Element) {
	doc := etree.NewDocument()
	r := set(doc.CreateElement("samlp:Response"), "xmlns:samlp", nsProtocol, "xmlns:saml", nsAssertion, "ID", name(), "Version", "2.0",
		"IssueInstant", now.Format(clockOf), "Destination", a.ACS, "InResponseTo", a.ID)
	r.CreateElement("saml:Issuer").SetText(p.Issuer + SAMLPath)
	return doc, r
}

// name is one that no other element has.
func name() string {
	text, _ := secret.Token()
	return "_" + text
}

// refusal says that the person went back.
func (p *Provider) refusal(a samlAsked) ([]byte, error) {
	doc, r := p.document(a, p.Clock.Now().UTC())
	top := set(r.CreateElement("samlp:Status").CreateElement("samlp:StatusCode"), "Value", statusOf+"Responder")
	set(top.CreateElement("samlp:StatusCode"), "Value", statusOf+"AuthnFailed")
	return doc.WriteToBytes() //nolint:wrapcheck // the caller says what it was for
}

// response says who it is, in a signed assertion.
func (p *Provider) response(a samlAsked, who Person, acr string) ([]byte, error) {
	s, err := p.signer()
	if err != nil {
		return nil, err
	}
	now := p.Clock.Now().UTC()
	doc, r := p.document(a, now)
	set(r.CreateElement("samlp:Status").CreateElement("samlp:StatusCode"), "Value", statusOf+"Success")
	with, err := dsig.NewSigningContext(s.key, [][]byte{s.cert.Raw})
	if err != nil {
		return nil, fmt.Errorf("make a signer: %w", err)
	}
	with.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	signed, err := with.SignEnveloped(p.assertion(a, who, acr, now))
	if err != nil {
		return nil, fmt.Errorf("sign an assertion: %w", err)
	}
	r.AddChild(signed)
	return doc.WriteToBytes() //nolint:wrapcheck // the caller says what it was for
}

func (p *Provider) assertion(a samlAsked, who Person, acr string, now time.Time) *etree.Element {
	at, until := now.Format(clockOf), now.Add(tokenLife).Format(clockOf)
	sub := sha256.Sum256([]byte("practice " + who.Number))
	el := set(etree.NewElement("saml:Assertion"), "xmlns:saml", nsAssertion, "ID", name(), "Version", "2.0", "IssueInstant", at)
	el.CreateElement("saml:Issuer").SetText(p.Issuer + SAMLPath)
	subject := el.CreateElement("saml:Subject")
	set(subject.CreateElement("saml:NameID"), "Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent").SetText(base64.RawURLEncoding.EncodeToString(sub[:16]))
	way := set(subject.CreateElement("saml:SubjectConfirmation"), "Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
	set(way.CreateElement("saml:SubjectConfirmationData"), "InResponseTo", a.ID, "Recipient", a.ACS, "NotOnOrAfter", until)
	conditions := set(el.CreateElement("saml:Conditions"), "NotBefore", at, "NotOnOrAfter", until)
	conditions.CreateElement("saml:AudienceRestriction").CreateElement("saml:Audience").SetText(a.Issuer)
	signedIn := set(el.CreateElement("saml:AuthnStatement"), "AuthnInstant", at)
	signedIn.CreateElement("saml:AuthnContext").CreateElement("saml:AuthnContextClassRef").SetText(acr)
	number := set(el.CreateElement("saml:AttributeStatement").CreateElement("saml:Attribute"), "Name", NumberClaim)
	number.CreateElement("saml:AttributeValue").SetText(who.Number)
	return el
}
