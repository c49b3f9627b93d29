package signin

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/limit"
	"tilgang/internal/password"
	"tilgang/internal/secret"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
	"tilgang/internal/throttle"
)

// purpose is the throttle's word for passwords typed at sign-in.
const purpose = "signin"

// The codes of refusals.
const (
	codeWrong     = "signin.wrong"      // the address or the password
	codeWrongWait = "signin.wrong_wait" // the same, and the next try must wait: Wait
	codeLocked    = "signin.locked"     // no try before: Wait
	codeStopped   = "signin.stopped"    // no try until somebody helps
	codeBusy      = "signin.busy"       // a limit is reached, and the robot check is the way past it
)

// Notices tells the owner of an account that it was locked. It is called by a
// worker, inside the transaction that marks the work done.
type Notices interface {
	Locked(ctx context.Context, accountID uuid.UUID, lock throttle.Lock) error
}

// Limits are the rates before the hash.
type Limits struct {
	Start   limit.Rule // addresses typed, by network
	Network limit.Rule // passwords typed, by network; right ones are given back
	Tenant  limit.Rule // passwords typed in one tenant; right ones are given back
}

// DefaultLimits leave room for an office behind one address on a Monday
// morning, since right passwords do not count against its network.
func DefaultLimits() Limits {
	return Limits{
		Start:   limit.Rule{Name: "signin.start", Rate: 120, Per: time.Minute, Burst: 120},
		Network: limit.Rule{Name: "signin.network", Rate: 30, Per: time.Minute, Burst: 30},
		Tenant:  limit.Rule{Name: "signin.tenant", Rate: 600, Per: time.Minute, Burst: 300},
	}
}

// Deps are the parts that signing in is made of.
type Deps struct {
	DB        *db.DB
	Box       *secret.Box
	Attempts  *attempt.Service
	Sessions  *session.Service
	Throttle  *throttle.Service
	Limiter   *limit.Limiter
	Passwords *password.Pool
	Factors   *factor.Service
	Notices   Notices // nil: owners are not told of locks
	Robots    *captcha.Service
	// Returned hears, in the transaction, what of an account has just been proven;
	// nil: nobody does.
	Returned func(ctx context.Context, accountID uuid.UUID, amr []string) error
	Limits   Limits
}

// Service signs people in and out.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// Locked is the TooMany fault with which a password for an address would be
// refused now on a browser that has not signed in before; nil when it would be
// looked at. It counts nothing and is for pages of those who help.
func (s *Service) Locked(ctx context.Context, address, key string) error {
	t := tenant.MustFrom(ctx)
	return s.Throttle.Check(ctx, purpose, attempt.AddressHash(s.Box, t.ID, address, key))
}

// LockedBehind is Locked for an account as a whole, whichever address is typed.
func (s *Service) LockedBehind(ctx context.Context, accountID uuid.UUID) error {
	return s.Throttle.Check(ctx, purpose, s.behind(tenant.MustFrom(ctx).ID, accountID.String()))
}

// locked turns the throttle's refusal into words of this page.
func locked(err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.TooMany {
		return err
	}
	if f.Code == throttle.CodeStopped {
		return fault.New(fault.TooMany, codeStopped)
	}
	return fault.New(fault.TooMany, codeLocked, "Wait", f.RetryAfter).After(f.RetryAfter)
}
