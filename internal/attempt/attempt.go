package attempt

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Cookie is the name under which the browser keeps an attempt.
const Cookie = "attempt"

// Life is how long an attempt may take.
const Life = 15 * time.Minute

// The purposes of an attempt.
const (
	Signin    = "signin"
	Activate  = "activate"
	Register  = "register"
	Reset     = "reset"
	StepUp    = "stepup"
	Authorize = "authorize"
)

// The methods by which something is proven (RFC 8176 where it has a word).
const (
	Password  = "pwd"
	TOTP      = "totp"
	Phone     = "phone"
	Recovery  = "recovery"
	Recovery2 = "recovery2" // a second, different recovery code: the factor is lost
	Link      = "link"      // a one-time sign-in link, in place of the password
	Pass      = "pass"      // a temporary access pass; it stands for no factor
	EID       = "eid"       // the linked electronic identity, in place of a lost factor; it stands for none
)

// The answers to the offer of a second factor.
const (
	Skip  = "skip"
	Later = "later"
)

// Attempt is one flow in progress.
type Attempt struct {
	ID         uuid.UUID
	Purpose    string
	Address    string    // as typed
	AddressKey string    // canonical; empty when what was typed is no address
	AccountID  uuid.UUID // Nil until the password is proven
	AMR        []string  // what has been proven, in order
	Trusts     bool      // the browser is to be trusted once the attempt has come to its end
	Settled    string    // how the offer of a factor was answered: Skip, Later or empty
	Resume     string    // the page first asked for, a path of this host; or empty
	Host       string
	Asker      Asker
	CreatedAt  time.Time // or when a mail was last asked for
	ExpiresAt  time.Time
}

// Asker is what a flow that ends in a mail must remember of the browser that
// began it; sealed, like the address.
type Asker struct {
	UserAgent string `json:"u,omitempty"`
	Network   string `json:"n,omitempty"`
	Language  string `json:"l,omitempty"` // of the page, BCP 47
	Mail      bool   `json:"m,omitempty"` // it asked for a mail
}

// Has tells whether a method has been proven.
func (a Attempt) Has(method string) bool { return slices.Contains(a.AMR, method) }

// Known tells whether the first step is taken, by the password or by a link in
// the browser that asked for it. Only the password stands for the password.
func (a Attempt) Known() bool {
	return a.AccountID != uuid.Nil && (a.Has(Password) || a.Has(Link))
}

// Wished tells whether a mail was asked for in this attempt.
func (a Attempt) Wished() bool { return a.Asker.Mail }

// New is an attempt to be started. AccountID and AMR are for flows that have
// proven something by then, such as an accepted invitation.
type New struct {
	Purpose    string
	Address    string
	AddressKey string
	AccountID  uuid.UUID
	AMR        []string
	Resume     string
	Host       string
	Asker      Asker
	Life       time.Duration // zero: Life
}

type contextKey struct{}

// With puts the request's attempt into the context; the gate is its one caller.
func With(ctx context.Context, a Attempt) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// From is the request's attempt, if it has one.
func From(ctx context.Context) (Attempt, bool) {
	a, ok := ctx.Value(contextKey{}).(Attempt)
	return a, ok
}
