package eid

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/xml"
	"fmt"
	"math/big"
	"time"
)

// SAMLPath is where requests by SAML are taken; with the issuer before it, it is
// the provider's entity id too.
const SAMLPath = "/saml"

const (
	keyBits    = 2048
	mostAsked  = 64 << 10 // bytes of a request, unpacked
	nsProtocol = "urn:oasis:names:tc:SAML:2.0:protocol"
)

// pair is what signs by SAML.
type pair struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
}

// Certificate is what the answers by SAML are checked with.
func (p *Provider) Certificate() (*x509.Certificate, error) {
	s, err := p.signer()
	return s.cert, err
}

// signer is made when it is first needed. Its certificate is good for as long as
// anybody's clock may show.
func (p *Provider) signer() (pair, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.saml.key != nil {
		return p.saml, nil
	}
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return pair{}, fmt.Errorf("make a key: %w", err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Practice eID"}, KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		return pair{}, fmt.Errorf("make a certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return pair{}, fmt.Errorf("read a certificate: %w", err)
	}
	p.saml = pair{key, cert}
	return p.saml, nil
}

// samlAsked is a request as the portal sent it.
type samlAsked struct {
	XMLName     xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol AuthnRequest"`
	ID          string   `xml:"ID,attr"`
	Destination string   `xml:"Destination,attr"`
	ACS         string   `xml:"AssertionConsumerServiceURL,attr"`
	Issuer      string   `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`

	client, raw, state string
}

// Parties finds who asks by SAML: the client of an entity id, and where it may
// be answered; none for one that there is not.
type Parties func(ctx context.Context, entity string) (client string, posted []string)
