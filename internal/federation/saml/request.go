package saml

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// Address is where to send a person (SAML bindings 3.4). ForceAuthn is asked, so
// that a proof is of who sits there now.
func (p Provider) Address(asked Asked, now time.Time) (string, error) {
	text, err := p.request(asked, now).WriteToString()
	if err != nil {
		return "", fmt.Errorf("write a request: %w", err)
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", fmt.Errorf("pack a request: %w", err)
	}
	_, _ = w.Write([]byte(text)) // into memory: it cannot fail
	_ = w.Close()
	query := "SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString(packed.Bytes())) + "&RelayState=" + url.QueryEscape(asked.State)
	if query, err = p.sign(query); err != nil {
		return "", err
	}
	join := "?"
	if strings.Contains(p.SSO, "?") {
		join = "&"
	}
	return p.SSO + join + query, nil
}

func (p Provider) request(asked Asked, now time.Time) *etree.Document {
	doc := etree.NewDocument()
	r := doc.CreateElement("samlp:AuthnRequest")
	for _, kv := range [][2]string{
		{"xmlns:samlp", nsProtocol},
		{"xmlns:saml", nsAssertion},
		{"ID", asked.ID},
		{"Version", "2.0"},
		{"IssueInstant", now.UTC().Format("2006-01-02T15:04:05Z")},
		{"Destination", p.SSO},
		{"ForceAuthn", "true"},
		{"ProtocolBinding", postBinding},
		{"AssertionConsumerServiceURL", p.ACS},
	} {
		r.CreateAttr(kv[0], kv[1])
	}
	r.CreateElement("saml:Issuer").SetText(p.Us)
	if p.Number == "" {
		policy := r.CreateElement("samlp:NameIDPolicy")
		policy.CreateAttr("Format", persistent)
		policy.CreateAttr("AllowCreate", "true")
	}
	if len(p.ACR) > 0 {
		wanted := r.CreateElement("samlp:RequestedAuthnContext")
		wanted.CreateAttr("Comparison", "exact")
		for _, acr := range p.ACR {
			wanted.CreateElement("saml:AuthnContextClassRef").SetText(acr)
		}
	}
	return doc
}

// sign signs a query as it stands (SAML bindings 3.4.4.1).
func (p Provider) sign(query string) (string, error) {
	if p.Key == nil {
		return query, nil
	}
	query += "&SigAlg=" + url.QueryEscape(dsig.RSASHA256SignatureMethod)
	sum := sha256.Sum256([]byte(query))
	made, err := rsa.SignPKCS1v15(rand.Reader, p.Key.Private, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign a request: %w", err)
	}
	return query + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(made)), nil
}
