package saml

import (
	"crypto/x509"
	"time"

	"tilgang/internal/federation/relying"
)

// The bounds, ours.
const (
	Longest  = 256 << 10 // bytes of an answer, as it is posted
	skew     = time.Minute
	recent   = 10 * time.Minute // how old an assertion, or the sign-in behind it, may be
	deepest  = 32               // elements inside each other
	elements = 800              // of one document; a real one has about sixty
	maxName  = 255              // of a subject: SAML core 8.3.7 allows 256
)

// Provider is one of a tenant's, with what we are to it.
type Provider struct {
	EntityID     string              // what the provider calls itself
	SSO          string              // where it takes requests, by the redirect binding
	Certificates []*x509.Certificate // whose keys sign; more than one while they change
	Us           string              // our entity id, which is the audience
	ACS          string              // where answers for this host are posted
	ACR          []string            // the authentication contexts that are taken; asked for and enforced
	Number       string              // attribute with the national number; empty: none is read
	Key          *Key                // signs what we ask and opens what is sealed for us; nil: neither
}

// Asked is what belongs to one visit.
type Asked struct {
	ID    string // of the request; the answer must name it
	State string // comes back beside the answer
}

// Said is what a provider said, all of it found right but for who brought it.
type Said struct {
	relying.Identity
	Assertion    string // its id, which counts once
	InResponseTo string // the request that it answers
}

// The words of refusals, beside those of package relying.
const (
	WhySize      = "size"
	WhyXML       = "document" // no plain XML, or not in one reading
	WhyShape     = "shape"    // not one response with one assertion
	WhySignature = "signature"
	WhyEncrypted = "encrypted"
	WhyRecipient = "recipient"
	WhyAudience  = "audience"
	WhyUnasked   = "nobody asked" // no InResponseTo
	WhyAnother   = "another request"
	WhyTime      = "time"
	WhyCondition = "condition" // one that we do not know
	WhyAttribute = "attribute"
	WhyReplay    = "used before"
)

func refuse(why string) error { return &relying.Refusal{Why: why} }

// The namespaces.
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
	nsSealed    = "http://www.w3.org/2001/04/xmlenc#"
)

// The words of the protocol.
const (
	postBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	persistent  = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	transient   = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
	bearer      = "urn:oasis:names:tc:SAML:2.0:cm:bearer" //nolint:gosec // a word of the standard, no secret
	status      = "urn:oasis:names:tc:SAML:2.0:status:"
)
