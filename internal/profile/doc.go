// Package profile shows a person what their employer keeps about them: the
// profile, and each employment.
//
// Who may: whoever is signed in, and only their own; the person comes from the
// session and is never named by an address or a form.
//
// Invariants: the one thing a person changes here is the language; every other
// field of a form is without effect, whatever its name. An employment answers by
// its own employer's door: staff and those about to begin see theirs, somebody
// who has left sees what that employer keeps open, and nothing after its window.
package profile
