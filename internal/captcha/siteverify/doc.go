// Package siteverify asks outside verifiers of robot checks whether a token is
// good: reCAPTCHA, hCaptcha and Turnstile speak one protocol, a form sent and
// JSON back. It knows no employer and no page.
//
// Invariants: a call ends within Patience; the secret goes to the given address
// and nowhere else, no redirect is followed; an error means that the verifier did
// not say, or does not accept our settings, and holds neither secret nor token.
package siteverify
