package session

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/fault"
	"tilgang/internal/people"
)

// The names of the cookies: the session's is the bare one.
const (
	Cookie       = ""
	DeviceCookie = "device"
)

// DeviceLife is how long a browser is remembered as seen before.
const DeviceLife = 400 * 24 * time.Hour

// Why a session ended. Idle, Absolute, Moved and Closed are found by Load, the rest is
// said by whoever ends it.
const (
	Idle      = "idle"       // nothing happened for the policy's idle time
	Absolute  = "absolute"   // it lasted as long as the policy lets one last
	Revoked   = "revoked"    // the account's password, status or epoch changed
	Moved     = "moved"      // the person has left and signs in on the alumni host
	Closed    = "closed"     // the person has left, and the window is over
	SignedOut = "signed_out" // by the person, on this browser
	Ended     = "ended"      // by the person, from elsewhere
)

// Session is an open session with what the gate needs to judge it.
type Session struct {
	ID        uuid.UUID
	AccountID uuid.UUID
	PersonID  uuid.UUID
	Kind      string // browser
	AAL       int    // NIST SP 800-63B-4: 1 password, 2 with a second factor
	AMR       []string
	AuthTime  time.Time
	StepUps   map[string]time.Time // when each method was last proven
	DeviceID  uuid.UUID
	Host      string
	CreatedAt time.Time
	LastSeen  time.Time
	ExpiresAt time.Time // when it ends if nothing happens
	EndsAt    time.Time // when it ends in any case

	Account account.Account // without the password's hash
	Terms   []people.Term   // the person's employments
	// Device is the cookie to set for a browser that was new; empty otherwise.
	Device string
}

// New is a session to be opened. AMR is what was proven, in order; Device is
// the device cookie as the browser sent it, if it did.
type New struct {
	AccountID uuid.UUID
	AMR       []string
	Device    string
	Host      string
	Network   string
	UserAgent string
	Most      time.Duration // how long it may last at most; 0: as long as the policy says
}

// Fresh tells whether each of the methods was proven within the last while.
func (s Session) Fresh(now time.Time, within time.Duration, methods ...string) bool {
	for _, m := range methods {
		if at, ok := s.StepUps[m]; !ok || now.Sub(at) >= within {
			return false
		}
	}
	return len(methods) > 0
}

// link is the method of a one-time sign-in link. It stands for the password at a
// sign-in and nowhere else: no step-up is done by it.
const link = "link"

// LevelOf is the assurance level that methods reach together: 2 for a password
// and something else, or a passkey (NIST SP 800-63B-4 2.2), else 1. A link
// counts like the password that its mailbox could have changed.
func LevelOf(amr []string) int {
	if slices.Contains(amr, "passkey") {
		return 2
	}
	second := slices.ContainsFunc(amr, func(m string) bool {
		return slices.Contains([]string{"totp", "recovery", "phone", "sms", "voice", "push"}, m)
	})
	if second && (slices.Contains(amr, "pwd") || slices.Contains(amr, link)) {
		return 2
	}
	return 1
}

// errEnded is the refusal by cause.
func errEnded(why string, args ...any) error {
	return fault.New(fault.Unauthenticated, Code(why), args...)
}

// Code is the catalogue key that tells a person why a session ended; an unknown
// cause is that there is none.
func Code(why string) string {
	switch why {
	case Idle:
		return "session.idle"
	case Absolute:
		return "session.absolute"
	case Revoked:
		return "session.revoked"
	case Moved:
		return "session.moved"
	case Closed:
		return "session.closed"
	case SignedOut:
		return "session.signed_out"
	case Ended:
		return "session.ended"
	}
	return "session.none"
}

// Why is the cause in an error of Load, empty when there was no session at all.
func Why(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return ""
	}
	for _, why := range []string{Idle, Absolute, Revoked, Moved, Closed, SignedOut, Ended} {
		if Code(why) == f.Code {
			return why
		}
	}
	return ""
}
