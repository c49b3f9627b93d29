package relying

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tilgang/internal/secret"
)

// The bounds, ours.
const (
	Patience = 5 * time.Second // of one call: a person waits for it
	longest  = 256 << 10       // bytes read of an answer
	keep     = time.Hour       // how long discovery is believed
	skew     = time.Minute     // how far a provider's clock may be ahead
	recent   = 10 * time.Minute
	maxCode  = 4096 // bytes of a code
	maxSub   = 255  // OpenID Connect Core 2
)

// Provider is one of a tenant's, with what we are to it.
type Provider struct {
	Issuer      string
	ClientID    string
	Secret      secret.Redacted // empty: a public client, PKCE alone
	RedirectURL string          // on the tenant's own host
	Scopes      []string        // beside openid
	ACR         []string        // the levels that are taken, as the provider calls them; asked for and enforced
	Number      string          // claim with the national number; empty: none is read
}

// Asked is what belongs to one visit; the browser keeps it, sealed.
type Asked struct{ State, Nonce, Verifier string }

// Answer is what the browser brought back.
type Answer struct{ Code, State, Issuer, Error string }

// Identity is what a provider said, once all of it was found right.
type Identity struct {
	Issuer, Subject, ACR string
	Number               Number
}

// Number is a national number as the provider wrote it. It shows itself to
// nobody who does not ask for Plain.
type Number struct{ plain func() string }

func numberOf(s string) Number { return Number{func() string { return s }} }

// Plain is the number.
func (n Number) Plain() string {
	if n.plain == nil {
		return ""
	}
	return n.plain()
}

// String hides it.
func (Number) String() string { return "[national id]" }

// Format hides it from every verb of fmt.
func (Number) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("[national id]")) }

// LogValue hides it from logs.
func (Number) LogValue() slog.Value { return slog.StringValue("[national id]") }

// ErrDown says that the provider does not answer, or not as one does.
var ErrDown = errors.New("relying: the provider does not answer")

// ErrCancelled says that the person went back without proving anything.
var ErrCancelled = errors.New("relying: the person cancelled")

// Refusal says which check an answer did not pass.
type Refusal struct{ Why string }

// Error is for logs.
func (r *Refusal) Error() string { return "relying: " + r.Why }

// The words of refusals.
const (
	WhyState     = "state"
	WhyIssuer    = "response issuer" // a mix-up: another provider answered
	WhyProvider  = "provider's error"
	WhyCode      = "code"
	WhyToken     = "token" // signature, algorithm, iss, aud or exp
	WhyParty     = "authorized party"
	WhyIssued    = "issued at"
	WhyNonce     = "nonce"
	WhyLevel     = "level"
	WhySubject   = "subject"
	WhyStale     = "authenticated long ago"
	WhyTokenHash = "access token hash"
	WhyUser      = "user info"
)

func refuse(why string) error { return &Refusal{why} }

// Why is the word of a refusal, or empty.
func Why(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Why
	}
	return ""
}
