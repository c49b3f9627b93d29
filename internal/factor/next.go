package factor

import (
	"slices"
	"time"

	"tilgang/internal/tenant"
)

// The methods that prove a second factor, as they stand in amr.
const (
	TOTP      = "totp"
	Recovery  = "recovery"
	Recovery2 = "recovery2" // a second, different recovery code in one flow
)

// The methods of the first step.
const (
	password = "pwd"
	link     = "link"
)

// Pass, in amr, is a temporary access pass: it ends what is owed for one short
// session, and stands for no factor anywhere else.
const Pass = "pass"

// The answers to an offer, as they stand on an attempt.
const (
	Skip  = "skip"
	Later = "later"
)

// NoCount is LaterLeft where only a date ends the postponing.
const NoCount = -1

// Kind says what comes next.
type Kind string

// The kinds of step. Done: nothing is owed. Password: type it, since a link does
// not stand for it here. Challenge: prove a factor on file. Setup: add one.
// SaveCodes: save recovery codes, since there are none yet.
const (
	StepPassword  Kind = "password"
	StepDone      Kind = "done"
	StepChallenge Kind = "challenge"
	StepSetup     Kind = "setup"
	StepRecovery  Kind = "recovery"
)

// Situation is all that the rule looks at.
type Situation struct {
	Duty       tenant.MfaDuty
	Policy     tenant.MfaPolicy
	Enrolled   []string // kinds of the confirmed factors
	CodesSaved bool     // whether there is a saved set of recovery codes, used up or not
	AMR        []string // what this sign-in has proven
	Settled    string   // this attempt's answer to the offer: Skip, Later or empty
	Asked      bool     // the person asked to set a factor up
	Frozen     bool     // nothing may be added now (account.Freeze)
	Skipped    string   // the policy's fingerprint when Skip was pressed
	Postponed  int      // how often Later was pressed
	OfferedOn  string   // day of the last Later, as Today writes it
	Today      string
	Reopened   bool // every factor is lost: a recovery lets a new one take the place of the challenge
	Trusted    bool // the browser is one that its owner trusts
}

// Step is what comes next and how it may be put off.
type Step struct {
	Kind      Kind
	MaySkip   bool
	MayLater  bool
	LaterLeft int       // how often Later may still be pressed, this time included; NoCount where only Until ends it
	Until     time.Time // the day from which a factor is mandatory; zero when none is set
	Anew      bool      // the set-up stands in place of a challenge, which may be passed too
}

// Owes tells whether nothing but this step's own pages may answer.
func (s Step) Owes() bool {
	return s.Kind != StepDone && !s.MaySkip && !s.MayLater
}

// Proven tells whether amr holds a second factor.
func Proven(amr []string) bool {
	return slices.ContainsFunc(amr, func(m string) bool { return m == Recovery || slices.Contains(tenant.Methods(), m) })
}

// Today is a moment's day in a tenant's zone, ISO 8601.
func Today(now time.Time, zone *time.Location) string { return now.In(zone).Format(time.DateOnly) }

// Next says what a person owes. In order: who was given a pass owes nothing this
// once; who lost every factor sets up a new one; who has a factor proves it,
// unless the browser is trusted and nothing else would be owed; a
// mandatory one is set up, whatever was answered before; proven factors get
// recovery codes; the rest is an offer. Whoever came by a link proves a factor
// like anybody, and changes none: what is offered waits for another time, what
// is owed asks for the password first. A frozen account is offered nothing.
func Next(in Situation) Step {
	step := in.next()
	switch {
	case in.Frozen && (step.Kind == StepRecovery || step.MaySkip || step.MayLater):
		return Step{Kind: StepDone}
	case !in.byLink() || step.Kind != StepSetup && step.Kind != StepRecovery:
		return step
	case step.Owes() && step.Kind == StepSetup:
		return Step{Kind: StepPassword}
	}
	return Step{Kind: StepDone}
}

// byLink tells whether a link stood for the password, which was not typed.
func (in Situation) byLink() bool {
	return slices.Contains(in.AMR, link) && !slices.Contains(in.AMR, password)
}

func (in Situation) next() Step {
	switch {
	case slices.Contains(in.AMR, Pass) && !in.Asked && !in.byLink():
		return Step{Kind: StepDone}
	case len(in.Enrolled) > 0 && !Proven(in.AMR):
		return in.challenge()
	case in.enough():
		return in.codes()
	case in.Duty.Mandatory || in.Asked:
		return Step{Kind: StepSetup}
	case len(Ways(in.Duty, in.Policy)) == 0:
		return Step{Kind: StepDone}
	}
	if step := in.offer(); step.Kind != StepDone || len(in.Enrolled) == 0 || !Proven(in.AMR) {
		return step
	}
	return in.codes()
}

// challenge is for who has a factor and has not proven it.
func (in Situation) challenge() Step {
	switch {
	case in.lost():
		return Step{Kind: StepSetup, Anew: true, MaySkip: !in.Duty.Mandatory}
	case in.Trusted && !in.Asked && !in.byLink():
		return in.unasked()
	}
	return Step{Kind: StepChallenge}
}

