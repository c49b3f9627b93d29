// Package captcha tells people's browsers from robots without asking people
// anything, and without a third party unless an employer names one.
//
//	page (Part: stamp, and the check where it is asked) → challenge → solved in the background → form → Check
//
// Our own check is a proof of work in the ALTCHA protocol, deterministic mode:
// the server picks the counter and signs the key that it leads to, so that
// verifying is two HMACs. It is never a puzzle. Whoever runs no script, or whose
// check cannot be made or verified, passes by a form that is some seconds old,
// under a quarter of the limits: nobody is locked out by a check.
//
// When it is asked: always, never, or, adaptive, after signs of trouble: many
// wishes or failures of one network or of the whole tenant. At sign-in it is
// asked only where the limits would else say no more than "wait".
//
// Who may: everybody may ask for a challenge, within limits.
//
// Invariants: an answer counts once, for one form (action) on one host, for a
// few minutes; whether it counted depends on nothing that was typed, so known
// and unknown addresses are answered alike; a verifier that is down tightens the
// limits and is an error in the log; an outside verifier is contacted for
// employers who named it, and from their pages alone.
package captcha
