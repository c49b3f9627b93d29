package captcha

import (
	"context"
	"time"

	"tilgang/internal/fault"
	"tilgang/internal/limit"
)

// The forms that ask for the check.
const (
	Reset    = "reset"
	Signin   = "signin"
	Register = "register"
)

// The times of forms and answers. A form younger than Age was not filled in by
// hand; one older than FormLife says nothing any more; a challenge is solved in a
// second or two, and the form around it is sent within minutes.
const (
	Age           = 5 * time.Second
	FormLife      = time.Hour
	ChallengeLife = 10 * time.Minute
)

// Verdict is what came with a form is worth.
type Verdict int

// Nothing came that counts; a form of the right age came (Aged), as from a
// browser without script; an answer came that was verified (Proven).
const (
	Nothing Verdict = iota
	Aged
	Proven
)

// Form is what a form sent for the check, and where it was sent.
type Form struct {
	Action string // the form's name
	Host   string // of the page, with its port
	IP     string // the asker's
	Token  string // the answer; empty: none
	Stamp  string
}

// Answer is what a verifier found out about a token.
type Answer struct {
	OK     bool
	ID     []byte    // names the answer, so that it counts once
	Host   string    // that it was given on, without a port
	Action string    // of the form; empty where the verifier is told none
	Until  time.Time // it counts for nothing afterwards
}

// Verifier judges tokens: our own, or an outside one. An error means that it
// could not tell, not that the token is wrong.
type Verifier interface {
	Verify(ctx context.Context, token, ip string) (Answer, error)
}

// Sign is something that speaks of trouble when there is much of it.
type Sign struct{ network, tenant limit.Rule }

// Wishes are forms that bring a mail; Failures are wrong passwords. More of
// them in ten minutes than an office has on a busy morning are trouble. (The
// numbers are ours: below those at which the limits themselves refuse.)
func Wishes() Sign   { return sign("wishes") }
func Failures() Sign { return sign("failures") }

func sign(name string) Sign {
	return Sign{
		network: limit.Rule{Name: "captcha." + name + ".network", Rate: 20, Per: 10 * time.Minute, Burst: 20},
		tenant:  limit.Rule{Name: "captcha." + name + ".tenant", Rate: 200, Per: 10 * time.Minute, Burst: 200},
	}
}

// The bounds of the challenge: each costs the server one derivation, about a
// millisecond.
func perNetwork() limit.Rule {
	return limit.Rule{Name: "captcha.challenge", Rate: 60, Per: time.Minute, Burst: 60}
}

func perTenant() limit.Rule {
	return limit.Rule{Name: "captcha.challenges", Rate: 6000, Per: time.Minute, Burst: 600}
}

// errAgain asks to press the button once more, a little later; the page that
// comes with it has a new stamp.
func errAgain() error {
	return fault.New(fault.Invalid, "captcha.again", "Seconds", int(Age.Seconds()))
}
