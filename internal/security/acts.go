package security

import (
	"slices"
	"time"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// fresh is how long a step-up counts (ours; ASVS 5.0 7.5.3 asks for one).
const fresh = 10 * time.Minute

// Act is something on these pages that first asks who is there.
type Act string

// The acts that ask.
const (
	ActPassword Act = "password" // choose a new password
	ActCodes    Act = "codes"    // see and save new recovery codes
	ActFirst    Act = "first"    // set up a first factor
	ActFactor   Act = "factor"   // one more factor, or another phone
	ActRemove   Act = "remove"   // take a factor off file
	ActAddress  Act = "address"  // add or remove an address that signs in
	ActTexts    Act = "texts"    // prove the phone that text messages go to
	ActSessions Act = "sessions" // sign other browsers out
	ActProve    Act = "prove"    // what other pages ask it for, by httpkit.Proven
	ActIdentity Act = "identity" // tie, untie or take back an electronic identity
)

// strength is what must be proven beside the password, where a factor is on
// file.
type strength int

const (
	passwordAlone strength = iota
	orRecovery             // a factor on file, or a recovery code
	onFile                 // a factor on file, and nothing in its place
)

// need is what an act asks for.
type need struct {
	typed  bool // the password with the act itself; else within ten minutes
	factor strength
}

// acts is the whole rule. What changes how one gets in asks for the password in
// the same form; what a lost or stolen factor must not bring about takes no
// recovery code. A one-time link is no method here and proves nothing.
func acts() map[Act]need {
	return map[Act]need{
		ActPassword: {typed: true, factor: orRecovery},
		ActCodes:    {factor: onFile}, // one recovery code makes no ten
		ActFirst:    {typed: true, factor: onFile},
		ActFactor:   {typed: true, factor: onFile},
		ActRemove:   {typed: true, factor: onFile},
		ActAddress:  {typed: true, factor: onFile},
		ActTexts:    {typed: true, factor: onFile},
		ActSessions: {factor: passwordAlone},
		ActProve:    {factor: onFile},
		ActIdentity: {typed: true, factor: onFile},
	}
}

// Owed is what a session must still prove for an act.
type Owed struct{ Password, Code bool }

// Owes tells what a session must still prove for an act; everything for an act
// that the table does not know.
func (s *Service) Owes(o Overview, ses session.Session, act Act) Owed {
	n, known := acts()[act]
	if !known {
		return Owed{Password: true, Code: true}
	}
	now := s.DB.Now()
	return Owed{
		Password: n.typed || !ses.Fresh(now, fresh, attempt.Password),
		Code:     n.factor != passwordAlone && o.Enrolled() && !n.proven(o, ses, now),
	}
}

// proven tells whether the session proved, just now, a factor that counts for
// the act and is still on file.
func (n need) proven(o Overview, ses session.Session, now time.Time) bool {
	on := kinds(o.Factors)
	return slices.ContainsFunc(append(tenant.Methods(), factor.Recovery), func(m string) bool {
		counts := slices.Contains(on, m) || m == factor.Recovery && n.takesRecovery(o)
		return counts && ses.Fresh(now, fresh, m)
	})
}

// takesRecovery tells whether a recovery code stands for the factor: by the
// table, or because the employer asks for none of those on file any more.
func (n need) takesRecovery(o Overview) bool { return n.factor == orRecovery || len(o.Usable) == 0 }

// Passed says that an act's step-up took place. Only this package makes one,
// and the acts themselves ask for it.
type Passed struct {
	Cookie  string          // the session's new one; empty: the old one stays
	Session session.Session // as the step-up left it
	act     Act
}

// covers refuses what was passed for another act.
func (p Passed) covers(act Act) error {
	if p.act != act {
		return fault.New(fault.Conflict, codeStale)
	}
	return nil
}

// Stands gives what a session has proven already, where that is enough.
func (s *Service) Stands(o Overview, ses session.Session, act Act) (Passed, bool) {
	if s.Owes(o, ses, act) != (Owed{}) {
		return Passed{}, false
	}
	return Passed{Session: ses, act: act}, true
}