// lost tells whether a recovery stands for the factors on file; a factor that
// was proven is not lost, and no set-up from within an account counts.
func (in Situation) lost() bool {
	return in.Reopened && !in.Frozen && !in.Asked
}

// unasked skips the challenge on a trusted browser, and nothing but that: what
// a proven factor would still owe is not done without one.
func (in Situation) unasked() Step {
	proven := in
	proven.AMR = append(slices.Clone(in.AMR), in.Enrolled...)
	if Next(proven).Kind == StepDone {
		return Step{Kind: StepDone}
	}
	return Step{Kind: StepChallenge}
}

// enough tells whether a proven factor on file meets the duty; one that does
// not count where it is mandatory leaves the set-up owed.
func (in Situation) enough() bool {
	if len(in.Enrolled) == 0 || !Proven(in.AMR) {
		return false
	}
	ways := Ways(in.Duty, in.Policy)
	counts := func(kind string) bool { return slices.Contains(in.Duty.Methods, kind) || slices.Contains(ways, kind) }
	if in.Duty.Mandatory || in.Asked {
		return slices.ContainsFunc(in.Enrolled, counts)
	}
	// A backup is no set-up by itself: what it backs up is still offered.
	return slices.ContainsFunc(in.Enrolled, func(kind string) bool { return counts(kind) || in.Policy.Use(kind) != tenant.Backup })
}

// enrollable are the kinds that this program can set up.
func enrollable() []string { return []string{TOTP, Phone} }

// Ways are the kinds that a person can set up now to do the duty, strongest
// first. Where this program can set up none of those that count, one that the
// employer keeps as a backup stands in, so that a duty never shuts people out.
func Ways(duty tenant.MfaDuty, policy tenant.MfaPolicy) []string {
	ways := slices.DeleteFunc(slices.Clone(duty.Methods), func(m string) bool { return !slices.Contains(enrollable(), m) })
	if len(ways) > 0 || !duty.Mandatory && len(duty.Methods) == 0 {
		return ways
	}
	return slices.DeleteFunc(enrollable(), func(m string) bool { return policy.Use(m) == tenant.Off })
}

// Usable are the kinds on file that may be asked for at sign-in, the default
// first: primaries before backups, the strongest of each first. What the
// employer has switched off is not asked for; a recovery code always is.
func Usable(enrolled []string, policy tenant.MfaPolicy) (kinds []string) {
	for _, use := range []tenant.MethodUse{tenant.Primary, tenant.Backup} {
		for _, kind := range tenant.Methods() {
			if policy.Use(kind) == use && slices.Contains(enrolled, kind) && slices.Contains(enrollable(), kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}

// MayAddPhone tells whether a phone may be put on file now. Where nothing is on
// file a proven password is enough. Beside another factor that factor must be
// proven in this very flow; one recovery code does not stand for it, two do. A
// phone on file is replaced from a stepped-up security page alone.
func MayAddPhone(policy tenant.MfaPolicy, enrolled, amr []string, steppedUp bool) bool {
	switch {
	case policy.Use(Phone) == tenant.Off:
		return false
	case len(enrolled) == 0:
		return true
	case steppedUp:
		return held(enrolled, amr) || slices.Contains(amr, Recovery2)
	}
	return !slices.Contains(enrolled, Phone) && (held(enrolled, amr) || slices.Contains(amr, Recovery2))
}

// MayAddApp tells whether an app may be put on file now: beside another factor
// only once that is proven in this very flow, or two recovery codes are. Where
// the employer takes none of those on file any more, one code has to do.
func MayAddApp(policy tenant.MfaPolicy, enrolled, amr []string) bool {
	return len(Usable(enrolled, policy)) == 0 || held(enrolled, amr) || slices.Contains(amr, Recovery2)
}

// held tells whether a factor on file is among what was proven.
func held(enrolled, amr []string) bool {
	return slices.ContainsFunc(enrolled, func(kind string) bool { return slices.Contains(amr, kind) })
}

func (in Situation) codes() Step {
	if in.CodesSaved {
		return Step{Kind: StepDone}
	}
	return Step{Kind: StepRecovery}
}

func (in Situation) offer() Step {
	if in.Duty.Offer == tenant.OfferLater {
		return in.postponable()
	}
	if in.Settled == Skip || in.Skipped == Fingerprint(in.Policy) {
		return Step{Kind: StepDone}
	}
	return Step{Kind: StepSetup, MaySkip: true, Until: in.Duty.From}
}

// postponable is an offer that comes back: once a day, as often as the employer
// allows. A duty that only names its first day is bounded by that day alone.
func (in Situation) postponable() Step {
	if in.Settled == Later || in.OfferedOn == in.Today {
		return Step{Kind: StepDone}
	}
	step := Step{Kind: StepSetup, Until: in.Duty.From}
	if in.Duty.Postponements == 0 && !in.Duty.From.IsZero() {
		step.MayLater, step.LaterLeft = true, NoCount
		return step
	}
	step.LaterLeft = max(0, in.Duty.Postponements-in.Postponed)
	step.MayLater = step.LaterLeft > 0
	return step
}
